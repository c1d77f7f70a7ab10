//! Chronicles: everything that was recorded on an account, each state with the time in which it held, so that the
//! facts of any past moment are read off without taking anything back again.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::replay::Outcome;
use crate::accounts::Account;
use crate::contacts::Contact;
use crate::health::observe::{self, BACK_DAYS, Wanted};
use crate::health::{Dates, Facts, FieldTimes, Override, add_moment, own_facts};
use crate::revenue::Invoice;
use crate::signals::market::{self, Look, News};
use crate::support::Ticket;
use crate::surveys::Response;
use crate::time::Timestamp;

/// A state and the time in which it held.
#[derive(Clone, Debug, PartialEq)]
pub struct Held<T> {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment at which it did not hold any more.
    pub until: Timestamp,
    /// What held.
    pub state: T,
}

impl<T> Held<T> {
    /// Returns something that holds for ever.
    pub fn always(state: T) -> Self {
        Self { from: Timestamp(i64::MIN), until: Timestamp(i64::MAX), state }
    }
}

/// Returns what held at a moment, in the order in which it is kept.
fn at<T>(all: &[Held<T>], now: Timestamp) -> impl Iterator<Item = &T> {
    all.iter().filter(move |held| held.from <= now && now < held.until).map(|held| &held.state)
}

/// The account itself in one of its states.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its fields.
    pub account: Account,
    /// What they say, as old as it was then.
    own: Facts,
}

impl State {
    /// Reads a state from its document and from the times at which its fields got their values.
    ///
    /// # Errors
    /// Fails where the document is not one of an account.
    pub fn of(document: &Map<String, Value>, times: &FieldTimes, wanted: &Wanted) -> serde_json::Result<Self> {
        let account = Account::deserialize(document)?;
        let others = times.get("").copied().unwrap_or(account.updated_at);
        let own = own_facts(document, |key| times.get(key).copied().unwrap_or(others), wanted);
        Ok(Self { account, own })
    }
}

/// Everything that was recorded on an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chronicle {
    /// The states of the account.
    pub states: Vec<Held<State>>,
    /// What happened to it, oldest first.
    pub outcomes: Vec<Outcome>,
    /// Its people.
    pub contacts: Vec<Held<Contact>>,
    /// Its support tickets.
    pub tickets: Vec<Held<Ticket>>,
    /// Its survey responses.
    pub surveys: Vec<Held<Response>>,
    /// Its invoices.
    pub invoices: Vec<Held<Invoice>>,
    /// When either side was in touch.
    pub touches: Vec<Held<Timestamp>>,
    /// Its usage by metric, each series oldest first; a day counts from its own date.
    pub usage: BTreeMap<String, Vec<(Timestamp, f64)>>,
    /// Headlines about it; each counts from when it was seen.
    pub news: Vec<News>,
    /// Looks at its website.
    pub looks: Vec<Look>,
    /// The scores that people set by hand, the newest last.
    pub overrides: Vec<Held<Override>>,
}

impl Chronicle {
    /// Returns the state of the account at a moment; nothing where there was none.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Option<&State> {
        at(&self.states, now).last()
    }

    /// Returns the override that was in force at a moment.
    #[must_use]
    pub fn override_(&self, now: Timestamp) -> Option<&Override> {
        at(&self.overrides, now).last()
    }

    /// Returns the facts as they were known at a moment at which the account was in this state.
    #[must_use]
    pub fn facts(&self, state: &State, wanted: &Wanted, now: Timestamp) -> Facts {
        let mut facts = state.own.clone();
        let mut dates = Dates::of(&state.account);
        let since = now.plus_days(-i64::from(BACK_DAYS));
        let touches = at(&self.touches, now).copied().filter(|touch| *touch >= since);
        dates.last_activity_at = observe::latest(dates.last_activity_at, touches, now);
        let last_used = |days: &Vec<(Timestamp, f64)>| {
            observe::seen(days, now).iter().rev().find(|(_, value)| *value > 0.0).map(|(day, _)| *day)
        };
        dates.last_login_at = observe::latest(dates.last_login_at, self.usage.values().filter_map(last_used), now);
        add_moment(&mut facts, dates, wanted, now);
        let usage = self.usage.iter().map(|(metric, days)| (metric.as_str(), days.as_slice()));
        observe::usage(&mut facts, usage, wanted, now);
        observe::tickets(&mut facts, at(&self.tickets, now), wanted, now);
        observe::surveys(&mut facts, at(&self.surveys, now), wanted, now);
        observe::invoices(&mut facts, at(&self.invoices, now), wanted, now);
        observe::contacts(&mut facts, at(&self.contacts, now), wanted, now);
        let news: Vec<News> = self.news.iter().filter(|one| one.published_at >= since).copied().collect();
        let looks: Vec<Look> = self.looks.iter().filter(|look| look.at >= since).copied().collect();
        market::add_facts(&mut facts, &news, &looks, now);
        facts
    }
}
