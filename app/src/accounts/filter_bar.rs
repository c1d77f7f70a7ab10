//! The filter: one line in the filter language, with what can come next, and the mistake where it is.

use std::time::Duration;

use domain::filter::{self, FilterError, Suggestion};
use leptos::prelude::*;
use leptos::{ev, html};

use super::grid::Grid;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// How long nobody types before the text is read.
const PAUSE: Duration = Duration::from_millis(250);
/// Proposals that are shown at a time.
const SHOWN: usize = 9;

type Example = (&'static str, fn(Locale) -> &'static str);

const EXAMPLES: [Example; 6] = [
    ("score < 50 and arr > 10k", |locale| td_string!(locale, accounts.example_score)),
    ("band in (at_risk, critical)", |locale| td_string!(locale, accounts.example_band)),
    ("owner is me and renewal within 90 days", |locale| td_string!(locale, accounts.example_mine)),
    ("last_activity_at older than 30 days", |locale| td_string!(locale, accounts.example_silent)),
    ("tags has \"vip\"", |locale| td_string!(locale, accounts.example_tag)),
    ("owner is empty", |locale| td_string!(locale, accounts.example_empty)),
];

/// What the parts of the filter share.
#[derive(Clone, Copy)]
struct Bar {
    grid: Grid,
    text: RwSignal<String>,
    cursor: RwSignal<u32>,
    open: RwSignal<bool>,
    place: RwSignal<Option<usize>>,
    error: RwSignal<Option<FilterError>>,
    suggestions: Memo<Vec<Suggestion>>,
    input: NodeRef<html::Input>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Bar {
    fn new(grid: Grid) -> Self {
        let text = grid.look.with_untracked(|look| look.filter.clone());
        let error = filter::parse(&text, &grid.catalogue.get_untracked()).err();
        let (text, cursor, open) = (RwSignal::new(text), RwSignal::new(0), RwSignal::new(false));
        let suggestions = Memo::new(move |_| {
            if !open.get() {
                return Vec::new();
            }
            let mut list = filter::complete(&text.read(), cursor.get(), &grid.catalogue.get());
            list.truncate(SHOWN);
            list
        });
        let (place, error) = (RwSignal::new(None), RwSignal::new(error));
        let bar = Self {
            grid,
            text,
            cursor,
            open,
            place,
            error,
            suggestions,
            input: NodeRef::new(),
            timer: StoredValue::new(None),
        };
        let shown = Memo::new(move |_| grid.look.with(|look| look.filter.clone()));
        Effect::watch(move || shown.get(), move |filter, _, _| bar.show(filter), false);
        on_cleanup(move || bar.wait_no_more());
        bar
    }

    /// Shows a filter that came from elsewhere; what is being typed and means the same stays as it is.
    fn show(self, filter: &str) {
        let parsed = filter::parse(&self.text.read_untracked(), &self.grid.catalogue.get_untracked());
        if parsed.is_ok_and(|parsed| parsed.to_string() == filter) {
            return;
        }
        self.text.set(filter.to_owned());
        self.error.set(filter::parse(filter, &self.grid.catalogue.get_untracked()).err());
    }

    fn typed(self, text: String) {
        self.text.set(text);
        self.place.set(None);
        self.open.set(true);
        self.look_at_cursor();
        self.wait_no_more();
        let handle = set_timeout_with_handle(move || self.paused(), PAUSE).ok();
        self.timer.set_value(handle);
    }

    fn wait_no_more(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// After a pause: what is whole is applied; a word that may become a field's name is left alone.
    fn paused(self) {
        let text = self.text.get_untracked();
        let parsed = filter::parse(&text, &self.grid.catalogue.get_untracked());
        self.error.set(parsed.as_ref().err().cloned());
        let is_half = self.suggestions.with_untracked(|list| list.iter().any(|next| next.replaces.0 < next.replaces.1));
        if let Ok(filter) = parsed
            && !is_half
        {
            self.grid.set_filter(filter.to_string(), true);
        }
    }

    fn apply(self) {
        self.wait_no_more();
        self.open.set(false);
        match filter::parse(&self.text.read_untracked(), &self.grid.catalogue.get_untracked()) {
            Ok(filter) => {
                self.error.set(None);
                self.grid.set_filter(filter.to_string(), false);
            }
            Err(error) => self.error.set(Some(error)),
        }
    }

    /// Reads where the cursor is, in characters; the browser counts UTF-16 units.
    fn look_at_cursor(self) {
        let Some(input) = self.input.get_untracked() else { return };
        let units = input.selection_start().ok().flatten().unwrap_or(0);
        let (mut seen, mut chars) = (0u32, 0u32);
        for c in self.text.read_untracked().chars() {
            if seen >= units {
                break;
            }
            seen += if c.len_utf16() == 2 { 2 } else { 1 };
            chars += 1;
        }
        self.cursor.set(chars);
    }

    fn insert(self, index: usize) {
        let Some(suggestion) = self.suggestions.with_untracked(|list| list.get(index).cloned()) else { return };
        let text = self.text.get_untracked();
        let (from, to) = (suggestion.replaces.0 as usize, suggestion.replaces.1 as usize);
        let mut new: String = text.chars().take(from).collect();
        if new.chars().last().is_some_and(|last| !last.is_whitespace() && last != '(') {
            new.push(' ');
        }
        new.push_str(&suggestion.text);
        new.push(' ');
        let cursor = new.encode_utf16().count();
        let rest: String = text.chars().skip(to).collect();
        new.push_str(rest.trim_start());
        let Some(input) = self.input.get_untracked() else { return };
        input.set_value(&new);
        let cursor = u32::try_from(cursor).unwrap_or(0);
        let _ = input.set_selection_range(cursor, cursor);
        let _ = input.focus();
        self.typed(new);
    }

    fn keydown(self, event: &ev::KeyboardEvent) {
        let count = self.suggestions.read_untracked().len();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => {
                self.place.update(|place| *place = Some(place.map_or(0, |place| (place + 1).min(count - 1))));
            }
            "ArrowDown" => {
                self.open.set(true);
                self.look_at_cursor();
            }
            "ArrowUp" if count > 0 => self.place.update(|place| *place = place.and_then(|place| place.checked_sub(1))),
            "Enter" => match self.place.get_untracked() {
                Some(place) if count > 0 => self.insert(place),
                _ => self.apply(),
            },
            "Tab" if count > 0 && self.place.get_untracked().is_some() => {
                self.insert(self.place.get_untracked().unwrap_or(0))
            }
            "Escape" if count > 0 => self.open.set(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// The filter of the grid.
#[component]
pub fn FilterBar(grid: Grid) -> impl IntoView {
    let bar = Bar::new(grid);
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if crate::shell::is_typing() || event.default_prevented() {
                return;
            }
            if event.key() == "/" {
                event.prevent_default();
                if let Some(input) = bar.input.get_untracked() {
                    let _ = input.focus();
                }
            } else {
                grid.press_key_outside(&event);
            }
        });
        on_cleanup(move || handle.remove());
    });
    let is_open = move || bar.suggestions.with(|list| !list.is_empty());
    view! {
        <div class="filter-bar">
            <div class="filter-field">
                <Pic icon=Icon::Funnel/>
                <input class="filter-input" type="text" role="combobox" node_ref=bar.input autocomplete="off" spellcheck="false"
                    maxlength=filter::TEXT_CHARS_MAX aria-label=text!(accounts.filter) placeholder=text!(accounts.filter_placeholder)
                    aria-autocomplete="list" aria-controls="filter-suggest" aria-expanded=move || is_open().to_string()
                    aria-activedescendant=move || bar.place.get().filter(|_| is_open()).map(|place| format!("filter-suggestion-{place}"))
                    aria-invalid=move || bar.error.with(Option::is_some).then_some("true")
                    aria-describedby=move || bar.error.with(Option::is_some).then_some("filter-error")
                    prop:value=move || bar.text.get() value=bar.text.get_untracked()
                    on:input=move |event| bar.typed(event_target_value(&event))
                    on:keydown=move |event| bar.keydown(&event)
                    on:focus=move |_| { bar.place.set(None); bar.look_at_cursor(); bar.open.set(true); }
                    on:blur=move |_| bar.open.set(false)/>
            </div>
            <Mistake bar/>
            <Suggestions bar/>
        </div>
        <Help grid/>
    }
}

/// The mistake: what to do, and the text with the wrong part marked.
#[component]
fn Mistake(bar: Bar) -> impl IntoView {
    let language = bar.grid.language;
    move || {
        let error = bar.error.get()?;
        let text = bar.text.get_untracked();
        let (at, len) = (error.at as usize, error.len as usize);
        let before: String = text.chars().take(at).collect();
        let wrong: String = text.chars().skip(at).take(len).collect();
        let after: String = text.chars().skip(at + len).collect();
        let wrong = if wrong.is_empty() { td_string!(language.get(), accounts.filter_ends).to_owned() } else { wrong };
        let place = td_string!(language.get(), accounts.filter_error_at, place = error.at + 1);
        Some(view! {
            <p class="filter-error" id="filter-error" role="alert">
                {error.message}" "<span class="muted">{place}" "</span><span>{before}</span><mark>{wrong}</mark><span>{after}</span>
            </p>
        })
    }
}

#[component]
fn Suggestions(bar: Bar) -> impl IntoView {
    let label = text!(accounts.filter_suggestions);
    move || {
        let list = bar.suggestions.get();
        (!list.is_empty()).then(|| {
            let options = list.into_iter().enumerate().map(|(index, suggestion)| {
                view! {
                    <li class="filter-suggestion" role="option" id=format!("filter-suggestion-{index}")
                        aria-selected=move || (bar.place.get() == Some(index)).to_string()
                        on:mousedown=|event| event.prevent_default() on:click=move |_| bar.insert(index)>
                        <code>{suggestion.text}</code><span class="filter-suggestion-detail">{suggestion.label}</span>
                    </li>
                }
            });
            view! { <ul class="filter-suggest" id="filter-suggest" role="listbox" aria-label=label>{options.collect_view()}</ul> }
        })
    }
}

#[component]
fn Help(grid: Grid) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let examples = EXAMPLES.iter().map(|(text, label)| {
        let use_it = move |_| {
            if let Some(details) = node.get_untracked() {
                details.set_open(false);
            }
            let canonical = filter::parse(text, &grid.catalogue.get_untracked()).map(|filter| filter.to_string());
            grid.set_filter(canonical.unwrap_or_else(|_| (*text).to_owned()), false);
        };
        view! {
            <button class="menu-item" type="button" on:click=use_it>
                <span>{move || label(grid.language.get())}<br/><code>{*text}</code></span>
            </button>
        }
    });
    view! {
        <details class="menu" node_ref=node>
            <summary class="button"><Pic icon=Icon::Help/><span>{text!(accounts.filter_how)}</span></summary>
            <div class="menu-list">
                <p class="menu-label">{text!(accounts.filter_how_text)}</p>
                {examples.collect_view()}
            </div>
        </details>
    }
}

/// The conditions that must all hold, each with a way to take it away.
#[component]
pub fn Conditions(grid: Grid) -> impl IntoView {
    let label = text!(accounts.conditions);
    move || {
        let filter = grid.look.with(|look| filter::parse(&look.filter, &grid.catalogue.get())).ok()?;
        if filter.is_everything() {
            return None;
        }
        let chips = filter.conditions().iter().enumerate().map(|(index, part)| {
            let (text, rest) = (part.to_string(), filter.without(index).to_string());
            let remove = { let text = text.clone(); move || td_string!(grid.language.get(), accounts.remove_condition, text = text.clone()) };
            view! {
                <li class="chip">
                    <code class="truncate">{text}</code>
                    <button class="chip-remove" type="button" aria-label=remove on:click=move |_| grid.set_filter(rest.clone(), false)>
                        <Pic icon=Icon::Cross/>
                    </button>
                </li>
            }
        });
        Some(view! { <ul class="row" data-gap="small" aria-label=label>{chips.collect_view()}</ul> })
    }
}
