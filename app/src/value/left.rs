//! Customers who left: how much of it was known early, and each of them.

use domain::chart::{self, Gauge, Scale, Scatter, Size, Spot, Tone};
use domain::money::{Currency, Money};
use domain::value::{Departure, EARLY_DAYS, Value};
use leptos::prelude::*;

use super::charts::{both, said};
use super::figures::count;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;

/// How large both pictures are, and the second one on a phone.
const RING: Size = Size { width: 260.0, height: 160.0 };
const WIDE: Size = Size { width: 700.0, height: 240.0 };
const NARROW: Size = Size { width: 320.0, height: 240.0 };

/// Who stopped paying, and whether it was known.
#[component]
pub(super) fn Left(value: Value, locale: Locale) -> impl IntoView {
    let left = value.warning.0.left;
    let empty = value.departures.is_empty();
    let more = (left as usize > value.departures.len()).then(|| {
        let shown = format::integer(value.departures.len() as i64);
        td_string!(locale, value.left_more, shown = shown, total = count(left))
    });
    let rows = value.departures.clone();
    view! {
        <section class="card" aria-labelledby="value-left">
            <header class="card-head">
                <h2 class="card-title" id="value-left">{td_string!(locale, value.left)}</h2>
                <span class="card-sub">{td_string!(locale, value.left_sub)}</span>
            </header>
            {empty.then(|| view! { <div class="card-body"><p class="muted">{td_string!(locale, value.no_left)}</p></div> })}
            {(!empty).then(|| view! {
                <div class="card-body value-left"><Known value=value.clone() locale/><Spots value locale/></div>
                <div class="card-body" data-flush><List rows locale/></div>
            })}
            {more.map(|more| view! { <div class="card-body"><p class="muted">{more}</p></div> })}
        </section>
    }
}

/// Returns the currency in which those who left paid most.
fn currency(value: &Value) -> Currency {
    let most = value.warning.0.annual.iter().max_by(|a, b| a.major().total_cmp(&b.major()));
    most.map_or(Currency::USD, |money| money.currency)
}

/// How much of the revenue that left was known of early.
#[component]
fn Known(value: Value, locale: Locale) -> impl IntoView {
    let (warning, currency) = (&value.warning.0, currency(&value));
    let sum =
        |amounts: &[Money]| amounts.iter().find(|money| money.currency == currency).map_or(0.0, |money| money.major());
    let all = sum(&warning.annual);
    let share = if all > 0.0 { sum(&warning.early_annual) * 100.0 / all } else { f64::NAN };
    let title = td_string!(locale, value.gauge);
    let text = td_string!(locale, value.gauge_text, share = format::percent(share.round()));
    let headings = [td_string!(locale, value.measure), td_string!(locale, value.value)];
    let layout = chart::gauge(&Gauge {
        size: RING,
        ends: (0.0, 100.0),
        value: share,
        tone: Tone::Series1,
        label: td_string!(locale, value.gauge_known).to_owned(),
        ranges: Vec::new(),
        words: said(
            title,
            td_string!(locale, value.no_left),
            &headings,
            &|share| format::percent(share.round()),
            &|_| text.clone(),
        ),
    });
    view! {
        <div class="stack" data-gap="small">
            <h3 class="value-name">{title}</h3>
            <Chart layout/>
        </div>
    }
}

/// Days of warning and revenue of each.
#[component]
fn Spots(value: Value, locale: Locale) -> impl IntoView {
    let currency = currency(&value);
    let spots: Vec<Spot> = value
        .departures
        .iter()
        .filter(|departure| departure.annual.currency == currency)
        .map(|departure| Spot {
            label: name(departure, locale),
            x: departure.days.unwrap_or_default() as f64,
            y: departure.annual.major(),
            tone: tone(departure),
        })
        .collect();
    let (title, axes) =
        (td_string!(locale, value.spots), (td_string!(locale, value.days_of_warning), td_string!(locale, value.arr)));
    let legend = [
        (td_string!(locale, value.early), Tone::BandHealthy),
        (td_string!(locale, value.late), Tone::BandWatch),
        (td_string!(locale, value.unknown), Tone::BandCritical),
    ];
    let headings = [td_string!(locale, value.account), axes.0, axes.1];
    let money = |value: f64| format::money_short(Money::of(value, currency));
    let layout = |size| {
        chart::scatter(&Scatter {
            size,
            spots: spots.clone(),
            axes: (axes.0.to_owned(), axes.1.to_owned()),
            scales: (Scale::Automatic, Scale::Automatic),
            across: &format::number,
            legend: legend.iter().map(|(name, tone)| ((*name).to_owned(), *tone)).collect(),
            words: said(title, td_string!(locale, value.no_left), &headings, &money, &|_| {
                td_string!(locale, value.spots_text).to_owned()
            }),
        })
    };
    view! {
        <div class="stack" data-gap="small">
            <h3 class="value-name">{title}</h3>
            <ul class="legend" data-inline="">
                {legend.map(|(name, tone)| view! {
                    <li class="legend-item"><span class="legend-key" data-tone=tone.key()></span><span>{name}</span></li>
                })}
            </ul>
            {both(layout(WIDE), layout(NARROW))}
        </div>
    }
}

fn name(departure: &Departure, locale: Locale) -> String {
    match departure.name.as_str() {
        "" => td_string!(locale, value.deleted).to_owned(),
        name => name.to_owned(),
    }
}

fn tone(departure: &Departure) -> Tone {
    match departure.days {
        Some(days) if days >= EARLY_DAYS => Tone::BandHealthy,
        Some(_) => Tone::BandWatch,
        None => Tone::BandCritical,
    }
}

/// Each of them, the latest first.
#[component]
fn List(rows: Vec<Departure>, locale: Locale) -> impl IntoView {
    let row = |departure: Departure| {
        let name = name(&departure, locale);
        let warning = match departure.days {
            Some(days) => td_string!(locale, value.warned_days, days = format::integer(days)),
            None => td_string!(locale, value.unknown).to_owned(),
        };
        let link = match departure.name.is_empty() {
            true => view! { <span class="muted">{name}</span> }.into_any(),
            false => view! { <a href=format!("/accounts/{}/alerts", departure.account)>{name}</a> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{link}</th>
                <td>{format::date(departure.day)}</td>
                <td class="number">{format::money_short(departure.annual)}</td>
                <td class="number">
                    <span class="legend-key value-key" data-tone=tone(&departure).key()></span>{warning}
                </td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="value-left">
            <table class="table">
                <thead><tr>
                    <th scope="col">{td_string!(locale, value.account)}</th>
                    <th scope="col">{td_string!(locale, value.left_on)}</th>
                    <th scope="col" class="number">{td_string!(locale, value.arr)}</th>
                    <th scope="col" class="number">{td_string!(locale, value.warning)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
