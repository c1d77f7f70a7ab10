//! Computed fields: which there are, and the desk at which one is written. Which one is open is in the address.

mod editor;
mod examples;
mod list;
pub mod server_fns;

use std::time::Duration;

use domain::fields::Subject;
use domain::formula::ComputedField;
use domain::id::BatchId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::boot;
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::{Event, use_live};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::{Toasts, use_toasts};
use server_fns::{Computed, load_computed, undo_field_change};

/// The page's own path.
const PATH: &str = "/settings/computed";
/// How the address names a field that is not there yet.
const NEW: &str = "new";
/// Changes that arrive within this time are loaded together: values are computed in many small steps.
const GATHERED: Duration = Duration::from_millis(500);

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    known: RwSignal<Computed>,
    /// What the address opens: the full key of a field, or [`NEW`].
    open: Memo<Option<String>>,
    may_edit: bool,
    language: Language,
    toasts: Toasts,
    go: Callback<Option<String>>,
    gathering: StoredValue<bool>,
}

/// The page.
#[component]
pub(super) fn ComputedFields() -> impl IntoView {
    let start = Resource::new(|| (), |()| load_computed());
    view! { <Loaded resource=start lines=8 let:start><Page start/></Loaded> }
}

#[component]
fn Page(start: Computed) -> impl IntoView {
    let desk = Desk::new(start);
    let editor = move || {
        let open = desk.open.get()?;
        let field = desk.known.with_untracked(|known| find(known, &open));
        (field.is_some() || open == NEW).then(|| view! { <editor::Editor desk field/> })
    };
    view! {
        {if desk.may_edit {
            editor.into_any()
        } else {
            view! {
                <div class="notice" data-tone="info">
                    <Pic icon=Icon::Person/>
                    <div><p class="notice-title">{text!(computed.ask_title)}</p><p>{text!(computed.ask_text)}</p></div>
                </div>
            }
            .into_any()
        }}
        <list::List desk/>
    }
}

fn find(known: &Computed, key: &str) -> Option<ComputedField> {
    known.fields.iter().find(|one| one.field.key == key).cloned()
}

impl Desk {
    fn new(start: Computed) -> Self {
        let (query, navigate) = (use_query_map(), use_navigate());
        let open = Memo::new(move |_| query.with(|query| query.get("field")).filter(|key| !key.is_empty()));
        let go = Callback::new(move |open: Option<String>| {
            let href = open.map_or_else(|| PATH.to_owned(), |key| format!("{PATH}?field={key}"));
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let desk = Self {
            known: RwSignal::new(start),
            open,
            may_edit: boot::may(Role::Admin),
            language: use_language(),
            toasts: use_toasts(),
            go,
            gathering: StoredValue::new(false),
        };
        use_live().on_event(move |event| desk.hear(event));
        desk
    }

    fn hear(self, event: &Event) {
        let concerns = match event {
            Event::Notes(notes) => notes.iter().any(|note| {
                matches!(note.subject, Subject::Field | Subject::Account | Subject::Scorecard | Subject::View)
            }),
            Event::Everything => true,
        };
        if concerns && self.gathering.try_get_value() == Some(false) {
            self.gathering.set_value(true);
            set_timeout(
                move || {
                    if self.gathering.try_set_value(false).is_none() {
                        self.reload();
                    }
                },
                GATHERED,
            );
        }
    }

    fn reload(self) {
        spawn_local(async move {
            // Without an answer the list stays as it is until the next change.
            if let Ok(known) = load_computed().await {
                self.known.try_set(known);
            }
        });
    }

    /// Says that something was done, with the way to take it back.
    fn offer_undo(self, text: String, batch: BatchId) {
        let label = td_string!(self.language.get_untracked(), common.undo);
        self.toasts.offer(text, label, move || self.undo(batch));
    }

    fn undo(self, batch: BatchId) {
        spawn_local(async move {
            let locale = self.language.get_untracked();
            match undo_field_change(batch).await {
                Ok(report) => match report.examples.into_iter().next() {
                    Some(conflict) => {
                        self.toasts.say(td_string!(locale, computed.not_undone, reason = conflict.reason))
                    }
                    None => self.toasts.say(td_string!(locale, computed.undone)),
                },
                Err(error) => self.toasts.error(&error),
            }
            if self.known.try_get_untracked().is_some() {
                self.reload();
            }
        });
    }
}
