//! The numbers of a report: bars above the table, each number with the way to the rows behind it.

use domain::reports::{Answer, Group, Measure, Numbers, Order, Shape, Spec};
use leptos::prelude::*;

use super::address::{self, Address};
use super::{Desk, chart, words};
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Drawing;
use crate::ui::icon::{Icon, Pic};

/// What the report says.
#[component]
pub(super) fn Outcome(answer: Answer, desk: Desk) -> impl IntoView {
    let locale = desk.language.get_untracked();
    let title = move || title(desk, desk.language.get());
    if answer.whole.count == 0 {
        return view! { <Nothing desk/> }.into_any();
    }
    let (line, groups) = (words::line(&answer.spec, locale), words::groups(&answer, locale));
    let bars = (answer.spec.shape == Shape::Bars)
        .then(|| [chart::WIDE, chart::NARROW].map(|size| chart::layout(&answer, size, &line, locale)));
    // Bars of several currencies cannot stand beside each other.
    let measures_money = answer.spec.measures.first() == Some(&Measure::Arr) && answer.whole.arr.len() > 1;
    let currency = answer.currency().filter(|_| measures_money && bars.is_some());
    let note = currency.map(|currency| td_string!(locale, reports.bars_currency, currency = currency.to_string()));
    view! {
        <section class="card" aria-labelledby="reports-result">
            <header class="card-head">
                <h2 class="card-title" id="reports-result">{title}</h2>
                <span class="card-sub" role="status">{groups}</span>
            </header>
            {bars.map(|[wide, narrow]| view! {
                <div class="card-body stack">
                    <div class="only-wide"><Drawing layout=wide class="chart"/></div>
                    <div class="only-narrow"><Drawing layout=narrow class="chart"/></div>
                    {note.map(|note| view! { <p class="field-hint">{note}</p> })}
                </div>
            })}
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="reports-result">
                    <Table answer desk locale/>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Returns what the report is called: as long as nothing was changed, by its name.
fn title(desk: Desk, locale: Locale) -> String {
    desk.address.with(|address| {
        let ready =
            domain::reports::ready(&address.name).map(|spec| (words::ready(&address.name, locale).to_owned(), spec));
        let known = ready.or_else(|| desk.report().map(|report| (report.name, report.spec)));
        match known {
            Some((name, spec)) if spec == address.spec => name,
            Some((name, _)) => td_string!(locale, reports.changed, name = name),
            None => td_string!(locale, reports.unsaved).to_owned(),
        }
    })
}

#[component]
fn Table(answer: Answer, desk: Desk, locale: Locale) -> impl IntoView {
    let Answer { spec, groups, whole, .. } = answer;
    let measures = spec.measures.clone();
    let headings = measures.iter().map(|measure| {
        let label = words::measure(*measure, spec.about, locale);
        view! { <Heading by=Some(*measure) label desk/> }
    });
    let headings = headings.collect_view();
    let first = words::dimension(spec.by, locale);
    let whole_behind = spec.behind(None).map(|list| address::behind(&list));
    let foot = measures.iter().map(|measure| number(*measure, &whole, whole_behind.clone())).collect_view();
    view! {
        <table class="table">
            <thead><tr><Heading by=None label=first desk/>{headings}</tr></thead>
            <tbody>
                {groups.into_iter().map(|group| view! { <Row group spec=spec.clone() locale/> }).collect_view()}
            </tbody>
            <tfoot><tr><th scope="row">{td_string!(locale, reports.whole)}</th>{foot}</tr></tfoot>
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

/// A group with its numbers; its name and its count lead to the rows behind it.
#[component]
fn Row(group: Group, spec: Spec, locale: Locale) -> impl IntoView {
    let name = words::group(&group, spec.by, locale);
    let behind = spec.behind(Some(&group)).map(|list| address::behind(&list));
    let head = match behind.clone() {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let numbers = spec.measures.iter().map(|measure| number(*measure, &group.numbers, None)).collect_view();
    view! { <tr data-group=group.key.unwrap_or_default()><th scope="row">{head}</th>{numbers}</tr> }
}

fn number(measure: Measure, numbers: &Numbers, behind: Option<String>) -> AnyView {
    let text = words::number(numbers, measure);
    let cell = match behind.filter(|_| measure == Measure::Count) {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    view! { <td class="number reports-number">{cell}</td> }.into_any()
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
