//! What brings rows into the grid: another list, scrolling, and changes that others made.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::accounts::{AccountPage, AccountQuery};
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::live::Note;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::cache::{Cache, Item};
use super::grid::Grid;
use super::server_fns::{PAGE_ROWS, account_fields, list_accounts, list_views};
use crate::error::Result;
use crate::live::{Event, use_live};
use crate::written::Written;

/// How long a changed value is tinted.
const TINTED: Duration = Duration::from_secs(2);
/// Changes that arrive within this time are loaded together.
const GATHERED: Duration = Duration::from_millis(200);

impl Grid {
    /// Loads another list when the address asks for one, and more rows when they come into sight.
    pub fn follow(self, first: AccountQuery) {
        let asked = Memo::new(move |_| self.look.with(|look| (look.filter.clone(), look.sort.clone())));
        Effect::watch(
            move || asked.get(),
            move |now, before, _| {
                let before = before.cloned().unwrap_or_else(|| (first.filter.clone(), first.sort.clone()));
                if *now != before {
                    self.restart(now.0 != before.0);
                }
            },
            true,
        );
        Effect::watch(move || self.range.get(), move |_, _, _| self.fill(), false);
        use_live().on_event(move |event| self.hear(event));
    }

    /// Loads a list from its beginning; the old rows stay until the new ones are here.
    fn restart(self, other_rows: bool) {
        self.asked.update_value(|asked| *asked = (asked.0 + 1, true));
        self.problem.set(None);
        self.busy.set(true);
        self.editing.set(None);
        if other_rows {
            self.selected.set(BTreeSet::new());
        }
        self.fetch(0, false);
    }

    /// Asks for what is on the screen and not here, or out of date.
    pub fn fill(self) {
        if self.asked.try_get_value().is_none_or(|(_, restarting)| restarting) {
            return;
        }
        let (from, to) = self.range.get_untracked();
        let wanted = self.cache.try_update_untracked(|cache| cache.claim(from, to.max(from + 1))).unwrap_or_default();
        for number in wanted {
            self.fetch(number, true);
        }
    }

    fn fetch(self, number: u32, same_list: bool) {
        let (asked, _) = self.asked.get_value();
        let look = self.look.get_untracked();
        let query = AccountQuery { filter: look.filter, sort: look.sort, offset: number * PAGE_ROWS, limit: PAGE_ROWS };
        spawn_local(async move {
            let answer = list_accounts(query).await.and_then(Written::read);
            // An answer to an older question, or to a page that is gone, is nobody's.
            if self.asked.try_get_value().is_some_and(|(now, _)| now == asked) {
                self.take(number, same_list, answer);
            }
        });
    }

    fn take(self, number: u32, same_list: bool, answer: Result<AccountPage>) {
        if !same_list {
            self.asked.update_value(|asked| asked.1 = false);
            self.busy.set(false);
            self.cache.set(Cache::default());
            self.spot.update(|spot| spot.row = spot.row.min(0));
            if let Some(node) = self.node.get_untracked() {
                node.set_scroll_top(0);
            }
        }
        match answer {
            Ok(page) => {
                self.problem.set(None);
                let old = self.cache.try_update(|cache| cache.put(number, page)).unwrap_or_default();
                let new = self.cache.with_untracked(|cache| cache.items(number).to_vec());
                self.tint(&old, &new);
                self.fill();
            }
            Err(error) => {
                self.cache.update(|cache| cache.fail(number));
                self.problem.set(Some(error));
            }
        }
    }

    /// Tints the values that are not what they were.
    fn tint(self, old: &[Arc<Item>], new: &[Arc<Item>]) {
        let mut changed = BTreeSet::new();
        for item in new {
            let Some(before) = old.iter().find(|before| before.id == item.id) else { continue };
            self.columns.with_untracked(|columns| {
                for field in columns.iter().filter(|field| item.differs(before, &field.key)) {
                    changed.insert((item.id, field.key.clone()));
                }
            });
        }
        if !changed.is_empty() {
            self.changed.set(changed);
            set_timeout(
                move || {
                    self.changed.try_set(BTreeSet::new());
                },
                TINTED,
            );
        }
    }

    /// Asks again for what did not come.
    pub fn retry(self) {
        self.problem.set(None);
        self.cache.update(Cache::forgive);
        if self.cache.with_untracked(Cache::is_blank) { self.restart(false) } else { self.fill() }
    }

    /// Loads everything on the screen again.
    pub fn reload(self) {
        self.cache.update(Cache::age);
        if self.cache.with_untracked(Cache::is_blank) { self.restart(false) } else { self.fill() }
    }

    fn hear(self, event: &Event) {
        match event {
            Event::Everything => {
                self.cache.update(Cache::age);
                self.gather();
                self.reload_views();
                self.reload_fields();
            }
            Event::Notes(notes) => self.hear_notes(notes),
        }
    }

    fn hear_notes(self, notes: &[Note]) {
        if notes.iter().any(|note| note.subject == Subject::View) {
            self.reload_views();
        }
        if notes.iter().any(|note| note.subject == Subject::Field) {
            self.reload_fields();
        }
        let undone = notes.iter().any(|note| note.change == Change::Undone);
        let of_accounts = || notes.iter().filter(|note| note.subject == Subject::Account);
        let ids: BTreeSet<AccountId> = of_accounts().map(|note| AccountId(note.id)).collect();
        let moved = undone || of_accounts().any(|note| matches!(note.change, Change::Created | Change::Deleted));
        if !moved && ids.is_empty() {
            return;
        }
        let (from, to) = self.range.get_untracked();
        let seen = self.cache.with_untracked(|cache| cache.shows(from, to, &ids));
        // With a filter, an account that is not here may have come to belong here.
        let may_join = self.look.with_untracked(|look| !look.filter.is_empty());
        let all = moved || may_join;
        self.cache.try_update_untracked(|cache| if all { cache.age() } else { cache.age_pages_of(&ids) });
        if all || seen {
            self.gather();
        }
    }

    fn gather(self) {
        if !self.gathering.get_value() {
            self.gathering.set_value(true);
            set_timeout(
                move || {
                    if self.gathering.try_set_value(false).is_none() {
                        self.fill();
                    }
                },
                GATHERED,
            );
        }
    }

    /// Reads the saved views again.
    pub fn reload_views(self) {
        spawn_local(async move {
            if let Ok(views) = list_views().await {
                self.views.try_set(views);
            }
        });
    }

    fn reload_fields(self) {
        spawn_local(async move {
            if let Ok(fields) = account_fields().await {
                self.catalogue.try_set(Arc::new(fields));
            }
        });
    }
}
