//! Which days are compared, and which accounts.

use std::sync::Arc;

use domain::identity::Role;
use domain::time::Timestamp;
use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::{Address, SPANS};
use crate::accounts::account_fields;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::paper::{Kind, Offer, PaperButton};
use crate::ui::filter_line::{FilterLine, FilterText, Said};
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::{boot, format};

/// Says that a day in the past is shown.
#[component]
pub(super) fn Past(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let day = Memo::new(move |_| address.with(|address| address.as_of));
    let words = move || {
        day.get()
            .map(|day| td_string!(language.get(), insights.time_as_of, date = format::date(day)))
            .unwrap_or_default()
    };
    let back = move || {
        address.with(|address| {
            address.with(|address| {
                address.as_of = None;
                address.from = None;
                address.which = None;
            })
        })
    };
    view! {
        <Show when=move || day.get().is_some()>
            <section class="card time-slider" data-past="" aria-label=text!(insights.time)>
                <p class="time-banner" role="status">
                    <Pic icon=Icon::Clock/><span class="strong">{words}</span>
                    <a class="button" data-size="small" href=back>{text!(insights.time_back)}</a>
                </p>
            </section>
        </Show>
    }
}

/// The days and the filter.
#[component]
pub(super) fn Controls(address: Memo<Address>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |href: String| {
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let yesterday = boot::now().day_start().plus_days(-1);
    let first = move || address.with(|address| address.first_day(boot::now())).iso_date();
    let shown = move || address.with(|address| address.as_of.map(Timestamp::iso_date).unwrap_or_default());
    let set_first = move |event: ev::Event| {
        if let Some(day) = read_day(&event) {
            go.run(address.with_untracked(|address| address.with(|address| address.from = Some(day))));
        }
    };
    let set_shown = move |event: ev::Event| {
        let day = read_day(&event).filter(|day| *day <= yesterday);
        let change = |address: &mut Address| {
            // A first day behind the new one would leave nothing to compare.
            address.from = address.from.filter(|from| day.is_none_or(|day| *from < day));
            address.as_of = day;
        };
        go.run(address.with_untracked(|address| address.with(change)));
    };
    view! {
        <OnPaper address/>
        <section class="card no-paper" aria-label=text!(insights.controls)>
            <div class="card-body insights-controls">
                <Spans address/>
                <label class="field">
                    <span class="field-label">{text!(insights.first_day)}</span>
                    <input class="input" type="date" id="insights-from" max=yesterday.iso_date()
                        prop:value=first on:change=set_first/>
                </label>
                <label class="field">
                    <span class="field-label">{text!(insights.as_of)}</span>
                    <input class="input" type="date" id="insights-as-of" max=yesterday.iso_date()
                        aria-describedby="insights-as-of-hint" prop:value=shown on:change=set_shown/>
                </label>
                <Chosen address go/>
                <p class="field-hint insights-hint" id="insights-as-of-hint">{text!(insights.as_of_hint)}</p>
            </div>
        </section>
    }
}

/// What the page says as a document, for those who may take it out.
#[component]
pub(super) fn Summary(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let label = Signal::derive(move || td_string!(language.get(), paper.summary_button).to_owned());
    let offer = move |()| {
        address.with_untracked(|address| {
            let day = |day: Option<Timestamp>| day.map(Timestamp::iso_date).unwrap_or_default();
            let from = Some(address.first_day(boot::now()));
            Offer {
                documents: vec![(Kind::Summary, "/api/v1/reports/summary.pdf".to_owned())],
                fixed: vec![("filter", address.filter.clone()), ("from", day(from)), ("to", day(address.as_of))],
                ..Offer::default()
            }
        })
    };
    boot::may(Role::Csm).then(|| view! { <PaperButton offer label/> })
}

/// What the controls say, for paper.
#[component]
fn OnPaper(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let said = move || {
        let (locale, now) = (language.get(), boot::now());
        address.with(|address| {
            let (from, to) = (format::date(address.first_day(now)), format::date(address.as_of.unwrap_or(now)));
            let all = td_string!(locale, insights.which_all);
            let filter = if address.filter.is_empty() { all } else { &address.filter };
            td_string!(locale, insights.on_paper, filter = filter.to_owned(), from = from, to = to)
        })
    };
    view! { <p class="only-paper">{said}</p> }
}

fn read_day(event: &ev::Event) -> Option<Timestamp> {
    event_target_value(event).parse().ok().map(Timestamp::from_date)
}

#[component]
fn Spans(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let span = move || address.with(Address::span);
    let href = move |days: u32| {
        address.with(|address| {
            address.with(|address| {
                address.from = None;
                address.days = Some(days);
            })
        })
    };
    view! {
        <div class="field">
            <span class="field-label" id="insights-span">{text!(insights.span)}</span>
            <nav class="button-group" aria-labelledby="insights-span">
                {SPANS.into_iter().map(|days| view! {
                    <a class="button" href=move || href(days) data-noscroll=""
                        aria-current=move || (span() == Some(days)).then_some("true")>
                        {move || td_string!(language.get(), insights.days, days = days)}
                    </a>
                }).collect_view()}
            </nav>
        </div>
    }
}

/// Which accounts, in the filter language.
#[component]
fn Chosen(address: Memo<Address>, go: Callback<String>) -> impl IntoView {
    let language = use_language();
    let shown = Memo::new(move |_| address.with(|address| address.filter.clone()));
    let fields = later(account_fields);
    let known = Signal::derive(move || fields.with(|fields| fields.as_ref()?.as_ref().ok().cloned().map(Arc::new)));
    let said = Callback::new(move |said: Said| {
        // Every account is looked at for an answer, so a pause is not enough to ask.
        if let Said::Entered(filter) = said {
            go.run(address.with_untracked(|address| address.with(|address| address.filter = filter)));
        }
    });
    let text = FilterText::new("insights-filter", known, shown, said);
    let apply = move |event: ev::SubmitEvent| {
        event.prevent_default();
        text.apply();
    };
    let placeholder = Signal::derive(move || td_string!(language.get(), insights.filter_placeholder).to_owned());
    view! {
        <form class="field insights-filter" role="search" on:submit=apply>
            <label class="field-label" for="insights-filter">{text!(insights.filter)}</label>
            <div class="row" data-gap="small">
                <FilterLine text placeholder/>
                <button class="button" type="submit"><Pic icon=Icon::Funnel/>{text!(insights.filter_apply)}</button>
            </div>
        </form>
    }
}
