//! What the account pays, and whether it does.

use domain::accounts::Account;
use domain::chart::{self, Bar, BarChart, Scale, Tone, Words};
use domain::fields::Subject;
use domain::money::{Currency, Money};
use domain::revenue::Invoice;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::desk::{Desk, known, now, use_desk};
use super::header::relative;
use super::parts::{Nothing, Panel, chart_size, described};
use super::{server_fns, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::chart::Chart;
use crate::ui::derived::Derived;
use crate::ui::icon::Icon;

/// Months of the bar chart.
const MONTHS: usize = 12;

/// Loads the invoices.
pub(super) fn resource(desk: Desk) -> Resource<Result<Vec<Invoice>>> {
    let version = desk.watch(&[Subject::Invoice]);
    Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_invoices(known(id)?, at).await },
    )
}

/// Returns how an invoice stands: the tone of its badge and the word.
pub(super) fn status(invoice: &Invoice, locale: Locale) -> (&'static str, &'static str) {
    let overdue = invoice.due_at.is_some_and(|due| due < now());
    match (invoice.paid_at, invoice.failed_at) {
        (Some(_), _) => ("good", td_string!(locale, account.paid)),
        (None, Some(_)) => ("bad", td_string!(locale, account.failed)),
        (None, None) if invoice.amount_minor <= 0 => ("neutral", td_string!(locale, account.credit)),
        (None, None) if overdue => ("warn", td_string!(locale, account.overdue)),
        (None, None) => ("info", td_string!(locale, account.open)),
    }
}

/// What the account pays.
#[component]
pub(super) fn Revenue() -> impl IntoView {
    let desk = use_desk();
    let invoices = resource(desk);
    view! {
        <div class="stack">
            <section class="card">
                <header class="card-head"><h2 class="card-title">{move || td_string!(desk.language.get(), account.contract)}</h2></header>
                <div class="card-body">
                    <Panel resource=desk.head lines=3 let(head, locale)>
                        <Contract account=head.row.account locale/>
                    </Panel>
                </div>
            </section>
            <Panel resource=invoices lines=10 let(invoices, locale)>
                {if invoices.is_empty() {
                    let (title, text) = (td_string!(locale, account.invoices_empty), td_string!(locale, account.invoices_empty_text));
                    view! {
                        <section class="card"><div class="card-body">
                            <Nothing icon=Icon::Receipt title text action=("/import", td_string!(locale, account.import))/>
                        </div></section>
                    }.into_any()
                } else {
                    view! { <Months invoices=invoices.clone() locale/><Invoices invoices locale/> }.into_any()
                }}
            </Panel>
        </div>
    }
}

#[component]
fn Contract(account: Account, locale: Locale) -> impl IntoView {
    let money = |minor: Option<i64>| {
        minor.map_or_else(|| "–".to_owned(), |minor| format::money(Money { minor, currency: account.currency }))
    };
    let date = |key: &'static str, at: Option<Timestamp>| {
        let label = words::field_label(key, "", locale);
        view! { <div><dt>{label}</dt><dd class="row" data-gap="small">{at.map(relative)}</dd></div> }
    };
    let notice = account.notice_at();
    view! {
        <dl class="facts">
            <div>
                <dt>{words::field_label("arr_minor", "", locale)}</dt>
                <dd class="strong">
                    {account.annual().map_or_else(|| "–".to_owned(), format::money)}
                    {(account.arr_minor.is_none() && account.mrr_minor.is_some()).then(|| view! { <Derived/> })}
                </dd>
            </div>
            <div><dt>{words::field_label("mrr_minor", "", locale)}</dt><dd>{money(account.mrr_minor)}</dd></div>
            {date("contract_start", account.contract_start)}
            {date("renewal_at", account.renewal_at)}
            <div><dt>{td_string!(locale, account.notice)}</dt><dd class="row" data-gap="small">{notice.map(relative)}</dd></div>
        </dl>
    }
}

/// What was invoiced in each of the last months, in the currency most invoices have.
#[component]
fn Months(invoices: Vec<Invoice>, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let currency = main_currency(&invoices);
    let other = invoices.iter().any(|invoice| invoice.currency != currency);
    let bars = months(&invoices, currency);
    let chart = move || {
        let value = |value: f64| {
            format::money_short(Money {
                minor: (value * 10f64.powi(currency.digits().cast_signed())).round() as i64,
                currency,
            })
        };
        let layout = chart::bar(&BarChart {
            size: chart_size(desk.narrow.get()),
            bars: bars.clone(),
            scale: Scale::Automatic,
            words: Words {
                title: td_string!(locale, account.invoiced),
                empty: td_string!(locale, account.chart_empty),
                missing: "–",
                headings: vec![
                    td_string!(locale, account.month).to_owned(),
                    format!("{} ({})", td_string!(locale, account.invoiced), currency.code()),
                ],
                value: &value,
                describe: &|summaries| described(summaries, &value, locale),
            },
        });
        view! { <Chart layout/> }
    };
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{td_string!(locale, account.invoiced)}</h2>
                {other.then(|| view! { <span class="card-sub">{td_string!(locale, account.only_currency, currency = currency.code().to_owned())}</span> })}
            </header>
            <div class="card-body">{chart}</div>
        </section>
    }
}

fn main_currency(invoices: &[Invoice]) -> Currency {
    let count = |currency: Currency| invoices.iter().filter(|invoice| invoice.currency == currency).count();
    invoices.iter().map(|invoice| invoice.currency).max_by_key(|currency| count(*currency)).unwrap_or(Currency::USD)
}

fn months(invoices: &[Invoice], currency: Currency) -> Vec<Bar> {
    let mut names: Vec<String> = Vec::new();
    let mut day = now().day_start();
    while names.len() < MONTHS {
        let name = month(day);
        if names.last() != Some(&name) {
            names.push(name);
        }
        day = day.plus_days(-1);
    }
    names.reverse();
    let total = |name: &str| {
        let within = |invoice: &&Invoice| invoice.currency == currency && month(invoice.issued_at) == name;
        invoices.iter().filter(within).map(|invoice| invoice.amount_minor).sum::<i64>()
    };
    let bar = |name: String| {
        let value = Money { minor: total(&name), currency }.major();
        let label = name.split(' ').next().unwrap_or_default().to_owned();
        Bar { label, value, tone: Tone::Series1 }
    };
    names.into_iter().map(bar).collect()
}

fn month(at: Timestamp) -> String {
    format::date(at).split_once(' ').map(|(_, month)| month.to_owned()).unwrap_or_default()
}

#[component]
fn Invoices(invoices: Vec<Invoice>, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, account.invoices);
    let date = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), format::date);
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title">{title}</h2><span class="card-sub">{invoices.len().to_string()}</span></header>
            <div class="card-body" data-flush="">
                <div class="table-scroll" tabindex="0" role="region" aria-label=title>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, account.number)}</th>
                            <th scope="col">{td_string!(locale, account.product)}</th>
                            <th scope="col" class="number">{td_string!(locale, account.amount)}</th>
                            <th scope="col">{td_string!(locale, account.status)}</th>
                            <th scope="col">{td_string!(locale, account.issued)}</th>
                            <th scope="col">{td_string!(locale, account.due)}</th>
                            <th scope="col">{td_string!(locale, account.paid)}</th>
                        </tr></thead>
                        <tbody>{invoices.into_iter().map(|invoice| {
                            let (tone, word) = status(&invoice, locale);
                            let amount = format::money(Money { minor: invoice.amount_minor, currency: invoice.currency });
                            view! {
                                <tr>
                                    <th scope="row">{invoice.external_id.unwrap_or_else(|| "–".to_owned())}</th>
                                    <td>{invoice.product.unwrap_or_else(|| "–".to_owned())}</td>
                                    <td class="number">{amount}</td>
                                    <td><span class="badge" data-tone=tone>{word}</span></td>
                                    <td>{format::date(invoice.issued_at)}</td>
                                    <td>{date(invoice.due_at)}</td>
                                    <td>{date(invoice.paid_at)}</td>
                                </tr>
                            }
                        }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}
