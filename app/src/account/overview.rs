//! The overview: what is known about the account, what happened last, and how its signals stand.

use domain::accounts::AccountRow;
use domain::chart;
use domain::fields::Subject;
use domain::health::{Evaluation, MeasureResult, Points, Rollup, rollup};
use domain::id::AccountId;
use domain::money::Money;
use domain::revenue::Invoice;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::desk::{Desk, known, may_edit, use_desk};
use super::editor::{AddValue, FieldValue, cells};
use super::header::relative;
use super::panels::{Head, Metric, SupportPanel};
use super::parts::Panel;
use super::people::Person;
use super::revenue::status;
use super::timeline::Stream;
use super::{server_fns, words};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::insights::by_hand;
use crate::ui::chart::Drawing;
use crate::ui::health::{ScoreBadge, Trend};

/// Moments and people that the overview shows.
const FEW: usize = 5;

/// The overview.
#[component]
pub(super) fn Overview() -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="split">
            <div class="stack">
                <super::alerts::Alerts/>
                <super::todos::Tasks/>
                <crate::advice::AccountAdvice id=desk.id in_past=desk.in_past/>
                <Facts/>
                <Recent/>
                <Children/>
            </div>
            <div class="stack">
                <Health/>
                <Signals/>
                <KeyPeople/>
            </div>
        </div>
    }
}

/// Returns an address of a tab of the account, on the day that is shown.
pub(super) fn tab_href(desk: Desk, tab: &str) -> String {
    tab_href_with(desk, tab, "")
}

/// Returns an address of a tab with more behind the question mark, on the day that is shown.
pub(super) fn tab_href_with(desk: Desk, tab: &str, query: &str) -> String {
    let Some(id) = desk.id.get() else { return String::new() };
    let day = |name: &str, at: Option<Timestamp>| at.map(|at| format!("{name}={}", at.iso_date()));
    let own = (!query.is_empty()).then(|| query.to_owned());
    let parts = [own, day("as_of", desk.as_of.get()), day("compare", desk.compare.get())];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let mark = if parts.is_empty() { "" } else { "?" };
    format!("/accounts/{id}/{tab}{mark}{}", parts.join("&"))
}

/// A card with its title and a link to the tab that says more.
#[component]
fn Card(title: Signal<String>, tab: &'static str, children: Children) -> impl IntoView {
    let desk = use_desk();
    let more = move || td_string!(desk.language.get(), account.show_all);
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{move || title.get()}</h2>
                {(!tab.is_empty()).then(|| view! {
                    <a class="button" data-look="plain" data-size="small" href=move || tab_href(desk, tab)>
                        {more}<span class="visually-hidden">{move || format!(": {}", title.get())}</span>
                    </a>
                })}
            </header>
            <div class="card-body">{children()}</div>
        </section>
    }
}

fn title(desk: Desk, pick: fn(Locale) -> &'static str) -> Signal<String> {
    Signal::derive(move || pick(desk.language.get()).to_owned())
}

#[component]
fn Facts() -> impl IntoView {
    let desk = use_desk();
    view! {
        <Card title=title(desk, |locale| td_string!(locale, account.facts)) tab="">
            <Panel resource=desk.head lines=8 let(head, locale)>
                <FactList head locale/>
            </Panel>
        </Card>
    }
}

#[component]
fn FactList(head: Head, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let cells = cells(&head.row.account, &head.custom, locale);
    let shown_above = |key: &str| matches!(key, "name" | "owner_id");
    let (filled, blank): (Vec<_>, Vec<_>) =
        cells.into_iter().filter(|cell| !shown_above(&cell.field.key)).partition(|cell| !cell.shown.is_empty());
    let offered: Vec<(String, String)> = blank
        .iter()
        .filter(|cell| cell.field.editable)
        .map(|cell| (cell.field.key.clone(), words::field_label(&cell.field.key, &cell.field.label, locale)))
        .collect();
    let entry = move |cell: super::editor::Cell| {
        let label = words::field_label(&cell.field.key, &cell.field.label, locale);
        view! { <div><dt>{label}</dt><dd><FieldValue cell locale/></dd></div> }
    };
    let adding = move || {
        let editing = desk.editing.get();
        blank.iter().find(|cell| editing.as_deref() == Some(cell.field.key.as_str())).cloned().map(entry)
    };
    view! {
        <div class="stack">
        <dl class="facts">
            {filled.into_iter().map(entry).collect_view()}
            {adding}
        </dl>
        {(may_edit() && !offered.is_empty()).then(|| view! {
            <div class="facts"><div><AddValue fields=offered locale/></div></div>
        })}
        </div>
    }
}

#[component]
fn Recent() -> impl IntoView {
    let desk = use_desk();
    let version = desk.watch(super::timeline::SUBJECTS);
    let moments = Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_moments(known(id)?, String::new(), FEW as u32, at).await },
    );
    view! {
        <Card title=title(desk, |locale| td_string!(locale, account.recent)) tab="timeline">
            <Panel resource=moments let(moments, locale)>
                {if moments.list.is_empty() {
                    view! { <p class="muted">{td_string!(locale, account.timeline_empty_text)}</p> }.into_any()
                } else {
                    view! { <Stream list=moments.list locale/> }.into_any()
                }}
            </Panel>
        </Card>
    }
}

#[component]
fn Children() -> impl IntoView {
    let desk = use_desk();
    let below = StoredValue::new(Vec::<AccountId>::new());
    let version = crate::live::use_live().version(move |note| {
        let is_child = note.account.is_some_and(|id| below.with_value(|below| below.contains(&id)));
        note.subject == Subject::Account && (is_child || note.fields.iter().any(|field| field == "parent_id"))
    });
    let children = Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_children(known(id)?, at).await },
    );
    view! {
        <Panel resource=children lines=1 let(children, locale)>
            {
                below.set_value(children.iter().map(|row| row.account.id).collect());
                (!children.is_empty()).then(|| view! { <Family children locale/> })
            }
        </Panel>
    }
}

#[component]
fn Family(children: Vec<AccountRow>, locale: Locale) -> impl IntoView {
    let scores: Vec<(Points, i64)> = children
        .iter()
        .filter_map(|row| Some((row.health.as_ref()?.score, row.account.annual().map_or(0, |money| money.minor))))
        .collect();
    let total = |label: &'static str, how: Rollup| {
        let value = rollup(&scores, how).map_or_else(|| "–".to_owned(), format::points);
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
    };
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{td_string!(locale, account.children)}</h2>
                <span class="card-sub">{children.len().to_string()}</span>
            </header>
            <div class="card-body">
                <dl class="facts">
                    {total(td_string!(locale, account.rollup_mean), Rollup::Mean)}
                    {total(td_string!(locale, account.rollup_arr), Rollup::ArrWeighted)}
                    {total(td_string!(locale, account.rollup_worst), Rollup::Worst)}
                </dl>
            </div>
            <div class="card-body" data-flush="">
                <div class="table-scroll" tabindex="0" role="region" aria-label=td_string!(locale, account.children)>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, account.field_name)}</th>
                            <th scope="col" class="number">{td_string!(locale, account.word_score)}</th>
                            <th scope="col" class="number">{td_string!(locale, account.in_30_days)}</th>
                            <th scope="col" class="number">{td_string!(locale, account.field_arr_minor)}</th>
                        </tr></thead>
                        <tbody>{children.into_iter().map(|AccountRow { account, health, .. }| view! {
                            <tr>
                                <th scope="row"><a href=format!("/accounts/{}/overview", account.id)
                                    data-drivers=health.as_ref().map(|_| account.id.to_string())>{account.name.clone()}</a></th>
                                <td class="number"><ScoreBadge health=health.clone() account=account.id/></td>
                                <td class="number"><Trend change=health.and_then(|health| health.trend_30d)/></td>
                                <td class="number">{account.annual().map_or_else(|| "–".to_owned(), format::money)}</td>
                            </tr>
                        }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Health() -> impl IntoView {
    let desk = use_desk();
    let health = super::health::resource(desk);
    view! {
        <Card title=title(desk, |locale| td_string!(locale, account.tab_health)) tab="health">
            <Panel resource=health let(health, locale)>
                {match health {
                    Some(health) => view! {
                        <Pulls evaluation=health.evaluation.clone() locale/>
                        <super::health::OnPaper panel=health locale/>
                    }
                    .into_any(),
                    None => view! { <p class="muted">{td_string!(locale, account.no_score_text)}</p> }.into_any(),
                }}
            </Panel>
        </Card>
    }
}

/// What lifts the score above the middle and what drags it below, three each, and who set another in its place.
#[component]
fn Pulls(evaluation: Evaluation, locale: Locale) -> impl IntoView {
    let pull =
        |measure: &MeasureResult| measure.effective.share_of(measure.points.unwrap_or_default() - Points::NEUTRAL);
    let mut all: Vec<(String, Points)> = evaluation
        .measures()
        .filter(|measure| measure.counts())
        .map(|measure| (measure.label.clone(), pull(measure)))
        .collect();
    all.sort_by_key(|(_, pull)| *pull);
    let down: Vec<_> = all.iter().filter(|(_, pull)| pull.tenths() < 0).take(3).cloned().collect();
    let up: Vec<_> = all.iter().rev().filter(|(_, pull)| pull.tenths() > 0).take(3).cloned().collect();
    let list = |name: &'static str, tone: &'static str, list: Vec<(String, Points)>| {
        (!list.is_empty()).then(|| view! {
            <div>
                <p class="measure-group"><span>{name}</span></p>
                <ul class="list">
                    {list.into_iter().map(|(label, pull)| view! {
                        <li class="row" data-spread="">
                            <span>{label}</span>
                            <span class="trend" data-direction=format::direction(pull) data-tone=tone title=words::exact(pull)>
                                {format::signed_points(pull)}
                            </span>
                        </li>
                    }).collect_view()}
                </ul>
            </div>
        })
    };
    view! {
        <div class="stack">
            {evaluation.override_.map(|manual| view! { <p>{by_hand(&manual, locale)}</p> })}
            {list(td_string!(locale, account.pulls_down), "bad", down)}
            {list(td_string!(locale, account.pulls_up), "good", up)}
            <p class="muted">{td_string!(locale, account.pulls_text)}</p>
        </div>
    }
}

#[component]
fn Signals() -> impl IntoView {
    let desk = use_desk();
    let usage = super::usage::resource(desk, Signal::derive(|| 90));
    let support = super::support::resource(desk);
    let invoices = super::revenue::resource(desk);
    view! {
        <Card title=title(desk, |locale| td_string!(locale, account.signals)) tab="">
            <dl class="facts">
                <div><dt>{move || td_string!(desk.language.get(), account.tab_usage)}</dt>
                    <dd><Panel resource=usage lines=1 let(metrics, locale)><Spark metrics locale/></Panel></dd></div>
                <div><dt>{move || td_string!(desk.language.get(), account.tab_support)}</dt>
                    <dd><Panel resource=support lines=1 let(support, locale)>{open_tickets(&support, locale)}</Panel></dd></div>
                <div><dt>{move || td_string!(desk.language.get(), account.tab_revenue)}</dt>
                    <dd><Panel resource=invoices lines=1 let(invoices, locale)>{next_invoice(&invoices, locale)}</Panel></dd></div>
            </dl>
        </Card>
    }
}

#[component]
fn Spark(metrics: Vec<Metric>, locale: Locale) -> impl IntoView {
    let Some(metric) = metrics.into_iter().next() else {
        return view! { <span class="muted">{td_string!(locale, account.none_yet)}</span> }.into_any();
    };
    let name = words::spoken(&metric.name);
    let readings = metric.readings.iter().map(|(at, value)| chart::Reading { at: *at, value: *value }).collect();
    let layout = chart::sparkline(&chart::Sparkline {
        size: chart::Size { width: 80.0, height: 22.0 },
        series: chart::Series { name: name.clone(), tone: chart::Tone::Series1, readings },
        scale: chart::Scale::Automatic,
        words: chart::Words {
            title: &name,
            empty: td_string!(locale, account.chart_empty),
            missing: "–",
            headings: Vec::new(),
            value: &format::number,
            describe: &|summaries| super::parts::described(summaries, &format::number, locale),
        },
        when: &format::tick,
    });
    view! { <Drawing layout class="sparkline"/>" "<span class="muted">{name}</span> }.into_any()
}

fn open_tickets(support: &SupportPanel, locale: Locale) -> impl IntoView + use<> {
    let open = support.tickets.iter().filter(|ticket| ticket.resolved_at.is_none());
    let urgent = open.clone().filter(|ticket| ticket.severity.as_deref() == Some("urgent")).count();
    let open = td_string!(locale, account.open_count, count = open.count());
    view! {
        <span>{open}</span>
        {(urgent > 0).then(|| view! {
            " "<span class="badge" data-tone="bad">{td_string!(locale, account.urgent_count, count = urgent)}</span>
        })}
    }
}

fn next_invoice(invoices: &[Invoice], locale: Locale) -> AnyView {
    let unpaid = || invoices.iter().filter(|invoice| invoice.paid_at.is_none() && invoice.amount_minor > 0);
    let due = |invoice: &Invoice| invoice.due_at.unwrap_or(invoice.issued_at);
    let Some(next) = unpaid().min_by_key(|invoice| due(invoice)) else {
        return view! { <span class="muted">{td_string!(locale, account.nothing_due)}</span> }.into_any();
    };
    let (tone, word) = status(next, locale);
    let amount = format::money(Money { minor: next.amount_minor, currency: next.currency });
    let at: Timestamp = due(next);
    view! { <span>{amount}</span>" "<span class="badge" data-tone=tone>{word}</span>" "{relative(at)} }.into_any()
}

#[component]
fn KeyPeople() -> impl IntoView {
    let desk = use_desk();
    let people = super::people::resource(desk);
    view! {
        <Card title=title(desk, |locale| td_string!(locale, account.key_people)) tab="people">
            <Panel resource=people let(people, locale)>
                {
                    // Those who decide come first; who left is history.
                    let place = |role: Option<&str>| {
                        domain::contacts::ROLES.iter().position(|known| Some(*known) == role).unwrap_or(usize::MAX)
                    };
                    let mut people: Vec<_> = people.into_iter().filter(|contact| contact.left_at.is_none()).collect();
                    people.sort_by_key(|contact| place(contact.role.as_deref()));
                    people.truncate(FEW);
                    if people.is_empty() {
                        view! { <p class="muted">{td_string!(locale, account.people_empty_text)}</p> }.into_any()
                    } else {
                        view! {
                            <ul class="people">
                                {people.into_iter().map(|contact| view! { <Person contact locale actions=None/> }).collect_view()}
                            </ul>
                        }
                        .into_any()
                    }
                }
            </Panel>
        </Card>
    }
}
