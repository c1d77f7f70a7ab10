//! What a person says of recommendations: at once, or after a question, and the way back.

use domain::advice::{Opinion, Verdict};
use domain::id::{AccountId, BatchId};
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{rate_recommendation, undo_rating};
use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::{State, use_live};
use crate::ui::question::Inquiry;
use crate::ui::toast::{Toasts, use_toasts};

/// What the person has said on this page.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What they think.
    pub opinion: Opinion,
    /// What takes it back; nothing where they had said the same before.
    pub batch: Option<BatchId>,
    /// Whether they have taken it back.
    pub is_taken_back: bool,
}

/// The hand of a page; give it to its cards and draw [`super::Saying`] once.
#[derive(Clone, Copy)]
pub struct Hand {
    /// The opinion whose reason is being asked for.
    pub asking: RwSignal<Option<Opinion>>,
    /// What is wrong with the answer.
    pub problem: RwSignal<Option<Error>>,
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// What the person has said since the page stands, each thing once.
    pub given: RwSignal<Vec<Given>>,
    /// Grows with every opinion of one's own, for pages whose live feed stands still.
    pub own: RwSignal<u64>,
    /// The language of the page.
    pub language: Language,
    /// Where what was done is said.
    pub toasts: Toasts,
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
            given: RwSignal::new(Vec::new()),
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

    /// Returns whether the person may say what they think.
    #[must_use]
    pub fn may() -> bool {
        boot::may(Role::Csm)
    }

    /// Takes an opinion: what is useful is saved at once, anything else is asked for its reason.
    pub fn take(self, opinion: Opinion) {
        if opinion.verdict == Verdict::Useful {
            self.save(opinion);
        } else if Self::may() {
            self.problem.set(None);
            self.asking.set(Some(opinion));
        }
    }

    /// Saves an opinion, says so and offers to take it back.
    pub fn save(self, opinion: Opinion) {
        if !Self::may() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = rate_recommendation(opinion.clone()).await;
            self.busy.try_set(false);
            match answer {
                Ok(batch) => {
                    self.asking.try_set(None);
                    self.note(opinion, batch);
                    self.say(batch);
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

    fn note(self, opinion: Opinion, batch: Option<BatchId>) {
        let _ = self.given.try_update(|given| {
            given.retain(|one| (one.opinion.account, &one.opinion.action) != (opinion.account, &opinion.action));
            given.push(Given { opinion, batch, is_taken_back: false });
        });
    }

    /// Returns what the person has said of an action on this page and not taken back.
    #[must_use]
    pub fn said(self, account: AccountId, action: &str) -> Option<Given> {
        let is_it = |one: &&Given| !one.is_taken_back && one.opinion.account == account && one.opinion.action == action;
        self.given.with(|given| given.iter().find(is_it).cloned())
    }

    /// Returns the actions of an account that the person has said something of on this page, taken back or not.
    #[must_use]
    pub fn rated(self, account: AccountId) -> Vec<String> {
        let given = self.given.try_get_untracked().unwrap_or_default();
        let own = given.into_iter().map(|one| one.opinion).filter(|opinion| opinion.account == account);
        own.map(|opinion| opinion.action).collect()
    }

    fn say(self, batch: Option<BatchId>) {
        let locale = self.language.get_untracked();
        match batch {
            Some(batch) => {
                let undo = move || self.undo(batch);
                self.toasts.offer(td_string!(locale, advice.given), td_string!(locale, common.undo), undo);
            }
            None => self.toasts.say(td_string!(locale, advice.given_before)),
        }
    }

    /// Takes an opinion back.
    pub fn undo(self, batch: BatchId) {
        let language = self.language;
        spawn_local(async move {
            match undo_rating(batch).await {
                Ok(report) => {
                    if report.conflicts == 0 {
                        self.forget(batch);
                    }
                    let left = report.examples.first().map(|conflict| conflict.reason.clone());
                    let taken_back = td_string!(language.get_untracked(), advice.taken_back);
                    self.toasts.say(left.unwrap_or_else(|| taken_back.to_owned()));
                }
                Err(error) => self.toasts.error(&error),
            }
            self.changed();
        });
    }

    fn forget(self, batch: BatchId) {
        let _ = self.given.try_update(|given| {
            given.iter_mut().filter(|one| one.batch == Some(batch)).for_each(|one| one.is_taken_back = true);
        });
    }

    /// Loads again what an own opinion concerns; while the feed is live it says so itself.
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
