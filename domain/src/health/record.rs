//! Records: everything that was recorded on one account, and the facts it amounts to at a moment.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::observe::{self, USAGE_DAYS, USAGE_SUMS_DAYS, Wanted};
use super::scorecard::{Scorecard, Source};
use super::standard_facts::{Dates, account_facts, keys};
use crate::accounts::Account;
use crate::contacts::Contact;
use crate::revenue::Invoice;
use crate::signals::market::{self, Look, News};
use crate::support::Ticket;
use crate::surveys::Response;
use crate::time::Timestamp;
use crate::usage::UsageDay;

/// What of the records a set of scorecards reads; the rest need not be gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// How many days of usage; none where no measure reads it.
    pub usage_days: Option<u32>,
    /// When the product was last used.
    pub last_use: bool,
    /// Support tickets.
    pub tickets: bool,
    /// Survey responses.
    pub surveys: bool,
    /// Invoices.
    pub invoices: bool,
    /// Contacts.
    pub contacts: bool,
    /// When either side was in touch.
    pub touches: bool,
    /// Headlines.
    pub news: bool,
    /// Looks at the website.
    pub looks: bool,
}

impl Needs {
    /// Everything of the last `days`.
    #[must_use]
    pub fn everything(days: u32) -> Self {
        let yes = true;
        Self {
            usage_days: Some(days),
            last_use: yes,
            tickets: yes,
            surveys: yes,
            invoices: yes,
            contacts: yes,
            touches: yes,
            news: yes,
            looks: yes,
        }
    }

    /// Returns what these scorecards read; series of single metrics are read for `days_max` days.
    #[must_use]
    pub fn of<'a>(cards: impl Iterator<Item = &'a Scorecard>, days_max: u32) -> Self {
        let no = false;
        let mut needs = Self {
            usage_days: None,
            last_use: no,
            tickets: no,
            surveys: no,
            invoices: no,
            contacts: no,
            touches: no,
            news: no,
            looks: no,
        };
        for card in cards {
            for measure in card.groups.iter().flat_map(|group| &group.measures) {
                let Source::Fact(key) = &measure.source;
                needs.add(key, days_max);
            }
            card.exceptions.iter().for_each(|exception| needs.add(&exception.when.fact, days_max));
        }
        needs
    }

    fn add(&mut self, key: &str, days_max: u32) {
        const SUMS_DAYS: u32 = (USAGE_SUMS_DAYS + USAGE_DAYS) as u32;
        let usage_days = match key {
            keys::USAGE_28D => Some(SUMS_DAYS),
            key if key.starts_with(keys::USAGE_PREFIX) => Some(days_max),
            _ => None,
        };
        self.usage_days = self.usage_days.max(usage_days);
        self.last_use |= key == keys::DAYS_SINCE_LOGIN;
        let ticket_facts = [keys::OPEN_TICKETS, keys::URGENT_TICKETS, keys::TICKETS_90D, keys::CSAT];
        self.tickets |= ticket_facts.contains(&key);
        self.surveys |= [keys::NPS, keys::CSAT].contains(&key);
        self.invoices |= [keys::OVERDUE_INVOICES, keys::FAILED_PAYMENTS_90D].contains(&key);
        self.contacts |= [keys::CHAMPIONS, keys::CONTACTS_TOUCHED_90D].contains(&key);
        self.touches |= key == keys::DAYS_SINCE_TOUCH;
        let news_facts = [keys::MARKET_SENTIMENT_30D, keys::GOOD_NEWS_30D, keys::BAD_NEWS_30D, keys::GROWTH_NEWS_90D];
        self.news |= news_facts.contains(&key);
        self.looks |= [keys::WEBSITE_OK, keys::WEBSITE_MS, keys::TLS_DAYS_LEFT].contains(&key);
    }
}

/// Everything that was recorded on one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The account itself.
    pub account: Account,
    /// Its usage, oldest first within each metric.
    pub usage: Vec<UsageDay>,
    /// Its tickets.
    pub tickets: Vec<Ticket>,
    /// Its survey responses.
    pub surveys: Vec<Response>,
    /// Its invoices.
    pub invoices: Vec<Invoice>,
    /// Its contacts.
    pub contacts: Vec<Contact>,
    /// When the product was last used, where that lies before the usage above.
    pub last_used_at: Option<Timestamp>,
    /// When either side was in touch, oldest first.
    pub touches: Vec<Timestamp>,
    /// Headlines about it.
    pub news: Vec<News>,
    /// Headlines about competitors that it uses, as its tags say.
    pub rivals: Vec<News>,
    /// Looks at its website.
    pub looks: Vec<Look>,
    /// When the account's fields got their present values, by key; those under the empty key are all others.
    pub field_times: BTreeMap<String, Timestamp>,
}

impl Record {
    /// Returns the record of an account on which nothing else is recorded yet.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self {
            account,
            usage: Vec::new(),
            tickets: Vec::new(),
            surveys: Vec::new(),
            invoices: Vec::new(),
            contacts: Vec::new(),
            last_used_at: None,
            touches: Vec::new(),
            news: Vec::new(),
            rivals: Vec::new(),
            looks: Vec::new(),
            field_times: BTreeMap::new(),
        }
    }

    /// Returns the facts as they were known at `now`; what was recorded later is not seen.
    ///
    /// The account's own fields have no history here: they count with their present values, and are as old as
    /// [`Record::field_times`] says. Where it says nothing, the account was never changed since it was written.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> Facts {
        let used = self.usage.iter().filter(|day| day.value > 0.0).map(|day| day.day);
        let mut dates = Dates::of(&self.account);
        dates.last_login_at = observe::latest(dates.last_login_at, used.chain(self.last_used_at), now);
        dates.last_activity_at = observe::latest(dates.last_activity_at, self.touches.iter().copied(), now);
        let others = self.field_times.get("").copied().unwrap_or(self.account.updated_at);
        let observed_at = |key: &str| self.field_times.get(key).copied().unwrap_or(others).min(now);
        let mut facts = account_facts(&self.account, dates, observed_at, now);
        let mut metrics: BTreeMap<&str, Vec<(Timestamp, f64)>> = BTreeMap::new();
        for day in &self.usage {
            metrics.entry(&day.metric).or_default().push((day.day, day.value));
        }
        let metrics = metrics.iter().map(|(name, days)| (*name, days.as_slice()));
        let wanted = Wanted::everything();
        observe::usage(&mut facts, metrics, &wanted, now);
        observe::tickets(&mut facts, self.tickets.iter(), &wanted, now);
        observe::surveys(&mut facts, self.surveys.iter(), &wanted, now);
        observe::invoices(&mut facts, self.invoices.iter(), &wanted, now);
        observe::contacts(&mut facts, self.contacts.iter(), &wanted, now);
        market::add_facts(&mut facts, &self.news, &self.looks, now);
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{FactValue, Group, Measure, Scale};
    use crate::id::AccountId;
    use uuid::Uuid;

    fn record() -> Record {
        Record::new(Account::new(AccountId(Uuid::nil()), "Acme".into(), Timestamp(0)))
    }

    fn number(facts: &Facts, key: &str, now: Timestamp) -> Option<f64> {
        facts.value_at(key, now).and_then(FactValue::number)
    }

    #[test]
    fn a_field_is_as_old_as_its_own_last_change() {
        let now = Timestamp(0).plus_days(200);
        let mut record = record();
        record.account.sentiment = Some(50.0);
        record.account.adoption_pct = Some(50.0);
        record.account.updated_at = now;
        let seen = |record: &Record, key: &str| record.facts(now).get(key).unwrap().observations[0].at;
        assert_eq!(seen(&record, keys::SENTIMENT), now, "never changed: as old as the account");
        record.field_times.insert(String::new(), Timestamp(7));
        record.field_times.insert(keys::ADOPTION_PCT.to_owned(), Timestamp(9));
        assert_eq!(seen(&record, keys::SENTIMENT), Timestamp(7));
        assert_eq!(seen(&record, keys::ADOPTION_PCT), Timestamp(9));
    }

    #[test]
    fn only_what_a_card_reads_is_needed() {
        let card = |facts: &[&str]| {
            let measures =
                facts.iter().map(|fact| Measure::new(fact, fact, 1.0, fact, Scale::curve(&[(0.0, 0.0)]))).collect();
            let group = Group { key: "g".into(), label: "G".into(), weight: 1.0, measures };
            Scorecard { groups: vec![group], ..Scorecard::default() }
        };
        let needs = |facts: &[&str]| Needs::of([card(facts)].iter(), 400);
        let none = needs(&[keys::ADOPTION_PCT, "custom.x"]);
        assert_eq!((none.usage_days, none.last_use, none.tickets, none.touches), (None, false, false, false));
        assert_eq!(needs(&[keys::USAGE_28D]).usage_days, Some(140));
        assert_eq!(needs(&["usage.logins", keys::USAGE_28D]).usage_days, Some(400));
        let both = needs(&[keys::CSAT]);
        assert!(both.tickets && both.surveys && !both.invoices && !both.contacts);
        assert!(needs(&[keys::DAYS_SINCE_LOGIN]).last_use);
    }

    #[test]
    fn gaps_in_usage_do_not_look_like_a_fall() {
        let now = Timestamp(0).plus_days(200);
        let mut record = record();
        for ago in [0, 3, 9, 27, 40, 41] {
            record.usage.insert(
                0,
                UsageDay {
                    account_id: record.account.id,
                    metric: "logins".into(),
                    day: now.plus_days(-ago),
                    value: 10.0,
                },
            );
        }
        let facts = record.facts(now);
        assert_eq!(number(&facts, keys::USAGE_28D, now), Some(280.0));
        assert_eq!(number(&facts, keys::USAGE_28D, now.plus_days(-28)), Some(280.0));
        assert_eq!(number(&facts, keys::DAYS_SINCE_LOGIN, now), Some(0.0));
    }

    #[test]
    fn the_past_does_not_see_the_future() {
        let now = Timestamp(0).plus_days(200);
        let mut record = record();
        record.touches = vec![now.plus_days(-50), now.plus_days(-1)];
        assert_eq!(number(&record.facts(now), keys::DAYS_SINCE_TOUCH, now), Some(1.0));
        let then = now.plus_days(-10);
        assert_eq!(number(&record.facts(then), keys::DAYS_SINCE_TOUCH, then), Some(40.0));
    }

    #[test]
    fn nothing_recorded_is_not_zero() {
        let facts = record().facts(Timestamp(0));
        for key in [keys::OPEN_TICKETS, keys::OVERDUE_INVOICES, keys::CHAMPIONS, keys::NPS, keys::USAGE_28D] {
            assert_eq!(facts.get(key), None, "{key}");
        }
    }
}
