//! The configuration as a file: saving it, looking at what another one would change, bringing that in, and taking it
//! back.

mod file;
mod history;
mod plan;
pub mod server_fns;
mod words;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::changes::UndoReport;
use domain::configuration::{Pick, Plan, TEXT_BYTES_MAX, file_name};
use domain::fields::Subject;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::use_live;
use crate::ui::focus::hold;
use crate::ui::icon::{Icon, Pic};
use crate::ui::save::save_text;
use crate::ui::toast::{Toasts, use_toasts};
use server_fns::{apply_configuration, preview_configuration, take_configuration, undo_configuration};

/// How long the page takes to draw what it was told.
const DRAWN: Duration = Duration::from_millis(40);

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    language: Language,
    toasts: Toasts,
    /// The file that is looked at: its name and its text.
    chosen: RwSignal<Option<(String, String)>>,
    /// What it would change.
    plan: RwSignal<Option<Plan>>,
    /// What is ticked to go.
    picks: RwSignal<BTreeSet<Pick>>,
    problem: RwSignal<Option<Error>>,
    busy: RwSignal<bool>,
    /// Whether what only the workspace has is shown.
    left_open: RwSignal<bool>,
    undone: RwSignal<Option<UndoReport>>,
    /// Grows with everything that is brought in or taken back here.
    ended: RwSignal<u32>,
    /// Grows with each question, so that an answer that comes late is dropped.
    turn: StoredValue<u32>,
}

/// The page.
#[component]
pub(super) fn Configuration() -> impl IntoView {
    if !boot::may(Role::Admin) {
        return view! {
            <section class="card">
                <div class="empty">
                    <Pic icon=Icon::Person/>
                    <p class="empty-title">{text!(settings.ask_title)}</p>
                    <p class="empty-text">{text!(configuration.ask_text)}</p>
                </div>
            </section>
        }
        .into_any();
    }
    let desk = Desk::new();
    view! {
        <TakeOut desk/>
        {move || match desk.plan.get() {
            Some(plan) => view! { <plan::Differences desk plan/> }.into_any(),
            None => view! { <file::Choose desk/> }.into_any(),
        }}
        <history::History desk/>
    }
    .into_any()
}

#[component]
fn TakeOut(desk: Desk) -> impl IntoView {
    let busy = RwSignal::new(false);
    let take = move |_| {
        busy.set(true);
        spawn_local(async move {
            let taken = take_configuration().await;
            busy.try_set(false);
            match taken {
                Ok(taken) => {
                    let name = file_name(&taken.workspace, boot::now());
                    let locale = desk.language.get_untracked();
                    if save_text(&taken.text, "application/yaml", &name) {
                        desk.toasts.say(td_string!(locale, configuration.taken, name = name));
                    } else {
                        desk.toasts.say(td_string!(locale, configuration.not_taken));
                    }
                }
                Err(error) => desk.toasts.error(&error),
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="configuration">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="configuration">{text!(configuration.title)}</h2>
                    <p class="card-sub">{text!(configuration.subtitle)}</p>
                </div>
                <button class="button" type="button" disabled=move || busy.get()
                    aria-busy=move || busy.get().then_some("true") on:click=take>
                    <Pic icon=Icon::Download/><span>{text!(configuration.take)}</span>
                </button>
            </header>
        </section>
    }
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            language: use_language(),
            toasts: use_toasts(),
            chosen: RwSignal::new(None),
            plan: RwSignal::new(None),
            picks: RwSignal::new(BTreeSet::new()),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            left_open: RwSignal::new(false),
            undone: RwSignal::new(None),
            ended: RwSignal::new(0),
            turn: StoredValue::new(0),
        };
        // What somebody else changes meanwhile changes what this would change.
        let version = use_live().version(|note| {
            matches!(
                note.subject,
                Subject::Field
                    | Subject::Scorecard
                    | Subject::Rule
                    | Subject::View
                    | Subject::Report
                    | Subject::Workspace
            )
        });
        Effect::watch(move || version.get(), move |_, _, _| desk.look(), false);
        desk
    }

    /// Takes a file that was chosen.
    fn take(self, name: String, text: String) {
        self.picks.set(BTreeSet::new());
        self.undone.set(None);
        self.chosen.set(Some((name, text)));
        self.look();
    }

    /// Puts the file away.
    fn forget(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.chosen.set(None);
        self.plan.set(None);
        self.problem.set(None);
        self.busy.set(false);
    }

    /// Asks what the file would change.
    fn look(self) {
        let Some((_, text)) = self.chosen.get_untracked() else { return };
        if text.len() > TEXT_BYTES_MAX {
            let message = td_string!(self.language.get_untracked(), configuration.too_large);
            self.problem.set(Some(domain::refusal::Refusal::Conflict(message.to_owned()).into()));
            return;
        }
        self.turn.update_value(|turn| *turn += 1);
        let (turn, picks) = (self.turn.get_value(), self.picks.get_untracked().into_iter().collect());
        self.busy.set(true);
        spawn_local(async move {
            let answer = preview_configuration(text, picks).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(plan) => {
                    self.problem.set(None);
                    // The differences are drawn anew, the box that was ticked among them.
                    let held = hold();
                    self.plan.set(Some(plan));
                    if let Some(held) = held {
                        set_timeout(move || held.give_back(), DRAWN);
                    }
                }
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    /// Brings the file in as it is shown.
    fn apply(self) {
        let (Some((name, text)), Some(plan)) = (self.chosen.get_untracked(), self.plan.get_untracked()) else { return };
        let picks = self.picks.get_untracked().into_iter().collect();
        self.busy.set(true);
        spawn_local(async move {
            let answer = apply_configuration(name.clone(), text, picks, plan.mark).await;
            let is_here = self.busy.try_set(false).is_none();
            match answer {
                Ok(applied) => {
                    let locale = self.language.get_untracked();
                    let said = td_string!(locale, configuration.applied, name = name);
                    match applied.batch {
                        Some(batch) => {
                            self.toasts.offer(said, td_string!(locale, common.undo), move || self.undo(batch));
                        }
                        None => self.toasts.say(td_string!(locale, configuration.nothing_changed)),
                    }
                    if is_here {
                        self.forget();
                        self.ended.update(|ended| *ended += 1);
                    }
                }
                Err(error) => {
                    self.toasts.error(&error);
                    if is_here {
                        self.look();
                    }
                }
            }
        });
    }

    fn undo(self, batch: domain::id::BatchId) {
        spawn_local(async move {
            match undo_configuration(batch).await {
                Ok(report) => {
                    let locale = self.language.get_untracked();
                    let text = if report.conflicts == 0 {
                        td_string!(locale, configuration.undone)
                    } else {
                        td_string!(locale, configuration.undone_partly)
                    };
                    self.toasts.say(text);
                    self.undone.try_set(Some(report).filter(|report| report.conflicts > 0));
                }
                Err(error) => self.toasts.error(&error),
            }
            self.ended.try_update(|ended| *ended += 1);
        });
    }
}
