//! What the address says about the list: the tab, whose tasks, the page, and the task that is open.

use domain::export::{Only, Request, What};
use domain::id::{TodoId, UserId};
use domain::reports::State;
use domain::todos::{Pile, TodoQuery};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::boot;
use crate::exports::Offer;
use crate::i18n::{Locale, td_string};

/// The list's own path.
pub const PATH: &str = "/tasks";
/// Rows of one page.
pub const PAGE_ROWS: u32 = 100;

/// What the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What is to be done.
    #[default]
    Open,
    /// What is done.
    Done,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 2] = [Self::Open, Self::Done];

    /// Returns the word in the address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
        }
    }

    /// Returns the label.
    pub fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Open => td_string!(locale, todos.tab_open),
            Self::Done => td_string!(locale, todos.tab_done),
        }
    }
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Which tab.
    pub tab: Tab,
    /// Only what the asking person deals with.
    pub mine: bool,
    /// Only what this person deals with.
    pub person: Option<UserId>,
    /// The page, from 0.
    pub page: u32,
    /// The task that a link wants to see.
    pub task: Option<TodoId>,
}

impl Address {
    /// Returns what the query of an address says.
    pub fn read(query: &ParamsMap) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        Self {
            tab: Tab::ALL.into_iter().find(|tab| tab.key() == word("tab")).unwrap_or_default(),
            mine: word("mine") == "1",
            person: word("person").parse().ok(),
            page: word("page").parse::<u32>().unwrap_or(1).saturating_sub(1),
            task: word("task").parse().ok(),
        }
    }

    /// Returns the address as it is put into links.
    pub fn href(&self) -> String {
        let mut query = ParamsMap::new();
        let parts = [
            ("tab", (self.tab != Tab::default()).then(|| self.tab.key().to_owned())),
            ("mine", self.mine.then(|| "1".to_owned())),
            ("person", self.person.map(|person| person.to_string())),
            ("page", (self.page > 0).then(|| (self.page + 1).to_string())),
            ("task", self.task.map(|task| task.to_string())),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                query.insert(key, value);
            }
        }
        format!("{PATH}{}", query.to_query_string())
    }

    /// Returns what the server is asked for.
    pub fn query(&self) -> TodoQuery {
        TodoQuery {
            pile: match self.tab {
                Tab::Open => Pile::Open,
                Tab::Done => Pile::Done,
            },
            mine: self.mine,
            person: self.person,
            account: None,
            offset: self.page.saturating_mul(PAGE_ROWS),
            limit: PAGE_ROWS,
        }
    }
}

/// Returns what leaves from here: the tasks of the list.
pub fn offer(address: Memo<Address>) -> Offer {
    let me = boot::me().map(|me| me.user.id);
    let listed = move || {
        let address = address.get();
        Request {
            what: What::Tasks,
            state: match address.tab {
                Tab::Open => State::Open,
                Tab::Done => State::Done,
            },
            only: Only { person: if address.mine { me } else { address.person }, ..Only::default() },
            ..Request::default()
        }
    };
    Offer {
        whats: &[What::Tasks],
        listed: Signal::derive(listed),
        selected: Signal::derive(Vec::new),
        shown: Signal::derive(Vec::new),
        one: false,
    }
}
