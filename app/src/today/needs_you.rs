//! Needs you: the accounts at risk that pay most, each with its reason.

use domain::accounts::AccountRow;
use domain::portfolio::Portfolio;
use leptos::prelude::*;

use super::figure::{Figure, Look};
use super::links;
use super::reason::Reason;
use super::server_fns::Overview;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::health::{BandBadge, Trend};
use crate::ui::icon::{Icon, Pic};

/// The accounts at risk that pay most.
#[component]
pub(super) fn NeedsYou(
    /// The portfolio and the reasons.
    overview: Overview,
    /// How it is looked at.
    look: Look,
) -> impl IntoView {
    let Overview { portfolio: Portfolio { at_risk, .. }, reasons } = overview;
    let none = at_risk.is_empty();
    view! {
        <section class="card" aria-labelledby="needs-you">
            <header class="card-head">
                <div class="row" data-align="baseline">
                    <h2 class="card-title" id="needs-you">{text!(today.needs_you)}</h2>
                    <span class="card-sub">{text!(today.needs_you_sub)}</span>
                </div>
                <a href=links::accounts(super::AT_RISK, "score,-arr_minor", look.mine) hidden=none>{text!(today.all_at_risk)}</a>
            </header>
            {if none {
                view! {
                    <div class="empty">
                        <Pic icon=Icon::Check/>
                        <p class="empty-title">{text!(today.nobody_needs_you)}</p>
                        <p class="empty-text">{text!(today.nobody_needs_you_text)}</p>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="card-body" data-flush>
                        <ol class="queue">
                            {at_risk.into_iter().map(|row| {
                                let reason = reasons.iter().find(|reason| reason.account == row.account.id).cloned();
                                view! { <Item row reason look/> }
                            }).collect_view()}
                        </ol>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Item(row: AccountRow, reason: Option<Reason>, look: Look) -> impl IntoView {
    let language = use_language();
    let AccountRow { account, health, .. } = row;
    let href = format!("/accounts/{}", account.id);
    let why = format!("{href}/health");
    let name = account.name.clone();
    let why_label = move || td_string!(language.get(), today.why, name = name.clone());
    let score = health.as_ref().map_or_else(|| "–".to_owned(), |health| format::score(health.score));
    let words = move || match &reason {
        Some(reason) => reason.words(language.get()),
        None => td_string!(language.get(), today.no_reason).to_owned(),
    };
    let owner = account.owner_id.and_then(|id| {
        boot::me().and_then(|me| me.people.into_iter().find(|person| person.id == id)).map(|person| person.name)
    });
    let renewal = account.renewal_at.map(|at| (format::date(at), format::relative(at, boot::now())));
    view! {
        <li class="queue-item">
            <span class="queue-kind"><Pic icon=Icon::Warning/></span>
            <div class="queue-title">
                <a href=href>{account.name.clone()}</a>
                <BandBadge band=health.as_ref().map(|health| health.band)/>
                <span class="number strong"><Figure look key=format!("need/{}", account.id) text=score/></span>
                {health.as_ref().and_then(|health| health.trend_7d).map(|change| view! { <Trend change=Some(change)/> })}
            </div>
            <p class="queue-reason">{words}</p>
            <div class="queue-meta">
                {account.annual().map(|annual| view! { <span>{format::money(annual)}" "{text!(today.per_year)}</span> })}
                <span>{owner.map_or_else(|| text!(today.no_owner).into_any(), IntoAny::into_any)}</span>
                {renewal.map(|(date, relative)| view! {
                    <span>{move || td_string!(language.get(), today.renews, date = date.clone(), relative = relative.clone())}</span>
                })}
            </div>
            <div class="queue-actions">
                <a class="icon-button" href=why aria-label=why_label.clone() title=why_label><Pic icon=Icon::Pulse/></a>
            </div>
        </li>
    }
}
