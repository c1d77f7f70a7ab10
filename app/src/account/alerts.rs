//! The open alerts of the account: a mark in the head, and a card with what can be done.

use domain::alerts::list::AlertRow;
use domain::fields::Subject;
use leptos::prelude::*;

use super::desk::{Desk, known};
use super::parts::Panel;
use crate::alerts::alerts_of_account;
use crate::alerts::hand::Hand;
use crate::alerts::row::{Actions, Lines};
use crate::error::Result;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Alerts that the card shows.
const FEW: usize = 6;

/// What the mark and the card share.
#[derive(Clone, Copy)]
struct Open {
    alerts: Resource<Result<Vec<AlertRow>>>,
    hand: Hand,
}

/// Begins to load the open alerts; call it once on the page.
pub(super) fn open(desk: Desk) -> Hand {
    let hand = Hand::new();
    let version = desk.watch(&[Subject::Alert]);
    let alerts = Resource::new(
        move || (desk.id.get(), desk.in_past.get(), version.get(), hand.own.get()),
        |(id, in_past, ..)| async move {
            // Alerts are about now; the past has its own scores.
            if in_past { Ok(Vec::new()) } else { alerts_of_account(known(id)?).await }
        },
    );
    provide_context(Open { alerts, hand });
    hand
}

/// How many alerts are open, beside the name.
#[component]
pub(super) fn AlertBadge() -> impl IntoView {
    let Open { alerts, .. } = expect_context::<Open>();
    let badge = move |rows: Vec<AlertRow>, locale: Locale| {
        let worst = rows.iter().map(|row| row.alert.priority).min()?;
        let text = match rows.len() {
            1 => td_string!(locale, alerts.single_badge).to_owned(),
            total => td_string!(locale, alerts.badge, total = total),
        };
        let tone = if worst <= domain::alerts::Priority::High { "bad" } else { "warn" };
        Some(view! { <span class="badge" data-tone=tone><Pic icon=Icon::Flag/>{text}</span> })
    };
    view! { <Panel resource=alerts lines=1 children=badge/> }
}

/// The open alerts with what can be done about them; nothing where there is none.
#[component]
pub(super) fn Alerts() -> impl IntoView {
    let Open { alerts, hand } = expect_context::<Open>();
    let card = move |rows: Vec<AlertRow>, locale: Locale| {
        let total = rows.len();
        (total > 0).then(|| {
            view! {
                <section class="card" aria-labelledby="account-alerts">
                    <header class="card-head">
                        <h2 class="card-title" id="account-alerts">{td_string!(locale, alerts.panel)}</h2>
                        <span class="card-sub">{total.to_string()}</span>
                    </header>
                    <div class="card-body" data-flush="">
                        <ul class="queue">
                            {rows.into_iter().take(FEW).map(|row| view! {
                                <li class="queue-item alert-item">
                                    <span class="queue-kind"><Pic icon=Icon::Flag/></span>
                                    <Lines row=row.clone() with_account=false locale/>
                                    <div class="queue-actions"><Actions row hand/></div>
                                </li>
                            }).collect_view()}
                        </ul>
                    </div>
                </section>
            }
        })
    };
    view! { <Panel resource=alerts lines=2 children=card/> }
}
