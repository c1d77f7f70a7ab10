//! The state of the list: what it shows, what is chosen, where the keyboard is, and how it follows what happens.

use domain::alerts::Rule;
use domain::alerts::list::{AlertCounts, AlertPage, AlertRow};
use domain::fields::Subject;
use domain::id::AlertId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::{Address, PAGE_ROWS};
use super::hand::{Ask, Hand, Targets};
use super::server_fns::{Start, list_alerts};
use super::words;
use crate::error::Error;
use crate::live::{paced, use_live};
use crate::ui::picking::{Listed, Picking};

/// However much happens, the list is read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(300);

/// The list; give it to its parts.
#[derive(Clone, Copy)]
pub struct Board {
    /// What the address says.
    pub address: Memo<Address>,
    /// The rows of the page, where the keyboard is, and which are chosen.
    pub picking: Picking<AlertRow>,
    /// How many rows there are in all.
    pub total: RwSignal<u32>,
    /// How many there are of each kind.
    pub counts: RwSignal<AlertCounts>,
    /// The rules.
    pub rules: StoredValue<Vec<Rule>>,
    /// What went wrong.
    pub problem: RwSignal<Option<Error>>,
    /// Steps and their questions.
    pub hand: Hand,
    asked: StoredValue<u64>,
    go: Callback<(String, bool)>,
}

impl Board {
    /// Returns the list as it begins, and follows the address and the live feed from there.
    pub fn new(start: Start, address: Memo<Address>) -> Self {
        let navigate = use_navigate();
        let go = Callback::new(move |(href, replace): (String, bool)| {
            navigate(&href, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        });
        let Start { page, rules } = start;
        let board = Self {
            address,
            picking: Picking::new(page.rows),
            total: RwSignal::new(page.total),
            counts: RwSignal::new(page.counts),
            rules: StoredValue::new(rules),
            problem: RwSignal::new(None),
            hand: Hand::new(),
            asked: StoredValue::new(0),
            go,
        };
        Effect::watch(
            move || address.get(),
            move |_, _, _| {
                board.picking.clear();
                board.load();
            },
            false,
        );
        let version = paced(use_live().version(|note| note.subject == Subject::Alert), PACE);
        Effect::watch(move || (version.get(), board.hand.own.get()), move |_, _, _| board.load(), false);
        board
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
            let answer = list_alerts(query).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(page) => self.show(page),
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    fn show(self, page: AlertPage) {
        self.problem.set(None);
        let is_behind_the_end = page.rows.is_empty() && page.offset > 0;
        self.counts.set(page.counts);
        self.total.set(page.total);
        self.picking.show(page.rows);
        if is_behind_the_end {
            self.open_page(page.total.saturating_sub(1) / PAGE_ROWS);
        }
    }

    /// Goes to another address of the list.
    pub fn turn(self, change: impl FnOnce(&mut Address)) {
        let mut address = self.address.get_untracked();
        address.page = 0;
        change(&mut address);
        self.go.run((address.href(), true));
    }

    /// Goes to another page of the list.
    pub fn open_page(self, page: u32) {
        self.turn(|address| address.page = page);
    }

    /// Returns what a key acts on: the chosen alerts, else the one where the keyboard is.
    pub fn targets(self) -> Option<Targets> {
        let locale = self.hand.language.get_untracked();
        let (ids, first) = self.picking.targets()?;
        Some(Targets { ids, name: first.map(|row| words::about(&row, locale)).unwrap_or_default() })
    }

    /// Asks about what a key acts on.
    pub fn ask(self, ask: Ask) {
        if let Some(targets) = self.targets() {
            self.hand.ask(ask, targets);
        }
    }

    /// Opens the page of the alert where the keyboard is.
    pub fn open(self) {
        if let Some(row) = self.picking.here() {
            self.go.run((super::row::href(&row.alert), false));
        }
    }
}

impl Listed for AlertRow {
    type Id = AlertId;

    fn id(&self) -> AlertId {
        self.alert.id
    }

    fn element(id: AlertId) -> String {
        format!("alert-{id}")
    }
}
