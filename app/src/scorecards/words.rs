//! Differences between two scorecards in words.

use domain::health::{
    Action, CardChange, Exception, FactValue, MeasureChange, Mode, NullPolicy, PointAt, PointChange, Source,
};

use super::bench::Bench;
use super::exceptions::{shown, sign};
use super::scale::tenure_words;
use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns a difference in a sentence.
pub(super) fn change(change: &CardChange, bench: Bench, locale: Locale) -> String {
    match change {
        CardChange::Name { before, after } => {
            td_string!(locale, scorecards.changed_name, before = before.clone(), after = after.clone())
        }
        CardChange::AppliesTo { before, after } => {
            td_string!(
                locale,
                scorecards.changed_applies_to,
                before = filter(before, locale),
                after = filter(after, locale)
            )
        }
        CardChange::Priority { before, after } => {
            td_string!(locale, scorecards.changed_priority, before = *before, after = *after)
        }
        CardChange::Bands { before, after } => {
            let words = |bands: &domain::health::Bands| {
                let edges = [bands.healthy_from, bands.watch_from, bands.at_risk_from].map(format::number);
                format!("{} (± {})", edges.join(" / "), format::number(bands.hysteresis))
            };
            td_string!(locale, scorecards.changed_bands, before = words(before), after = words(after))
        }
        CardChange::GroupAdded { .. }
        | CardChange::GroupRemoved { .. }
        | CardChange::GroupLabel { .. }
        | CardChange::GroupWeight { .. }
        | CardChange::GroupMoved { .. } => of_group(change, locale),
        CardChange::MeasureAdded { measure, to, weight } => {
            let (name, group) = (measure.label.clone(), to.group.clone());
            td_string!(
                locale,
                scorecards.changed_measure_added,
                name = name,
                group = group,
                weight = format::percent(*weight)
            )
        }
        CardChange::MeasureRemoved { measure, from } => {
            td_string!(
                locale,
                scorecards.changed_measure_removed,
                name = measure.label.clone(),
                group = from.group.clone()
            )
        }
        CardChange::Measure { measure, change } => of_measure(&measure.label, change, bench, locale),
        CardChange::ExceptionAdded { exception, .. } => {
            td_string!(locale, scorecards.changed_exception_added, text = rule(exception, bench, locale))
        }
        CardChange::ExceptionRemoved { exception } => {
            td_string!(locale, scorecards.changed_exception_removed, text = rule(exception, bench, locale))
        }
        CardChange::ExceptionChanged { before, after } => {
            let (before, after) = (rule(before, bench, locale), rule(after, bench, locale));
            td_string!(locale, scorecards.changed_exception, before = before, after = after)
        }
        CardChange::ExceptionMoved { exception, from, to } => {
            td_string!(locale, scorecards.changed_place, name = exception.label.clone(), from = *from, to = *to)
        }
    }
}

/// Returns what happened to a group; empty for anything else.
fn of_group(change: &CardChange, locale: Locale) -> String {
    match change {
        CardChange::GroupAdded { group, weight } => {
            td_string!(
                locale,
                scorecards.changed_group_added,
                name = group.label.clone(),
                weight = format::percent(*weight)
            )
        }
        CardChange::GroupRemoved { group } => {
            td_string!(locale, scorecards.changed_group_removed, name = group.label.clone())
        }
        CardChange::GroupLabel { group, before } => {
            td_string!(locale, scorecards.changed_label, before = before.clone(), after = group.label.clone())
        }
        CardChange::GroupWeight { group, before, after } => weight(&group.label, *before, *after, locale),
        CardChange::GroupMoved { group, from, to } => {
            td_string!(locale, scorecards.changed_place, name = group.label.clone(), from = *from, to = *to)
        }
        _ => String::new(),
    }
}

fn of_measure(name: &str, change: &MeasureChange, bench: Bench, locale: Locale) -> String {
    let both = |what: &'static str, before: String, after: String| {
        td_string!(
            locale,
            scorecards.changed_measure,
            name = name.to_owned(),
            what = what,
            before = before,
            after = after
        )
    };
    match change {
        MeasureChange::Label { before, after } => {
            td_string!(locale, scorecards.changed_label, before = before.clone(), after = after.clone())
        }
        MeasureChange::Weight { before, after } => weight(name, *before, *after, locale),
        MeasureChange::Source { before: Source::Fact(before), after: Source::Fact(after) } => {
            both(td_string!(locale, scorecards.looks_at), bench.fact_label(before), bench.fact_label(after))
        }
        MeasureChange::Mode { before, after } => {
            both(td_string!(locale, scorecards.mode), mode(*before, locale), mode(*after, locale))
        }
        MeasureChange::NullPolicy { before, after } => {
            both(td_string!(locale, scorecards.null_policy), policy(*before, locale), policy(*after, locale))
        }
        MeasureChange::Validity { before, after } => {
            let days = |days: &Option<u32>| match days {
                Some(days) => td_string!(locale, scorecards.some_days, days = *days),
                None => td_string!(locale, scorecards.for_ever).to_owned(),
            };
            both(td_string!(locale, scorecards.validity), days(before), days(after))
        }
        MeasureChange::Season { after: true } => {
            td_string!(locale, scorecards.changed_season_on, name = name.to_owned())
        }
        MeasureChange::Season { after: false } => {
            td_string!(locale, scorecards.changed_season_off, name = name.to_owned())
        }
        MeasureChange::Scale { points, .. } => {
            let points = points.iter().map(|point| point_words(point, locale)).collect::<Vec<_>>().join(", ");
            td_string!(locale, scorecards.changed_scale, name = name.to_owned(), points = points)
        }
        MeasureChange::Tenure { after, .. } => {
            let spans: Vec<String> = after.iter().map(|t| tenure_words(t.from_days, t.to_days, locale)).collect();
            let spans = if spans.is_empty() { td_string!(locale, common.none).to_owned() } else { spans.join(", ") };
            td_string!(locale, scorecards.changed_tenure, name = name.to_owned(), spans = spans)
        }
        MeasureChange::Moved { from, to } => {
            let (from, to) = (format!("{} {}", from.group, from.place), format!("{} {}", to.group, to.place));
            td_string!(locale, scorecards.changed_place, name = name.to_owned(), from = from, to = to)
        }
    }
}

fn weight(name: &str, before: f64, after: f64, locale: Locale) -> String {
    let (before, after) = (format::percent(before), format::percent(after));
    td_string!(locale, scorecards.changed_weight, name = name.to_owned(), before = before, after = after)
}

fn filter(text: &str, locale: Locale) -> String {
    if text.trim().is_empty() { td_string!(locale, scorecards.all_accounts).to_owned() } else { text.to_owned() }
}

fn point_words(point: &PointChange, locale: Locale) -> String {
    let at = match &point.at {
        PointAt::Value(value) => format::number(*value),
        PointAt::Word(word) => format!("“{word}”"),
        PointAt::Otherwise => td_string!(locale, scorecards.any_other).to_owned(),
    };
    let points = |points: Option<f64>| points.map_or_else(|| "–".to_owned(), format::number);
    format!("{at}: {} → {}", points(point.before), points(point.after))
}

fn mode(mode: Mode, locale: Locale) -> String {
    match mode {
        Mode::Absolute => td_string!(locale, scorecards.mode_absolute).to_owned(),
        Mode::Growth { days } => format!("{}, {days}", td_string!(locale, scorecards.mode_growth)),
        Mode::Trend { days } => format!("{}, {days}", td_string!(locale, scorecards.mode_trend)),
        Mode::OwnBaseline { days } => format!("{}, {days}", td_string!(locale, scorecards.mode_own)),
    }
}

fn policy(policy: NullPolicy, locale: Locale) -> String {
    match policy {
        NullPolicy::Exclude => td_string!(locale, scorecards.null_exclude).to_owned(),
        NullPolicy::Neutral => td_string!(locale, scorecards.null_neutral).to_owned(),
        NullPolicy::Zero => td_string!(locale, scorecards.null_zero).to_owned(),
        NullPolicy::CarryForward { half_life_days } => {
            format!("{}, {half_life_days}", td_string!(locale, scorecards.null_carry))
        }
    }
}

/// Returns an exception in words: its name, when it applies and what it does.
fn rule(exception: &Exception, bench: Bench, locale: Locale) -> String {
    let (verb, points) = match exception.action {
        Action::Cap(points) => (td_string!(locale, scorecards.action_cap), points),
        Action::Floor(points) => (td_string!(locale, scorecards.action_floor), points),
        Action::Set(points) => (td_string!(locale, scorecards.action_set), points),
        Action::Minus(points) => (td_string!(locale, scorecards.action_minus), points),
    };
    let value = match &exception.when.value {
        FactValue::Number(number) => format::number(*number),
        other => shown(other),
    };
    let fact = bench.fact_label(&exception.when.fact);
    format!("{} ({fact} {} {value}: {verb} {})", exception.label, sign(exception.when.op), format::number(points))
}
