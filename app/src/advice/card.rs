//! The card: what to do, what may be sold, and whom it is brought to.

use domain::advice::{Advice, Growth, PathStep};
use domain::id::AlertId;
use leptos::prelude::*;

use super::hand::Hand;
use super::option::Recommended;
use super::words;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// What is recommended, best first.
#[component]
pub fn AdviceCard(
    /// What is recommended; nothing for what concerns the whole portfolio.
    advice: Option<Advice>,
    /// The alert whose page it stands on.
    alert: Option<AlertId>,
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    let locale = hand.language.get_untracked();
    let title = match alert {
        Some(_) => td_string!(locale, advice.card_alert),
        None => td_string!(locale, advice.card_account),
    };
    view! {
        <section class="card" aria-labelledby="advice-title">
            <header class="card-head"><h2 class="card-title" id="advice-title">{title}</h2></header>
            {match advice {
                None => {
                    let (title, text) = (td_string!(locale, advice.many), td_string!(locale, advice.many_text));
                    view! { <Nothing title text/> }.into_any()
                }
                Some(advice) => view! { <Options advice alert hand locale/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Nothing(title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Check/>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
        </div>
    }
}

#[component]
fn Options(advice: Advice, alert: Option<AlertId>, hand: Hand, locale: Locale) -> impl IntoView {
    let mut options = advice.options.clone().into_iter();
    let first = options.next();
    let others: Vec<_> = options.collect();
    let has_others = !others.is_empty();
    let (growth, path) = (advice.growth.clone(), advice.path.clone());
    let advice = StoredValue::new(advice);
    view! {
        {match first {
            Some(option) => view! {
                <div class="card-body"><Recommended option advice alert open=true hand/></div>
            }
            .into_any(),
            None if alert.is_some() => {
                let (title, text) = (td_string!(locale, advice.none_alert), td_string!(locale, advice.none_alert_text));
                view! { <Nothing title text/> }.into_any()
            }
            None => {
                let (title, text) =
                    (td_string!(locale, advice.none_account), td_string!(locale, advice.none_account_text));
                view! { <Nothing title text/> }.into_any()
            }
        }}
        {has_others.then(|| view! {
            <details class="advice-more card-body">
                <summary>{td_string!(locale, advice.others)}" ("{others.len().to_string()}")"</summary>
                <div class="stack" data-gap="large">
                    {others.into_iter().map(|option| view! {
                        <Recommended option advice alert open=false hand/>
                    }).collect_view()}
                </div>
            </details>
        })}
        <Sales growth is_account=alert.is_none() locale/>
        <Path path locale/>
    }
}

/// What may be sold, or why nothing should be; on an alert's page only where something was held back.
#[component]
fn Sales(growth: Growth, is_account: bool, locale: Locale) -> impl IntoView {
    let Growth { held, actions, products, peers } = growth;
    if !is_account && actions.is_empty() {
        return ().into_any();
    }
    let names: Vec<String> = actions.iter().map(|action| words::name(action, locale)).collect();
    let held_back = (!names.is_empty()).then(|| td_string!(locale, advice.held_actions, actions = names.join(", ")));
    let lines = match held {
        Some(held) => {
            let mut lines = vec![td_string!(locale, advice.held, reason = words::held(held, locale))];
            lines.extend(held_back);
            lines
        }
        None if products.is_empty() => vec![td_string!(locale, advice.products_none, peers = peers)],
        None => products.iter().map(|product| words::product(product, locale)).collect(),
    };
    view! {
        <div class="card-body advice-part">
            <h3 class="advice-heading">{td_string!(locale, advice.growth)}</h3>
            <ul class="advice-lines">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Path(path: Vec<PathStep>, locale: Locale) -> impl IntoView {
    view! {
        <div class="card-body advice-part">
            <h3 class="advice-heading">{td_string!(locale, advice.path)}</h3>
            <ol class="steps-list">
                {path.into_iter().map(|step| {
                    let (rung, names, when) = words::step(&step, locale);
                    view! {
                        <li aria-current=step.here.then_some("step")>
                            <span class="strong">{rung}</span>": "{names}
                            {when.map(|when| view! { " "<span class="muted">{when}</span> })}
                        </li>
                    }
                }).collect_view()}
            </ol>
        </div>
    }
}
