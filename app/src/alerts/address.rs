//! What the address says about the list: the tab, the filters and the page.

use domain::alerts::list::{AlertQuery, Shelf};
use domain::alerts::{Kind, Priority};
use domain::export::{Only, Request, What};
use domain::reports::State;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::boot;
use crate::exports::Offer;
use crate::i18n::{Locale, td_string};

/// The list's own path.
pub const PATH: &str = "/alerts";
/// Rows of one page.
pub const PAGE_ROWS: u32 = 50;

/// What the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Open risks and portfolio alerts.
    #[default]
    Risk,
    /// Open opportunities.
    Opportunity,
    /// Alerts that were put aside.
    Snoozed,
    /// Alerts that are over.
    History,
    /// The rules.
    Rules,
    /// Figures.
    Analytics,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 6] =
        [Self::Risk, Self::Opportunity, Self::Snoozed, Self::History, Self::Rules, Self::Analytics];

    /// Returns the word in the address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Opportunity => "opportunity",
            Self::Snoozed => "snoozed",
            Self::History => "history",
            Self::Rules => "rules",
            Self::Analytics => "analytics",
        }
    }

    /// Returns the label.
    pub fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Risk => td_string!(locale, alerts.tab_risk),
            Self::Opportunity => td_string!(locale, alerts.tab_opportunity),
            Self::Snoozed => td_string!(locale, alerts.tab_snoozed),
            Self::History => td_string!(locale, alerts.tab_history),
            Self::Rules => td_string!(locale, alerts.tab_rules),
            Self::Analytics => td_string!(locale, alerts.tab_analytics),
        }
    }

    /// Returns the address of the tab without filters.
    pub fn href(self) -> String {
        Address { tab: self, ..Address::default() }.href()
    }
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Which tab.
    pub tab: Tab,
    /// Only this priority.
    pub priority: Option<Priority>,
    /// Only this rule.
    pub rule: Option<domain::id::RuleId>,
    /// Only what the asking person deals with.
    pub mine: bool,
    /// A part of a name.
    pub search: String,
    /// The page, from 0.
    pub page: u32,
    /// The id of the rule that is being written, or `new`.
    pub edit: Option<String>,
}

impl Address {
    /// Returns what the query of an address says.
    pub fn read(query: &ParamsMap) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        Self {
            tab: Tab::ALL.into_iter().find(|tab| tab.key() == word("tab")).unwrap_or_default(),
            priority: Priority::from_key(&word("priority")),
            rule: word("rule").parse().ok(),
            mine: word("mine") == "1",
            search: word("q"),
            edit: query.get("edit").filter(|edit| !edit.is_empty()),
            page: word("page").parse::<u32>().unwrap_or(1).saturating_sub(1),
        }
    }

    /// Returns the address as it is put into links.
    pub fn href(&self) -> String {
        let mut query = ParamsMap::new();
        let parts = [
            ("tab", (self.tab != Tab::default()).then(|| self.tab.key().to_owned())),
            ("priority", self.priority.map(|priority| priority.key().to_owned())),
            ("rule", self.rule.map(|rule| rule.to_string())),
            ("mine", self.mine.then(|| "1".to_owned())),
            ("q", (!self.search.is_empty()).then(|| self.search.clone())),
            ("edit", self.edit.clone()),
            ("page", (self.page > 0).then(|| (self.page + 1).to_string())),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                query.insert(key, value);
            }
        }
        format!("{PATH}{}", query.to_query_string())
    }

    /// Returns whether anything is filtered away.
    pub fn is_filtered(&self) -> bool {
        self.priority.is_some() || self.rule.is_some() || self.mine || !self.search.is_empty()
    }

    /// Returns what the server is asked for.
    pub fn query(&self) -> AlertQuery {
        let (shelf, kind) = match self.tab {
            Tab::Opportunity => (Shelf::Open, Some(Kind::Opportunity)),
            Tab::Snoozed => (Shelf::Snoozed, None),
            Tab::History => (Shelf::Closed, None),
            Tab::Risk | Tab::Rules | Tab::Analytics => (Shelf::Open, Some(Kind::Risk)),
        };
        AlertQuery {
            shelf,
            kind,
            priority: self.priority,
            rule: self.rule,
            mine: self.mine,
            search: self.search.clone(),
            offset: self.page.saturating_mul(PAGE_ROWS),
            limit: PAGE_ROWS,
            ..AlertQuery::default()
        }
    }
}

/// Returns what leaves from here: the alerts of the list, as it is narrowed.
pub fn offer(address: Memo<Address>) -> Offer {
    let me = boot::me().map(|me| me.user.id);
    let listed = move || {
        let address = address.get();
        Request {
            what: What::Alerts,
            state: match address.tab {
                Tab::Risk => State::Risks,
                Tab::Opportunity => State::Opportunities,
                Tab::Snoozed => State::Snoozed,
                Tab::History => State::Closed,
                Tab::Rules | Tab::Analytics => State::All,
            },
            only: Only {
                person: me.filter(|_| address.mine),
                priority: address.priority,
                rule: address.rule,
                search: address.search,
            },
            ..Request::default()
        }
    };
    Offer {
        whats: &[What::Alerts],
        listed: Signal::derive(listed),
        selected: Signal::derive(Vec::new),
        shown: Signal::derive(Vec::new),
        one: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_being_written_and_read() {
        let address = Address {
            tab: Tab::History,
            priority: Some(Priority::High),
            mine: true,
            search: "north wind".to_owned(),
            page: 2,
            ..Address::default()
        };
        let href = address.href();
        let query = href.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        let mut map = ParamsMap::new();
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or_default();
            map.insert(key.to_owned(), value.replace("%20", " ").replace('+', " "));
        }
        assert_eq!(Address::read(&map), address);
        assert_eq!(Address::default().href(), PATH);
    }
}
