//! What a person does with tasks, wherever they stand: a step at once, or after a question, and the way back.

use domain::id::{AlertId, BatchId, TodoId};
use domain::identity::Role;
use domain::todos::{Here, TodoDraft, TodoReport, TodoRow, TodoStep};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{remove_todos, save_todo, step_todos, undo_todo_step};
use super::words;
use crate::boot;
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::{State, use_live};
use crate::ui::question::Inquiry;
use crate::ui::toast::{Toasts, use_toasts};

/// Tasks that a step is taken with.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    /// Which.
    pub ids: Vec<TodoId>,
    /// What the first one is called.
    pub name: String,
}

impl Targets {
    /// Returns one task.
    #[must_use]
    pub fn one(row: &TodoRow) -> Self {
        Self { ids: vec![row.todo.id], name: row.todo.title.clone() }
    }
}

/// A task as it is written in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Which task, and the version on the screen; nothing for a new one.
    pub id: Option<(TodoId, i64)>,
    /// What it says.
    pub draft: TodoDraft,
    /// What its account is called.
    pub account: String,
}

/// What is being asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// To which day.
    Postpone(Targets),
    /// Who deals with it.
    Assign(Targets),
    /// All of it.
    Form(Box<Form>),
    /// Nothing: it is only shown, to those who look on.
    Look(Box<TodoRow>),
}

/// The hand of a page; give it to its parts and draw [`super::ask::Asking`] once.
#[derive(Clone, Copy)]
pub struct Hand {
    /// What is being asked.
    pub asking: RwSignal<Option<Asked>>,
    /// What is wrong with the answer.
    pub problem: RwSignal<Option<Error>>,
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// Grows with every step of one's own, for pages whose live feed stands still.
    pub own: RwSignal<u64>,
    /// The moment on the person's clock; until it is known that of the page, in UTC.
    pub here: RwSignal<Here>,
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
            here: RwSignal::new(Here::utc(boot::now())),
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

    /// Returns whether the person may change tasks.
    #[must_use]
    pub fn may() -> bool {
        boot::may(Role::Csm)
    }

    /// Asks what a step needs to know.
    pub fn ask(self, asked: Asked) {
        if Self::may() {
            self.problem.set(None);
            self.asking.set(Some(asked));
        }
    }

    /// Opens a task in the form; those who look on see what it says.
    pub fn edit(self, row: &TodoRow) {
        if !Self::may() {
            self.asking.set(Some(Asked::Look(Box::new(row.clone()))));
            return;
        }
        self.ask(Asked::Form(Box::new(Form {
            id: Some((row.todo.id, row.todo.version)),
            draft: TodoDraft::of(&row.todo),
            account: row.account.clone(),
        })));
    }

    /// Opens the form for a new task that comes from an alert.
    pub fn from_alert(self, alert: AlertId, title: String) {
        let assignee = boot::me().map(|me| me.user.id);
        let draft = TodoDraft { title, alert_id: Some(alert), assignee, ..TodoDraft::default() };
        self.ask(Asked::Form(Box::new(Form { id: None, draft, account: String::new() })));
    }

    /// Takes a step, says what came of it and offers to take it back.
    pub fn take(self, targets: Targets, step: TodoStep) {
        if !Self::may() || targets.ids.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = step_todos(targets.ids.clone(), step.clone()).await;
            let done = words::done(&step, self.language.get_untracked());
            self.answered(answer, move |hand, report| hand.say(&targets, done, report));
        });
    }

    /// Deletes tasks, says so and offers to take it back.
    pub fn remove(self, targets: Targets) {
        if !Self::may() || targets.ids.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = remove_todos(targets.ids.clone()).await;
            let done = td_string!(self.language.get_untracked(), todos.did_remove);
            self.answered(answer, move |hand, report| hand.say(&targets, done, report));
        });
    }

    /// Saves the form; `account` is what was typed there, where that is another than before.
    pub fn save(self, form: Form, account: String) {
        self.busy.set(true);
        spawn_local(async move {
            let (id, version) = form.id.map_or((None, 1), |(id, version)| (Some(id), version));
            let answer = save_todo(id, version, form.draft, account).await;
            self.answered(answer, move |hand, batch| {
                let locale = hand.language.get_untracked();
                let text = if id.is_some() { td_string!(locale, todos.saved) } else { td_string!(locale, todos.added) };
                hand.offer(text.to_owned(), batch);
            });
        });
    }

    /// Says that something was done, and offers to take it back where there is something to.
    pub fn offer(self, text: String, batch: Option<BatchId>) {
        match batch {
            Some(batch) => {
                let undo = move || self.undo(batch);
                self.toasts.offer(text, td_string!(self.language.get_untracked(), common.undo), undo);
            }
            None => self.toasts.say(td_string!(self.language.get_untracked(), todos.nothing_changed)),
        }
        self.changed();
    }

    fn answered<T>(self, answer: Result<T>, done: impl FnOnce(Self, T)) {
        self.busy.try_set(false);
        match answer {
            Ok(value) => {
                self.asking.try_set(None);
                done(self, value);
            }
            // Beside the question, where there is one.
            Err(error) if self.asking.try_get_untracked().is_some_and(|asking| asking.is_some()) => {
                self.problem.try_set(Some(error));
            }
            Err(error) => self.toasts.error(&error),
        }
    }

    fn say(self, targets: &Targets, what: &'static str, report: TodoReport) {
        let locale = self.language.get_untracked();
        if let Some((_, why)) = report.refused.first() {
            let total = report.refused.len();
            self.toasts.say(td_string!(locale, todos.some_refused, total = total, why = why.clone()));
        }
        let text = match report.changed {
            0 if !report.refused.is_empty() => return self.changed(),
            0 | 1 => td_string!(locale, todos.done_single, what = what, name = targets.name.clone()),
            total => td_string!(locale, todos.done_several, what = what, total = total),
        };
        let text = match report.again {
            0 => text,
            _ => format!("{text} {}", td_string!(locale, todos.comes_again)),
        };
        self.offer(text, report.batch);
    }

    fn undo(self, batch: BatchId) {
        let language = self.language;
        spawn_local(async move {
            let locale = language.get_untracked();
            match undo_todo_step(batch).await {
                Ok(report) if report.conflicts > 0 => {
                    self.toasts.say(td_string!(locale, todos.undone_partly, total = report.conflicts));
                }
                Ok(_) => self.toasts.say(td_string!(locale, todos.undone)),
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
