//! The numbers of a report: a picture above the table, each number with the way to the rows behind it.

use domain::reports::{Answer, Measure, Order, Shape, Spec};
use leptos::prelude::*;

use super::address::Address;
use super::sheet::{BigNumber, Peeking, currency_note, drawings, foot, row};
use super::{Desk, chart, words};
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Picture;
use crate::ui::download::Download;
use crate::ui::icon::{Icon, Pic};

/// What the report says.
#[component]
pub(super) fn Outcome(answer: Answer, desk: Desk) -> impl IntoView {
    let locale = desk.language.get_untracked();
    let title = move || title(desk, desk.language.get());
    if answer.is_empty() {
        return view! { <Nothing desk/> }.into_any();
    }
    let (groups, peeking) = (words::groups(&answer, locale), desk.peeking);
    let drawn = drawings(&answer, chart::WIDE, locale);
    // What stands beside each other has one currency.
    let note = currency_note(&answer, locale).filter(|_| drawn.is_some());
    let taken = drawn.as_ref().map(|[wide, _]| wide.clone());
    let number = (answer.spec.shape == Shape::Number).then(|| answer.clone());
    view! {
        <section class="card" aria-labelledby="reports-result">
            <header class="card-head">
                <h2 class="card-title" id="reports-result">{title}</h2>
                <span class="card-sub" role="status">{groups}</span>
            </header>
            {number.map(|answer| view! { <div class="card-body"><BigNumber answer peeking locale/></div> })}
            {drawn.map(|[wide, narrow]| view! {
                <div class="card-body stack">
                    <div class="only-wide"><Picture layout=wide/></div>
                    <div class="only-narrow"><Picture layout=narrow/></div>
                    <div class="chart-foot">
                        {note.map(|note| view! { <p class="field-hint">{note}</p> })}
                        {taken.map(|layout| view! { <Download layout/> })}
                    </div>
                </div>
            })}
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="reports-result">
                    <Table answer desk peeking locale/>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Returns what strangers are told the report is: its name, or what it counts where it is no longer what is named so.
pub(super) fn plain_title(desk: Desk, locale: Locale) -> String {
    desk.address.with(|address| match known(desk, address, locale) {
        Some((name, spec)) if spec == address.spec => name,
        _ => words::line(&address.spec, locale),
    })
}

/// Returns the ready or saved report that an address begins with.
fn known(desk: Desk, address: &Address, locale: Locale) -> Option<(String, Spec)> {
    let ready =
        domain::reports::ready(&address.name).map(|spec| (words::ready(&address.name, locale).to_owned(), spec));
    ready.or_else(|| desk.report().map(|report| (report.name, report.spec)))
}

/// Returns what the report is called: as long as nothing was changed, by its name.
fn title(desk: Desk, locale: Locale) -> String {
    desk.address.with(|address| match known(desk, address, locale) {
        Some((name, spec)) if spec == address.spec => name,
        Some((name, _)) => td_string!(locale, reports.changed, name = name),
        None => td_string!(locale, reports.unsaved).to_owned(),
    })
}

#[component]
fn Table(answer: Answer, desk: Desk, peeking: Peeking, locale: Locale) -> impl IntoView {
    let spec = answer.spec.clone();
    let headings = spec.measures.iter().map(|measure| {
        let label = words::measure(*measure, spec.about, locale);
        view! { <Heading by=Some(*measure) label desk/> }
    });
    let headings = headings.collect_view();
    let first = words::dimension(spec.by, locale);
    view! {
        <table class="table">
            <thead><tr><Heading by=None label=first desk/>{headings}</tr></thead>
            <tbody>{answer.groups.iter().map(|group| row(&spec, group, peeking, locale)).collect_view()}</tbody>
            <tfoot>{foot(&answer, peeking, locale)}</tfoot>
        </table>
    }
}

#[component]
fn Heading(by: Option<Measure>, label: &'static str, desk: Desk) -> impl IntoView {
    let order = Memo::new(move |_| desk.address.with(|address| address.spec.order));
    let direction = move || match order.get() {
        order if order.by != by => "none",
        order if order.descending => "descending",
        _ => "ascending",
    };
    // Numbers begin with the greatest, names with the first.
    let href = move || {
        let order = order.get();
        let descending = if order.by == by { !order.descending } else { by.is_some() };
        desk.address.with(|address: &Address| address.with(|spec| spec.order = Order { by, descending }))
    };
    view! {
        <th scope="col" class=by.is_some().then_some("number") aria-sort=direction>
            <a class="reports-sort" href=href data-noscroll="">{label}</a>
        </th>
    }
}

#[component]
fn Nothing(desk: Desk) -> impl IntoView {
    let is_filtered = move || desk.address.with(|address| !address.spec.filter.is_empty());
    let all = move || desk.address.with(|address| address.with(|spec| spec.filter.clear()));
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Bars/>
                <p class="empty-title">{text!(reports.nothing)}</p>
                <Show when=is_filtered fallback=|| view! { <p class="empty-text">{text!(reports.nothing_at_all)}</p> }>
                    <p class="empty-text">{text!(reports.nothing_text)}</p>
                    <a class="button" href=all data-noscroll="">{text!(reports.nothing_action)}</a>
                </Show>
            </div>
        </section>
    }
}
