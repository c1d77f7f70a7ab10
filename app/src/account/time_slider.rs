//! The time slider: the account on any day of its life, and two days side by side.

use domain::health::Band;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::desk::{Desk, known, use_desk};
use super::history::{Names, catalogue, printed};
use super::panels::{Comparison, Life};
use super::parts::{Panel, Steps};
use super::{server_fns, words};
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_word;
use crate::ui::icon::{Icon, Pic};
use crate::{boot, format, shell};

/// The bar above the tabs, once it was asked for or the address names a day.
#[component]
pub(super) fn TimeSlider() -> impl IntoView {
    let desk = use_desk();
    let shown = Memo::new(move |_| desk.travelling.get() || desk.in_past.get());
    let compared = Memo::new(move |_| desk.compare.get().is_some());
    view! {
        <Show when=move || shown.get() fallback=move || view! { <Opener/> }><Bar/></Show>
        <Show when=move || compared.get()><Compare/></Show>
    }
}

#[component]
fn Opener() -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="time-opener">
            <button class="button" data-look="quiet" data-size="small" type="button" aria-keyshortcuts="t"
                on:click=move |_| desk.travel()>
                <Pic icon=Icon::Clock/>{move || td_string!(desk.language.get(), account.time_open)}
            </button>
        </div>
    }
}

#[component]
fn Bar() -> impl IntoView {
    let desk = use_desk();
    let life = Resource::new(move || desk.id.get(), |id| async move { server_fns::account_life(known(id)?).await });
    view! {
        <section class="card time-slider" data-past=move || desk.in_past.get().then_some("")
            aria-label=move || td_string!(desk.language.get(), account.time_title)>
            <p class="time-banner" role="status">
                <Pic icon=Icon::Clock/>
                <span class="strong">{move || banner(desk)}</span>
                <Show when=move || desk.in_past.get()>
                    <a class="button" data-size="small" rel="external" href=move || now_href(desk)>
                        {move || td_string!(desk.language.get(), account.time_back)}
                    </a>
                </Show>
                <Show when=move || !desk.in_past.get()>
                    <button class="button" data-size="small" type="button" on:click=move |_| desk.travel()>
                        {move || td_string!(desk.language.get(), common.close)}
                    </button>
                </Show>
            </p>
            <Panel resource=life lines=2 let(life, locale)><Controls life locale/></Panel>
        </section>
    }
}

fn banner(desk: Desk) -> String {
    let locale = desk.language.get();
    match desk.as_of.get() {
        Some(at) => td_string!(locale, account.time_as_of, date = format::date(at)),
        None => td_string!(locale, account.time_now).to_owned(),
    }
}

/// Returns the address of the tab without a day.
fn now_href(desk: Desk) -> String {
    let tab = desk.tab.get();
    desk.id.get().map(|id| format!("/accounts/{id}/{tab}")).unwrap_or_default()
}

/// Returns the address of the tab on some days; today is no day in the past.
fn href(desk: Desk, as_of: Option<Timestamp>, compare: Option<Timestamp>) -> String {
    let as_of = as_of.filter(|day| *day < boot::now().day_start()).map(|day| format!("as_of={}", day.iso_date()));
    let compare = compare.map(|day| format!("compare={}", day.iso_date()));
    let parts: Vec<String> = as_of.into_iter().chain(compare).collect();
    let mark = if parts.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", now_href(desk), parts.join("&"))
}

#[component]
fn Controls(life: Life, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let today = boot::now().day_start();
    let begin = life.begins.day_start();
    let days = today.days_since(begin).max(1);
    let shown = move || desk.as_of.get().map_or(today, Timestamp::day_start);
    let place = move || shown().days_since(begin).clamp(0, days);
    // While the slider is dragged the day beside it follows; the page follows when it is let go.
    let dragged = RwSignal::new(None::<i64>);
    let spoken = move || format::date(begin.plus_days(dragged.get().unwrap_or_else(place)));
    // Another day is another page: nothing of the day before may linger on it.
    let go = move |as_of: Option<Timestamp>, compare: Option<Timestamp>| {
        shell::go(&untrack(|| href(desk, as_of, compare)));
    };
    let to_day = move |event: leptos::ev::Event| {
        if let Some(day) = words::day(&event_target_value(&event)) {
            go(Some(day.max(begin)), desk.compare.get_untracked());
        }
    };
    let to_place = move |event: leptos::ev::Event| {
        dragged.set(None);
        if let Ok(place) = event_target_value(&event).parse::<i64>() {
            go(Some(begin.plus_days(place)), desk.compare.get_untracked());
        }
    };
    let to_compare = move |event: leptos::ev::Event| {
        let day = words::day(&event_target_value(&event)).filter(|day| *day <= today);
        go(desk.as_of.get_untracked(), day);
    };
    let compared = move || desk.compare.get().map(Timestamp::iso_date).unwrap_or_default();
    view! {
        <div class="time-controls">
            <label class="field">
                <span class="field-label">{td_string!(locale, account.time_day)}</span>
                <input class="input" type="date" id="as-of" min=begin.iso_date() max=today.iso_date()
                    prop:value=move || shown().iso_date() on:change=to_day/>
            </label>
            <div class="time-line">
                <input class="time-range" type="range" min="0" max=days.to_string() step="1"
                    aria-label=td_string!(locale, account.time_slider) aria-valuetext=spoken
                    prop:value=move || place().to_string() on:change=to_place
                    on:input=move |event| dragged.set(event_target_value(&event).parse().ok())/>
                <Turns turns=life.turns begin days locale/>
                <p class="time-ends" aria-hidden="true">
                    <span>{format::date(begin)}</span><span class="strong">{spoken}</span>
                    <span>{td_string!(locale, account.now)}</span>
                </p>
            </div>
            <label class="field">
                <span class="field-label">{td_string!(locale, account.time_compare)}</span>
                <input class="input" type="date" min=begin.iso_date() max=today.iso_date()
                    prop:value=compared on:change=to_compare/>
            </label>
        </div>
    }
}

/// A mark where the score came into another band, and the same as a list that is read out.
#[component]
fn Turns(turns: Vec<(Timestamp, Band)>, begin: Timestamp, days: i64, locale: Locale) -> impl IntoView {
    let place = move |at: Timestamp| at.day_start().days_since(begin) as f64 * 1_000.0 / days as f64;
    let said = |(at, band): &(Timestamp, Band)| {
        td_string!(locale, account.time_turn, date = format::date(*at), band = band_word(Some(*band), locale))
    };
    let list: Vec<String> = turns.iter().map(said).collect();
    view! {
        <svg class="time-turns" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            {turns.iter().filter(|(at, _)| *at >= begin).map(|(at, band)| view! {
                <rect class="chart-bar" data-tone=tone(*band) x=place(*at) y="0" width="4" height="10">
                    <title>{said(&(*at, *band))}</title>
                </rect>
            }).collect_view()}
        </svg>
        <ul class="visually-hidden">{list.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
    }
}

fn tone(band: Band) -> &'static str {
    use domain::chart::Tone;
    match band {
        Band::Healthy => Tone::BandHealthy.key(),
        Band::Watch => Tone::BandWatch.key(),
        Band::AtRisk => Tone::BandAtRisk.key(),
        Band::Critical => Tone::BandCritical.key(),
    }
}

/// What differs between the day that is shown and another one.
#[component]
fn Compare() -> impl IntoView {
    let desk = use_desk();
    let days = move || {
        let shown = desk.as_of.get().unwrap_or_else(boot::now);
        desk.compare.get().map(|other| (shown, other))
    };
    let comparison = Resource::new(
        move || (desk.id.get(), days()),
        |(id, days)| async move {
            match days {
                Some((shown, other)) => server_fns::account_comparison(known(id)?, shown, other).await,
                None => Ok(None),
            }
        },
    );
    let leave = move || href(desk, desk.as_of.get(), None);
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || td_string!(desk.language.get(), account.compare_title)}</h2>
                <a class="button" data-size="small" rel="external" href=leave>
                    {move || td_string!(desk.language.get(), common.close)}
                </a>
            </header>
            <div class="card-body">
                <Panel resource=comparison lines=6 let(comparison, locale)>
                    {match comparison {
                        Some(comparison) => view! { <Differences comparison locale/> }.into_any(),
                        None => view! { <p class="muted">{td_string!(locale, account.compare_missing)}</p> }.into_any(),
                    }}
                </Panel>
            </div>
        </section>
    }
}

#[component]
fn Differences(comparison: Comparison, locale: Locale) -> impl IntoView {
    let Comparison { from, to, fields, score, custom, currency } = comparison;
    let names = Names { catalogue: catalogue(custom), currency };
    let (from, to) = (format::date(from), format::date(to));
    let label = td_string!(locale, account.changed_since);
    let score = match score {
        None => view! { <p class="muted">{td_string!(locale, account.no_score_then)}</p> }.into_any(),
        Some((steps, summary)) => {
            let span = td_string!(locale, account.compare_span, from = from.clone(), to = to.clone());
            let nothing = td_string!(locale, account.nothing_changed, date = from.clone());
            let sentence = words::why(&summary, &span, locale).unwrap_or(nothing);
            let (start, end) = (summary.from.unwrap_or_default(), summary.to.unwrap_or_default());
            let (first, last) = (from.clone(), to.clone());
            view! {
                <p class="why">{sentence}</p>
                {(!steps.is_empty()).then(|| view! {
                    <Steps start=Some((first, start)) steps end=(last, end) locale label=label.to_owned()/>
                })}
            }
            .into_any()
        }
    };
    let rows = fields.iter().map(|change| {
        let fallback = names.catalogue.get(&change.key).map(|field| field.label.clone()).unwrap_or_default();
        let (before, after) = printed(change, &names, locale);
        let name = words::field_label(&change.key, &fallback, locale);
        view! { <tr><th scope="row">{name}</th><td>{before}</td><td>{after}</td></tr> }
    });
    let table = if fields.is_empty() {
        view! { <p class="muted">{td_string!(locale, account.compare_same)}</p> }.into_any()
    } else {
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label=td_string!(locale, account.compare_title)>
                <table class="table">
                    <thead><tr>
                        <th scope="col">{td_string!(locale, account.compare_field)}</th>
                        <th scope="col">{from.clone()}</th>
                        <th scope="col">{to.clone()}</th>
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! { <div class="stack">{score}{table}</div> }
}

/// Says that the account did not exist on the day of the address.
#[component]
pub(super) fn NotYet(
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="empty">
            <Pic icon=Icon::Clock/>
            <p class="empty-title">{td_string!(locale, account.time_not_yet)}</p>
            <p class="empty-text">{td_string!(locale, account.time_not_yet_text)}</p>
            <a class="button" rel="external" href=move || now_href(desk)>{td_string!(locale, account.time_back)}</a>
        </div>
    }
}
