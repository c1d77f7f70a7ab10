//! The four figures on top, each beside that of as many days before.

use domain::value::{Value, Warning};
use leptos::prelude::*;

use super::words;
use crate::alerts::words::span;
use crate::format;
use crate::i18n::{Locale, td_string};

/// One figure.
struct Figure {
    label: &'static str,
    value: String,
    note: String,
    before: Option<String>,
}

/// How soon, how early, how long before, and how much it helped.
#[component]
pub(super) fn Figures(value: Value, locale: Locale) -> impl IntoView {
    let days = value.to.day_start().days_since(value.from) + 1;
    let before = |then: String| td_string!(locale, value.before, days = days, value = then);
    let all = [
        seen(&value, &before, locale),
        early(&value, &before, locale),
        warned(&value, &before, locale),
        uplift(&value, locale),
    ];
    view! {
        <div class="grid-4" data-stretch="">
            {all.map(|figure| view! {
                <div class="stat">
                    <span class="stat-label">{figure.label}</span>
                    <span class="stat-value">{figure.value}</span>
                    <span class="stat-note">{figure.note}</span>
                    {figure.before.map(|before| view! { <span class="stat-note">{before}</span> })}
                </div>
            })}
        </div>
    }
}

fn seen(value: &Value, before: &dyn Fn(String) -> String, locale: Locale) -> Figure {
    let (now, then) = &value.pace;
    let (within, told) = (count(now.within_day), count(now.told));
    Figure {
        label: td_string!(locale, value.seen_label),
        value: span(now.middle_ms),
        note: td_string!(locale, value.seen_note, within = within, told = told),
        before: Some(before(span(then.middle_ms))),
    }
}

fn early(value: &Value, before: &dyn Fn(String) -> String, locale: Locale) -> Figure {
    let (now, then) = &value.warning;
    let share = |warning: &Warning| match warning.left {
        0 => td_string!(locale, value.none).to_owned(),
        left => format::percent((f64::from(warning.early) * 100.0 / f64::from(left)).round()),
    };
    let note = match now.left {
        0 => td_string!(locale, value.early_none).to_owned(),
        left => td_string!(locale, value.early_note, early = count(now.early), left = count(left)),
    };
    Figure { label: td_string!(locale, value.early_label), value: share(now), note, before: Some(before(share(then))) }
}

fn warned(value: &Value, before: &dyn Fn(String) -> String, locale: Locale) -> Figure {
    let (now, then) = &value.warning;
    let middle = |warning: &Warning| match warning.middle_days {
        Some(days) => td_string!(locale, value.warned_days, days = format::integer(days)),
        None => td_string!(locale, value.none).to_owned(),
    };
    Figure {
        label: td_string!(locale, value.warned_label),
        value: middle(now),
        note: td_string!(locale, value.warned_note, warned = count(now.warned), left = count(now.left)),
        before: Some(before(middle(then))),
    }
}

fn uplift(value: &Value, locale: Locale) -> Figure {
    let (text, note) = match value.uplift() {
        Some((points, low, high)) => (
            td_string!(locale, value.uplift_points, points = words::points(points)),
            td_string!(locale, value.uplift_note, low = words::points(low), high = words::points(high)),
        ),
        None => (td_string!(locale, value.none).to_owned(), td_string!(locale, value.uplift_few).to_owned()),
    };
    Figure { label: td_string!(locale, value.uplift_label), value: text, note, before: None }
}

/// Writes a number of cases.
pub(super) fn count(count: u32) -> String {
    format::integer(i64::from(count))
}
