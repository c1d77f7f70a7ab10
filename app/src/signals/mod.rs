//! Signals: headlines about customers and competitors, and the websites of customers.
//!
//! The settings show [`SignalSettings`], the page of an account shows [`MarketTab`].

mod feeds;
mod headline;
mod market;
pub mod server_fns;
mod site;
mod waiting;
mod websites;
mod words;

use domain::fields::Subject;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::Result;
use crate::i18n::Locale;
use crate::language::{Language, use_language};
use crate::live::use_live;
use crate::ui::toast::{Toasts, use_toasts};

pub(crate) use market::MarketTab;

/// The page of the settings: where headlines come from, what waits for a person, and which websites are watched.
#[component]
pub(crate) fn SignalSettings() -> impl IntoView {
    view! {
        <feeds::Feeds/>
        <waiting::WaitingHeadlines/>
        <waiting::Competitors/>
        <websites::Websites/>
    }
}

/// Returns a number that grows when something of these subjects happens.
fn follow(subjects: &'static [Subject]) -> Signal<u64> {
    use_live().version(move |note| subjects.contains(&note.subject))
}

/// What asks the server to change something: says what came of it and calls `done`.
#[derive(Clone, Copy)]
struct Doing {
    /// Whether an answer is awaited.
    busy: RwSignal<bool>,
    done: Callback<()>,
    toasts: Toasts,
    language: Language,
}

impl Doing {
    fn new(done: Callback<()>) -> Self {
        Self { busy: RwSignal::new(false), done, toasts: use_toasts(), language: use_language() }
    }

    /// Runs a change; `said` is shown when it has worked.
    fn run(self, work: impl Future<Output = Result<()>> + 'static, said: impl FnOnce(Locale) -> String + 'static) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = work.await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(()) => self.toasts.say(said(self.language.get_untracked())),
                Err(error) => self.toasts.error(&error),
            }
            self.done.try_run(());
        });
    }
}
