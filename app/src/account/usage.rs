//! How the product is used.

use domain::chart::{Reading, Scale};
use domain::fields::Subject;
use leptos::prelude::*;

use super::desk::{Desk, known, query, use_desk};
use super::overview::tab_href_with;
use super::panels::Metric;
use super::parts::{Nothing, Panel, TimeLine, chart_size, time_line};
use super::{server_fns, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;
use crate::ui::icon::Icon;

/// Loads the most telling metrics of the last days.
pub(super) fn resource(desk: Desk, days: Signal<u32>) -> Resource<Result<Vec<Metric>>> {
    let version = desk.watch(&[Subject::Usage]);
    Resource::new(
        move || (desk.id.get(), days.get(), desk.as_of.get(), version.get()),
        |(id, days, at, _)| async move { server_fns::account_usage(known(id)?, days, at).await },
    )
}

/// How the product is used.
#[component]
pub(super) fn Usage() -> impl IntoView {
    let desk = use_desk();
    let span = query("days");
    let days = Signal::derive(move || if span.read().as_str() == "365" { 365 } else { 90 });
    let metrics = resource(desk, days);
    let choice = move |count: u32, pick: fn(Locale) -> String| {
        view! {
            <a class="button" data-size="small" data-noscroll="" href=move || tab_href_with(desk, "usage", &format!("days={count}"))
                aria-current=move || (days.get() == count).then_some("true")>{move || pick(desk.language.get())}</a>
        }
    };
    view! {
        <div class="stack">
            <div class="row">
                <div class="button-group">
                    {choice(90, |locale| td_string!(locale, account.days, count = 90))}
                    {choice(365, |locale| td_string!(locale, account.twelve_months).to_owned())}
                </div>
            </div>
            <Panel resource=metrics lines=10 let(metrics, locale)>
                {if metrics.is_empty() {
                    let (title, text) = (td_string!(locale, account.usage_empty), td_string!(locale, account.usage_empty_text));
                    view! {
                        <section class="card"><div class="card-body">
                            <Nothing icon=Icon::Bars title text action=("/import", td_string!(locale, account.import))/>
                        </div></section>
                    }.into_any()
                } else {
                    let weekly = days.get_untracked() > 120;
                    metrics.into_iter().map(|metric| view! { <MetricCard metric weekly locale/> })
                        .collect_view().into_any()
                }}
            </Panel>
        </div>
    }
}

#[component]
fn MetricCard(metric: Metric, weekly: bool, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let Metric { name, readings, recent, before } = metric;
    let name = words::spoken(&name);
    let change = (before > 0.0).then(|| (recent / before - 1.0) * 100.0);
    let delta = change.map(|change| {
        let direction = if change >= 0.05 {
            "up"
        } else if change <= -0.05 {
            "down"
        } else {
            "flat"
        };
        let text = td_string!(locale, account.against_before, share = format::percent(change.abs()));
        view! { <span class="trend" data-direction=direction>{text}</span> }
    });
    let title = if weekly { td_string!(locale, account.per_week, name = name.clone()) } else { name.clone() };
    let readings: Vec<Reading> = readings.into_iter().map(|(at, value)| Reading { at, value }).collect();
    let chart = move || {
        let line = TimeLine {
            title: &title,
            readings: readings.clone(),
            more: Vec::new(),
            bands: Vec::new(),
            scale: Scale::Automatic,
            size: chart_size(desk.narrow.get()),
        };
        view! { <Chart layout=time_line(line, locale)/> }
    };
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{name}</h2>
                <div class="row">
                    <span class="strong figure">{td_string!(locale, account.sum_28, sum = format::number(recent))}</span>
                    {delta}
                </div>
            </header>
            <div class="card-body">{chart}</div>
        </section>
    }
}
