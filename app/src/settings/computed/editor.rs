//! The desk at which a computed field is written: its name, its formula, and what it comes to.

use std::time::Duration;

use domain::formula::{self, CHARS_MAX, ComputedField, Formula, FormulaError, Kind, understand};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::examples::Examples;
use super::server_fns::save_computed_field;
use super::{Desk, find};
use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::identity::field_message;
use crate::ui::assist::{Assist, AssistedLine, Mistake};
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::words;

/// How long nobody types before a mistake is shown: what is being written is not whole yet.
const PAUSE: Duration = Duration::from_millis(250);

type Try = (&'static str, fn(Locale) -> &'static str);

const TRIES: [Try; 3] = [
    ("round(arr / seats, 2)", |locale| td_string!(locale, computed.try_per_seat)),
    ("if(days_until(renewal) < 90 and adoption < 40, \"call them\", \"fine\")", |locale| {
        td_string!(locale, computed.try_urgent)
    }),
    ("coalesce(days_since(last_activity), 999)", |locale| td_string!(locale, computed.try_gap)),
];

/// What is being written.
#[derive(Clone, Copy)]
struct Sheet {
    desk: Desk,
    /// The field as the person last saw it; nothing for a new one.
    base: RwSignal<Option<ComputedField>>,
    name: RwSignal<String>,
    line: Assist,
    understood: Memo<Result<Formula, FormulaError>>,
    refused: RwSignal<Option<Error>>,
    busy: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Sheet {
    fn new(desk: Desk, field: Option<ComputedField>) -> Self {
        let name = field.as_ref().map(|one| one.field.label.clone()).unwrap_or_default();
        let text = field.as_ref().and_then(|one| one.field.formula.clone()).unwrap_or_default();
        let complete =
            move |text: &str, cursor: u32| desk.known.with(|known| formula::complete(text, cursor, &known.catalogue));
        let line = Assist::new("formula", text, complete);
        let (base, name) = (RwSignal::new(field), RwSignal::new(name));
        let understood = Memo::new(move |_| {
            let (key, label) = (base.with(|base| base.as_ref().map(|base| base.field.key.clone())), name.get());
            let own = key.as_deref().map(|key| (key, label.trim()));
            desk.known.with(|known| line.text.with(|text| understand(text, own, &known.catalogue)))
        });
        let (refused, busy) = (RwSignal::new(None), RwSignal::new(false));
        let sheet = Self { desk, base, name, line, understood, refused, busy, timer: StoredValue::new(None) };
        on_cleanup(move || sheet.wait_no_more());
        sheet
    }

    fn typed(self) {
        self.refused.set(None);
        self.wait_no_more();
        self.timer.set_value(set_timeout_with_handle(move || self.show_mistake(), PAUSE).ok());
    }

    fn wait_no_more(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// Shows what is wrong with the formula; an empty one was not begun.
    fn show_mistake(self) {
        let is_begun = self.line.text.with_untracked(|text| !text.trim().is_empty());
        let error = self.understood.with_untracked(|understood| understood.as_ref().err().cloned());
        self.line.mistake.set(error.filter(|_| is_begun).map(Mistake::from));
    }

    fn save(self) {
        self.line.close();
        if let Some(error) = self.understood.with_untracked(|understood| understood.as_ref().err().cloned()) {
            self.line.mistake.set(Some(error.into()));
            focus_later("formula");
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        let base = self.base.get_untracked();
        let version = base.as_ref().map_or(0, |base| base.version);
        let (name, text) = (self.name.get_untracked().trim().to_owned(), self.line.text.get_untracked());
        spawn_local(async move {
            let answer = save_computed_field(base.map(|base| base.field.key), version, name.clone(), text).await;
            let locale = self.desk.language.get_untracked();
            match answer {
                Ok(Some(batch)) => {
                    self.desk.offer_undo(td_string!(locale, computed.saved, name = name), batch);
                    self.desk.go.run(None);
                }
                Ok(None) => self.desk.toasts.say(td_string!(locale, computed.unchanged)),
                Err(error) => {
                    if field_message(Some(&error), "label").is_some() {
                        focus_later("computed-name");
                    }
                    self.refused.try_set(Some(error));
                }
            }
            self.busy.try_set(false);
            self.desk.reload();
        });
    }

    /// Returns the field as it is now where somebody else has changed it, and `Some(None)` where it is gone.
    fn theirs(self) -> Option<Option<ComputedField>> {
        let base = self.base.get()?;
        let now = self.desk.known.with(|known| find(known, &base.field.key));
        let is_same = now.as_ref().is_some_and(|now| now.version == base.version);
        (!is_same && !self.busy.get()).then_some(now)
    }

    fn take_theirs(self, now: ComputedField) {
        self.name.set(now.field.label.clone());
        self.line.write(now.field.formula.as_deref().unwrap_or_default());
        self.base.set(Some(now));
        self.refused.set(None);
        self.show_mistake();
    }
}

/// The desk.
#[component]
pub(super) fn Editor(desk: Desk, field: Option<ComputedField>) -> impl IntoView {
    let sheet = Sheet::new(desk, field);
    Effect::new(move |_| focus_later("computed-name"));
    let title = move || {
        let name = sheet.base.with(|base| base.as_ref().map(|base| base.field.label.clone()));
        match name {
            Some(name) => td_string!(desk.language.get(), computed.edit_title, name = name),
            None => td_string!(desk.language.get(), computed.new_title).to_owned(),
        }
    };
    let (typed, entered) = (Callback::new(move |()| sheet.typed()), Callback::new(move |()| sheet.save()));
    let placeholder = Signal::derive(move || td_string!(desk.language.get(), computed.formula_placeholder).to_owned());
    view! {
        <section class="card" aria-labelledby="computed-editor">
            <header class="card-head"><h2 class="card-title" id="computed-editor">{title}</h2></header>
            <form class="card-body stack" novalidate=true on:submit=move |event| { event.prevent_default(); sheet.save(); }>
                <Theirs sheet/>
                <Refused sheet/>
                <NameField sheet/>
                <div class="field">
                    <label class="field-label" for="formula">{text!(computed.formula)}</label>
                    <AssistedLine line=sheet.line placeholder max=CHARS_MAX typed entered/>
                    <p class="field-hint">{text!(computed.formula_hint)}</p>
                    <Gives sheet/>
                </div>
                <How sheet/>
                <Examples desk understood=sheet.understood/>
                <div class="form-actions">
                    <button class="button" type="button" on:click=move |_| desk.go.run(None)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit" disabled=move || sheet.busy.get()
                        aria-busy=move || sheet.busy.get().then_some("true")>{text!(computed.save)}</button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn NameField(sheet: Sheet) -> impl IntoView {
    let wrong = move || sheet.refused.with(|error| field_message(error.as_ref(), "label"));
    view! {
        <div class="field">
            <label class="field-label" for="computed-name">{text!(computed.name)}</label>
            <input class="input" id="computed-name" type="text" maxlength="200" autocomplete="off"
                aria-describedby="computed-name-hint computed-name-error" aria-invalid=move || wrong().map(|_| "true")
                value=sheet.name.get_untracked() prop:value=move || sheet.name.get()
                on:input=move |event| { sheet.name.set(event_target_value(&event)); sheet.typed(); }/>
            <p class="field-hint" id="computed-name-hint">{text!(computed.name_hint)}</p>
            <p class="field-error" id="computed-name-error">{wrong}</p>
        </div>
    }
}

/// What kind of value the formula gives, said as soon as it is whole.
#[component]
fn Gives(sheet: Sheet) -> impl IntoView {
    let kind = move || sheet.understood.with(|understood| understood.as_ref().ok().map(Formula::kind));
    let gives = move || {
        let locale = sheet.desk.language.get();
        kind().map(|kind| td_string!(locale, computed.gives, kind = kind_words(kind, locale)))
    };
    view! { <p class="strong" role="status" data-gives="">{gives}</p> }
}

fn kind_words(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::Number => td_string!(locale, computed.kind_number),
        Kind::Text => td_string!(locale, computed.kind_text),
        Kind::Date => td_string!(locale, computed.kind_date),
        Kind::Bool => td_string!(locale, computed.kind_bool),
        Kind::Tags => td_string!(locale, computed.kind_tags),
    }
}

/// Why the field was not saved, unless that stands beside its name.
#[component]
fn Refused(sheet: Sheet) -> impl IntoView {
    let shown = move || sheet.refused.get().filter(|error| field_message(Some(error), "label").is_none());
    view! {
        <div role="alert">{move || shown().map(|error| {
            let (title, message) = words(&error, sheet.desk.language.get());
            view! {
                <div class="notice" data-tone="bad">
                    <Pic icon=Icon::Warning/><div><p class="notice-title">{title}</p><p>{message}</p></div>
                </div>
            }
        })}</div>
    }
}

/// Says that somebody else changed the field meanwhile, with both ways on.
#[component]
fn Theirs(sheet: Sheet) -> impl IntoView {
    let language = sheet.desk.language;
    move || {
        let now = sheet.theirs()?;
        let Some(now) = now else {
            return Some(view! {
                <div class="notice" role="alert" data-tone="warn">
                    <Pic icon=Icon::People/>
                    <div><p class="notice-title">{text!(computed.changed_title)}</p><p>{text!(computed.gone_text)}</p></div>
                </div>
            }
            .into_any());
        };
        let formula = now.field.formula.clone().unwrap_or_default();
        let (theirs, mine) = (now.clone(), now);
        Some(view! {
            <div class="notice" role="alert" data-tone="warn">
                <Pic icon=Icon::People/>
                <div>
                    <p class="notice-title">{text!(computed.changed_title)}</p>
                    <p>{move || td_string!(language.get(), computed.changed_text, formula = formula.clone())}</p>
                </div>
                <div class="row">
                    <button class="button" data-size="small" type="button"
                        on:click=move |_| sheet.take_theirs(theirs.clone())>{text!(computed.take_theirs)}</button>
                    <button class="button" data-size="small" type="button"
                        on:click=move |_| { sheet.refused.set(None); sheet.base.set(Some(mine.clone())); }>{text!(computed.keep_mine)}</button>
                </div>
            </div>
        }
        .into_any())
    }
}

/// How formulas are written, with a few to begin with.
#[component]
fn How(sheet: Sheet) -> impl IntoView {
    let language = sheet.desk.language;
    view! {
        <details>
            <summary>{text!(computed.how)}</summary>
            <ul class="list">
                <li>{text!(computed.how_fields)}</li>
                <li>{text!(computed.how_functions)}</li>
                <li>{text!(computed.how_unknown)}</li>
            </ul>
            <p class="menu-label">{text!(computed.how_try)}</p>
            {TRIES.iter().map(|(text, label)| view! {
                <button class="menu-item" type="button" on:click=move |_| { sheet.line.write(text); sheet.typed(); }>
                    <span>{move || label(language.get())}<br/><code>{*text}</code></span>
                </button>
            }).collect_view()}
        </details>
    }
}
