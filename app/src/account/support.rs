//! Tickets, and what people answered when asked.

use domain::fields::Subject;
use domain::signals::Tone;
use domain::support::Ticket;
use domain::surveys::Response;
use leptos::prelude::*;

use super::desk::{Desk, known, now, use_desk};
use super::panels::SupportPanel;
use super::parts::{Nothing, Panel};
use super::{server_fns, words};
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::Icon;

/// Loads tickets and survey answers.
pub(super) fn resource(desk: Desk) -> Resource<Result<SupportPanel>> {
    let version = desk.watch(&[Subject::Ticket, Subject::Survey]);
    Resource::new(
        move || (desk.id.get(), desk.as_of.get(), version.get()),
        |(id, at, _)| async move { server_fns::account_support(known(id)?, at).await },
    )
}

/// Tickets and survey answers.
#[component]
pub(super) fn Support() -> impl IntoView {
    let desk = use_desk();
    let support = resource(desk);
    view! {
        <div class="stack">
            <Panel resource=support lines=10 let(support, locale)>
                {if support.tickets.is_empty() && support.surveys.is_empty() {
                    let (title, text) = (td_string!(locale, account.support_empty), td_string!(locale, account.support_empty_text));
                    view! {
                        <section class="card"><div class="card-body">
                            <Nothing icon=Icon::Ticket title text action=("/import", td_string!(locale, account.import))/>
                        </div></section>
                    }.into_any()
                } else {
                    let SupportPanel { tickets, surveys, sounds } = support;
                    view! {
                        <Counts tickets=tickets.clone() locale/>
                        {(!tickets.is_empty()).then(|| view! { <Tickets tickets locale/> })}
                        {(!surveys.is_empty()).then(|| view! { <Answers surveys sounds locale/> })}
                    }.into_any()
                }}
            </Panel>
        </div>
    }
}

#[component]
fn Counts(tickets: Vec<Ticket>, locale: Locale) -> impl IntoView {
    let open = tickets.iter().filter(|ticket| ticket.resolved_at.is_none());
    let urgent = open.clone().filter(|ticket| ticket.severity.as_deref() == Some("urgent")).count();
    let escalated = open.clone().filter(|ticket| ticket.escalated_at.is_some()).count();
    let rated: Vec<f64> = tickets.iter().filter_map(|ticket| ticket.satisfaction).collect();
    let mean = rated.iter().sum::<f64>() / rated.len() as f64;
    let satisfaction = if rated.is_empty() { "–".to_owned() } else { format::percent(mean) };
    let stat = |label: &'static str, value: String| {
        view! {
            <div class="stat"><span class="stat-label">{label}</span><span class="stat-value">{value}</span></div>
        }
    };
    view! {
        <div class="grid-4">
            {stat(td_string!(locale, account.open), open.count().to_string())}
            {stat(td_string!(locale, account.word_urgent), urgent.to_string())}
            {stat(td_string!(locale, account.escalated), escalated.to_string())}
            {stat(td_string!(locale, account.field_satisfaction_score), satisfaction)}
        </div>
    }
}

#[component]
fn Tickets(tickets: Vec<Ticket>, locale: Locale) -> impl IntoView {
    let title = td_string!(locale, account.tickets);
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title">{title}</h2><span class="card-sub">{tickets.len().to_string()}</span></header>
            <div class="card-body" data-flush="">
                <div class="table-scroll" tabindex="0" role="region" aria-label=title>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{td_string!(locale, account.subject)}</th>
                            <th scope="col">{td_string!(locale, account.severity)}</th>
                            <th scope="col">{td_string!(locale, account.status)}</th>
                            <th scope="col">{td_string!(locale, account.opened)}</th>
                            <th scope="col">{td_string!(locale, account.age)}</th>
                            <th scope="col" class="number">{td_string!(locale, account.field_satisfaction_score)}</th>
                        </tr></thead>
                        <tbody>{tickets.into_iter().map(|ticket| view! { <TicketRow ticket locale/> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

#[component]
fn TicketRow(ticket: Ticket, locale: Locale) -> impl IntoView {
    let priority = match ticket.severity.as_deref() {
        Some("urgent") => "critical",
        Some("high") => "high",
        Some("normal") => "medium",
        _ => "low",
    };
    let severity = ticket.severity.as_deref().map(|severity| {
        view! { <span class="priority" data-priority=priority>{words::word(severity, locale)}</span> }
    });
    let (tone, status) = match (ticket.resolved_at, ticket.escalated_at) {
        (Some(_), _) => ("good", td_string!(locale, account.resolved)),
        (None, Some(_)) => ("bad", td_string!(locale, account.escalated)),
        (None, None) => ("info", td_string!(locale, account.open)),
    };
    // An open ticket is as old as it is today, a solved one as it became.
    let age = format::age(ticket.opened_at, ticket.resolved_at.unwrap_or_else(now));
    view! {
        <tr>
            <th scope="row">{ticket.subject}" "<span class="muted">{ticket.external_id}</span></th>
            <td>{severity}</td>
            <td><span class="badge" data-tone=tone>{status}</span></td>
            <td>{format::date(ticket.opened_at)}</td>
            <td>{age}</td>
            <td class="number">{ticket.satisfaction.map_or_else(|| "–".to_owned(), format::percent)}</td>
        </tr>
    }
}

#[component]
fn Answers(surveys: Vec<Response>, sounds: Vec<Option<Tone>>, locale: Locale) -> impl IntoView {
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title">{td_string!(locale, account.answers)}</h2>
                <span class="card-sub">{surveys.len().to_string()}</span>
            </header>
            <div class="card-body">
                <ul class="list">
                    {surveys.into_iter().zip(sounds).map(|(answer, sounds)| {
                        let who = answer.email.unwrap_or_else(|| td_string!(locale, account.somebody).to_owned());
                        view! {
                            <li>
                                <div class="row">
                                    <span class="badge" data-tone=mood(&answer.kind, answer.score)>
                                        {format!("{} {}", words::word(&answer.kind, locale), format::number(answer.score))}
                                    </span>
                                    {sounds.map(|tone| {
                                        let (colour, words) = sound(tone, locale);
                                        view! { <span class="badge" data-tone=colour>{words}</span> }
                                    })}
                                    <span class="muted">{who}</span>
                                    <span class="push"></span>
                                    <time class="muted" datetime=answer.answered_at.iso_date()>{format::date(answer.answered_at)}</time>
                                </div>
                                {answer.comment.map(|comment| view! { <p class="prose">{comment}</p> })}
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </div>
        </section>
    }
}

/// Returns how a comment sounds, and the colour of its badge.
fn sound(tone: Tone, locale: Locale) -> (&'static str, &'static str) {
    match tone {
        Tone::Negative => ("bad", td_string!(locale, account.sounds_negative)),
        Tone::Neutral => ("neutral", td_string!(locale, account.sounds_neutral)),
        Tone::Positive => ("good", td_string!(locale, account.sounds_positive)),
    }
}

/// Returns whether an answer is good news, on its own scale.
fn mood(kind: &str, score: f64) -> &'static str {
    let (bad, good) = match kind {
        "nps" => (6.0, 9.0),
        "csat" => (2.0, 4.0),
        _ => (3.0, 6.0),
    };
    if score <= bad {
        "bad"
    } else if score >= good {
        "good"
    } else {
        "neutral"
    }
}
