//! Observations: what the records of an account say at a moment, fact by fact.
//!
//! Nothing is seen that lies after the moment, or further back than [`BACK_DAYS`].

use std::collections::BTreeSet;

use super::facts::{Fact, FactValue, Facts, Observation};
use super::scorecard::{Scorecard, Source};
use super::standard_facts::keys;
use crate::contacts::Contact;
use crate::revenue::Invoice;
use crate::support::Ticket;
use crate::surveys::Response;
use crate::time::{DAY_MS, Timestamp};

/// How far back records are looked at, in days: the longest look-back of a measure and a year of surveys.
pub const BACK_DAYS: u32 = 400;
/// The usage metrics that stand for the whole, best first.
const MAIN_METRICS: [&str; 3] = ["active_users", "logins", "events"];
/// How many days the main usage is summed over.
pub(super) const USAGE_DAYS: i64 = 28;
/// How far back usage is summed, so that growth and own baseline have something to compare with.
pub(super) const USAGE_SUMS_DAYS: i64 = 112;

/// Which facts are asked for; the rest need not be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(Option<BTreeSet<String>>);

impl Wanted {
    /// Every fact there is.
    #[must_use]
    pub fn everything() -> Self {
        Self(None)
    }

    /// The facts that these scorecards read.
    #[must_use]
    pub fn of<'a>(cards: impl Iterator<Item = &'a Scorecard>) -> Self {
        let mut wanted = BTreeSet::new();
        for card in cards {
            for measure in card.groups.iter().flat_map(|group| &group.measures) {
                let Source::Fact(key) = &measure.source;
                wanted.insert(key.clone());
            }
            wanted.extend(card.exceptions.iter().map(|exception| exception.when.fact.clone()));
        }
        Self(Some(wanted))
    }

    /// Returns whether a fact is asked for.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.as_ref().is_none_or(|wanted| wanted.contains(key))
    }

    fn note(&self, facts: &mut Facts, key: &str, at: Timestamp, value: f64) {
        if self.has(key) {
            facts.observe(key, at, value);
        }
    }
}

/// Returns the usage metric that stands for the whole: the best known one, else the first by name.
#[must_use]
pub fn main_metric<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let known = |wanted: &&str| names.clone().any(|name| name == *wanted);
    MAIN_METRICS.into_iter().find(known).or_else(|| names.clone().min())
}

/// Returns the latest of these moments that is not after `now`.
pub(crate) fn latest(
    known: Option<Timestamp>,
    more: impl Iterator<Item = Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    more.chain(known).filter(|at| *at <= now).max()
}

/// Returns the days of a series, oldest first, that are seen at a moment.
pub(crate) fn seen(days: &[(Timestamp, f64)], now: Timestamp) -> &[(Timestamp, f64)] {
    let since = far_back(now);
    let days = &days[..days.partition_point(|(day, _)| *day <= now)];
    &days[days.partition_point(|(day, _)| *day < since)..]
}

fn far_back(now: Timestamp) -> Timestamp {
    now.plus_days(-i64::from(BACK_DAYS))
}

/// Adds usage, given by metric, each series oldest first.
pub(crate) fn usage<'a>(
    facts: &mut Facts,
    metrics: impl Iterator<Item = (&'a str, &'a [(Timestamp, f64)])>,
    wanted: &Wanted,
    now: Timestamp,
) {
    let metrics: Vec<(&str, &[(Timestamp, f64)])> =
        metrics.map(|(name, days)| (name, seen(days, now))).filter(|(_, days)| !days.is_empty()).collect();
    if wanted.has(keys::USAGE_28D)
        && let Some(main) = main_metric(metrics.iter().map(|(name, _)| *name))
        && let Some((_, days)) = metrics.iter().find(|(name, _)| *name == main)
    {
        facts.facts.insert(keys::USAGE_28D.to_owned(), Fact { observations: sums_of_28_days(days, now) });
    }
    for (metric, days) in metrics {
        let key = format!("{}{metric}", keys::USAGE_PREFIX);
        if wanted.has(&key) {
            facts.observe_series(&key, days.iter().copied());
        }
    }
}

/// Adds support tickets.
pub(crate) fn tickets<'a>(
    facts: &mut Facts,
    tickets: impl Iterator<Item = &'a Ticket>,
    wanted: &Wanted,
    now: Timestamp,
) {
    let (mut any, mut open, mut urgent, mut recent) = (false, 0.0, 0.0, 0.0);
    for ticket in tickets.filter(|ticket| ticket.opened_at <= now) {
        let is_open = ticket.resolved_at.is_none_or(|resolved| resolved > now);
        if !is_open && ticket.opened_at < far_back(now) {
            continue;
        }
        any = true;
        open += f64::from(u8::from(is_open));
        urgent += f64::from(u8::from(is_open && ticket.severity.as_deref() == Some("urgent")));
        recent += f64::from(u8::from(ticket.opened_at > now.plus_days(-90)));
        if let (Some(rated), Some(at)) = (ticket.satisfaction, ticket.resolved_at.filter(|at| *at <= now)) {
            wanted.note(facts, keys::CSAT, at, rated);
        }
    }
    if any {
        wanted.note(facts, keys::OPEN_TICKETS, now, open);
        wanted.note(facts, keys::URGENT_TICKETS, now, urgent);
        wanted.note(facts, keys::TICKETS_90D, now, recent);
    }
}

/// Adds survey responses.
pub(crate) fn surveys<'a>(
    facts: &mut Facts,
    surveys: impl Iterator<Item = &'a Response>,
    wanted: &Wanted,
    now: Timestamp,
) {
    let since = far_back(now);
    for response in surveys.filter(|response| response.answered_at <= now && response.answered_at >= since) {
        match response.kind.as_str() {
            "nps" => wanted.note(facts, keys::NPS, response.answered_at, response.score),
            // One to five stars become 0 to 100.
            "csat" => {
                let share = ((response.score - 1.0) * 25.0).clamp(0.0, 100.0);
                wanted.note(facts, keys::CSAT, response.answered_at, share);
            }
            _ => {}
        }
    }
}

/// Adds invoices.
pub(crate) fn invoices<'a>(
    facts: &mut Facts,
    invoices: impl Iterator<Item = &'a Invoice>,
    wanted: &Wanted,
    now: Timestamp,
) {
    let since = far_back(now);
    let (mut any, mut overdue, mut failed) = (false, 0.0, 0.0);
    for invoice in invoices.filter(|invoice| invoice.issued_at <= now) {
        let is_unpaid = invoice.paid_at.is_none_or(|paid| paid > now);
        if !is_unpaid && invoice.issued_at < since && invoice.failed_at.is_none_or(|failed| failed < since) {
            continue;
        }
        any = true;
        overdue += f64::from(u8::from(is_unpaid && invoice.due_at.is_some_and(|due| due < now)));
        let has_failed = invoice.failed_at.is_some_and(|failed| failed <= now && failed > now.plus_days(-90));
        failed += f64::from(u8::from(has_failed));
    }
    if any {
        wanted.note(facts, keys::OVERDUE_INVOICES, now, overdue);
        wanted.note(facts, keys::FAILED_PAYMENTS_90D, now, failed);
    }
}

/// Adds contacts.
pub(crate) fn contacts<'a>(
    facts: &mut Facts,
    contacts: impl Iterator<Item = &'a Contact>,
    wanted: &Wanted,
    now: Timestamp,
) {
    let (mut any, mut champions, mut touched) = (false, 0.0, 0.0);
    for contact in contacts.filter(|contact| contact.created_at <= now) {
        any = true;
        let is_present = contact.left_at.is_none_or(|left| left > now);
        champions += f64::from(u8::from(is_present && contact.role.as_deref() == Some("champion")));
        let is_touched = contact.last_touch_at.is_some_and(|touch| touch <= now && touch > now.plus_days(-90));
        touched += f64::from(u8::from(is_touched));
    }
    if any {
        wanted.note(facts, keys::CHAMPIONS, now, champions);
        wanted.note(facts, keys::CONTACTS_TOUCHED_90D, now, touched);
    }
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
