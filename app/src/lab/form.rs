//! What is asked of the past.

use domain::health::CardHead;
use domain::id::ScorecardId;
use domain::lab::run::Asked;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::server_fns::start_lab;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// How many months can be chosen.
const MONTHS: [u32; 4] = [6, 12, 24, 36];
/// Which horizons can be chosen, in days.
const HORIZONS: [u32; 5] = [30, 60, 90, 120, 180];

/// Asks what is to be replayed, and starts it.
#[component]
pub(super) fn Ask(
    /// The scorecards that can be looked at.
    cards: Vec<CardHead>,
    /// Hears that there is a new run.
    changed: Callback<()>,
) -> impl IntoView {
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let cards: Vec<CardHead> = cards.into_iter().filter(|card| card.live.is_some() || card.draft.is_some()).collect();
    let card = RwSignal::new(cards.first().map(|card| card.scorecard));
    let (months, horizon) = (RwSignal::new(24u32), RwSignal::new(90u32));
    let (downgrades, suggest, pending) = (RwSignal::new(false), RwSignal::new(true), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(card) = card.get_untracked() else { return };
        let asked = Asked {
            card,
            months: months.get_untracked(),
            horizon_days: horizon.get_untracked(),
            downgrades: downgrades.get_untracked(),
            suggest: suggest.get_untracked(),
        };
        pending.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match start_lab(asked).await {
                Ok(run) => {
                    navigate(&format!("/lab?run={run}"), leptos_router::NavigateOptions::default());
                    changed.run(());
                }
                Err(error) => toasts.error(&error),
            }
            pending.try_set(false);
        });
    };
    view! {
        <section class="card no-paper" aria-labelledby="lab-ask">
            <header class="card-head"><h2 class="card-title" id="lab-ask">{text!(lab.ask)}</h2></header>
            <form class="card-body form" on:submit=submit>
                <div class="lab-fields">
                    <CardField cards card/>
                    <NumberField name="months" choices=&MONTHS value=months is_months=true/>
                    <NumberField name="horizon" choices=&HORIZONS value=horizon is_months=false/>
                </div>
                <Switches downgrades suggest/>
                <div class="form-actions">
                    <button class="button" data-look="primary" type="submit" disabled=move || pending.get()
                        aria-busy=move || pending.get().then_some("true")><Pic icon=Icon::Play/>{text!(lab.start)}</button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn CardField(cards: Vec<CardHead>, card: RwSignal<Option<ScorecardId>>) -> impl IntoView {
    let language = use_language();
    let choose = move |event| card.set(event_target_value(&event).parse().ok());
    view! {
        <div class="field">
            <label class="field-label" for="lab-card">{text!(lab.card)}</label>
            <select class="select" id="lab-card" name="card" aria-describedby="lab-card-hint" on:change=choose>
                {cards.into_iter().map(|head| {
                    let (name, has_draft) = (head.name, head.draft.is_some());
                    let words = move || if has_draft {
                        td_string!(language.get(), lab.with_draft, name = name.clone())
                    } else {
                        name.clone()
                    };
                    view! { <option value=head.scorecard.to_string()>{words}</option> }
                }).collect_view()}
            </select>
            <p class="field-hint" id="lab-card-hint">{text!(lab.card_hint)}</p>
        </div>
    }
}

#[component]
fn NumberField(name: &'static str, choices: &'static [u32], value: RwSignal<u32>, is_months: bool) -> impl IntoView {
    let language = use_language();
    let id = format!("lab-{name}");
    let hint = format!("{id}-hint");
    let choose = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse() {
            value.set(chosen);
        }
    };
    let label = move |locale: Locale| {
        if is_months { td_string!(locale, lab.months) } else { td_string!(locale, lab.horizon) }
    };
    let hint_text = move |locale: Locale| {
        if is_months { td_string!(locale, lab.months_hint) } else { td_string!(locale, lab.horizon_hint) }
    };
    let words = move |choice: u32| {
        let locale = language.get();
        if is_months {
            td_string!(locale, lab.n_months, n = choice)
        } else {
            td_string!(locale, lab.n_days, n = choice)
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{move || label(language.get())}</label>
            <select class="select" id=id name=name aria-describedby=hint.clone() on:change=choose>
                {choices.iter().map(|choice| {
                    let choice = *choice;
                    let chosen = choice == value.get_untracked();
                    view! { <option value=choice.to_string() selected=chosen>{move || words(choice)}</option> }
                }).collect_view()}
            </select>
            <p class="field-hint" id=hint>{move || hint_text(language.get())}</p>
        </div>
    }
}

#[component]
fn Switches(downgrades: RwSignal<bool>, suggest: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="lab-fields">
            <label class="check">
                <input class="checkbox" type="checkbox" name="downgrades" prop:checked=move || downgrades.get()
                    on:change=move |event| downgrades.set(event_target_checked(&event))/>
                <span>{text!(lab.downgrades)}</span>
            </label>
            <label class="check">
                <input class="checkbox" type="checkbox" name="suggest" checked=true prop:checked=move || suggest.get()
                    on:change=move |event| suggest.set(event_target_checked(&event))/>
                <span>{text!(lab.suggest)}</span>
            </label>
        </div>
    }
}
