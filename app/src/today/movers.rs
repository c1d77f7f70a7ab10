//! Movement: the accounts whose score fell or rose most in 7 days.

use domain::accounts::AccountRow;
use leptos::prelude::*;

use super::figure::{Figure, Look};
use crate::format;
use crate::ui::health::{BandBadge, Trend};

/// Which way the accounts went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Their scores fell.
    Fell,
    /// Their scores rose.
    Rose,
}

/// The accounts that moved most, one way.
#[component]
pub(super) fn Movers(
    /// Which way.
    way: Way,
    /// The accounts, those that moved most first.
    rows: Vec<AccountRow>,
    /// Where all of them are listed.
    href: String,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let (id, fell, none) =
        (if way == Way::Fell { "fell-most" } else { "rose-most" }, way == Way::Fell, rows.is_empty());
    let title = if fell { text!(today.fell_most).into_any() } else { text!(today.rose_most).into_any() };
    let nothing = if fell { text!(today.nobody_fell).into_any() } else { text!(today.nobody_rose).into_any() };
    view! {
        <section class="card" aria-labelledby=id>
            <header class="card-head">
                <h2 class="card-title" id=id>{title}</h2>
                <a href=href hidden=none>{text!(today.all)}</a>
            </header>
            {if none {
                view! { <div class="card-body"><p class="muted">{nothing}</p></div> }.into_any()
            } else {
                view! { <div class="card-body" data-flush><MoverTable id rows look/></div> }.into_any()
            }}
        </section>
    }
}

#[component]
fn MoverTable(id: &'static str, rows: Vec<AccountRow>, look: Look) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby=id>
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(today.account)}</th>
                    <th scope="col" class="number">{text!(today.score)}</th>
                    <th scope="col" class="number">{text!(today.seven_days)}</th>
                    <th scope="col" class="number">{text!(today.arr)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Mover row look/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Mover(row: AccountRow, look: Look) -> impl IntoView {
    let AccountRow { account, health, .. } = row;
    let score = health.as_ref().map_or_else(|| "–".to_owned(), |health| format::score(health.score));
    let band = health.as_ref().map(|health| health.band);
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/accounts/{}", account.id) data-drivers=account.id.to_string()>{account.name.clone()}</a>" "<BandBadge band account=account.id/>
            </th>
            <td class="number" data-drivers=account.id.to_string()>
                <Figure look key=format!("mover/{}", account.id) text=score/>
            </td>
            <td class="number"><Trend change=health.and_then(|health| health.trend_7d)/></td>
            <td class="number">{account.annual().map_or_else(|| "–".to_owned(), format::money_short)}</td>
        </tr>
    }
}
