//! A line of text in a language of ours: what can come next, and the mistake where it is.

use domain::filter::{FilterError, Suggestion};
use domain::formula::FormulaError;
use leptos::prelude::*;
use leptos::{ev, html};

use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};

/// Proposals that are shown at a time.
const SHOWN: usize = 9;

/// What is wrong with the text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it begins, in characters from 0.
    at: u32,
    /// How many characters it spans; 0 where something is missing.
    len: u32,
    /// What to do about it.
    message: String,
}

impl From<FilterError> for Mistake {
    fn from(error: FilterError) -> Self {
        Self { at: error.at, len: error.len, message: error.message }
    }
}

impl From<FormulaError> for Mistake {
    fn from(error: FormulaError) -> Self {
        Self { at: error.at, len: error.len, message: error.message }
    }
}

/// What a line knows; the parts of the screen around it share it.
#[derive(Clone, Copy)]
pub struct Assist {
    /// What is typed.
    pub text: RwSignal<String>,
    /// What is wrong with it.
    pub mistake: RwSignal<Option<Mistake>>,
    /// What can come next; empty while nobody asks.
    pub suggestions: Memo<Vec<Suggestion>>,
    /// The box.
    pub input: NodeRef<html::Input>,
    id: &'static str,
    cursor: RwSignal<u32>,
    open: RwSignal<bool>,
    place: RwSignal<Option<usize>>,
}

impl Assist {
    /// Sets a line up; `complete` says what can come next in a text at a character.
    #[must_use]
    pub fn new(
        id: &'static str,
        text: String,
        complete: impl Fn(&str, u32) -> Vec<Suggestion> + Send + Sync + 'static,
    ) -> Self {
        let (text, cursor, open) = (RwSignal::new(text), RwSignal::new(0), RwSignal::new(false));
        let suggestions = Memo::new(move |_| {
            if !open.get() {
                return Vec::new();
            }
            let mut list = complete(&text.read(), cursor.get());
            list.truncate(SHOWN);
            list
        });
        let (mistake, place) = (RwSignal::new(None), RwSignal::new(None));
        Self { text, mistake, suggestions, input: NodeRef::new(), id, cursor, open, place }
    }

    /// Proposes nothing more until somebody types.
    pub fn close(self) {
        self.open.set(false);
    }

    /// Puts another text in, as if it had been typed, and the focus behind it.
    pub fn write(self, text: &str) {
        if let Some(input) = self.input.get_untracked() {
            input.set_value(text);
            let _ = input.focus();
        }
        self.text.set(text.to_owned());
        self.close();
    }

    fn typed(self, text: String) {
        self.text.set(text);
        self.place.set(None);
        self.open.set(true);
        self.look_at_cursor();
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
        let Some(next) = self.suggestions.with_untracked(|list| list.get(index).cloned()) else { return };
        let (new, cursor) = inserted(&self.text.read_untracked(), &next);
        let Some(input) = self.input.get_untracked() else { return };
        input.set_value(&new);
        let _ = input.set_selection_range(cursor, cursor);
        let _ = input.focus();
        self.typed(new);
    }

    /// Answers a key; returns whether it was Enter with nothing chosen, or `None` where the key is the box's own.
    fn keydown(self, event: &ev::KeyboardEvent) -> Option<Pressed> {
        let (count, place) = (self.suggestions.read_untracked().len(), self.place.get_untracked());
        match (event.key().as_str(), place) {
            ("ArrowDown", _) if count > 0 => self.place.set(Some(place.map_or(0, |place| (place + 1).min(count - 1)))),
            ("ArrowDown", _) => {
                self.open.set(true);
                self.look_at_cursor();
            }
            ("ArrowUp", _) if count > 0 => self.place.set(place.and_then(|place| place.checked_sub(1))),
            ("Enter" | "Tab", Some(place)) if count > 0 => {
                self.insert(place);
                return Some(Pressed::Typed);
            }
            ("Enter", _) => return Some(Pressed::Entered),
            ("Escape", _) if count > 0 => self.open.set(false),
            _ => return None,
        }
        Some(Pressed::Moved)
    }
}

/// What a key came to.
enum Pressed {
    Moved,
    Typed,
    Entered,
}

/// Returns the text with a proposal in its place, and where the cursor goes, in UTF-16 units.
fn inserted(text: &str, next: &Suggestion) -> (String, u32) {
    let (from, to) = (next.replaces.0 as usize, next.replaces.1 as usize);
    let mut new: String = text.chars().take(from).collect();
    if new.chars().last().is_some_and(|last| !last.is_whitespace() && last != '(') {
        new.push(' ');
    }
    new.push_str(&next.text);
    // Behind an opening parenthesis its first value follows at once.
    if !next.text.ends_with('(') {
        new.push(' ');
    }
    let cursor = u32::try_from(new.encode_utf16().count()).unwrap_or_default();
    let rest: String = text.chars().skip(to).collect();
    new.push_str(rest.trim_start());
    (new, cursor)
}

/// The line with its mistake and its proposals.
#[component]
pub fn AssistedLine(
    /// What it knows.
    line: Assist,
    /// What it is called, where no label stands beside it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// What stands in it while it is empty.
    #[prop(into)]
    placeholder: Signal<String>,
    /// A picture in front of the text.
    #[prop(optional)]
    icon: Option<Icon>,
    /// The most characters it takes.
    max: usize,
    /// Whether nobody may type.
    #[prop(optional)]
    disabled: bool,
    /// Called when the text has changed by the person's hand.
    typed: Callback<()>,
    /// Called when the person presses Enter.
    entered: Callback<()>,
) -> impl IntoView {
    let is_open = move || line.suggestions.with(|list| !list.is_empty());
    let is_wrong = move || line.mistake.with(Option::is_some);
    let keydown = move |event: ev::KeyboardEvent| {
        match line.keydown(&event) {
            None => return,
            Some(Pressed::Moved) => {}
            Some(Pressed::Typed) => typed.run(()),
            Some(Pressed::Entered) => entered.run(()),
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div class="filter-bar">
            <div class="filter-field">
                {icon.map(|icon| view! { <Pic icon/> })}
                <input class="filter-input" id=line.id type="text" role="combobox" node_ref=line.input autocomplete="off" spellcheck="false"
                    autocapitalize="none" maxlength=max disabled=disabled placeholder=move || placeholder.get()
                    aria-label=move || label.get()
                    aria-autocomplete="list" aria-controls=format!("{}-suggest", line.id) aria-expanded=move || is_open().to_string()
                    aria-activedescendant=move || line.place.get().filter(|_| is_open()).map(|place| format!("{}-suggestion-{place}", line.id))
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby=move || is_wrong().then(|| format!("{}-error", line.id))
                    prop:value=move || line.text.get() value=line.text.get_untracked()
                    on:input=move |event| { line.typed(event_target_value(&event)); typed.run(()); }
                    on:keydown=keydown on:click=move |_| line.look_at_cursor()
                    on:focus=move |_| { line.place.set(None); line.look_at_cursor(); line.open.set(true); }
                    on:blur=move |_| line.close()/>
            </div>
            <ShownMistake line/>
            <Proposals line typed/>
        </div>
    }
}

/// The mistake: what to do, and the text with the wrong part marked.
#[component]
fn ShownMistake(line: Assist) -> impl IntoView {
    let language = use_language();
    move || {
        let Mistake { at, len, message } = line.mistake.get()?;
        let (text, start, len) = (line.text.get_untracked(), at as usize, len as usize);
        let before: String = text.chars().take(start).collect();
        let wrong: String = text.chars().skip(start).take(len).collect();
        let after: String = text.chars().skip(start + len).collect();
        let wrong = if wrong.is_empty() { td_string!(language.get(), common.line_ends).to_owned() } else { wrong };
        let place = td_string!(language.get(), common.at_character, place = at + 1);
        Some(view! {
            <p class="filter-error" id=format!("{}-error", line.id) role="alert">
                {message}" "<span class="muted">{place}" "</span><span>{before}</span><mark>{wrong}</mark><span>{after}</span>
            </p>
        })
    }
}

#[component]
fn Proposals(line: Assist, typed: Callback<()>) -> impl IntoView {
    let label = text!(common.what_next);
    move || {
        let list = line.suggestions.get();
        (!list.is_empty()).then(|| {
            let options = list.into_iter().enumerate().map(|(index, next)| {
                view! {
                    <li class="filter-suggestion" role="option" id=format!("{}-suggestion-{index}", line.id)
                        aria-selected=move || (line.place.get() == Some(index)).to_string()
                        on:mousedown=|event| event.prevent_default() on:click=move |_| { line.insert(index); typed.run(()); }>
                        <code>{next.text}</code><span class="filter-suggestion-detail">{next.label}</span>
                    </li>
                }
            });
            view! {
                <ul class="filter-suggest" id=format!("{}-suggest", line.id) role="listbox" aria-label=label>{options.collect_view()}</ul>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_stands_apart_from_what_is_before_and_the_cursor_behind_it() {
        let next = |text: &str, replaces| Suggestion { text: text.to_owned(), label: String::new(), replaces };
        for (text, proposal, expected) in [
            ("arr/", next("seats", (4, 4)), ("arr/ seats ", 11)),
            ("round(se", next("seats", (6, 8)), ("round(seats ", 12)),
            ("ro", next("round(", (0, 2)), ("round(", 6)),
            ("se + 1", next("seats", (0, 2)), ("seats + 1", 6)),
            ("😀 x", next("seats", (2, 3)), ("😀 seats ", 9)),
        ] {
            let (new, cursor) = inserted(text, &proposal);
            assert_eq!((new.as_str(), cursor), expected, "{text}");
        }
    }
}
