//! What renews within 90 days, with the last day on which notice can be given.

use domain::accounts::AccountRow;
use domain::portfolio::Portfolio;
use leptos::prelude::*;

use super::figure::{Figure, Look};
use super::links;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::health::ScoreBadge;

/// The next renewals.
#[component]
pub(super) fn Renewals(
    /// The portfolio.
    portfolio: Portfolio,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let count = format::integer(i64::from(portfolio.renewal_count));
    let value = format::money_list(&portfolio.renewal_value);
    let none = portfolio.renewals.is_empty();
    view! {
        <section class="card" aria-labelledby="renewals">
            <header class="card-head">
                <h2 class="card-title" id="renewals">{text!(today.renewals)}</h2>
                <a href=links::accounts(super::RENEWS, "renewal_at", look.mine) hidden=none>{text!(today.all)}</a>
            </header>
            <div class="card-body">
                <div class="row" data-align="baseline" data-spread>
                    <span><Figure look key="renewal-count" text=count/>" "{text!(today.accounts)}</span>
                    <span class="strong number"><Figure look key="renewal-value" text=value/></span>
                </div>
            </div>
            {(!none).then(|| view! {
                <div class="card-body" data-flush>
                    <ul class="queue">
                        {portfolio.renewals.into_iter().map(|row| view! { <Renewal row/> }).collect_view()}
                    </ul>
                </div>
            })}
        </section>
    }
}

#[component]
fn Renewal(row: AccountRow) -> impl IntoView {
    let language = use_language();
    let AccountRow { account, health, .. } = row;
    let now = boot::now();
    let notice = account.notice_at().map(|at| (format::date(at), at < now));
    let late = notice.as_ref().is_some_and(|(_, late)| *late);
    let notice_words = move || match &notice {
        Some((date, true)) => td_string!(language.get(), today.notice_passed, date = date.clone()),
        Some((date, false)) => td_string!(language.get(), today.notice_by, date = date.clone()),
        None => td_string!(language.get(), today.no_notice).to_owned(),
    };
    let (id, drivers) = (account.id, health.as_ref().map(|_| account.id.to_string()));
    let renewal = account.renewal_at.map(|at| format!("{} ({})", format::date(at), format::relative(at, now)));
    view! {
        <li class="queue-item">
            <span class="queue-kind"><crate::ui::icon::Pic icon=crate::ui::icon::Icon::Calendar/></span>
            <div class="queue-title"><a href=format!("/accounts/{id}") data-drivers=drivers>{account.name.clone()}</a></div>
            <div class="queue-meta">
                <span>{renewal}</span>
                <span class:strong=late>{notice_words}</span>
                {account.annual().map(|annual| view! { <span>{format::money(annual)}</span> })}
            </div>
            <div class="queue-actions"><ScoreBadge health account=id/></div>
        </li>
    }
}
