//! Where the bands begin, and how far beyond a boundary a score must be before an account changes its band.

use domain::health::{Band, Bands};
use leptos::ev;
use leptos::prelude::*;

use super::bench::use_bench;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::BandBadge;

type Boundary = (&'static str, fn(&Bands) -> f64, fn(&mut Bands, f64), fn(Locale) -> &'static str);

const BOUNDARIES: [Boundary; 3] = [
    ("healthy", |b| b.healthy_from, |b, v| b.healthy_from = v, |l| td_string!(l, scorecards.healthy_from)),
    ("watch", |b| b.watch_from, |b, v| b.watch_from = v, |l| td_string!(l, scorecards.watch_from)),
    ("at_risk", |b| b.at_risk_from, |b, v| b.at_risk_from = v, |l| td_string!(l, scorecards.at_risk_from)),
];

/// The bands.
#[component]
pub(super) fn BandsPart() -> impl IntoView {
    let bench = use_bench();
    let bands = Memo::new(move |_| bench.card.with(|card| card.bands));
    let ranges = move || {
        let Bands { healthy_from, watch_from, at_risk_from, .. } = bands.get();
        let edges = [100.0, healthy_from, watch_from, at_risk_from, 0.0];
        Band::ALL
            .into_iter()
            .zip(edges.windows(2).map(|pair| (pair[1], pair[0])).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    view! {
        <section class="card" aria-labelledby="card-bands">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="card-bands">{text!(scorecards.bands)}</h2>
                    <p class="card-sub">{text!(scorecards.bands_text)}</p>
                </div>
            </header>
            <div class="card-body stack">
                <svg class="distribution-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" direction="ltr">
                    {move || ranges().into_iter().map(|(band, (from, to))| view! {
                        <rect class="chart-bar" data-tone=format!("band-{}", band.key()) x=from y="0" width=(to - from).max(0.0) height="4"/>
                    }).collect_view()}
                </svg>
                <dl class="facts">{move || ranges().into_iter().map(|(band, (from, to))| view! {
                    <div><dt><BandBadge band=Some(band)/></dt><dd class="figure">{format!("{} – {}", format::number(from), format::number(to))}</dd></div>
                }).collect_view()}</dl>
                <div class="form-row">
                    {BOUNDARIES.into_iter().map(|(name, get, set, label)| view! {
                        <NumberField id=format!("band-{name}") label most="100" value=Signal::derive(move || get(&bands.get()))
                            change=Callback::new(move |value| bench.edit(&format!("bands/{name}"), |card| set(&mut card.bands, value)))/>
                    }).collect_view()}
                    <NumberField id="hysteresis".to_owned() label=|locale| td_string!(locale, scorecards.hysteresis) most="20"
                        value=Signal::derive(move || bands.get().hysteresis)
                        change=Callback::new(move |value| bench.edit("bands/hysteresis", |card| card.bands.hysteresis = value))/>
                </div>
                <p class="field-hint">{text!(scorecards.hysteresis_text)}</p>
            </div>
        </section>
    }
}

/// A number of points.
#[component]
fn NumberField(
    id: String,
    label: fn(Locale) -> &'static str,
    most: &'static str,
    value: Signal<f64>,
    change: Callback<f64>,
) -> impl IntoView {
    let bench = use_bench();
    let typed = move |event: ev::Event| {
        if let Ok(value) = event_target_value(&event).parse::<f64>() {
            change.run(value);
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{move || label(bench.language.get())}</label>
            <input class="input" id=id type="number" min="0" max=most step="0.5" disabled=!bench.may_edit
                value=move || value.get().to_string() prop:value=move || value.get().to_string() on:change=typed/>
        </div>
    }
}
