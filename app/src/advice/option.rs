//! One recommendation: what, why, whom, when, how, what to write, and what people think of it.

use domain::advice::message::Message;
use domain::advice::{Advice, Answered, Opinion, Recommendation, Verdict};
use domain::id::AlertId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::hand::{Given, Hand};
use super::words;
use crate::alerts::words as alerts;
use crate::i18n::{Locale, td_string};
use crate::ui::copy::copy;
use crate::ui::icon::{Icon, Pic};

/// Opinions that are shown one by one.
const OPINIONS: usize = 5;

/// One recommendation.
#[component]
pub(super) fn Recommended(
    /// What is recommended.
    option: Recommendation,
    /// What it is part of.
    advice: StoredValue<Advice>,
    /// The alert whose page it stands on.
    alert: Option<AlertId>,
    /// Whether its message is open from the start.
    open: bool,
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    let locale = hand.language.get_untracked();
    let message = advice.with_value(|advice| words::message(&option, advice, locale));
    let account = advice.with_value(|advice| advice.account);
    let name = words::name(&option.action, locale);
    let (urgency, tone) = words::urgency(option.urgency.value, locale);
    let id = format!("advice-{}", option.action);
    let label = id.clone();
    let email = option.contact.as_ref().and_then(|contact| contact.email.clone());
    let opinion =
        Opinion { account, alert, action: option.action.clone(), verdict: Verdict::Useful, reason: String::new() };
    view! {
        <article class="advice stack" data-gap="small" aria-labelledby=label>
            <header class="row">
                <h3 class="advice-name" id=id>{name.clone()}</h3>
                <span class="badge" data-tone=tone>{urgency}</span>
            </header>
            <p>{words::why(&option.action, locale)}</p>
            <Answers answers=option.answers.clone() shown=alert locale/>
            <Reach option=option.clone() locale/>
            <Written message email open hand/>
            <Reasons option=option.clone() advice locale/>
            {Hand::may().then(|| view! { <Rate opinion name mine=option.mine hand/> })}
        </article>
    }
}

/// The open alerts that it answers, save the one whose page it stands on.
#[component]
fn Answers(answers: Vec<Answered>, shown: Option<AlertId>, locale: Locale) -> impl IntoView {
    let answers: Vec<Answered> = answers.into_iter().filter(|one| Some(one.id) != shown).collect();
    (!answers.is_empty()).then(|| {
        view! {
            <p class="row" data-gap="small">
                <span class="muted">{td_string!(locale, advice.answers)}</span>
                {answers.into_iter().map(|one| view! {
                    <a class="chip" href=format!("/alerts/{}", one.id)>{alerts::name_of(&one.key, &one.name, locale)}</a>
                }).collect_view()}
            </p>
        }
    })
}

/// Whom to reach, when and how, and what it is expected to do; each with what it rests on.
#[component]
fn Reach(option: Recommendation, locale: Locale) -> impl IntoView {
    let with_contact = option.contact.is_some();
    let whom = match &option.contact {
        Some(contact) => match &contact.role {
            Some(role) => format!("{} ({})", contact.name, words::role(role)),
            None => contact.name.clone(),
        },
        None => td_string!(locale, advice.whom_none).to_owned(),
    };
    let (when, when_rests) = words::times(&option.timing, with_contact, locale);
    let (how, how_rests) = words::channels(&option.timing, with_contact, locale);
    let (effect, effect_rests) = words::effect(&option.effect, locale);
    let line = |name: &'static str, line: String, rests: String| {
        view! { <div><dt>{name}</dt><dd>{line}<br/><span class="muted">{rests}</span></dd></div> }
    };
    view! {
        <dl class="facts advice-facts">
            <div><dt>{td_string!(locale, advice.whom)}</dt><dd>{whom}</dd></div>
            {line(td_string!(locale, advice.when), when, when_rests)}
            {line(td_string!(locale, advice.how), how, how_rests)}
            {line(td_string!(locale, advice.effect), effect, effect_rests)}
        </dl>
    }
}

/// The suggested message, to be read, copied or opened in a mail program.
#[component]
fn Written(message: Message, email: Option<String>, open: bool, hand: Hand) -> impl IntoView {
    let locale = hand.language.get_untracked();
    let mail = email.map(|email| words::mail_to(&email, &message));
    let places: Vec<String> = message.missing.iter().map(|place| words::place(place, locale)).collect();
    let missing = (!places.is_empty()).then(|| {
        let text = td_string!(locale, advice.message_missing, places = places.join(", "));
        view! { <p class="muted">{text}</p> }
    });
    let text = StoredValue::new(format!("{}\n\n{}", message.subject, message.body));
    let press = move |_| {
        spawn_local(async move {
            let is_copied = copy(&text.get_value()).await;
            let locale = hand.language.get_untracked();
            hand.toasts.say(if is_copied {
                td_string!(locale, advice.copied)
            } else {
                td_string!(locale, advice.copy_failed)
            });
        });
    };
    view! {
        <details class="advice-more" open=open>
            <summary>{td_string!(locale, advice.message)}</summary>
            <div class="advice-message stack" data-gap="small">
                <p class="strong">{message.subject}</p>
                <p class="prose">{message.body}</p>
            </div>
            {missing}
            <div class="row">
                <button class="button" data-size="small" type="button" on:click=press>
                    <Pic icon=Icon::Note/><span>{td_string!(locale, advice.copy)}</span>
                </button>
                {mail.map(|href| view! {
                    <a class="button" data-size="small" href=href rel="external">
                        <Pic icon=Icon::Mail/><span>{td_string!(locale, advice.open_mail)}</span>
                    </a>
                })}
            </div>
        </details>
    }
}

/// The facts, what people said, and the formula with its numbers.
#[component]
fn Reasons(option: Recommendation, advice: StoredValue<Advice>, locale: Locale) -> impl IntoView {
    let currency = advice.with_value(|advice| advice.currency);
    let mut said = words::said(&option.usefulness, locale);
    advice.with_value(|advice| {
        let of_action = advice.opinions.iter().filter(|opinion| opinion.action == option.action);
        said.extend(of_action.take(OPINIONS).map(|opinion| words::opinion(opinion, locale)));
    });
    let (formula, urgency) = words::order(&option, locale);
    let facts: Vec<_> = option.facts.iter().filter(|fact| words::is_shown(fact)).collect();
    view! {
        <details class="advice-more">
            <summary>{td_string!(locale, advice.details)}</summary>
            <dl class="facts advice-facts">
                <div><dt>{td_string!(locale, advice.facts)}</dt><dd>
                    <ul class="advice-lines">
                        {facts.into_iter().map(|fact| view! {
                            <li>{alerts::fact(&fact.key, locale)}": "<span class="strong">{words::fact(fact, currency, locale)}</span></li>
                        }).collect_view()}
                    </ul>
                </dd></div>
                <div><dt>{td_string!(locale, advice.said)}</dt><dd>
                    <ul class="advice-lines">
                        {said.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                    </ul>
                </dd></div>
                <div><dt>{td_string!(locale, advice.order)}</dt><dd>
                    <code>{formula}</code><br/><span class="muted">{urgency}</span>
                </dd></div>
            </dl>
        </details>
    }
}

/// What the person thinks of it, and what they have just said.
#[component]
fn Rate(opinion: Opinion, name: String, mine: Option<Verdict>, hand: Hand) -> impl IntoView {
    let locale = hand.language.get_untracked();
    let said = {
        let (account, action) = (opinion.account, opinion.action.clone());
        Signal::derive(move || hand.said(account, &action))
    };
    let opinion = StoredValue::new(opinion);
    let is_chosen = move |verdict| said.get().map(|given| given.opinion.verdict).or(mine) == Some(verdict);
    view! {
        <div class="row" role="group" aria-label=td_string!(locale, advice.rate_label, name = name)>
            <span class="muted">{td_string!(locale, advice.rate)}</span>
            {Verdict::ALL.into_iter().map(|verdict| view! {
                <button class="chip" type="button" aria-pressed=move || is_chosen(verdict).to_string()
                    disabled=move || hand.busy.get()
                    on:click=move |_| hand.take(Opinion { verdict, ..opinion.get_value() })>
                    {words::verdict(verdict, locale)}
                </button>
            }).collect_view()}
            {move || said.get().map(|given| view! { <Said given hand locale/> })}
        </div>
    }
}

#[component]
fn Said(given: Given, hand: Hand, locale: Locale) -> impl IntoView {
    view! {
        <span class="advice-said" role="status">{words::you_said(&given.opinion, locale)}</span>
        {given.batch.map(|batch| view! {
            <button class="button" data-look="plain" data-size="small" type="button" on:click=move |_| hand.undo(batch)>
                {td_string!(locale, common.undo)}
            </button>
        })}
    }
}
