//! What a person does with alerts, wherever they stand: a step at once, or after a question, and the way back.

use domain::alerts::Step;
use domain::alerts::list::{AlertRow, StepReport};
use domain::id::{AlertId, BatchId};
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{step_alerts, undo_alert_step};
use super::words;
use crate::boot;
use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::language::{Language, use_language};
use crate::live::{State, use_live};
use crate::ui::question::Inquiry;
use crate::ui::toast::{Toasts, use_toasts};

/// What has to be asked before a step can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What it led to.
    Resolve,
    /// Why it is none.
    Dismiss,
    /// Until when.
    Snooze,
    /// Who deals with it.
    Assign,
    /// What to note.
    Note,
}

/// Alerts that a step is taken with.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    /// Which.
    pub ids: Vec<AlertId>,
    /// What the first one is about, as it is named in messages.
    pub name: String,
}

impl Targets {
    /// Returns one alert.
    pub fn one(row: &AlertRow, locale: Locale) -> Self {
        Self { ids: vec![row.alert.id], name: words::about(row, locale) }
    }
}

/// The hand of a page; give it to its parts and draw [`super::ask::Asking`] once.
#[derive(Clone, Copy)]
pub struct Hand {
    /// What is being asked, about which alerts.
    pub asking: RwSignal<Option<(Ask, Targets)>>,
    /// What is wrong with the answer.
    pub problem: RwSignal<Option<Error>>,
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// Grows with every step of one's own, for pages whose live feed stands still.
    pub own: RwSignal<u64>,
    /// The language of the page.
    pub language: Language,
    toasts: Toasts,
    feed: RwSignal<State>,
}

impl Hand {
    /// Returns the hand of this page.
    #[must_use]
    pub fn new() -> Self {
        Self {
            asking: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            own: RwSignal::new(0),
            language: use_language(),
            toasts: use_toasts(),
            feed: use_live().state,
        }
    }

    /// Returns how the answer to its question fares.
    #[must_use]
    pub fn inquiry(self) -> Inquiry {
        let cancel = Callback::new(move |()| self.asking.set(None));
        Inquiry { busy: self.busy, problem: self.problem, cancel }
    }

    /// Returns whether the person may take steps.
    #[must_use]
    pub fn may() -> bool {
        boot::may(Role::Csm)
    }

    /// Asks what a step needs to know.
    pub fn ask(self, ask: Ask, targets: Targets) {
        if Self::may() && !targets.ids.is_empty() {
            self.problem.set(None);
            self.asking.set(Some((ask, targets)));
        }
    }

    /// Takes a step, says what came of it and offers to take it back.
    pub fn take(self, targets: Targets, step: Step) {
        if !Self::may() || targets.ids.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = step_alerts(targets.ids.clone(), step.clone()).await;
            self.busy.try_set(false);
            match answer {
                Ok(report) => {
                    self.asking.try_set(None);
                    self.say(&targets, &step, report);
                    self.changed();
                }
                // Beside the question, where there is one.
                Err(error) if self.asking.try_get_untracked().is_some_and(|asking| asking.is_some()) => {
                    self.problem.try_set(Some(error));
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }

    fn say(self, targets: &Targets, step: &Step, report: StepReport) {
        let locale = self.language.get_untracked();
        let what = words::done(step, locale);
        if let Some((_, why)) = report.refused.first() {
            let total = report.refused.len();
            self.toasts.say(td_string!(locale, alerts.some_refused, total = total, why = why.clone()));
        }
        let text = match report.changed {
            0 if report.refused.is_empty() => return self.toasts.say(td_string!(locale, alerts.nothing_changed)),
            0 => return,
            1 => td_string!(locale, alerts.done_single, what = what, name = targets.name.clone()),
            total => td_string!(locale, alerts.done_several, what = what, total = total),
        };
        match report.batch {
            Some(batch) => {
                let undo = move || self.undo(batch);
                self.toasts.offer(text, td_string!(locale, common.undo), undo);
            }
            None => self.toasts.say(text),
        }
    }

    fn undo(self, batch: BatchId) {
        let language = self.language;
        spawn_local(async move {
            let locale = language.get_untracked();
            match undo_alert_step(batch).await {
                Ok(report) if report.conflicts > 0 => {
                    self.toasts.say(td_string!(locale, alerts.undone_partly, total = report.conflicts));
                }
                Ok(_) => self.toasts.say(td_string!(locale, alerts.undone)),
                Err(error) => self.toasts.error(&error),
            }
            self.changed();
        });
    }

    /// Loads again what an own step concerns; while the feed is live it says so itself.
    fn changed(self) {
        if self.feed.get_untracked() != State::Live {
            let _ = self.own.try_update(|own| *own += 1);
        }
    }
}

impl Default for Hand {
    fn default() -> Self {
        Self::new()
    }
}
