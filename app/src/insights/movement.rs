//! Movement: from which band to which, who rose, who fell, who came and who left.

use domain::health::{Cause, Points};
use domain::id::AccountId;
use domain::insights::{Cell, Moved, Movement, Place, Which};
use domain::money::Money;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::{Look, words};
use crate::format;
use crate::i18n::td_string;
use crate::ui::health::{BandBadge, Trend};

/// How many rose, fell, came and left.
#[component]
pub(super) fn Figures(movement: Movement, from: Timestamp, to: Timestamp, look: Look) -> impl IntoView {
    let locale = look.locale;
    let Movement { rose, fell, came, left, .. } = movement;
    let span = td_string!(locale, insights.between, from = format::date(from), to = format::date(to));
    view! {
        <section class="card" aria-labelledby="insights-movement">
            <header class="card-head">
                <h2 class="card-title" id="insights-movement">{td_string!(locale, insights.movement)}</h2>
                <span class="card-sub">{span}</span>
            </header>
            <div class="card-body insights-figures">
                <Figure which=Which::Fell figure=fell direction="down" label=td_string!(locale, insights.fell) look/>
                <Figure which=Which::Rose figure=rose direction="up" label=td_string!(locale, insights.rose) look/>
                <Figure which=Which::Left figure=left direction="down" label=td_string!(locale, insights.left) look/>
                <Figure which=Which::Came figure=came direction="up" label=td_string!(locale, insights.came) look/>
            </div>
        </section>
    }
}

#[component]
fn Figure(
    which: Which,
    figure: (u32, Vec<Money>),
    direction: &'static str,
    label: &'static str,
    look: Look,
) -> impl IntoView {
    let key = which.to_string();
    let href = move || look.address.with(|address| address.behind(which.clone()));
    view! {
        <a class="stat" href=href data-figure=key>
            <span class="stat-value">{format::integer(i64::from(figure.0))}</span>
            <span class="stat-delta" data-direction=direction>{label}</span>
            <span class="stat-note">{format::money_list(&figure.1)}</span>
        </a>
    }
}

/// From which band to which.
#[component]
pub(super) fn Matrix(cells: Vec<Cell>, look: Look) -> impl IntoView {
    let locale = look.locale;
    let used = |place: &Place, pick: fn(&Cell) -> Place| {
        place.band().is_some() || cells.iter().any(|cell| pick(cell) == *place)
    };
    let rows: Vec<Place> = Place::ALL.into_iter().filter(|place| used(place, |cell| cell.from)).collect();
    let columns: Vec<Place> = Place::ALL.into_iter().filter(|place| used(place, |cell| cell.to)).collect();
    let find = |from: Place, to: Place| cells.iter().find(|cell| (cell.from, cell.to) == (from, to)).cloned();
    view! {
        <section class="card" aria-labelledby="insights-matrix">
            <header class="card-head">
                <h2 class="card-title" id="insights-matrix">{td_string!(locale, insights.matrix)}</h2>
                <span class="card-sub">{td_string!(locale, insights.matrix_sub)}</span>
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="insights-matrix">
                    <table class="table insights-matrix">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, insights.from_to)}</th>
                            {columns.iter().map(|place| view! {
                                <th scope="col" class="number">{words::place(*place, true, locale)}</th>
                            }).collect_view()}
                        </tr></thead>
                        <tbody>
                            {rows.iter().map(|from| view! {
                                <tr>
                                    <th scope="row">{words::place(*from, false, locale)}</th>
                                    {columns.iter().map(|to| view! { <MatrixCell from=*from to=*to cell=find(*from, *to) look/> }).collect_view()}
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn MatrixCell(from: Place, to: Place, cell: Option<Cell>, look: Look) -> impl IntoView {
    let way = match from.cmp(&to) {
        _ if from.band().is_none() || to.band().is_none() => "other",
        std::cmp::Ordering::Less => "down",
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Greater => "up",
    };
    let Some(cell) = cell else {
        return view! { <td class="number" data-way=way><span class="muted">"–"</span></td> }.into_any();
    };
    let which = Which::Went(Some(from), Some(to));
    let (key, locale) = (which.to_string(), look.locale);
    let href = move || look.address.with(|address| address.behind(which.clone()));
    let label = td_string!(
        locale,
        insights.cell,
        count = format::integer(i64::from(cell.accounts)),
        from = words::place(from, false, locale),
        to = words::place(to, true, locale)
    );
    view! {
        <td class="number" data-way=way data-cell=key>
            <a href=href aria-label=label>{format::integer(i64::from(cell.accounts))}</a>
            <span class="insights-value">{format::money_list(&cell.value)}</span>
        </td>
    }
    .into_any()
}

/// Who fell and rose most, and who came and left.
#[component]
pub(super) fn Lists(
    movement: Movement,
    drivers: Vec<(AccountId, Cause)>,
    from: Timestamp,
    to: Timestamp,
    look: Look,
) -> impl IntoView {
    let locale = look.locale;
    let Movement { risers, fallers, arrivals, departures, .. } = movement;
    let list = move |which: Which, title: &'static str, rows: Vec<Moved>| {
        let id = format!("insights-{which}");
        let (labelled, label, drivers) = (id.clone(), id.clone(), drivers.clone());
        view! {
            <section class="card" aria-labelledby=labelled>
                <header class="card-head">
                    <h2 class="card-title" id=id>{title}</h2>
                    {(!rows.is_empty()).then(|| view! {
                        <a href=move || look.address.with(|address| address.behind(which.clone()))>{td_string!(locale, insights.all)}</a>
                    })}
                </header>
                {if rows.is_empty() {
                    view! { <div class="card-body"><p class="muted">{td_string!(locale, insights.nobody_here)}</p></div> }.into_any()
                } else {
                    view! { <div class="card-body" data-flush><MovedTable label rows drivers from to look/></div> }.into_any()
                }}
            </section>
        }
    };
    view! {
        <div class="grid-2">
            {list(Which::Fell, td_string!(locale, insights.which_fell), fallers)}
            {list(Which::Rose, td_string!(locale, insights.which_rose), risers)}
            {list(Which::Left, td_string!(locale, insights.which_left), departures)}
            {list(Which::Came, td_string!(locale, insights.which_came), arrivals)}
        </div>
    }
}

/// Accounts with where they stood, where they stand, and why.
#[component]
pub(super) fn MovedTable(
    /// The id of the heading.
    label: String,
    rows: Vec<Moved>,
    drivers: Vec<(AccountId, Cause)>,
    from: Timestamp,
    to: Timestamp,
    look: Look,
) -> impl IntoView {
    let locale = look.locale;
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby=label>
            <table class="table">
                <thead><tr>
                    <th scope="col">{td_string!(locale, insights.account)}</th>
                    <th scope="col" class="number">{td_string!(locale, insights.change)}</th>
                    <th scope="col">{td_string!(locale, insights.from_band_to)}</th>
                    <th scope="col" class="number">{td_string!(locale, insights.arr)}</th>
                    <th scope="col">{td_string!(locale, insights.driver)}</th>
                </tr></thead>
                <tbody>
                    {rows.into_iter().map(|row| {
                        let driver = drivers.iter().find(|(account, _)| *account == row.account);
                        let driver = driver.map(|(_, cause)| words::cause(cause, locale));
                        view! { <MovedRow row driver from to look/> }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn MovedRow(row: Moved, driver: Option<String>, from: Timestamp, to: Timestamp, look: Look) -> impl IntoView {
    let locale = look.locale;
    let delta = row.delta();
    let is_past = look.address.with_untracked(|address| address.as_of.is_some());
    let as_of = if is_past { format!("&to={}&as_of={}", to.iso_date(), to.iso_date()) } else { String::new() };
    let account = format!("/accounts/{}", row.account);
    let open = if is_past { format!("{account}?as_of={}", to.iso_date()) } else { account.clone() };
    let changed = format!("{account}/health?from={}{as_of}", from.iso_date());
    let drivers = row.to.1.map(|_| row.account.to_string());
    let drivers_at = is_past.then(|| to.0.to_string());
    let label = td_string!(locale, insights.what_changed, name = row.name.clone());
    let (named, named_at) = (drivers.clone(), drivers_at.clone());
    let peek = |score: Option<Points>, at: Option<Timestamp>| score.map(|_| (row.account, at));
    let (before, after) = (peek(row.from.1, Some(from)), peek(row.to.1, is_past.then_some(to)));
    view! {
        <tr data-account=row.account.to_string()>
            <th scope="row"><a href=open data-drivers=named data-drivers-at=named_at>{row.name.clone()}</a></th>
            <td class="number">
                {match delta {
                    Some(_) => view! { <a href=changed aria-label=label class="insights-delta" data-drivers=drivers data-drivers-at=drivers_at><Trend change=delta/></a> }.into_any(),
                    None => view! { <span class="muted">"–"</span> }.into_any(),
                }}
            </td>
            <td><Stood place=row.from is_after=false peek=before look/>" → "<Stood place=row.to is_after=true peek=after look/></td>
            <td class="number">{row.annual.map_or_else(|| "–".to_owned(), format::money_short)}</td>
            <td class="insights-driver">{driver.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

/// Where an account stood, with what drove its score then.
#[component]
fn Stood(
    place: (Place, Option<Points>),
    is_after: bool,
    peek: Option<(AccountId, Option<Timestamp>)>,
    look: Look,
) -> impl IntoView {
    let drivers = peek.map(|(account, _)| account.to_string());
    let drivers_at = peek.and_then(|(_, at)| at).map(|at| at.0.to_string());
    let score = place.1.map(format::score);
    match place.0 {
        Place::Absent => {
            view! { <span class="muted">{words::place(Place::Absent, is_after, look.locale)}</span> }.into_any()
        }
        found => view! { <span class="insights-stood" data-drivers=drivers data-drivers-at=drivers_at><BandBadge band=found.band()/>{score}</span> }.into_any(),
    }
}
