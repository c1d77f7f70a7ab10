//! Product usage: how many people work with the product, how often, and with its key feature.

use domain::time::Timestamp;
use domain::usage::UsageDay;

use super::Volume;
use super::accounts::Outline;
use super::plots::{LATE_SIGNAL_DAYS, LOSS_SIGNAL_DAYS, Plot, SIGNAL_FALL_DAYS};
use super::random::Part;

/// Days of history in a full portfolio.
pub(super) const HISTORY_DAYS: i64 = 730;

/// The metric that stands for the whole.
const MAIN: &str = "active_users";
/// Of so many accounts of a light portfolio one has its main metric by week, so that seasons can be learnt from it.
pub(super) const SEASONED_EVERY: u32 = 10;

/// Tells the usage of all three metrics, each from the oldest day to yesterday.
pub(super) fn tell(outline: &Outline) -> Vec<UsageDay> {
    let mut random = outline.random(Part::Usage);
    let base = base_share(outline.plot) * random.around_one(0.04) * outline.seats as f64;
    let logins_each = 1.4 + random.share();
    let events_each = 6.0 + 12.0 * random.share();
    let mut usage = Vec::new();
    for (metric, each) in [(MAIN, 1.0), ("logins", logins_each), ("key_feature_events", events_each)] {
        for days_ago in days(outline, metric) {
            let day = outline.today.plus_days(-days_ago);
            let level = base * each * level(outline, metric, days_ago) * weekday(outline.volume, day, days_ago);
            let value = (level * random.around_one(0.05)).round();
            let most = if metric == MAIN { outline.seats as f64 } else { f64::MAX };
            let value = value.clamp(0.0, most);
            usage.push(UsageDay { account_id: outline.id, metric: metric.to_owned(), day, value });
        }
    }
    usage
}

/// Returns the days that have a value: a typical day a week, then each of the last 28 days.
fn days(outline: &Outline, metric: &str) -> Vec<i64> {
    const LIGHT: [i64; 13] = [364, 182, 84, 70, 56, 42, 28, 21, 14, 10, 7, 3, 1];
    let last = if outline.plot == Plot::Churned { outline.turn_days } else { 1 };
    let told = |days_ago: &i64| *days_ago <= outline.age_days && *days_ago >= last;
    match outline.volume {
        Volume::Light if metric == MAIN && outline.number.is_multiple_of(SEASONED_EVERY) => {
            let weekly = (1..=HISTORY_DAYS / 7).rev().map(|week| week * 7);
            weekly.chain([3, 1]).filter(told).collect()
        }
        Volume::Light => LIGHT.into_iter().filter(told).collect(),
        Volume::Full => {
            let weekly = (5..=HISTORY_DAYS / 7).rev().map(|week| week * 7);
            weekly.chain((1..=28).rev()).filter(told).collect()
        }
    }
}

/// Returns the share of the seats in use on a good day.
fn base_share(plot: Plot) -> f64 {
    match plot {
        Plot::Thriving => 0.95,
        Plot::Seasonal => 0.88,
        Plot::Onboarding => 0.7,
        Plot::Silent | Plot::Churned => 0.62,
        _ => 0.76,
    }
}

/// Returns the level of a metric relative to a good day.
fn level(outline: &Outline, metric: &str, days_ago: i64) -> f64 {
    let pressure = outline.standing.pressure();
    let turn = outline.turn_days;
    let is_key = metric == "key_feature_events";
    let curve: [(i64, f64); 4] = match outline.plot {
        Plot::Thriving => [(HISTORY_DAYS, 0.42), (180, 0.68), (60, 0.84), (0, 1.0)],
        Plot::ChampionLeft => [(HISTORY_DAYS, 0.9), (turn, 1.0), (turn / 2, 0.82), (0, 0.74 - 0.3 * pressure)],
        Plot::AdoptionFell if is_key => [(HISTORY_DAYS, 0.9), (turn, 1.0), (16, 0.38), (0, 0.38 - 0.1 * pressure)],
        Plot::AdoptionFell => [(HISTORY_DAYS, 0.9), (turn, 1.0), (14, 0.85), (0, 0.84 - 0.15 * pressure)],
        Plot::TicketsPiledUp => [(HISTORY_DAYS, 0.9), (turn, 1.0), (7, 0.92), (0, 0.9 - 0.15 * pressure)],
        Plot::PaymentTrouble => [(HISTORY_DAYS, 0.95), (turn, 1.0), (7, 0.94), (0, 0.94 - 0.2 * pressure)],
        Plot::Silent => [(HISTORY_DAYS, 1.0), (turn + 20, 1.0), (30, 0.86), (0, 0.86 - 0.25 * pressure)],
        Plot::Churned if is_key => {
            let (begin, end) = (turn + LOSS_SIGNAL_DAYS, turn + LOSS_SIGNAL_DAYS - SIGNAL_FALL_DAYS);
            [(HISTORY_DAYS + turn, 1.0), (begin, 0.95), (end, 0.3), (turn, 0.05)]
        }
        Plot::Churned => {
            [(HISTORY_DAYS + turn, 1.0), (turn + 2 * LATE_SIGNAL_DAYS, 0.95), (turn + 7, 0.5), (turn, 0.05)]
        }
        Plot::Onboarding => {
            let age = outline.age_days;
            [(age, 0.06), (age * 2 / 3, 0.3), (age / 3, 0.7), (0, 1.0 - 0.3 * pressure)]
        }
        Plot::Seasonal => {
            let growth = along(&[(HISTORY_DAYS, 0.88), (0, 1.0)], days_ago);
            return growth * season(outline.today.plus_days(-days_ago));
        }
        Plot::Steady => [(HISTORY_DAYS, 0.88), (180, 0.97), (60, 1.0), (0, 1.0 - 0.3 * pressure)],
    };
    let slump = if is_key { outline.slump(days_ago) } else { 1.0 };
    along(&curve, days_ago) * slump
}

/// Returns the value of a line through points of falling days ago, level beyond its ends.
fn along(points: &[(i64, f64)], days_ago: i64) -> f64 {
    let mut before = points.first().copied().unwrap_or((0, 1.0));
    for &(days, value) in points {
        if days_ago >= days {
            let span = before.0 - days;
            if span <= 0 || days_ago >= before.0 {
                return if days_ago > before.0 { before.1 } else { value };
            }
            return value + (before.1 - value) * (days_ago - days) as f64 / span as f64;
        }
        before = (days, value);
    }
    before.1
}

/// Returns the week's rhythm of a single day; a typical day of a week has none.
fn weekday(volume: Volume, day: Timestamp, days_ago: i64) -> f64 {
    if volume == Volume::Light || days_ago > 28 {
        return 1.0;
    }
    // The first of January 1970 was a Thursday. Over a week the factors average to one.
    match day.days_since(Timestamp(0)).rem_euclid(7) {
        2 | 3 => 0.9,
        _ => 1.04,
    }
}

/// Returns how busy a summer business is, from 0.28 in winter to 1 in June, smoothly.
pub(super) fn season(day: Timestamp) -> f64 {
    const MONTHS: [f64; 12] = [0.28, 0.32, 0.45, 0.62, 0.82, 1.0, 0.98, 0.97, 0.86, 0.56, 0.33, 0.28];
    let (month, day) = month_and_day(day);
    // A month's value stands for its middle; days in between lie on the line to the neighbour.
    let (neighbour, share) = if day <= 15 { ((month + 11) % 12, 15 - day) } else { ((month + 1) % 12, day - 15) };
    MONTHS[month] + (MONTHS[neighbour] - MONTHS[month]) * share as f64 / 31.0
}

/// Returns the month, counted from zero, and the day of the month.
fn month_and_day(day: Timestamp) -> (usize, i64) {
    // Days are counted from the first of March of year 0, so that the leap day comes last.
    let days = day.days_since(Timestamp(0)) + 719_468;
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * march_month + 2) / 5 + 1;
    (usize::try_from((march_month + 2) % 12).unwrap_or(0), day_of_month)
}
