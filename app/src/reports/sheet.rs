//! What a report says, as its page and the widgets of dashboards show it, and the accounts behind each number.

use domain::chart::{Layout, Size};
use domain::reports::{AT_RISK, About, Answer, Group, Measure, Numbers, Part, Rows, RowsOf, Shape, Spec};
use leptos::prelude::*;

use super::address;
use super::chart;
use super::server_fns::load_report_rows;
use super::words;
use crate::error::{Error, Result};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::chart::Picture;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::health::BandBadge;
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};

/// What somebody wants to see the accounts behind.
#[derive(Clone, PartialEq)]
struct Peek {
    spec: Spec,
    part: Part,
    name: String,
}

/// Which number somebody looks behind, if any.
#[derive(Clone, Copy)]
pub(crate) struct Peeking(RwSignal<Option<Peek>>);

impl Peeking {
    /// Returns that nobody looks behind anything.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }
}

/// A text that leads to the rows behind it: to their list, or where no list can be narrowed to them, to a window.
pub(crate) fn behind(spec: &Spec, group: Option<&Group>, text: String, peeking: Peeking, locale: Locale) -> AnyView {
    if let Some(list) = spec.behind(group) {
        return view! { <a href=address::behind(&list)>{text}</a> }.into_any();
    }
    let name = group
        .map_or_else(|| td_string!(locale, reports.whole).to_owned(), |group| words::group(group, spec.by, locale));
    let part = group.map_or(Part::Whole, |group| Part::Group(group.key.clone()));
    let peek = Peek { spec: spec.clone(), part, name };
    view! {
        <button class="reports-behind" type="button" aria-haspopup="dialog" on:click=move |_| peeking.0.set(Some(peek.clone()))>
            {text}
        </button>
    }
    .into_any()
}

/// Returns the bars or the line of a report, for a wide and for a narrow place.
pub(crate) fn drawings(answer: &Answer, wide: Size, locale: Locale) -> Option<[Layout; 2]> {
    let line = words::line(&answer.spec, locale);
    let layout = |size| chart::layout(answer, size, &line, locale);
    answer.spec.shape.is_picture().then(|| [layout(wide), layout(chart::NARROW)])
}

/// Returns the sentence that says which currency a picture shows, where there are several.
pub(crate) fn currency_note(answer: &Answer, locale: Locale) -> Option<String> {
    let first = answer.spec.measures.first().filter(|measure| measure.is_money())?;
    let currency = answer.currency()?;
    let is_other =
        answer.groups.iter().flat_map(|group| group.numbers.amounts(*first)).any(|money| money.currency != currency);
    is_other.then(|| td_string!(locale, reports.bars_currency, currency = currency.to_string()))
}

/// The first measure of all groups together, as large as it deserves.
#[component]
pub(crate) fn BigNumber(answer: Answer, peeking: Peeking, locale: Locale) -> impl IntoView {
    let spec = &answer.spec;
    let first = spec.measures.first().copied().unwrap_or(Measure::Count);
    let text = words::number(&answer.whole, first);
    let figure = behind(spec, None, text, peeking, locale);
    let note = (first != Measure::Count && spec.about == About::Accounts)
        .then(|| td_string!(locale, reports.rows_of, of = format::integer(i64::from(answer.whole.count))));
    // Where the name says it, the filter need not.
    let filter = Some(spec.filter.clone()).filter(|filter| !filter.is_empty() && filter != AT_RISK);
    view! {
        <div class="reports-figure">
            <span class="stat-value">{figure}</span>
            {note.map(|note| view! { <span class="stat-note">{note}</span> })}
            {filter.map(|filter| view! { <code class="stat-note">{filter}</code> })}
        </div>
    }
}

/// What a report says on a dashboard: a number, or a picture with its table below.
#[component]
pub(crate) fn Sheet(answer: Answer, size: Size, peeking: Peeking, locale: Locale) -> impl IntoView {
    if answer.is_empty() && answer.spec.shape != Shape::Number {
        return view! { <p class="empty-text">{td_string!(locale, reports.nothing)}</p> }.into_any();
    }
    if answer.spec.shape == Shape::Number {
        return view! { <BigNumber answer peeking locale/> }.into_any();
    }
    let drawn = drawings(&answer, size, locale).map(|[wide, narrow]| {
        view! {
            <div class="only-wide"><Picture layout=wide/></div>
            <div class="only-narrow"><Picture layout=narrow/></div>
        }
    });
    let note = currency_note(&answer, locale).filter(|_| drawn.is_some());
    let is_drawn = drawn.is_some();
    let spec = answer.spec.clone();
    let headings = spec.measures.iter().map(|measure| words::measure(*measure, spec.about, locale));
    let headings = headings.map(|label| view! { <th scope="col" class="number">{label}</th> }).collect_view();
    let rows = answer.groups.iter().map(|group| row(&spec, group, peeking, locale)).collect_view();
    let table = view! {
        <table class="table">
            <thead><tr><th scope="col">{words::dimension(spec.by, locale)}</th>{headings}</tr></thead>
            <tbody>{rows}</tbody>
            <tfoot>{foot(&answer, peeking, locale)}</tfoot>
        </table>
    };
    if !is_drawn {
        return table.into_any();
    }
    // A table that begins below a picture would be cut by the widget's lower edge.
    view! {
        {drawn}
        {note.map(|note| view! { <p class="field-hint">{note}</p> })}
        <details class="chart-table">
            <summary>{td_string!(locale, common.show_table)}</summary>
            {table}
        </details>
    }
    .into_any()
}

/// A group with its numbers; its name leads to the rows behind it.
pub(crate) fn row(spec: &Spec, group: &Group, peeking: Peeking, locale: Locale) -> AnyView {
    let name = words::group(group, spec.by, locale);
    let head = behind(spec, Some(group), name, peeking, locale);
    let cells = spec.measures.iter().map(|measure| cell(&group.numbers, *measure)).collect_view();
    view! { <tr data-group=group.key.clone().unwrap_or_default()><th scope="row">{head}</th>{cells}</tr> }.into_any()
}

/// All groups together; the first number leads to the rows behind it.
pub(crate) fn foot(answer: &Answer, peeking: Peeking, locale: Locale) -> AnyView {
    let spec = &answer.spec;
    let cells = spec.measures.iter().enumerate().map(|(place, measure)| {
        let is_linked = *measure == Measure::Count || (place == 0 && !spec.measures.contains(&Measure::Count));
        if !is_linked {
            return cell(&answer.whole, *measure);
        }
        let text = words::number(&answer.whole, *measure);
        view! { <td class="number reports-number">{behind(spec, None, text, peeking, locale)}</td> }.into_any()
    });
    view! { <tr><th scope="row">{td_string!(locale, reports.whole)}</th>{cells.collect_view()}</tr> }.into_any()
}

fn cell(numbers: &Numbers, measure: Measure) -> AnyView {
    view! { <td class="number reports-number">{words::number(numbers, measure)}</td> }.into_any()
}

/// The accounts behind a number.
#[component]
pub(crate) fn RowsDialog(peeking: Peeking) -> impl IntoView {
    let language = use_language();
    let open = open_while(peeking.0);
    let answer = later(move || {
        let peek = peeking.0.get();
        async move {
            match peek {
                Some(peek) => Some((peek.clone(), load_report_rows(peek.spec, peek.part).await)),
                None => None,
            }
        }
    });
    let title = Signal::derive(move || {
        let name = peeking.0.with(|peek| peek.as_ref().map(|peek| peek.name.clone()).unwrap_or_default());
        td_string!(language.get(), reports.rows, name = name)
    });
    let again = Callback::new(move |()| peeking.0.update(|_| ()));
    let shown = move || -> AnyView {
        let asked = peeking.0.get();
        let Some(Some((peek, rows))) =
            answer.get().filter(|told| told.as_ref().map(|(peek, _)| peek) == asked.as_ref())
        else {
            return view! { <Skeleton lines=4/> }.into_any();
        };
        listed(&peek, rows, again, language.get())
    };
    view! { <Dialog open title>{shown}</Dialog> }
}

fn listed(peek: &Peek, rows: Result<Rows>, again: Callback<()>, locale: Locale) -> AnyView {
    let rows: Rows = match rows {
        Ok(rows) => rows,
        // The group may have gone meanwhile.
        Err(Error::Refused(domain::refusal::Refusal::NotFound)) => Rows::default(),
        Err(error) => return view! { <Problem error retry=again/> }.into_any(),
    };
    if rows.rows.is_empty() {
        return view! { <p class="empty-text">{td_string!(locale, reports.rows_none)}</p> }.into_any();
    }
    let (spec, of) = (peek.spec.clone(), format::integer(i64::from(rows.of)));
    let count = if (rows.of as usize) > rows.rows.len() {
        let shown = format::integer(rows.rows.len() as i64);
        td_string!(locale, reports.rows_first, shown = shown, of = of)
    } else {
        td_string!(locale, reports.rows_of, of = of)
    };
    let headings = spec.measures.iter().filter(|measure| **measure != Measure::Accounts);
    let headings = headings.map(|measure| {
        view! { <th scope="col" class="number">{words::measure(*measure, spec.about, locale)}</th> }
    });
    let headings = headings.collect_view();
    let lines = rows.rows.into_iter().map(|row| account(&spec, row, locale)).collect_view();
    view! {
        <p class="card-sub" role="status">{count}</p>
        <div class="table-scroll reports-rows" tabindex="0" role="group" aria-label=td_string!(locale, reports.rows_account)>
            <table class="table">
                <thead><tr><th scope="col">{td_string!(locale, reports.rows_account)}</th>{headings}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn account(spec: &Spec, row: RowsOf, locale: Locale) -> AnyView {
    let name = match row.account {
        Some(id) => {
            let band = row.band;
            view! { <a href=format!("/accounts/{id}")>{row.name}</a>" "<BandBadge band/> }.into_any()
        }
        None => td_string!(locale, reports.rows_without).into_any(),
    };
    let measures = spec.measures.iter().filter(|measure| **measure != Measure::Accounts);
    let cells = measures.map(|measure| cell(&row.numbers, *measure)).collect_view();
    view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
}
