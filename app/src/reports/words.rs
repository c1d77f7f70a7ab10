//! The parts of a report in words.

use domain::alerts::Priority;
use domain::health::Band;
use domain::reports::{About, Answer, Dimension, Group, Measure, Numbers, Shape, Spec, State};

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
        State::Done => td_string!(locale, reports.state_done),
    }
}

/// Returns what rows are grouped by.
pub(super) fn dimension(dimension: Dimension, locale: Locale) -> &'static str {
    match dimension {
        Dimension::Band => td_string!(locale, reports.by_band),
        Dimension::Tier => td_string!(locale, reports.by_tier),
        Dimension::Category => td_string!(locale, reports.by_category),
        Dimension::Stage => td_string!(locale, reports.by_stage),
        Dimension::Country => td_string!(locale, reports.by_country),
        Dimension::Owner => td_string!(locale, reports.by_owner),
        Dimension::Rule => td_string!(locale, reports.by_rule),
        Dimension::Priority => td_string!(locale, reports.by_priority),
    }
}

/// Returns what a measure is called; rows are called what the report is about.
pub(super) fn measure(measure: Measure, of: About, locale: Locale) -> &'static str {
    match measure {
        Measure::Count => about(of, locale),
        Measure::Accounts => td_string!(locale, reports.accounts),
        Measure::Arr => td_string!(locale, reports.arr),
        Measure::Score => td_string!(locale, reports.score),
    }
}

/// Returns how a report is shown.
pub(super) fn shape(shape: Shape, locale: Locale) -> &'static str {
    match shape {
        Shape::Table => td_string!(locale, reports.show_table),
        Shape::Bars => td_string!(locale, reports.show_bars),
    }
}

/// Returns what a ready report is called.
pub(super) fn ready(key: &str, locale: Locale) -> &'static str {
    match key {
        "risk_by_owner" => td_string!(locale, reports.ready_risk_by_owner),
        "arr_by_segment" => td_string!(locale, reports.ready_arr_by_segment),
        "risks_by_rule" => td_string!(locale, reports.ready_risks_by_rule),
        "tasks_by_owner" => td_string!(locale, reports.ready_tasks_by_owner),
        _ => td_string!(locale, reports.ready_by_band),
    }
}

/// Returns what a group is called.
pub(super) fn group(group: &Group, by: Dimension, locale: Locale) -> String {
    let key = group.key.as_deref();
    match (by, key) {
        (Dimension::Band, key) => band_word(key.and_then(Band::from_key), locale).to_owned(),
        (Dimension::Owner, None) => td_string!(locale, reports.nobody).to_owned(),
        (_, None) => td_string!(locale, reports.without).to_owned(),
        (Dimension::Owner, Some(_)) if group.name == group.key.as_deref().unwrap_or_default() => {
            td_string!(locale, reports.somebody).to_owned()
        }
        (Dimension::Stage, Some(key)) => capital(&labels::choice("stage", key, locale)),
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
pub(super) fn number(numbers: &Numbers, measure: Measure) -> String {
    match measure {
        Measure::Count => format::integer(i64::from(numbers.count)),
        Measure::Accounts => format::integer(i64::from(numbers.accounts)),
        Measure::Arr => format::money_list(&numbers.arr),
        Measure::Score => numbers.mean().map_or_else(|| "–".to_owned(), format::points),
    }
}

/// Returns what a report counts and by what: the name of its bars.
pub(super) fn line(spec: &Spec, locale: Locale) -> String {
    let (what, by) = (about(spec.about, locale), dimension(spec.by, locale));
    let counted = match spec.state {
        State::All => what.to_owned(),
        other => format!("{what} ({})", state(other, locale)),
    };
    td_string!(locale, reports.line, what = counted, by = by)
}

/// Returns how many groups there are, and how many of them are shown.
pub(super) fn groups(answer: &Answer, locale: Locale) -> String {
    let of = format::integer(i64::from(answer.of));
    if (answer.of as usize) > answer.groups.len() {
        let shown = format::integer(answer.groups.len() as i64);
        return td_string!(locale, reports.groups_first, shown = shown, of = of);
    }
    td_string!(locale, reports.groups, of = of)
}
