//! Owners or teams beside each other, and everybody together.

use domain::id::UserId;
use domain::insights::{Average, Which};
use leptos::prelude::*;

use super::address::Whose;
use super::{Look, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::Trend;

/// A column: its word in the address, its label, and what it sorts by.
type Column = (&'static str, fn(Locale) -> &'static str, fn(&Average) -> f64);

const COLUMNS: [Column; 6] = [
    ("accounts", |locale| td_string!(locale, insights.accounts), |average| f64::from(average.accounts)),
    ("arr", |locale| td_string!(locale, insights.arr), |average| total(&average.value)),
    ("mean", |locale| td_string!(locale, insights.mean), |average| points(average.mean)),
    ("weighted", |locale| td_string!(locale, insights.weighted), |average| points(average.weighted)),
    ("at_risk", |locale| td_string!(locale, insights.at_risk), Average::at_risk_pct),
    ("change", |locale| td_string!(locale, insights.mean_change), |average| points(average.change)),
];

fn points(points: Option<domain::health::Points>) -> f64 {
    // Those without a number come last where the greatest comes first.
    points.map_or(f64::MIN, domain::health::Points::as_f64)
}

fn total(amounts: &[domain::money::Money]) -> f64 {
    amounts.iter().map(|money| money.major()).sum()
}

/// One of those that stand beside each other.
#[derive(Clone)]
struct Line {
    name: String,
    which: Which,
    average: Average,
}

/// Owners beside each other, or their teams.
#[component]
pub(super) fn Averages(
    everybody: Average,
    owners: Vec<(Option<UserId>, Average)>,
    teams: Vec<(Option<String>, Average)>,
    look: Look,
) -> impl IntoView {
    let Look { address, locale } = look;
    let (sort, whose) = (
        Memo::new(move |_| address.with(|address| address.sort.clone())),
        Memo::new(move |_| address.with(|address| address.whose)),
    );
    let is_teamless = teams.iter().all(|(team, _)| team.is_none());
    let owners: Vec<Line> = owners.into_iter().map(|(owner, average)| of_owner(owner, average, locale)).collect();
    let teams: Vec<Line> = teams.into_iter().map(|(team, average)| of_team(team, average, locale)).collect();
    let sorted = move || {
        let mut lines = if whose.get() == Whose::Owners { owners.clone() } else { teams.clone() };
        sort.with(|sort| order(&mut lines, sort));
        lines.into_iter().map(|line| view! { <Row line look/> }).collect_view()
    };
    let hint = move || match whose.get() {
        Whose::Owners => td_string!(locale, insights.owners_sub),
        Whose::Teams if is_teamless => td_string!(locale, insights.teams_none),
        Whose::Teams => td_string!(locale, insights.teams_sub),
    };
    view! {
        <section class="card" aria-labelledby="insights-owners">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="insights-owners">{move || plural(whose.get(), locale)}</h2>
                    <p class="card-sub">{hint}</p>
                </div>
                <nav class="button-group" aria-label=td_string!(locale, insights.averages_of)>
                    {Whose::ALL.into_iter().map(|shown| view! {
                        <a class="button" data-size="small" data-noscroll=""
                            href=move || address.with(|address| address.with(|address| address.whose = shown))
                            aria-current=move || (whose.get() == shown).then_some("true")>{singular(shown, locale)}</a>
                    }).collect_view()}
                </nav>
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="insights-owners">
                    <table class="table">
                        <thead><tr>
                            <Heading key="owner" label=Signal::derive(move || singular(whose.get(), locale)) is_number=false sort look/>
                            {COLUMNS.into_iter().map(|(key, label, _)| view! {
                                <Heading key label=label(locale) is_number=true sort look/>
                            }).collect_view()}
                        </tr></thead>
                        <tbody>{sorted}</tbody>
                        <tfoot>
                            <tr>
                                <th scope="row">{td_string!(locale, insights.everybody)}</th>
                                <Numbers average=everybody/>
                            </tr>
                        </tfoot>
                    </table>
                </div>
            </div>
        </section>
    }
}

fn of_owner(owner: Option<UserId>, average: Average, locale: Locale) -> Line {
    Line { name: words::owner(owner, locale), which: Which::Owner(owner), average }
}

fn of_team(team: Option<String>, average: Average, locale: Locale) -> Line {
    Line { name: words::team(team.as_deref(), locale), which: Which::Team(team), average }
}

fn plural(whose: Whose, locale: Locale) -> &'static str {
    match whose {
        Whose::Owners => td_string!(locale, insights.owners),
        Whose::Teams => td_string!(locale, insights.teams),
    }
}

fn singular(whose: Whose, locale: Locale) -> &'static str {
    match whose {
        Whose::Owners => td_string!(locale, insights.owner),
        Whose::Teams => td_string!(locale, insights.team),
    }
}

/// Sorts by a column; a minus puts the greatest first. Without a column those with most accounts come first.
fn order(lines: &mut [Line], sort: &str) {
    let (key, descending) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
    if key == "owner" {
        lines.sort_by_key(|line| line.name.to_lowercase());
    } else if let Some((_, _, value)) = COLUMNS.iter().find(|(column, ..)| *column == key) {
        lines.sort_by(|a, b| value(&a.average).total_cmp(&value(&b.average)));
    } else {
        return;
    }
    if descending {
        lines.reverse();
    }
}

#[component]
fn Heading(
    key: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    is_number: bool,
    sort: Memo<String>,
    look: Look,
) -> impl IntoView {
    let direction = move || {
        sort.with(|sort| match sort.strip_prefix('-') {
            Some(column) if column == key => "descending",
            None if sort == key => "ascending",
            _ => "none",
        })
    };
    // Numbers begin with the greatest, names with the first.
    let next = move || match (direction(), is_number) {
        ("descending", true) | ("none", false) => key.to_owned(),
        ("descending", false) => String::new(),
        ("ascending", true) => String::new(),
        _ => format!("-{key}"),
    };
    let href = move || {
        let next = next();
        look.address.with(|address| address.with(|address| address.sort = next))
    };
    view! {
        <th scope="col" class=is_number.then_some("number") aria-sort=direction>
            <a class="insights-sort" href=href data-noscroll="">{move || label.get()}</a>
        </th>
    }
}

#[component]
fn Row(line: Line, look: Look) -> impl IntoView {
    let Line { name, which, average } = line;
    let href = move || look.address.with(|address| address.behind(which.clone()));
    view! {
        <tr>
            <th scope="row"><a href=href>{name}</a></th>
            <Numbers average/>
        </tr>
    }
}

#[component]
fn Numbers(average: Average) -> impl IntoView {
    let points = |points: Option<domain::health::Points>| points.map_or_else(|| "–".to_owned(), format::points);
    let at_risk =
        format!("{} · {}", format::percent(average.at_risk_pct().round()), format::money_list(&average.at_risk_value));
    view! {
        <td class="number">{format::integer(i64::from(average.accounts))}</td>
        <td class="number">{format::money_list(&average.value)}</td>
        <td class="number">{points(average.mean)}</td>
        <td class="number">{points(average.weighted)}</td>
        <td class="number">{at_risk}</td>
        <td class="number"><Trend change=average.change/></td>
    }
}
