//! What all parts of an account's page share: which account it is, what is being edited, what just changed.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use domain::changes::UndoReport;
use domain::fields::Subject;
use domain::id::{AccountId, BatchId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde_json::Value;

use super::change_fns::{edit_account_field, undo_edit};
use super::panels::Head;
use crate::boot;
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::live::{Live, State, use_live};
use crate::ui::focus::focus_later;
use crate::ui::toast::{Toasts, use_toasts};

/// How long a changed value is marked.
const MARKED: Duration = Duration::from_secs(2);

/// What all parts of the page share; get it with [`use_desk`].
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The account of the address; nothing where the address names none.
    pub id: Memo<Option<AccountId>>,
    /// The tab of the address.
    pub tab: Memo<String>,
    /// The end of the day in the past that is shown; nothing for now.
    pub as_of: Memo<Option<Timestamp>>,
    /// The end of the day that it is compared with.
    pub compare: Memo<Option<Timestamp>>,
    /// Whether a day in the past is shown.
    pub in_past: Memo<bool>,
    /// Whether the time slider was opened.
    pub travelling: RwSignal<bool>,
    /// What stands above the tabs.
    pub head: Resource<Result<Head>>,
    /// The key of the field that is being edited.
    pub editing: RwSignal<Option<String>>,
    /// What has been typed so far.
    pub draft: RwSignal<String>,
    /// What is wrong with it.
    pub problem: RwSignal<Option<String>>,
    /// Whether the server is being asked to change something.
    pub busy: RwSignal<bool>,
    /// Whether the window is as narrow as a phone.
    pub narrow: RwSignal<bool>,
    /// The language of the page.
    pub language: Language,
    version: StoredValue<i64>,
    own: RwSignal<u64>,
    toasts: Toasts,
    live: Live,
}

/// Returns what all parts of the page share.
pub(super) fn use_desk() -> Desk {
    expect_context::<Desk>()
}

/// Returns the account's id from the address, or refuses as the server would.
pub(super) fn known(id: Option<AccountId>) -> Result<AccountId> {
    id.ok_or(Error::Refused(Refusal::NotFound))
}

impl Desk {
    /// Reads the address and begins to load the head; call it in the page's `data`.
    pub(super) fn open() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok())));
        let tab = Memo::new(move |_| params.with(|params| params.get("tab").unwrap_or_else(|| "overview".to_owned())));
        let today = boot::now().day_start();
        let (as_of, compare) = (end_of_day("as_of", today), end_of_day("compare", today.plus_days(1)));
        let (live, own) = (use_live(), RwSignal::new(0));
        let version = watch(live, own, id, &[Subject::Account, Subject::Override]);
        let head = Resource::new(
            move || (id.get(), as_of.get(), version.get()),
            |(id, at, _)| async move { super::server_fns::account_head(known(id)?, at).await },
        );
        Self {
            id,
            tab,
            as_of,
            compare,
            in_past: Memo::new(move |_| as_of.get().is_some()),
            travelling: RwSignal::new(false),
            head,
            editing: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            narrow: RwSignal::new(false),
            language: use_language(),
            version: StoredValue::new(0),
            own,
            toasts: use_toasts(),
            live,
        }
    }

    /// Returns a number that grows when something of these subjects happens on the account.
    pub(super) fn watch(self, subjects: &'static [Subject]) -> Signal<u64> {
        watch(self.live, self.own, self.id, subjects)
    }

    /// Opens the time slider, or puts it away unless a day in the past is shown.
    pub(super) fn travel(self) {
        self.travelling.update(|open| *open = !*open);
        if self.travelling.get_untracked() || self.in_past.get_untracked() {
            focus_later("as-of");
        }
    }

    /// Notes the version of the account on the screen, which edits name.
    pub(super) fn seen(self, version: i64) {
        self.version.set_value(version);
    }

    /// Begins to edit a field.
    pub(super) fn edit(self, key: &str, draft: String) {
        self.problem.set(None);
        self.draft.set(draft);
        self.editing.set(Some(key.to_owned()));
        focus_later("fact-editor");
    }

    /// Stops editing and puts the focus back where it was.
    pub(super) fn stop(self) {
        if let Some(key) = self.editing.get_untracked() {
            focus_later(&format!("fact-{key}"));
        }
        self.editing.set(None);
        self.problem.set(None);
    }

    /// Saves one field; what is wrong with it is said beside it.
    pub(super) fn save(self, key: &str, value: &Value) {
        let Some(id) = self.id.get_untracked() else { return };
        let (key, value, version) = (key.to_owned(), value.to_string(), self.version.get_value());
        self.busy.set(true);
        spawn_local(async move {
            let answer = edit_account_field(id, version, key, value).await;
            self.busy.set(false);
            match answer {
                Ok(edited) => {
                    self.seen(edited.row.account.version);
                    self.stop();
                    self.offer_undo(edited.batch);
                    self.changed();
                }
                Err(error) => {
                    if matches!(error, Error::Refused(Refusal::Conflict(_))) {
                        self.head.refetch();
                    }
                    if self.editing.get_untracked().is_some() {
                        self.problem.set(Some(self.words(&error)));
                    } else {
                        self.head.refetch();
                        self.toasts.error(&error);
                    }
                }
            }
        });
    }

    /// Asks the server to change something and says when it could not; `done` gets the answer.
    pub(super) fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T>> + 'static,
        done: impl FnOnce(Result<T>) + 'static,
    ) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = work.await;
            self.busy.set(false);
            if answer.is_ok() {
                self.changed();
            }
            done(answer);
        });
    }

    /// Takes an edit back and says what came of it.
    pub(super) fn undo(self, batch: BatchId) {
        self.run(undo_edit(batch), move |answer| match answer {
            Ok(report) => self.say_undone(&report),
            Err(error) => self.toasts.error(&error),
        });
    }

    /// Says that something was saved, and offers to take it back.
    pub(super) fn offer_undo(self, batch: BatchId) {
        let locale = self.language.get_untracked();
        let undo = move || self.undo(batch);
        self.toasts.offer(td_string!(locale, account.saved), td_string!(locale, common.undo), undo);
    }

    /// Says something in a toast.
    pub(super) fn say(self, text: &str) {
        self.toasts.say(text);
    }

    /// Says in a toast what went wrong.
    pub(super) fn complain(self, error: &Error) {
        self.toasts.error(error);
    }

    /// Returns what went wrong in one sentence.
    pub(super) fn words(self, error: &Error) -> String {
        crate::ui::loaded::words(error, self.language.get_untracked()).1
    }

    fn say_undone(self, report: &UndoReport) {
        let locale = self.language.get_untracked();
        match report.examples.first() {
            Some(conflict) => self.toasts.say(td_string!(locale, account.undo_left, reason = conflict.reason.clone())),
            None => self.toasts.say(td_string!(locale, account.undone)),
        }
    }

    /// Loads again what an own change concerns; while the feed is live it says so itself.
    fn changed(self) {
        self.head.refetch();
        if self.live.state.get_untracked() != State::Live {
            self.own.update(|own| *own += 1);
        }
    }
}

fn watch(live: Live, own: RwSignal<u64>, id: Memo<Option<AccountId>>, subjects: &'static [Subject]) -> Signal<u64> {
    let version = live.version(move |note| {
        note.account.is_some() && note.account == id.get_untracked() && subjects.contains(&note.subject)
    });
    Signal::derive(move || version.get() + own.get())
}

/// Returns the moment that the page shows: now, or the end of a day in the past.
pub(super) fn now() -> Timestamp {
    use_context::<Desk>().and_then(|desk| desk.as_of.try_get_untracked().flatten()).unwrap_or_else(boot::now)
}

/// Returns whether the person may change the account; nobody changes the past.
pub(super) fn may_edit() -> bool {
    let in_past = use_context::<Desk>().is_some_and(|desk| desk.in_past.try_get_untracked() == Some(true));
    boot::may(Role::Csm) && !in_past
}

/// The last moment of a day of the address that lies before another one.
fn end_of_day(name: &'static str, before: Timestamp) -> Memo<Option<Timestamp>> {
    let day = query(name);
    Memo::new(move |_| {
        let day = day.with(|day| super::words::day(day)).filter(|day| *day < before)?;
        Some(Timestamp(day.plus_days(1).0 - 1))
    })
}

/// A part of the address after the question mark, such as `days`.
pub(super) fn query(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()))
}

/// The keys of what changed a moment ago: those whose text differs from the last one in the same scope.
///
/// `read` returns the scope (nothing is marked when it changes) and a text per key.
pub(super) fn marks(
    read: impl Fn() -> Option<(String, BTreeMap<String, String>)> + Send + Sync + 'static,
) -> RwSignal<BTreeSet<String>> {
    let marked = RwSignal::new(BTreeSet::new());
    Effect::new(move |last: Option<Option<(String, BTreeMap<String, String>)>>| {
        let now = read();
        let last = last.flatten();
        let (Some((scope, texts)), Some((last_scope, last_texts))) = (&now, &last) else { return now.or(last) };
        if scope != last_scope {
            return now;
        }
        let differs = |(key, text): &(&String, &String)| last_texts.get(*key) != Some(*text);
        let changed: BTreeSet<String> = texts.iter().filter(differs).map(|(key, _)| key.clone()).collect();
        if !changed.is_empty() {
            marked.set(changed);
            set_timeout(move || marked.set(BTreeSet::new()), MARKED);
        }
        now
    });
    marked
}
