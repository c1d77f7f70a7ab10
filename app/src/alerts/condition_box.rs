//! A line in the language of rules, with what can come next, and the mistake where it is.

use domain::fields::Catalogue;
use domain::filter::{self, FilterError, Suggestion};
use leptos::prelude::*;
use leptos::{ev, html};

use crate::ui::icon::{Icon, Pic};

/// Proposals that are shown at a time.
const SHOWN: usize = 7;

/// A line in the language of rules.
#[component]
pub(super) fn ConditionBox(
    /// The id of the field, for its label and its parts.
    id: &'static str,
    /// What it is for.
    label: Signal<&'static str>,
    /// What to write.
    hint: Signal<&'static str>,
    /// The text.
    text: RwSignal<String>,
    /// The fields and facts that there are.
    catalogue: StoredValue<Catalogue>,
    /// What the server found wrong with it.
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let (cursor, open) = (RwSignal::new(0u32), RwSignal::new(false));
    let place = RwSignal::new(None::<usize>);
    let input = NodeRef::<html::Input>::new();
    let error = Memo::new(move |_| catalogue.with_value(|known| filter::parse(&text.get(), known)).err());
    let proposals = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        let mut list = catalogue.with_value(|known| filter::complete(&text.get(), cursor.get(), known));
        list.truncate(SHOWN);
        list
    });
    let look = move || cursor.set(input.get_untracked().map(|input| chars_before(&input)).unwrap_or_default());
    let typed = Callback::new(move |value: String| {
        text.set(value);
        place.set(None);
        open.set(true);
        look();
    });
    let insert = Callback::new(move |index: usize| {
        let Some(next) = proposals.with_untracked(|list| list.get(index).cloned()) else { return };
        let Some(input) = input.get_untracked() else { return };
        let (new, at) = inserted(&text.get_untracked(), &next);
        input.set_value(&new);
        let _ = input.set_selection_range(at, at);
        let _ = input.focus();
        typed.run(new);
    });
    let press = move |event: ev::KeyboardEvent| {
        let count = proposals.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => {
                place.update(|place| *place = Some(place.map_or(0, |place| (place + 1).min(count - 1))));
            }
            "ArrowUp" if count > 0 => place.update(|place| *place = place.and_then(|place| place.checked_sub(1))),
            "Enter" | "Tab" if count > 0 && place.get_untracked().is_some() => {
                insert.run(place.get_untracked().unwrap_or(0));
            }
            "Escape" if count > 0 => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    let is_open = move || proposals.with(|list| !list.is_empty());
    let is_wrong = move || error.with(Option::is_some) || problem.with(Option::is_some);
    view! {
        <div class="field">
            <label class="field-label" for=id>{move || label.get()}</label>
            <div class="filter-bar">
                <div class="filter-field">
                    <Pic icon=Icon::Funnel/>
                    <input class="filter-input" id=id type="text" role="combobox" node_ref=input autocomplete="off" spellcheck="false"
                        maxlength=filter::TEXT_CHARS_MAX aria-autocomplete="list" aria-controls=format!("{id}-list")
                        aria-expanded=move || is_open().to_string()
                        aria-activedescendant=move || place.get().filter(|_| is_open()).map(|place| format!("{id}-{place}"))
                        aria-invalid=move || is_wrong().then_some("true") aria-describedby=format!("{id}-hint {id}-error")
                        value=text.get_untracked() prop:value=move || text.get() on:input=move |event| typed.run(event_target_value(&event))
                        on:keydown=press on:focus=move |_| { look(); open.set(true); } on:blur=move |_| open.set(false)/>
                </div>
                <div id=format!("{id}-error") role="alert">
                    {move || error.get().map(|error| view! { <Mistake error text=text.get_untracked()/> })}
                    {move || problem.get().filter(|_| error.with(Option::is_none)).map(|words| view! { <p class="field-error">{words}</p> })}
                </div>
                <Proposals id proposals place insert/>
            </div>
            <p class="field-hint" id=format!("{id}-hint")>{move || hint.get()}</p>
        </div>
    }
}

/// The mistake, with the wrong part marked.
#[component]
fn Mistake(error: FilterError, text: String) -> impl IntoView {
    let (at, len) = (error.at as usize, error.len as usize);
    let before: String = text.chars().take(at).collect();
    let wrong: String = text.chars().skip(at).take(len).collect();
    let after: String = text.chars().skip(at + len).collect();
    let wrong = if wrong.is_empty() { "…".to_owned() } else { wrong };
    view! {
        <p class="filter-error">
            {error.message}" "<span class="muted">{text!(alerts.at_character, place = error.at + 1)}" "</span>
            <span>{before}</span><mark>{wrong}</mark><span>{after}</span>
        </p>
    }
}

#[component]
fn Proposals(
    id: &'static str,
    proposals: Memo<Vec<Suggestion>>,
    place: RwSignal<Option<usize>>,
    insert: Callback<usize>,
) -> impl IntoView {
    let label = text!(alerts.suggestions);
    move || {
        let list = proposals.get();
        (!list.is_empty()).then(|| {
            let options = list.into_iter().enumerate().map(|(index, proposal)| view! {
                <li class="filter-suggestion" role="option" id=format!("{id}-{index}")
                    aria-selected=move || (place.get() == Some(index)).to_string()
                    on:mousedown=|event| event.prevent_default() on:click=move |_| insert.run(index)>
                    <code>{proposal.text}</code><span class="filter-suggestion-detail">{proposal.label}</span>
                </li>
            });
            view! { <ul class="filter-suggest" id=format!("{id}-list") role="listbox" aria-label=label>{options.collect_view()}</ul> }
        })
    }
}

/// Returns how many characters stand before the cursor; the browser counts UTF-16 units.
fn chars_before(input: &web_sys::HtmlInputElement) -> u32 {
    let units = input.selection_start().ok().flatten().unwrap_or(0);
    let (mut seen, mut chars) = (0u32, 0u32);
    for c in input.value().chars() {
        if seen >= units {
            break;
        }
        seen += if c.len_utf16() == 2 { 2 } else { 1 };
        chars += 1;
    }
    chars
}

/// Returns the text with a proposal in its place, and where the cursor goes, in UTF-16 units.
fn inserted(text: &str, proposal: &Suggestion) -> (String, u32) {
    let (from, to) = (proposal.replaces.0 as usize, proposal.replaces.1 as usize);
    let mut new: String = text.chars().take(from).collect();
    if new.chars().last().is_some_and(|last| !last.is_whitespace() && last != '(') {
        new.push(' ');
    }
    new.push_str(&proposal.text);
    new.push(' ');
    let cursor = u32::try_from(new.encode_utf16().count()).unwrap_or_default();
    let rest: String = text.chars().skip(to).collect();
    new.push_str(rest.trim_start());
    (new, cursor)
}
