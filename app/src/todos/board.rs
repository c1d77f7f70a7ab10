//! The state of the list: what it shows, what is chosen, where the keyboard is, and how it follows what happens.

use domain::fields::Subject;
use domain::id::TodoId;
use domain::todos::{TodoPage, TodoRow};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::{Address, PAGE_ROWS};
use super::hand::{Asked, Hand, Targets};
use super::server_fns::{load_todo, load_todos};
use crate::error::Error;
use crate::live::{paced, use_live};
use crate::ui::picking::{Listed, Picking};
use crate::ui::toast::use_toasts;

/// However much happens, the list is read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(300);

/// The list; give it to its parts.
#[derive(Clone, Copy)]
pub struct Board {
    /// What the address says.
    pub address: Memo<Address>,
    /// The rows of the page, where the keyboard is, and which are chosen.
    pub picking: Picking<TodoRow>,
    /// How many rows there are in all.
    pub total: RwSignal<u32>,
    /// What went wrong.
    pub problem: RwSignal<Option<Error>>,
    /// Steps and their questions.
    pub hand: Hand,
    asked: StoredValue<u64>,
    go: Callback<String>,
}

impl Board {
    /// Returns the list as it begins, and follows the address and the live feed from there.
    pub fn new(page: TodoPage, address: Memo<Address>) -> Self {
        let navigate = use_navigate();
        let go = Callback::new(move |href: String| {
            navigate(&href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        });
        let hand = Hand::new();
        hand.here.set(page.here);
        let board = Self {
            address,
            picking: Picking::new(page.rows),
            total: RwSignal::new(page.total),
            problem: RwSignal::new(None),
            hand,
            asked: StoredValue::new(0),
            go,
        };
        // A task that is opened is not another list.
        let query = Memo::new(move |_| address.with(Address::query));
        Effect::watch(
            move || query.get(),
            move |_, _, _| {
                board.picking.clear();
                board.load();
            },
            false,
        );
        let version = paced(use_live().version(|note| note.subject == Subject::Todo), PACE);
        Effect::watch(move || (version.get(), board.hand.own.get()), move |_, _, _| board.load(), false);
        board.follow_link();
        board
    }

    /// Opens the task that a link wants to see, and takes it out of the address.
    fn follow_link(self) {
        let toasts = use_toasts();
        Effect::new(move |_| {
            let Some(id) = self.address.with(|address| address.task) else { return };
            spawn_local(async move {
                match load_todo(id).await {
                    Ok(row) => self.hand.edit(&row),
                    Err(error) => toasts.error(&error),
                }
                if self.address.try_get_untracked().is_some() {
                    self.turn(|address| address.task = None);
                }
            });
        });
    }

    /// Loads the page again; a late answer to an older question is dropped.
    pub fn load(self) {
        let Some(number) = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        let query = self.address.get_untracked().query();
        spawn_local(async move {
            let answer = load_todos(query).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(page) => self.show(page),
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    fn show(self, page: TodoPage) {
        self.problem.set(None);
        let is_behind_the_end = page.rows.is_empty() && page.offset > 0;
        self.hand.here.set(page.here);
        self.total.set(page.total);
        self.picking.show(page.rows);
        if is_behind_the_end {
            self.open_page(page.total.saturating_sub(1) / PAGE_ROWS);
        }
    }

    /// Goes to another address of the list.
    pub fn turn(self, change: impl FnOnce(&mut Address)) {
        let mut address = self.address.get_untracked();
        change(&mut address);
        self.go.run(address.href());
    }

    /// Goes to another page of the list.
    pub fn open_page(self, page: u32) {
        self.turn(|address| address.page = page);
    }

    /// Returns what a key acts on: the chosen tasks, else the one where the keyboard is.
    pub fn targets(self) -> Option<Targets> {
        let (ids, first) = self.picking.targets()?;
        Some(Targets { ids, name: first.map(|row| row.todo.title).unwrap_or_default() })
    }

    /// Asks about what a key acts on.
    pub fn ask(self, asked: impl FnOnce(Targets) -> Asked) {
        if let Some(targets) = self.targets() {
            self.hand.ask(asked(targets));
        }
    }
}

impl Listed for TodoRow {
    type Id = TodoId;

    fn id(&self) -> TodoId {
        self.todo.id
    }

    fn element(id: TodoId) -> String {
        format!("task-{id}")
    }
}
