//! The accounts that break a rule of which the filter language cannot tell.

use domain::quality::{Broken, Listed};
use leptos::prelude::*;

use super::{Look, words};
use crate::format;
use crate::i18n::{Locale, td_string};

/// The id of the heading.
pub(super) const HEADING: &str = "quality-list";

/// The accounts that break the rule in the address.
#[component]
pub(super) fn List(broken: Broken, look: Look) -> impl IntoView {
    let locale = look.locale;
    let Broken { rule, rows, total } = broken;
    let shown = u32::try_from(rows.len()).unwrap_or(total);
    let number = |number: u32| format::integer(i64::from(number));
    let count = if total > shown {
        let (first, rest) = (number(shown), number(total - shown));
        td_string!(locale, quality.list_first, shown = first, total = number(total), rest = rest)
    } else {
        td_string!(locale, quality.n_accounts, count = number(total))
    };
    let close = move || look.address.with(|address| address.listing(None));
    view! {
        <section class="card" aria-labelledby=HEADING>
            <header class="card-head">
                <div>
                    <h2 class="card-title" id=HEADING tabindex="-1">{words::sentence(rule, locale)}</h2>
                    <p class="card-sub">{words::advice(rule, locale)}</p>
                </div>
                <span class="card-sub">{count}</span>
                <a class="button" data-size="small" href=close data-noscroll="">{td_string!(locale, common.close)}</a>
            </header>
            {if rows.is_empty() {
                view! { <div class="card-body"><p class="muted">{td_string!(locale, quality.list_none)}</p></div> }.into_any()
            } else {
                view! { <div class="card-body" data-flush><Rows rows locale/></div> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Rows(rows: Vec<Listed>, locale: Locale) -> impl IntoView {
    let row = move |row: Listed| {
        view! {
            <tr data-account=row.account.to_string()>
                <th scope="row"><a href=format!("/accounts/{}", row.account)>{row.name}</a></th>
                <td>{row.domain.unwrap_or_else(|| "–".to_owned())}</td>
                <td>{words::owner(row.owner, locale)}</td>
                <td class="number">{row.annual.map_or_else(|| "–".to_owned(), format::money_short)}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby=HEADING>
            <table class="table">
                <thead><tr>
                    <th scope="col">{td_string!(locale, quality.account)}</th>
                    <th scope="col">{td_string!(locale, quality.domain)}</th>
                    <th scope="col">{td_string!(locale, quality.owner)}</th>
                    <th scope="col" class="number">{td_string!(locale, quality.arr)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
