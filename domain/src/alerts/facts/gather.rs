//! From what is recorded on an account to its facts at a moment; what was recorded later is not seen.

use std::collections::BTreeMap;

use super::{Fact, Facts};
use crate::accounts::Account;
use crate::contacts::Contact;
use crate::health::{Band, HealthSummary, Points, Record, SeasonProfile, change_over, main_metric};
use crate::signals::Tone;
use crate::signals::market::{self, News};
use crate::signals::website::Verdict;
use crate::time::Timestamp;

/// Days that usage is summed over.
const USAGE_DAYS: i64 = 28;
/// The least days with usage in each half of a comparison: fewer say nothing about a change.
const USAGE_DAYS_MIN: usize = 3;

/// What the news and the customer's website say; nothing where nobody looks at them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    /// Bad headlines in 14 days.
    pub news_bad_14d: Option<f64>,
    /// Good headlines in 30 days.
    pub news_good_30d: Option<f64>,
    /// Headlines of growth in 30 days.
    pub news_growth_30d: Option<f64>,
    /// Bad headlines of competitors in 14 days.
    pub competitor_bad_14d: Option<f64>,
    /// How the news of 30 days speak, 0 to 100.
    pub market_sentiment_30d: Option<f64>,
    /// Whether the website does not answer.
    pub website_down: Option<bool>,
    /// When its certificate expires.
    pub tls_expires_at: Option<Timestamp>,
}

impl Signals {
    /// Returns what the headlines and the looks of a record come to at a moment.
    #[must_use]
    pub fn of(record: &Record, now: Timestamp) -> Self {
        let known = |news: &&News, days: i64| {
            news.seen_at <= now && news.published_at <= now && news.published_at > now.plus_days(-days)
        };
        let count = |news: &[News], days: i64, counts: fn(&News) -> bool| {
            let is_told = news.iter().any(|one| one.seen_at <= now);
            is_told.then(|| news.iter().filter(|one| known(one, days) && counts(one)).count() as f64)
        };
        let look = record.looks.iter().filter(|look| look.at <= now).max_by_key(|look| look.at);
        Self {
            news_bad_14d: count(&record.news, 14, |one| one.tone == Tone::Negative),
            news_good_30d: count(&record.news, 30, |one| one.tone == Tone::Positive),
            news_growth_30d: count(&record.news, 30, News::is_growth),
            competitor_bad_14d: count(&record.rivals, 14, |one| one.tone == Tone::Negative),
            market_sentiment_30d: market::sentiment(&record.news, now),
            website_down: look.map(|look| look.verdict == Verdict::Down),
            tls_expires_at: look.and_then(|look| look.tls_expires_at),
        }
    }
}

/// What facts follow from besides the record of the account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extra<'a> {
    /// Its health.
    pub health: Option<&'a HealthSummary>,
    /// Its scores, each holding until the next, ordered by time.
    pub history: &'a [(Timestamp, Points)],
    /// The season of its line of business.
    pub season: Option<&'a SeasonProfile>,
    /// What the news and its website say; where it is not given, it follows from the record.
    pub signals: Option<&'a Signals>,
    /// The probability to leave, 0 to 100, where a model says it.
    pub churn_pct: Option<f64>,
    /// The middle account's revenue of a year in minor units.
    pub typical_minor: i64,
}

/// Returns the facts of an account at a moment.
#[must_use]
pub fn gather(record: &Record, extra: &Extra<'_>, now: Timestamp) -> Facts {
    let mut facts = Facts::default();
    let account = &record.account;
    add_health(&mut facts, account, extra, now);
    add_terms(&mut facts, account, extra, now);
    let used = add_usage(&mut facts, record, extra.season, now);
    add_tickets(&mut facts, record, now);
    add_surveys(&mut facts, record, now);
    add_invoices(&mut facts, record, now);
    add_contacts(&mut facts, record, now);
    let own = Signals::of(record, now);
    add_signals(&mut facts, extra.signals.unwrap_or(&own), now);
    let touched = latest(record.touches.iter().copied().chain(account.last_activity_at), now);
    facts.count(Fact::DaysSinceTouch, touched, now);
    let signs = record.tickets.iter().map(|ticket| ticket.opened_at);
    let signs = signs.chain(record.surveys.iter().map(|survey| survey.answered_at));
    let signs = signs.chain(record.contacts.iter().filter_map(|contact| contact.last_touch_at));
    facts.count(Fact::DaysSinceCustomer, latest(signs.chain(used), now), now);
    facts.count(Fact::DaysSinceLogin, used, now);
    facts
}

fn latest(moments: impl Iterator<Item = Timestamp>, now: Timestamp) -> Option<Timestamp> {
    moments.filter(|at| *at <= now).max()
}

fn add_health(facts: &mut Facts, account: &Account, extra: &Extra<'_>, now: Timestamp) {
    let windows = [
        (Fact::ScoreDrop7, 7),
        (Fact::ScoreDrop14, 14),
        (Fact::ScoreDrop30, 30),
        (Fact::ScoreDrop60, 60),
        (Fact::ScoreDrop90, 90),
    ];
    for (fact, days) in windows {
        facts.set(fact, change_over(extra.history, now, days).map(|change| -change.as_f64()));
    }
    let band = extra.health.map(|health| band_probability(health.band));
    facts.set(Fact::ChurnProbability, extra.churn_pct.or(account.churn_risk_pct).or(band));
}

/// Returns the probability to leave within a year that a band stands for, 0 to 100, where nothing better is known.
#[must_use]
pub fn band_probability(band: Band) -> f64 {
    match band {
        Band::Healthy => 5.0,
        Band::Watch => 15.0,
        Band::AtRisk => 35.0,
        Band::Critical => 60.0,
    }
}

fn add_terms(facts: &mut Facts, account: &Account, extra: &Extra<'_>, now: Timestamp) {
    facts.count(Fact::DaysToRenewal, account.renewal_at, now);
    facts.count(Fact::DaysToNotice, account.notice_at(), now);
    let notice = account.notice_at().filter(|notice| *notice >= now);
    facts.count(Fact::DaysToDeadline, notice.or(account.renewal_at), now);
    facts.count(Fact::TenureDays, account.contract_start.filter(|start| *start <= now), now);
    let annual = account.annual().map(|money| money.minor).filter(|_| extra.typical_minor > 0);
    facts.set(Fact::ArrTimesTypical, annual.map(|minor| minor as f64 / extra.typical_minor as f64));
}

/// Adds what usage says, and returns when the product was last used.
fn add_usage(facts: &mut Facts, record: &Record, season: Option<&SeasonProfile>, now: Timestamp) -> Option<Timestamp> {
    let mut metrics: BTreeMap<&str, Vec<(Timestamp, f64)>> = BTreeMap::new();
    let from = now.plus_days(-2 * USAGE_DAYS);
    let (mut used, mut pricing) = (record.last_used_at, None::<f64>);
    for day in record.usage.iter().filter(|day| day.day <= now) {
        if day.value > 0.0 {
            used = used.max(Some(day.day));
        }
        if day.day > from {
            metrics.entry(&day.metric).or_default().push((day.day, day.value));
        }
    }
    let middle = now.plus_days(-USAGE_DAYS);
    let main = main_metric(metrics.keys().copied());
    for (metric, days) in &metrics {
        let change = change_of(days, season, middle, now);
        let recent = days.iter().filter(|(day, _)| *day > middle).map(|(_, value)| *value);
        if Some(*metric) == main {
            facts.set(Fact::UsageChange28, change);
            facts.set(Fact::Usage28, mean(recent.clone()).map(|mean| mean * USAGE_DAYS as f64));
        } else if change > facts.get(Fact::FeatureChange28) {
            facts.set(Fact::FeatureChange28, change);
        }
        if metric.contains("pricing") {
            pricing = Some(pricing.unwrap_or_default() + recent.clone().sum::<f64>());
        }
        if let (true, Some(seats)) = (*metric == "active_users", record.account.seats.filter(|seats| *seats > 0.0)) {
            let most = recent.fold(None, |most: Option<f64>, value| Some(most.unwrap_or(value).max(value)));
            facts.set(Fact::SeatsUsedPct, most.map(|most| most / seats * 100.0));
        }
    }
    facts.set(Fact::PricingVisits28, pricing);
    latest(used.into_iter().chain(record.account.last_login_at), now)
}

/// Returns how the mean day of the last 28 differs from that of the 28 before, in per cent, each held against what
/// its weeks usually are.
fn change_of(
    days: &[(Timestamp, f64)],
    season: Option<&SeasonProfile>,
    middle: Timestamp,
    now: Timestamp,
) -> Option<f64> {
    let (before, recent): (Vec<_>, Vec<_>) = days.iter().copied().partition(|(day, _)| *day <= middle);
    if before.len() < USAGE_DAYS_MIN || recent.len() < USAGE_DAYS_MIN {
        return None;
    }
    let level = |days: &[(Timestamp, f64)]| {
        let index = |day: Timestamp| season.map_or(1.0, |season| season.index_at(day));
        mean(days.iter().map(|(day, value)| value / index(*day)))
    };
    debug_assert!(middle < now);
    let (before, recent) = (level(&before)?, level(&recent)?);
    (before > 0.0).then(|| (recent / before - 1.0) * 100.0)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

fn add_tickets(facts: &mut Facts, record: &Record, now: Timestamp) {
    if record.tickets.is_empty() {
        return;
    }
    let (mut open, mut urgent, mut escalated, mut recent, mut before) = (0, 0, 0, 0, 0);
    let (since, begin) = (now.plus_days(-60), now.plus_days(-240));
    for ticket in record.tickets.iter().filter(|ticket| ticket.opened_at <= now) {
        if ticket.resolved_at.is_none_or(|resolved| resolved > now) {
            open += 1;
            urgent += i32::from(ticket.severity.as_deref() == Some("urgent"));
            escalated += i32::from(ticket.escalated_at.is_some_and(|at| at <= now));
        }
        recent += i32::from(ticket.opened_at > since);
        before += i32::from(ticket.opened_at <= since && ticket.opened_at > begin);
    }
    facts.set(Fact::OpenTickets, f64::from(open));
    facts.set(Fact::UrgentTickets, f64::from(urgent));
    facts.set(Fact::OpenEscalations, f64::from(escalated));
    facts.set(Fact::Tickets60, f64::from(recent));
    facts.set(Fact::TicketsUsual60, f64::from(before) / 3.0);
}

fn add_surveys(facts: &mut Facts, record: &Record, now: Timestamp) {
    let answers = record.surveys.iter().filter(|survey| survey.kind == "nps" && survey.answered_at <= now);
    if let Some(last) = answers.max_by_key(|survey| survey.answered_at) {
        facts.set(Fact::Nps, last.score);
        facts.count(Fact::DaysSinceNps, Some(last.answered_at), now);
    }
}

fn add_invoices(facts: &mut Facts, record: &Record, now: Timestamp) {
    if record.invoices.is_empty() {
        return;
    }
    let (mut failed, mut amount, mut due) = (0, 0.0, None::<Timestamp>);
    let known = record.invoices.iter().filter(|invoice| invoice.issued_at <= now && invoice.amount_minor > 0);
    for invoice in known.filter(|invoice| invoice.paid_at.is_none_or(|paid| paid > now)) {
        if invoice.failed_at.is_some_and(|at| at <= now) {
            failed += 1;
            amount += invoice.amount_minor as f64;
        }
        if let Some(at) = invoice.due_at.filter(|at| *at <= now) {
            due = Some(due.map_or(at, |due| due.min(at)));
        }
    }
    facts.set(Fact::PaymentsFailed, f64::from(failed));
    facts.set(Fact::AmountFailed, amount);
    facts.count(Fact::DaysOverdue, due, now);
}

fn add_contacts(facts: &mut Facts, record: &Record, now: Timestamp) {
    let known: Vec<&Contact> = record.contacts.iter().filter(|contact| contact.created_at <= now).collect();
    if known.is_empty() {
        return;
    }
    let present = |contact: &&&Contact| contact.left_at.is_none_or(|left| left > now);
    let champion = |contact: &&&Contact| contact.role.as_deref() == Some("champion");
    let since = now.plus_days(-90);
    let touched = |contact: &&&Contact| contact.last_touch_at.is_some_and(|at| at <= now && at > since);
    let left = |contact: &&&Contact| contact.left_at.is_some_and(|at| at <= now && at > since);
    let count = |count: usize| count as f64;
    facts.set(Fact::ContactsKnown, count(known.iter().filter(present).count()));
    facts.set(Fact::ContactsActive, count(known.iter().filter(present).filter(touched).count()));
    facts.set(Fact::Champions, count(known.iter().filter(present).filter(champion).count()));
    facts.set(Fact::ChampionsLeft90, count(known.iter().filter(champion).filter(left).count()));
    let seen = known.iter().filter(present).filter(champion).filter_map(|contact| contact.last_touch_at);
    facts.count(Fact::ChampionDaysSilent, latest(seen, now), now);
}

fn add_signals(facts: &mut Facts, signals: &Signals, now: Timestamp) {
    facts.set(Fact::NewsBad14, signals.news_bad_14d);
    facts.set(Fact::NewsGood30, signals.news_good_30d);
    facts.set(Fact::NewsGrowth30, signals.news_growth_30d);
    facts.set(Fact::CompetitorBad14, signals.competitor_bad_14d);
    facts.set(Fact::MarketSentiment30, signals.market_sentiment_30d);
    facts.set(Fact::WebsiteDown, signals.website_down.map(|down| f64::from(u8::from(down))));
    facts.count(Fact::TlsDaysLeft, signals.tls_expires_at, now);
}
