//! All scorecards: which accounts each is for, which version is in force, and what is being worked on.

use domain::health::{CardHead, Scorecard};
use domain::id::ScorecardId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::AskManager;
use super::server_fns::{duplicate_card, save_card_draft};
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// The list.
#[component]
pub(super) fn Cards(cards: Vec<CardHead>) -> impl IntoView {
    let (language, toasts, navigate) = (use_language(), use_toasts(), use_navigate());
    let busy = RwSignal::new(false);
    let open = Callback::new(move |id: ScorecardId| navigate(&format!("/scorecards/{id}"), NavigateOptions::default()));
    let create = move |_| {
        busy.set(true);
        let name = td_string!(language.get_untracked(), scorecards.new_name).to_owned();
        spawn_local(async move {
            match save_card_draft(None, None, Scorecard { name, ..Scorecard::default() }).await {
                Ok(made) => open.run(made.scorecard),
                Err(error) => toasts.error(&error),
            }
            busy.try_set(false);
        });
    };
    let copy = Callback::new(move |(id, name): (ScorecardId, String)| {
        let name = td_string!(language.get_untracked(), scorecards.copy_of, name = name);
        spawn_local(async move {
            match duplicate_card(id, name).await {
                Ok(made) => open.run(made.scorecard),
                Err(error) => toasts.error(&error),
            }
        });
    });
    let may = boot::may(Role::Manager);
    view! {
        <div class="page-head">
            <div><h1 class="page-title">{text!(scorecards.title)}</h1><p class="page-sub">{text!(scorecards.subtitle)}</p></div>
            {may.then(|| view! {
                <div class="page-actions">
                    <button class="button" data-look="primary" type="button" disabled=move || busy.get() on:click=create>
                        <Pic icon=Icon::Plus/><span>{text!(scorecards.new)}</span>
                    </button>
                </div>
            })}
        </div>
        <div class="page-body stack">
            <AskManager/>
            {if cards.is_empty() {
                view! { <Nothing/> }.into_any()
            } else {
                view! { <Table cards copy may/> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="card"><div class="empty">
            <Pic icon=Icon::Pulse/>
            <p class="empty-title">{text!(scorecards.empty_title)}</p>
            <p class="empty-text">{text!(scorecards.empty_text)}</p>
        </div></section>
    }
}

#[component]
fn Table(cards: Vec<CardHead>, copy: Callback<(ScorecardId, String)>, may: bool) -> impl IntoView {
    view! {
        <section class="card">
            <div class="table-scroll" tabindex="0" role="group" aria-label=text!(scorecards.title)>
                <table class="table">
                    <thead><tr>
                        <th scope="col">{text!(scorecards.card_name)}</th>
                        <th scope="col">{text!(scorecards.applies_to)}</th>
                        <th scope="col" class="number">{text!(scorecards.priority)}</th>
                        <th scope="col" class="number">{text!(scorecards.accounts)}</th>
                        <th scope="col">{text!(scorecards.state)}</th>
                        {may.then(|| view! { <th scope="col"><span class="visually-hidden">{text!(scorecards.change)}</span></th> })}
                    </tr></thead>
                    <tbody>{cards.into_iter().map(|card| view! { <Row card copy may/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(card: CardHead, copy: Callback<(ScorecardId, String)>, may: bool) -> impl IntoView {
    let language = use_language();
    let CardHead { scorecard, name, priority, applies_to, live, draft, shadow, accounts, .. } = card;
    let label = {
        let name = name.clone();
        move || td_string!(language.get(), scorecards.duplicate_named, name = name.clone())
    };
    let (copied, marked) = (name.clone(), name.clone());
    view! {
        <tr data-card=marked>
            <th scope="row"><a href=format!("/scorecards/{scorecard}")>{name}</a></th>
            <td>{if applies_to.trim().is_empty() {
                view! { <span class="muted">{text!(scorecards.all_accounts)}</span> }.into_any()
            } else {
                view! { <code>{applies_to}</code> }.into_any()
            }}</td>
            <td class="number">{priority}</td>
            <td class="number">{format::integer(i64::from(accounts))}</td>
            <td><Marks live draft shadow/></td>
            {may.then(|| view! {
                <td><button class="button" data-size="small" data-look="quiet" type="button" aria-label=label
                    on:click=move |_| copy.run((scorecard, copied.clone()))>{text!(scorecards.duplicate)}</button></td>
            })}
        </tr>
    }
}

/// What is in force, what is tested and what is being worked on.
#[component]
pub(super) fn Marks(live: Option<u32>, draft: Option<u32>, shadow: Option<u32>) -> impl IntoView {
    let language = use_language();
    view! {
        <span class="row" data-gap="small">
            {match live {
                Some(version) => view! {
                    <span class="badge" data-tone="good">{move || td_string!(language.get(), scorecards.live_version, version = version)}</span>
                }.into_any(),
                None => view! { <span class="badge">{text!(scorecards.not_live)}</span> }.into_any(),
            }}
            {draft.filter(|_| shadow.is_none()).map(|_| view! { <span class="badge" data-tone="warn">{text!(scorecards.state_draft)}</span> })}
            {shadow.map(|_| view! { <span class="badge" data-tone="info">{text!(scorecards.state_shadow)}</span> })}
        </span>
    }
}
