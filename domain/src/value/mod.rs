//! Value delivered: how soon risks were known, how long before customers left, and whether those that were acted on stayed.
//!
//! Everything follows from what is recorded anyway: alerts with their moments, and what accounts paid by the change log.
//! Each figure stands beside that of as many days before, and says from how many cases it comes.

mod ending;
mod share;
#[cfg(test)]
mod tests;
mod told;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::alerts::usefulness::middle;
use crate::id::{AccountId, RuleId};
use crate::money::{Money, add};
use crate::reports::{Dimension, Movement, Terms, floor, movements};
use crate::time::{DAY_MS, Timestamp};

pub use ending::Ending;
pub use share::Group;
pub use told::Told;

/// Stretches of time that can be looked at, in days.
pub const PERIODS: [u32; 3] = [90, 180, 365];
/// Days before a customer leaves in which a risk that was told counts as a warning.
pub const WARNED_DAYS: i64 = 365;
/// Days from which a warning is early.
pub const EARLY_DAYS: i64 = 30;
/// Days after an account's first risk in which somebody can act; who leaves within them counts on neither side, as nobody
/// could have acted yet (a landmark analysis).
pub const ACT_DAYS: i64 = 14;
/// Days after these for which an account is followed.
pub const FOLLOWED_DAYS: i64 = 90;
/// Most customers who left that are listed; the rest is counted.
pub const LEFT_MAX: usize = 200;

/// What accounts paid, at the end of each day on which that changed.
pub type Ends = HashMap<Uuid, Vec<(Timestamp, Terms)>>;

/// How soon people looked at what was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Risks and opportunities that were told.
    pub told: u32,
    /// Of them seen by somebody.
    pub seen: u32,
    /// Of them seen within a day.
    pub within_day: u32,
    /// The middle time until one was seen, in milliseconds, of those that were.
    pub middle_ms: Option<i64>,
}

/// How long before customers left it was known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// Customers who stopped paying.
    pub left: u32,
    /// Of them with a risk told in the year before.
    pub warned: u32,
    /// Of them 30 days before or earlier.
    pub early: u32,
    /// The middle number of days from the first of these risks until they left, of those that were warned of.
    pub middle_days: Option<i64>,
    /// What all of them paid in a year.
    pub annual: Vec<Money>,
    /// What those paid in a year that were warned of early.
    pub early_annual: Vec<Money>,
}

/// A customer who left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    /// Who.
    pub account: AccountId,
    /// Their name; empty where the account is deleted.
    pub name: String,
    /// The day after which they paid nothing.
    pub day: Timestamp,
    /// What they paid in a year.
    pub annual: Money,
    /// Days from the first risk of the year before; none where nothing was told.
    pub days: Option<i64>,
}

/// How far risks got that were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// All of them.
    pub told: u32,
    /// Seen by somebody.
    pub seen: u32,
    /// Begun or settled by somebody.
    pub acted: u32,
    /// Settled with a good end.
    pub helped: u32,
}

/// What watching was good for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
    /// How soon people looked, and in the stretch before.
    pub pace: (Pace, Pace),
    /// How long before customers left it was known, and in the stretch before.
    pub warning: (Warning, Warning),
    /// Accounts at risk on which somebody acted in time, and those on which nobody did.
    pub kept: (Group, Group),
    /// How far risks got.
    pub funnel: Funnel,
    /// What alerts that were closed led to, by month, oldest first.
    pub months: Vec<(Timestamp, BTreeMap<Ending, u32>)>,
    /// What alerts that were closed led to, by rule, those with most first.
    pub rules: Vec<(RuleId, BTreeMap<Ending, u32>)>,
    /// Customers who left, the latest first, with whether it was known.
    pub departures: Vec<Departure>,
}

impl Value {
    /// Returns whether nothing was told and nobody left, so that there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pace.0.told == 0 && self.pace.1.told == 0 && self.warning.0.left == 0 && self.warning.1.left == 0
    }

    /// Returns by how many percentage points more of the accounts stayed on which somebody acted, with the ends of the 95 %
    /// interval (Newcombe's method 10); nothing where one side is empty.
    #[must_use]
    pub fn uplift(&self) -> Option<(f64, f64, f64)> {
        share::difference(&self.kept.0, &self.kept.1)
    }
}

/// Returns what watching was good for in the days up to a moment. `told` are the alerts that were raised or open since a
/// year before twice that stretch, `ends` what all accounts paid; names of customers who left are left to the caller.
#[must_use]
pub fn value(told: &[Told], ends: &Ends, now: Timestamp, days: u32) -> Value {
    let from = now.day_start().plus_days(1 - i64::from(days));
    let before = from.plus_days(-i64::from(days));
    let mut risks: HashMap<AccountId, Vec<&Told>> = HashMap::new();
    for one in told.iter().filter(|one| one.is_risk()) {
        risks.entry(one.account_id).or_default().push(one);
    }
    for of_account in risks.values_mut() {
        of_account.sort_by_key(|one| one.created_at);
    }
    let mut left = departures(ends, &risks, (before, now));
    left.sort_by_key(|departure| (std::cmp::Reverse(departure.day), departure.account));
    let split = left.partition_point(|departure| departure.day >= from);
    let warning = (warning(&left[..split]), warning(&left[split..]));
    left.truncate(split.min(LEFT_MAX));
    let (months, rules) = endings(told, from, now);
    Value {
        from,
        to: now,
        pace: (pace(told, from, now), pace(told, before, from)),
        warning,
        kept: kept(&risks, ends, (from, now)),
        funnel: funnel(told, from),
        months,
        rules,
        departures: left,
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn pace(told: &[Told], from: Timestamp, until: Timestamp) -> Pace {
    let told: Vec<&Told> = told.iter().filter(|one| one.created_at >= from && one.created_at < until).collect();
    let waits: Vec<i64> = told.iter().filter_map(|one| Some(one.seen()?.0 - one.created_at.0)).collect();
    Pace {
        told: size(told.len()),
        seen: size(waits.len()),
        within_day: size(waits.iter().filter(|wait| **wait <= DAY_MS).count()),
        middle_ms: middle(waits.into_iter()),
    }
}

/// Finds everybody who stopped paying between two moments.
fn departures(
    ends: &Ends,
    risks: &HashMap<AccountId, Vec<&Told>>,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Departure> {
    let mut found = Vec::new();
    for (id, ends) in ends {
        let account = AccountId(*id);
        for moved in movements(ends).filter(|moved| moved.movement == Movement::Churn) {
            if moved.day < from || moved.day > until {
                continue;
            }
            let since = moved.day.plus_days(-WARNED_DAYS);
            // What was told on the day itself came with the news.
            let mut before = risks.get(&account).into_iter().flatten().filter(|one| one.created_at < moved.day);
            let warned = before.find(|one| one.closed_at().is_none_or(|at| at >= since));
            found.push(Departure {
                account,
                name: String::new(),
                day: moved.day,
                annual: Money { minor: -moved.mrr.minor.saturating_mul(12), ..moved.mrr },
                days: warned.map(|one| moved.day.days_since(one.created_at.max(since))),
            });
        }
    }
    found
}

fn warning(left: &[Departure]) -> Warning {
    let mut warning = Warning { left: size(left.len()), ..Warning::default() };
    for departure in left {
        add(&mut warning.annual, departure.annual);
        if let Some(days) = departure.days {
            warning.warned += 1;
            if days >= EARLY_DAYS {
                warning.early += 1;
                add(&mut warning.early_annual, departure.annual);
            }
        }
    }
    warning.middle_days = middle(left.iter().filter_map(|departure| departure.days));
    warning
}

/// Splits the accounts with a first risk so long before that all of them could be followed: on the first side those on
/// which somebody acted in time.
fn kept(risks: &HashMap<AccountId, Vec<&Told>>, ends: &Ends, (from, until): (Timestamp, Timestamp)) -> (Group, Group) {
    let back = -(ACT_DAYS + FOLLOWED_DAYS);
    let (from, until) = (from.plus_days(back), until.plus_days(back));
    let (mut acted, mut not) = (Group::default(), Group::default());
    for (account, risks) in risks {
        let Some(first) = risks.iter().find(|one| one.created_at >= from && one.created_at < until) else { continue };
        let Some(ends) = ends.get(&account.0) else { continue };
        let landmark = first.created_at.plus_days(ACT_DAYS);
        let paid = paid(ends, landmark);
        if paid.minor == 0 {
            continue;
        }
        let end = landmark.plus_days(FOLLOWED_DAYS);
        let has_left = movements(ends)
            .any(|moved| moved.movement == Movement::Churn && moved.day >= landmark.day_start() && moved.day <= end);
        let in_time = |one: &&Told| {
            one.created_at >= first.created_at && one.acted().is_some_and(|at| at <= landmark && at >= first.created_at)
        };
        let group = if risks.iter().any(in_time) { &mut acted } else { &mut not };
        group.accounts += 1;
        if !has_left {
            group.kept += 1;
            add(&mut group.annual, paid);
        }
    }
    (acted, not)
}

/// Returns what was paid in a year at a moment: what the last day ended with that was over by then.
fn paid(ends: &[(Timestamp, Terms)], at: Timestamp) -> Money {
    let known = ends.partition_point(|(day, _)| *day < at.day_start());
    let monthly = known.checked_sub(1).and_then(|last| ends.get(last)).map(|(_, terms)| terms.monthly());
    let monthly = monthly.unwrap_or_else(|| Terms::default().monthly());
    Money { minor: monthly.minor.saturating_mul(12), ..monthly }
}

fn funnel(told: &[Told], from: Timestamp) -> Funnel {
    let risks: Vec<&Told> = told.iter().filter(|one| one.is_risk() && one.created_at >= from).collect();
    let count = |holds: &dyn Fn(&Told) -> bool| size(risks.iter().filter(|one| holds(one)).count());
    Funnel {
        told: count(&|_| true),
        // Who acts has seen it, whether or not they said so.
        seen: count(&|one| one.seen().is_some()),
        acted: count(&|one| one.acted().is_some()),
        helped: count(&|one| one.acted().is_some() && one.ending() == Some(Ending::Helped)),
    }
}

type Counts<K> = Vec<(K, BTreeMap<Ending, u32>)>;

fn endings(told: &[Told], from: Timestamp, now: Timestamp) -> (Counts<Timestamp>, Counts<RuleId>) {
    let (mut months, mut rules): (BTreeMap<Timestamp, _>, BTreeMap<RuleId, _>) = (BTreeMap::new(), BTreeMap::new());
    let month_of = |at: Timestamp| floor(Dimension::Month, at);
    let mut month = month_of(from);
    while month <= now {
        months.insert(month, BTreeMap::new());
        month = month_of(month.plus_days(31));
    }
    for one in told {
        let (Some(at), Some(ending)) = (one.closed_at().filter(|at| *at >= from), one.ending()) else { continue };
        *months.entry(month_of(at)).or_default().entry(ending).or_default() += 1;
        *rules.entry(one.rule_id).or_insert_with(BTreeMap::new).entry(ending).or_default() += 1;
    }
    let mut rules: Counts<RuleId> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, counts)| (std::cmp::Reverse(counts.values().sum::<u32>()), *rule));
    (months.into_iter().collect(), rules)
}
