//! How far risks got, and what alerts came to by month and by rule.

use std::collections::BTreeMap;

use domain::alerts::Rule;
use domain::chart::{self, HeatCell, HeatMap, Layout, Share, Size, StackedBar, StackedChart, TimeStep, Tone, Words};
use domain::id::RuleId;
use domain::time::Timestamp;
use domain::value::{Ending, Funnel as Steps};
use leptos::prelude::*;

use super::figures::count;
use super::words;
use crate::alerts::words::rule_name;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;

/// How large a picture is on a screen, and on a phone, where letters must not shrink with it.
const WIDE: Size = Size { width: 520.0, height: 220.0 };
const NARROW: Size = Size { width: 320.0, height: 220.0 };
/// Most rules that are shown.
const RULES: usize = 10;
/// The height of a row of the map, and of its head.
const ROW: f64 = 30.0;
const HEAD: f64 = 24.0;

/// Draws a chart once for screens and once for phones.
pub(super) fn both(wide: Layout, narrow: Layout) -> impl IntoView {
    view! {
        <div class="only-wide"><Chart layout=wide/></div>
        <div class="only-narrow"><Chart layout=narrow/></div>
    }
}

/// What all charts of the page say alike.
pub(super) fn said<'a>(
    title: &'a str,
    empty: &'a str,
    headings: &[&str],
    value: &'a dyn Fn(f64) -> String,
    describe: &'a dyn Fn(&[chart::Summary]) -> String,
) -> Words<'a> {
    let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
    Words { title, empty, missing: "–", headings, value, describe }
}

/// From risk to result.
#[component]
pub(super) fn Funnel(funnel: Steps, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, value.funnel);
    let step = |label: &str, count: u32, tone| Share { label: label.to_owned(), value: f64::from(count), tone };
    let steps = vec![
        step(td_string!(locale, value.told), funnel.told, Tone::Series1),
        step(td_string!(locale, value.seen), funnel.seen, Tone::Series2),
        step(td_string!(locale, value.acted), funnel.acted, Tone::Series3),
        step(td_string!(locale, value.helped), funnel.helped, Tone::BandHealthy),
    ];
    let (told, acted, helped) = (count(funnel.told), count(funnel.acted), count(funnel.helped));
    let text = td_string!(locale, value.funnel_text, told = told, acted = acted, helped = helped);
    let headings = [td_string!(locale, value.step), td_string!(locale, value.risks), td_string!(locale, value.share)];
    let layout = |size| {
        chart::funnel(&chart::Funnel {
            size,
            steps: steps.clone(),
            words: said(title, td_string!(locale, value.no_risks), &headings, &format::number, &|_| text.clone()),
            share: &|share| format::percent((share * 100.0).round()),
        })
    };
    view! {
        <section class="card" aria-labelledby="value-funnel">
            <header class="card-head">
                <h2 class="card-title" id="value-funnel">{title}</h2>
                <span class="card-sub">{td_string!(locale, value.funnel_sub)}</span>
            </header>
            <div class="card-body">{shown(layout, funnel.told > 0, td_string!(locale, value.no_risks))}</div>
        </section>
    }
}

/// Shows a chart, or why there is none.
pub(super) fn shown(layout: impl Fn(Size) -> Layout, is_there: bool, empty: &'static str) -> AnyView {
    if is_there {
        both(layout(WIDE), layout(NARROW)).into_any()
    } else {
        view! { <p class="muted">{empty}</p> }.into_any()
    }
}

/// What alerts came to, month by month.
#[component]
pub(super) fn Months(months: Vec<(Timestamp, BTreeMap<Ending, u32>)>, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, value.months);
    let bar = |(month, counts): &(Timestamp, BTreeMap<Ending, u32>)| StackedBar {
        label: format::tick(*month, TimeStep::Month),
        values: values(counts),
    };
    let bars: Vec<StackedBar> = months.iter().map(bar).collect();
    let sum = |ending: Option<Ending>| {
        let of_month = |counts: &BTreeMap<Ending, u32>| match ending {
            Some(ending) => counts.get(&ending).copied().unwrap_or_default(),
            None => counts.values().sum(),
        };
        months.iter().map(|(_, counts)| of_month(counts)).sum::<u32>()
    };
    let (total, helped) = (sum(None), sum(Some(Ending::Helped)));
    let text = td_string!(locale, value.months_text, total = count(total), helped = count(helped));
    let parts: Vec<(String, Tone)> =
        Ending::ALL.map(|ending| (words::ending(ending, locale).to_owned(), words::tone(ending))).to_vec();
    let empty = td_string!(locale, value.no_closed);
    let layout = |size| {
        chart::stacked(&StackedChart {
            size,
            parts: parts.clone(),
            bars: bars.clone(),
            in_order: true,
            words: said(title, empty, &[td_string!(locale, value.month)], &format::number, &|_| text.clone()),
        })
    };
    view! {
        <section class="card" aria-labelledby="value-months">
            <header class="card-head">
                <h2 class="card-title" id="value-months">{title}</h2>
                <span class="card-sub">{td_string!(locale, value.months_sub)}</span>
            </header>
            <div class="card-body stack" data-gap="small">
                {(total > 0).then(|| legend(locale))}
                {shown(layout, total > 0, empty)}
            </div>
        </section>
    }
}

fn legend(locale: Locale) -> impl IntoView {
    let item = |ending: Ending| {
        view! {
            <li class="legend-item">
                <span class="legend-key" data-tone=words::tone(ending).key()></span><span>{words::ending(ending, locale)}</span>
            </li>
        }
    };
    view! { <ul class="legend" data-inline="">{Ending::ALL.map(item)}</ul> }
}

fn values(counts: &BTreeMap<Ending, u32>) -> Vec<f64> {
    Ending::ALL.map(|ending| f64::from(counts.get(&ending).copied().unwrap_or_default())).to_vec()
}

/// What alerts came to, rule by rule.
#[component]
pub(super) fn Rules(counts: Vec<(RuleId, BTreeMap<Ending, u32>)>, rules: Vec<Rule>, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, value.rules);
    let name = |id: &RuleId| match rules.iter().find(|rule| rule.id == *id) {
        Some(rule) => rule_name(rule, locale),
        None => td_string!(locale, value.rule_gone).to_owned(),
    };
    let cells = |counts: &BTreeMap<Ending, u32>| {
        let cell = |(ending, value)| HeatCell { value, tone: words::tone(ending) };
        Ending::ALL.into_iter().zip(values(counts)).map(cell).collect::<Vec<_>>()
    };
    let rows: Vec<(String, Vec<HeatCell>)> =
        counts.iter().take(RULES).map(|(id, counts)| (name(id), cells(counts))).collect();
    let columns = Ending::ALL.map(|ending| words::ending(ending, locale).to_owned()).to_vec();
    let text = td_string!(locale, value.rules_text, rules = format::integer(rows.len() as i64));
    let empty = td_string!(locale, value.no_closed);
    let has_rows = !rows.is_empty();
    let height = HEAD + ROW * rows.len() as f64;
    let layout = |size: Size| {
        chart::heat_map(&HeatMap {
            size: Size { width: if size == WIDE { 1.5 * WIDE.width } else { size.width }, height },
            columns: columns.clone(),
            rows: rows.clone(),
            words: said(title, empty, &[td_string!(locale, value.rule)], &format::number, &|_| text.clone()),
        })
    };
    view! {
        <section class="card" aria-labelledby="value-rules">
            <header class="card-head">
                <h2 class="card-title" id="value-rules">{title}</h2>
                <span class="card-sub">{td_string!(locale, value.rules_sub)}</span>
            </header>
            <div class="card-body">{shown(layout, has_rows, empty)}</div>
        </section>
    }
}
