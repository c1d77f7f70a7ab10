//! The parts of a report in words.

use domain::alerts::Priority;
use domain::health::Band;
use domain::reports::{
    AT_RISK, About, Answer, Dimension, Group, Keyed, Measure, Movement, Numbers, Period, READY, Shape, Spec, State,
    period_start,
};

use crate::accounts::labels;
use crate::alerts::words as alert_words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_word;

/// Returns what a report is about.
pub(super) fn about(about: About, locale: Locale) -> &'static str {
    match about {
        About::Accounts => td_string!(locale, reports.accounts),
        About::Alerts => td_string!(locale, reports.alerts),
        About::Tasks => td_string!(locale, reports.tasks),
        About::Usage => td_string!(locale, reports.usage),
        About::Revenue => td_string!(locale, reports.revenue),
    }
}

/// Returns which of the alerts or tasks count.
pub(super) fn state(state: State, locale: Locale) -> &'static str {
    match state {
        State::All => td_string!(locale, reports.state_all),
        State::Risks => td_string!(locale, reports.state_risks),
        State::Opportunities => td_string!(locale, reports.state_opportunities),
        State::Snoozed => td_string!(locale, reports.state_snoozed),
        State::Closed => td_string!(locale, reports.state_closed),
        State::Open => td_string!(locale, reports.state_open),
        State::Overdue => td_string!(locale, reports.state_overdue),
        State::Done => td_string!(locale, reports.state_done),
    }
}

/// Returns what rows are grouped by.
pub(crate) fn dimension(dimension: Dimension, locale: Locale) -> &'static str {
    match dimension {
        Dimension::Band => td_string!(locale, reports.by_band),
        Dimension::Tier => td_string!(locale, reports.by_tier),
        Dimension::Category => td_string!(locale, reports.by_category),
        Dimension::Stage => td_string!(locale, reports.by_stage),
        Dimension::ChurnReason => td_string!(locale, reports.by_churn_reason),
        Dimension::Country => td_string!(locale, reports.by_country),
        Dimension::Owner => td_string!(locale, reports.by_owner),
        Dimension::Rule => td_string!(locale, reports.by_rule),
        Dimension::Priority => td_string!(locale, reports.by_priority),
        Dimension::Renewal => td_string!(locale, reports.by_renewal),
        Dimension::Metric => td_string!(locale, reports.by_metric),
        Dimension::Movement => td_string!(locale, reports.by_movement),
        Dimension::Week => td_string!(locale, reports.by_week),
        Dimension::Month => td_string!(locale, reports.by_month),
    }
}

/// Returns what a measure is called; rows are called what the report is about.
pub(crate) fn measure(measure: Measure, of: About, locale: Locale) -> &'static str {
    match measure {
        Measure::Count if of == About::Revenue => td_string!(locale, reports.movements),
        Measure::Count => about(of, locale),
        Measure::Accounts if of == About::Usage => td_string!(locale, reports.active_accounts),
        Measure::Accounts => td_string!(locale, reports.accounts),
        Measure::Arr => td_string!(locale, reports.arr),
        Measure::ArrMedian => td_string!(locale, reports.arr_median),
        Measure::Score => td_string!(locale, reports.score),
        Measure::ScoreMedian => td_string!(locale, reports.score_median),
        Measure::Total => td_string!(locale, reports.total),
        Measure::PerAccount => td_string!(locale, reports.per_account),
        Measure::Mrr => td_string!(locale, reports.mrr),
    }
}

/// Returns how a report is shown.
pub(super) fn shape(shape: Shape, locale: Locale) -> &'static str {
    match shape {
        Shape::Table => td_string!(locale, reports.show_table),
        Shape::Bars => td_string!(locale, reports.show_bars),
        Shape::Line => td_string!(locale, reports.show_line),
        Shape::Donut => td_string!(locale, reports.show_donut),
        Shape::Number => td_string!(locale, reports.show_number),
    }
}

/// Returns what a ready report is called.
pub(super) fn ready(key: &str, locale: Locale) -> &'static str {
    match key {
        "risk_by_owner" => td_string!(locale, reports.ready_risk_by_owner),
        "risk_by_segment" => td_string!(locale, reports.ready_risk_by_segment),
        "arr_by_segment" => td_string!(locale, reports.ready_arr_by_segment),
        "renewals_by_month" => td_string!(locale, reports.ready_renewals_by_month),
        "revenue_by_month" => td_string!(locale, reports.ready_revenue_by_month),
        "revenue_by_movement" => td_string!(locale, reports.ready_revenue_by_movement),
        "churn_by_segment" => td_string!(locale, reports.ready_churn_by_segment),
        "churn_reasons" => td_string!(locale, reports.ready_churn_reasons),
        "usage_by_month" => td_string!(locale, reports.ready_usage_by_month),
        "usage_by_band" => td_string!(locale, reports.ready_usage_by_band),
        "risks_by_rule" => td_string!(locale, reports.ready_risks_by_rule),
        "risks_by_week" => td_string!(locale, reports.ready_risks_by_week),
        "accounts_by_owner" => td_string!(locale, reports.ready_accounts_by_owner),
        "tasks_by_owner" => td_string!(locale, reports.ready_tasks_by_owner),
        "overdue_by_owner" => td_string!(locale, reports.ready_overdue_by_owner),
        _ => td_string!(locale, reports.ready_by_band),
    }
}

/// Returns what a group is called.
pub(crate) fn group(group: &Group, by: Dimension, locale: Locale) -> String {
    let key = group.key.as_deref();
    match (by, key) {
        (Dimension::Band, key) => band_word(key.and_then(Band::from_key), locale).to_owned(),
        (Dimension::Owner, None) => td_string!(locale, reports.nobody).to_owned(),
        (by, Some(key)) if by.is_time() => time(key),
        (Dimension::Movement, Some(key)) => movement(key, locale).to_owned(),
        (Dimension::Metric, Some(_)) => group.name.clone(),
        (_, None) => td_string!(locale, reports.without).to_owned(),
        (Dimension::Owner, Some(_)) if group.name == group.key.as_deref().unwrap_or_default() => {
            td_string!(locale, reports.somebody).to_owned()
        }
        (Dimension::Stage | Dimension::ChurnReason, Some(key)) => capital(&labels::choice(by.key(), key, locale)),
        (Dimension::Priority, Some(key)) => match Priority::from_key(key) {
            Some(priority) => alert_words::priority(priority, locale).to_owned(),
            None => group.name.clone(),
        },
        _ => capital(&group.name),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns a number as the table shows it.
pub(crate) fn number(numbers: &Numbers, measure: Measure) -> String {
    match measure {
        Measure::Count => format::integer(i64::from(numbers.count)),
        Measure::Accounts => format::integer(i64::from(numbers.accounts)),
        Measure::Arr => format::money_list(numbers.amounts(measure)),
        // Medians are no sum, nor is what moved one way in one currency and the other way in another.
        Measure::ArrMedian | Measure::Mrr => {
            let amounts: Vec<String> =
                numbers.amounts(measure).iter().map(|money| format::money_short(*money)).collect();
            if amounts.is_empty() { "–".to_owned() } else { amounts.join(", ") }
        }
        Measure::Score => numbers.mean().map_or_else(|| "–".to_owned(), format::points),
        Measure::ScoreMedian => numbers.score_median.map_or_else(|| "–".to_owned(), format::points),
        Measure::Total => format::number(numbers.total),
        Measure::PerAccount => numbers.per_account().map_or_else(|| "–".to_owned(), format::number),
    }
}

/// Returns a week as its Monday, and a month by its name.
fn time(key: &str) -> String {
    let day = period_start(key).map(format::date).unwrap_or_default();
    if key.len() > "2026-03".len() {
        day
    } else {
        day.split_once(' ').map_or(day.clone(), |(_, month)| month.to_owned())
    }
}

fn movement(key: &str, locale: Locale) -> &'static str {
    match Movement::from_key(key) {
        Some(Movement::New) => td_string!(locale, reports.movement_new),
        Some(Movement::Reactivation) => td_string!(locale, reports.movement_reactivation),
        Some(Movement::Expansion) => td_string!(locale, reports.movement_expansion),
        Some(Movement::Contraction) => td_string!(locale, reports.movement_contraction),
        Some(Movement::Churn) | None => td_string!(locale, reports.movement_churn),
    }
}

/// Returns which days count.
pub(super) fn period(period: Period, locale: Locale) -> String {
    match period {
        Period::Always => td_string!(locale, reports.within_always).to_owned(),
        Period::Days(days) => td_string!(locale, reports.within_days, count = format::integer(i64::from(days))),
        Period::Between { from, to } => format!("{} – {}", format::date(from), format::date(to)),
    }
}

/// Returns what a report is called where nobody named it: a ready one, or what it counts and by what.
pub(crate) fn name(spec: &Spec, locale: Locale) -> String {
    match READY.into_iter().find(|key| domain::reports::ready(key).as_ref() == Some(spec)) {
        Some(key) => ready(key, locale).to_owned(),
        None if spec.shape == Shape::Number => single(spec, locale),
        None => line(spec, locale),
    }
}

/// Returns what one number is of.
fn single(spec: &Spec, locale: Locale) -> String {
    let first = spec.measures.first().copied().unwrap_or(Measure::Count);
    let what = measure(first, spec.about, locale);
    let counted = match spec.state {
        State::All if spec.filter.starts_with(AT_RISK) => td_string!(locale, reports.at_risk, what = what),
        State::All => what.to_owned(),
        other if first == Measure::Count => format!("{what}: {}", state(other, locale)),
        other => format!("{what} ({})", state(other, locale)),
    };
    if spec.within == Period::Always { counted } else { format!("{counted}, {}", period(spec.within, locale)) }
}

/// Returns what a report counts and by what: the name of its bars.
pub(crate) fn line(spec: &Spec, locale: Locale) -> String {
    let what = match (spec.about, spec.measures.first()) {
        (About::Usage | About::Revenue, Some(first)) => measure(*first, spec.about, locale),
        _ => about(spec.about, locale),
    };
    let by = dimension(spec.by, locale);
    let counted = match spec.state {
        State::All => what.to_owned(),
        other => format!("{what} ({})", state(other, locale)),
    };
    td_string!(locale, reports.line, what = counted, by = by)
}

/// Returns how many groups there are, and how many of them are shown.
pub(crate) fn groups(answer: &Answer, locale: Locale) -> String {
    let of = format::integer(i64::from(answer.of));
    if (answer.of as usize) > answer.groups.len() {
        let shown = format::integer(answer.groups.len() as i64);
        return td_string!(locale, reports.groups_first, shown = shown, of = of);
    }
    td_string!(locale, reports.groups, of = of)
}
