//! Steps with the versions of the model: each says what it did and can be taken back.

use domain::id::BatchId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::undo_churn_step;
use crate::error::Result;
use crate::i18n::{Locale, td_string};
use crate::language::{Language, use_language};
use crate::ui::toast::{Toasts, use_toasts};

/// What the parts of the page do together.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub(super) toasts: Toasts,
    pub(super) language: Language,
    /// Whether an answer is awaited.
    pub(super) pending: RwSignal<bool>,
    /// Asks for the versions again.
    pub(super) changed: Callback<()>,
}

/// Returns what the parts of the page do together.
pub(super) fn use_steps() -> Steps {
    expect_context()
}

impl Steps {
    /// Returns it for a page that asks again by `changed`.
    pub(super) fn new(changed: Callback<()>) -> Self {
        Self { toasts: use_toasts(), language: use_language(), pending: RwSignal::new(false), changed }
    }

    /// Takes a step, says so, and offers to take it back.
    pub(super) fn take(self, step: impl Future<Output = Result<BatchId>> + 'static, done: fn(Locale) -> &'static str) {
        self.pending.set(true);
        spawn_local(async move {
            match step.await {
                Ok(batch) => {
                    let locale = self.language.get_untracked();
                    let back = move || self.undo(batch);
                    self.toasts.offer(done(locale), td_string!(locale, common.undo), back);
                }
                Err(error) => self.toasts.error(&error),
            }
            self.end();
        });
    }

    fn undo(self, batch: BatchId) {
        spawn_local(async move {
            match undo_churn_step(batch).await {
                Ok(_) => {
                    let locale = self.language.get_untracked();
                    self.toasts.say(td_string!(locale, churn.undone));
                }
                Err(error) => self.toasts.error(&error),
            }
            self.end();
        });
    }

    /// Does something that needs no way back.
    pub(super) fn run<T: 'static>(self, work: impl Future<Output = Result<T>> + 'static) {
        self.pending.set(true);
        spawn_local(async move {
            if let Err(error) = work.await {
                self.toasts.error(&error);
            }
            self.end();
        });
    }

    /// The page may be gone by now.
    fn end(self) {
        let _ = self.pending.try_set(false);
        self.changed.try_run(());
    }
}
