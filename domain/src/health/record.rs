//! Records: everything that was recorded on one account, and the facts it amounts to at a moment.

use std::collections::BTreeMap;

use super::facts::{Fact, FactValue, Facts, Observation};
use super::scorecard::{Scorecard, Source};
use super::standard_facts::{account_facts, keys};
use crate::accounts::Account;
use crate::contacts::Contact;
use crate::revenue::Invoice;
use crate::support::Ticket;
use crate::surveys::Response;
use crate::time::{DAY_MS, Timestamp};
use crate::usage::UsageDay;

/// The usage metrics that stand for the whole, best first.
const MAIN_METRICS: [&str; 3] = ["active_users", "logins", "events"];
/// How many days the main usage is summed over.
const USAGE_DAYS: i64 = 28;
/// How far back usage is summed, so that growth and own baseline have something to compare with.
const USAGE_SUMS_DAYS: i64 = 112;

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
        }
    }

    /// Returns what these scorecards read; series of single metrics are read for `days_max` days.
    #[must_use]
    pub fn of<'a>(cards: impl Iterator<Item = &'a Scorecard>, days_max: u32) -> Self {
        let no = false;
        let mut needs =
            Self { usage_days: None, last_use: no, tickets: no, surveys: no, invoices: no, contacts: no, touches: no };
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
    }
}

/// Returns the usage metric that stands for the whole: the best known one, else the first by name.
#[must_use]
pub fn main_metric<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let known = |wanted: &&str| names.clone().any(|name| name == *wanted);
    MAIN_METRICS.into_iter().find(known).or_else(|| names.clone().min())
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
            field_times: BTreeMap::new(),
        }
    }

    /// Returns the facts as they were known at `now`; what was recorded later is not seen.
    ///
    /// The account's own fields have no history here: they count with their present values, and are as old as
    /// [`Record::field_times`] says. Where it says nothing, the account was never changed since it was written.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> Facts {
        let mut account = self.account.clone();
        account.last_activity_at = latest(account.last_activity_at, self.touches.iter().copied(), now);
        let used = self.usage.iter().filter(|day| day.value > 0.0).map(|day| day.day);
        account.last_login_at = latest(account.last_login_at, used.chain(self.last_used_at), now);
        let others = self.field_times.get("").copied().unwrap_or(self.account.updated_at);
        let observed_at = |key: &str| self.field_times.get(key).copied().unwrap_or(others).min(now);
        let mut facts = account_facts(&account, observed_at, now);
        self.add_usage(&mut facts, now);
        self.add_tickets(&mut facts, now);
        self.add_surveys(&mut facts, now);
        self.add_invoices(&mut facts, now);
        self.add_contacts(&mut facts, now);
        facts
    }

    fn add_usage(&self, facts: &mut Facts, now: Timestamp) {
        let mut metrics: BTreeMap<&str, Vec<(Timestamp, f64)>> = BTreeMap::new();
        for day in self.usage.iter().filter(|day| day.day <= now) {
            metrics.entry(&day.metric).or_default().push((day.day, day.value));
        }
        if let Some(days) = main_metric(metrics.keys().copied()).and_then(|name| metrics.get(name)) {
            let sums = sums_of_28_days(days, now);
            facts.facts.insert(keys::USAGE_28D.to_owned(), Fact { observations: sums });
        }
        for (metric, days) in metrics {
            facts.observe_series(&format!("{}{metric}", keys::USAGE_PREFIX), days);
        }
    }

    fn add_tickets(&self, facts: &mut Facts, now: Timestamp) {
        let known: Vec<&Ticket> = self.tickets.iter().filter(|ticket| ticket.opened_at <= now).collect();
        if known.is_empty() {
            return;
        }
        let open = |ticket: &&&Ticket| ticket.resolved_at.is_none_or(|resolved| resolved > now);
        let count = |n: usize| n as f64;
        let urgent = |ticket: &&&Ticket| ticket.severity.as_deref() == Some("urgent");
        let recent = |ticket: &&&Ticket| ticket.opened_at > now.plus_days(-90);
        facts.observe(keys::OPEN_TICKETS, now, count(known.iter().filter(open).count()));
        facts.observe(keys::URGENT_TICKETS, now, count(known.iter().filter(open).filter(urgent).count()));
        facts.observe(keys::TICKETS_90D, now, count(known.iter().filter(recent).count()));
        for ticket in known {
            if let (Some(rated), Some(at)) = (ticket.satisfaction, ticket.resolved_at.filter(|at| *at <= now)) {
                facts.observe(keys::CSAT, at, rated);
            }
        }
    }

    fn add_surveys(&self, facts: &mut Facts, now: Timestamp) {
        for response in self.surveys.iter().filter(|response| response.answered_at <= now) {
            match response.kind.as_str() {
                "nps" => facts.observe(keys::NPS, response.answered_at, response.score),
                // One to five stars become 0 to 100.
                "csat" => {
                    facts.observe(keys::CSAT, response.answered_at, ((response.score - 1.0) * 25.0).clamp(0.0, 100.0));
                }
                _ => {}
            }
        }
    }

    fn add_invoices(&self, facts: &mut Facts, now: Timestamp) {
        let known: Vec<&Invoice> = self.invoices.iter().filter(|invoice| invoice.issued_at <= now).collect();
        if known.is_empty() {
            return;
        }
        let unpaid = |invoice: &Invoice| invoice.paid_at.is_none_or(|paid| paid > now);
        let overdue = known.iter().filter(|invoice| unpaid(invoice) && invoice.due_at.is_some_and(|due| due < now));
        let failed = known
            .iter()
            .filter(|invoice| invoice.failed_at.is_some_and(|failed| failed <= now && failed > now.plus_days(-90)));
        facts.observe(keys::OVERDUE_INVOICES, now, overdue.count() as f64);
        facts.observe(keys::FAILED_PAYMENTS_90D, now, failed.count() as f64);
    }

    fn add_contacts(&self, facts: &mut Facts, now: Timestamp) {
        let present = |contact: &&Contact| contact.left_at.is_none_or(|left| left > now);
        let known: Vec<&Contact> = self.contacts.iter().filter(|contact| contact.created_at <= now).collect();
        if known.is_empty() {
            return;
        }
        let champion = |contact: &&Contact| contact.role.as_deref() == Some("champion");
        let champions = known.iter().copied().filter(present).filter(champion).count();
        let touched = known
            .iter()
            .filter(|contact| contact.last_touch_at.is_some_and(|touch| touch <= now && touch > now.plus_days(-90)));
        facts.observe(keys::CHAMPIONS, now, champions as f64);
        facts.observe(keys::CONTACTS_TOUCHED_90D, now, touched.count() as f64);
    }
}

fn latest(known: Option<Timestamp>, more: impl Iterator<Item = Timestamp>, now: Timestamp) -> Option<Timestamp> {
    more.chain(known).filter(|at| *at <= now).max()
}

/// Returns, for each week of the last [`USAGE_SUMS_DAYS`] and today, the mean day of the 28 days before it,
/// times 28: sources that report some days only are not punished for the gaps.
fn sums_of_28_days(days: &[(Timestamp, f64)], now: Timestamp) -> Vec<Observation> {
    let mut sums = Vec::new();
    let mut ago = USAGE_SUMS_DAYS;
    while ago >= 0 {
        let end = now.plus_days(-ago);
        let start = Timestamp(end.0 - USAGE_DAYS * DAY_MS);
        let from = days.partition_point(|(day, _)| *day <= start);
        let to = days.partition_point(|(day, _)| *day <= end);
        if let Some(within) = days.get(from..to).filter(|within| !within.is_empty()) {
            let mean = within.iter().map(|(_, value)| value).sum::<f64>() / within.len() as f64;
            sums.push(Observation { at: end, value: FactValue::Number(mean * USAGE_DAYS as f64) });
        }
        ago -= 7;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{Group, Measure, Scale};
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
