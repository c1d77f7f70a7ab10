//! The draft saves itself: after a pause, when the page is left, and once more when the connection is back.

use std::time::Duration;

use domain::fields::Subject;
use domain::health::ScorecardVersion;
use domain::refusal::Refusal;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::{Bench, PAUSE, Saving, use_bench};
use super::server_fns::{card_standing, save_card_draft};
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::live::{Event, use_live};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::words;

/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);

impl Bench {
    /// Saves the draft once nobody has edited for a moment.
    pub(super) fn save_later(self) {
        self.edits.update_value(|edits| *edits += 1);
        // After a conflict the person decides first whose draft it is.
        if matches!(self.saving.get_untracked(), Saving::Conflict(_)) {
            return;
        }
        if self.saving.get_untracked() != Saving::Running {
            self.saving.set(Saving::Waiting);
        }
        self.wake_in(PAUSE);
    }

    fn wake_in(self, pause: Duration) {
        let handle = set_timeout_with_handle(move || self.save(), pause).ok();
        let earlier = self.timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten();
        if let Some(earlier) = earlier {
            earlier.clear();
        }
    }

    /// Saves the draft now, unless it is on its way or saved already.
    pub(super) fn save(self) {
        let Some(saving) = self.saving.try_get_untracked() else { return };
        if matches!(saving, Saving::Saved | Saving::Running | Saving::Conflict(_)) {
            return;
        }
        self.saving.set(Saving::Running);
        let (edits, base, card) = (self.edits.get_value(), self.base.get_value(), self.card.get_untracked());
        spawn_local(async move {
            let answer = save_card_draft(Some(self.id), base, card).await;
            self.saved(edits, answer);
        });
    }

    fn saved(self, edits: u64, answer: Result<ScorecardVersion>) {
        let Some(now) = self.edits.try_get_value() else { return };
        let state = match answer {
            Ok(draft) => {
                self.base.set_value(Some(draft.revision));
                self.head.update(|head| head.draft = Some(draft.version));
                if now == edits { Saving::Saved } else { Saving::Waiting }
            }
            Err(Error::Refused(Refusal::Conflict(message))) => Saving::Conflict(message),
            Err(error) => {
                if !matches!(error, Error::Refused(_)) {
                    self.wake_in(RETRY);
                }
                Saving::Failed(words(&error, self.language.get_untracked()).1)
            }
        };
        let again = state == Saving::Waiting;
        self.saving.set(state);
        if again {
            self.wake_in(PAUSE);
        }
    }

    /// Asks where the card stands now, and shows the draft of the server where nothing of one's own would be lost.
    pub(super) fn reload(self, theirs: bool) {
        let edits = self.edits.get_value();
        spawn_local(async move {
            let Ok(now) = card_standing(self.id).await else { return };
            let Some(edited) = self.edits.try_get_value() else { return };
            self.head.set(now.head);
            self.live.set(now.live.clone());
            let base = self.base.get_value();
            // An answer that was overtaken by one's own edit or save says nothing new.
            let is_old = now.draft.as_ref().is_some_and(|draft| Some(draft.revision) <= base);
            let is_quiet = edited == edits && self.saving.get_untracked() == Saving::Saved;
            if theirs || (is_quiet && !is_old) {
                let revision = now.draft.as_ref().map(|draft| draft.revision);
                if let Some(shown) = now.draft.or(now.live) {
                    self.show(shown.card, revision);
                }
            }
        });
    }

    /// After a conflict: saves one's own draft over the other one.
    fn keep_mine(self) {
        spawn_local(async move {
            let Ok(now) = card_standing(self.id).await else { return };
            self.base.set_value(now.draft.map(|draft| draft.revision));
            self.saving.set(Saving::Waiting);
            self.save();
        });
    }
}

/// Follows what others do with the card, and saves what is left when the page is.
pub(super) fn follow(bench: Bench) {
    use_live().on_event(move |event| {
        let concerns = match event {
            Event::Notes(notes) => notes.iter().any(|note| note.subject == Subject::Scorecard && note.id == bench.id.0),
            Event::Everything => true,
        };
        if concerns {
            bench.reload(false);
        }
    });
    on_cleanup(move || bench.save());
    Effect::new(move |_| {
        let leaving = window_event_listener(ev::visibilitychange, move |_| bench.save());
        let keys = window_event_listener(ev::keydown, move |event| press(bench, &event));
        on_cleanup(move || {
            leaving.remove();
            keys.remove();
        });
    });
}

fn press(bench: Bench, event: &ev::KeyboardEvent) {
    let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    if in_dialog || event.alt_key() || !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    match (event.key().to_lowercase().as_str(), event.shift_key()) {
        ("z", false) => bench.undo(),
        ("z", true) | ("y", false) => bench.redo(),
        _ => return,
    }
    event.prevent_default();
}

/// Says whether the draft is saved.
#[component]
pub(super) fn SavingState() -> impl IntoView {
    let bench = use_bench();
    let word = move || {
        let locale = bench.language.get();
        match bench.saving.get() {
            Saving::Saved if bench.head.with(|head| head.draft.is_none()) => td_string!(locale, scorecards.no_draft),
            Saving::Saved => td_string!(locale, scorecards.saved),
            Saving::Waiting | Saving::Running => td_string!(locale, scorecards.saving),
            Saving::Failed(_) | Saving::Conflict(_) => td_string!(locale, scorecards.not_saved),
        }
    };
    let key = move || match bench.saving.get() {
        Saving::Saved => "saved",
        Saving::Waiting | Saving::Running => "saving",
        Saving::Failed(_) | Saving::Conflict(_) => "failed",
    };
    view! { <span class="badge saving-state" role="status" data-state=key>{word}</span> }
}

/// Says why the draft is not saved, with the ways on.
#[component]
pub(super) fn SavingProblem() -> impl IntoView {
    let bench = use_bench();
    move || {
        match bench.saving.get() {
        Saving::Failed(reason) => Some(
            view! {
                <div class="notice" role="alert" data-tone="bad">
                    <Pic icon=Icon::Warning/>
                    <div><p class="notice-title">{text!(scorecards.not_saved)}</p><p>{reason}</p></div>
                    <button class="button" data-size="small" type="button" on:click=move |_| bench.save()>{text!(common.retry)}</button>
                </div>
            }
            .into_any(),
        ),
        Saving::Conflict(reason) => Some(
            view! {
                <div class="notice" role="alert" data-tone="warn">
                    <Pic icon=Icon::People/>
                    <div><p class="notice-title">{text!(scorecards.conflict)}</p><p>{reason}</p></div>
                    <div class="row">
                        <button class="button" data-size="small" type="button" on:click=move |_| bench.reload(true)>
                            {text!(scorecards.take_theirs)}
                        </button>
                        <button class="button" data-size="small" type="button" on:click=move |_| bench.keep_mine()>
                            {text!(scorecards.keep_mine)}
                        </button>
                    </div>
                </div>
            }
            .into_any(),
        ),
        _ => None,
    }
    }
}
