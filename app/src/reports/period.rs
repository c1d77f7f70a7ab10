//! Which days a report looks at, and which metric of usage.

use domain::reports::{PERIOD_DAYS_MAX, Period, period_start};
use leptos::prelude::*;

use super::server_fns::list_metrics;
use super::{Desk, words};
use crate::boot;
use crate::i18n::td_string;
use crate::ui::later::later;

/// What the choice of two days is called in the form.
const BETWEEN: &str = "between";

/// The period: so many days up to today, or from one day to another.
#[component]
pub(super) fn Within(desk: Desk) -> impl IntoView {
    let within = Memo::new(move |_| desk.address.with(|address| address.spec.within));
    let about = Memo::new(move |_| desk.address.with(|address| address.spec.about));
    let set = move |within: Period| {
        desk.go.run(desk.address.with_untracked(|address| address.with(|spec| spec.within = within)));
    };
    let is_between = move || matches!(within.get(), Period::Between { .. });
    let choose = move |event| {
        let today = boot::now().day_start();
        match event_target_value(&event).as_str() {
            BETWEEN => set(Period::Between { from: today.plus_days(-89), to: today }),
            other => Period::read(other).into_iter().for_each(set),
        }
    };
    let options = move || {
        let mut offered = about.get().periods().to_vec();
        // An address may say any number of days.
        if !is_between() && !offered.contains(&within.get()) {
            offered.push(within.get());
        }
        let option = |period: Period| {
            view! {
                <option value=period.text() selected=within.get_untracked() == period prop:selected=move || within.get() == period>
                    {move || words::period(period, desk.language.get())}
                </option>
            }
        };
        offered.into_iter().map(option).collect_view()
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(reports.within)}</span>
            <select class="select" id="reports-within" on:change=choose>
                {options}
                <option value=BETWEEN selected=untrack(is_between) prop:selected=is_between>{text!(reports.within_between)}</option>
            </select>
        </label>
        <Show when=is_between><Between within desk/></Show>
    }
}

/// The first and the last day.
#[component]
fn Between(within: Memo<Period>, desk: Desk) -> impl IntoView {
    let days = move || match within.get() {
        Period::Between { from, to } => (from, to),
        _ => (boot::now(), boot::now()),
    };
    let set = move |is_first: bool, text: &str| {
        let Some(day) = period_start(text) else { return };
        let (from, to) = untrack(days);
        // The other day follows where the two would lie the wrong way round or too far apart.
        let most = PERIOD_DAYS_MAX - 1;
        let (from, to) = if is_first {
            (day, to.max(day).min(day.plus_days(most)))
        } else {
            (from.min(day).max(day.plus_days(-most)), day)
        };
        let within = Period::Between { from, to };
        desk.go.run(desk.address.with_untracked(|address| address.with(|spec| spec.within = within)));
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(reports.from)}</span>
            <input class="input" type="date" id="reports-from" prop:value=move || days().0.iso_date() value=untrack(days).0.iso_date()
                on:change=move |event| set(true, &event_target_value(&event))/>
        </label>
        <label class="field">
            <span class="field-label">{text!(reports.to)}</span>
            <input class="input" type="date" id="reports-to" prop:value=move || days().1.iso_date() value=untrack(days).1.iso_date()
                on:change=move |event| set(false, &event_target_value(&event))/>
        </label>
    }
}

/// The metric of usage, or all of them.
#[component]
pub(super) fn Metric(desk: Desk) -> impl IntoView {
    let metric = Memo::new(move |_| desk.address.with(|address| address.spec.metric.clone()));
    let known = later(list_metrics);
    let offered = Memo::new(move |_| {
        let mut offered = known.with(|known| known.as_ref()?.as_ref().ok().cloned()).unwrap_or_default();
        // The one of the address, also before the others are known.
        offered.extend(metric.get().filter(|metric| !offered.contains(metric)));
        offered
    });
    let choose = move |event| {
        let chosen = Some(event_target_value(&event)).filter(|metric| !metric.is_empty());
        desk.go.run(desk.address.with_untracked(|address| address.with(|spec| spec.metric = chosen)));
    };
    let option = move |name: String| {
        let value = name.clone();
        let is_chosen = move || metric.with(|metric| metric.as_ref() == Some(&value));
        view! { <option value=name.clone() selected=metric.get_untracked().as_ref() == Some(&name) prop:selected=is_chosen>{name.clone()}</option> }
    };
    view! {
        <label class="field">
            <span class="field-label">{text!(reports.metric)}</span>
            <select class="select" id="reports-metric" on:change=choose>
                <option value="" prop:selected=move || metric.with(Option::is_none)>
                    {move || td_string!(desk.language.get(), reports.metric_all)}
                </option>
                {move || offered.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}
