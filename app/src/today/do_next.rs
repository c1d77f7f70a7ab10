//! Do next: one ranked queue of alerts, tasks, customers who wait for an answer, renewals and accounts at risk, each with
//! its reason and what can be done.

use domain::accounts::{Account, AccountRow};
use domain::alerts::list::AlertRow;
use domain::queue::{About, Entry, Reply};
use domain::reports::AT_RISK;
use domain::todos::TodoRow;
use leptos::prelude::*;

use super::links;
use super::reason::Reason;
use super::server_fns::Queue;
use crate::advice::words as advice;
use crate::alerts::hand::Hand;
use crate::alerts::row::{Actions, Lines, href};
use crate::alerts::words::person;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::todos::hand::Hand as Tasks;
use crate::todos::row as task;
use crate::ui::health::{BandBadge, ScoreBadge};
use crate::ui::icon::{Icon, Pic};

/// The queue.
#[component]
pub(super) fn DoNext(
    /// What is in it, with the reasons of accounts at risk.
    queue: Queue,
    /// Whether only the asking person's entries are shown.
    mine: bool,
    /// Steps with alerts and their questions.
    hand: Hand,
    /// Steps with tasks and their questions.
    tasks: Tasks,
) -> impl IntoView {
    let locale = use_language().get_untracked();
    let Queue { entries, actions, reasons, here, .. } = queue;
    Effect::new(move |_| tasks.here.set(here));
    let none = entries.is_empty();
    let (all, all_tasks) = if mine { ("/alerts?mine=1", "/tasks?mine=1") } else { ("/alerts", "/tasks") };
    view! {
        <section class="card" aria-labelledby="do-next">
            <header class="card-head">
                <div class="row" data-align="baseline">
                    <h2 class="card-title" id="do-next">{text!(today.do_next)}</h2>
                    <span class="card-sub">{text!(today.do_next_sub)}</span>
                </div>
                <span class="row">
                    <a href=all>{text!(today.all_alerts)}</a>
                    <a href=all_tasks>{text!(today.all_tasks)}</a>
                    <a href=links::accounts(AT_RISK, "score,-arr_minor", mine)>{text!(today.all_at_risk)}</a>
                </span>
            </header>
            {if none {
                view! {
                    <div class="empty">
                        <Pic icon=Icon::Check/>
                        <p class="empty-title">{text!(today.nothing_next)}</p>
                        <p class="empty-text">{text!(today.nothing_next_text)}</p>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="card-body" data-flush>
                        <ol class="queue">
                            {entries.into_iter().map(|Entry { about, .. }| match about {
                                About::Alert(row) => {
                                    let action = actions.iter().find(|(alert, _)| *alert == row.alert.id);
                                    let action = action.map(|(_, action)| action.clone());
                                    view! { <Told row=*row action hand locale/> }.into_any()
                                }
                                About::Todo(row) => view! { <Due row=*row tasks locale/> }.into_any(),
                                About::Reply(reply) => view! { <Waits reply=*reply locale/> }.into_any(),
                                About::Renewal(row) => view! { <Renews row=*row locale/> }.into_any(),
                                About::AtRisk(row) => {
                                    let reason = reasons.iter().find(|reason| reason.account == row.account.id).cloned();
                                    view! { <AtRisk row=*row reason locale/> }.into_any()
                                }
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
fn Told(row: AlertRow, action: Option<String>, hand: Hand, locale: Locale) -> impl IntoView {
    let first = action.map(|action| {
        let href = format!("{}#advice-title", href(&row.alert));
        view! { <p class="queue-next">{td_string!(locale, today.first)}": "<a href=href>{advice::name(&action, locale)}</a></p> }
    });
    view! {
        <li class="queue-item alert-item" data-entry="alert">
            <span class="queue-kind"><Pic icon=Icon::Flag/></span>
            <Lines row=row.clone() locale/>
            {first}
            <div class="queue-actions"><Actions row hand/></div>
        </li>
    }
}

/// A customer who wrote last.
#[component]
fn Waits(reply: Reply, locale: Locale) -> impl IntoView {
    let Reply { row, who, at, said, in_survey } = reply;
    let (name, ago) = (who.unwrap_or_else(|| row.account.name.clone()), format::relative(at, boot::now()));
    let why = if in_survey {
        td_string!(locale, today.wrote_in_survey, name = name, ago = ago)
    } else {
        td_string!(locale, today.wrote, name = name, ago = ago)
    };
    let href = format!("/accounts/{}", row.account.id);
    let timeline = format!("{href}/timeline");
    let label = td_string!(locale, today.log_answer, name = row.account.name.clone());
    view! {
        <li class="queue-item" data-entry="reply">
            <span class="queue-kind"><Pic icon=Icon::Mail/></span>
            <div class="queue-title">
                <span class="badge">{td_string!(locale, today.reply)}</span>
                <a href=href>{row.account.name.clone()}</a>
            </div>
            <p class="queue-reason">{why}" "<q>{said}</q></p>
            <Facts account=row.account locale/>
            <div class="queue-actions">
                <a class="icon-button" href=timeline aria-label=label.clone() title=label><Pic icon=Icon::Note/></a>
            </div>
        </li>
    }
}

#[component]
fn Due(row: TodoRow, tasks: Tasks, locale: Locale) -> impl IntoView {
    view! {
        <li class="queue-item alert-item" data-entry="task">
            <span class="queue-kind"><Pic icon=Icon::Tasks/></span>
            <task::Lines row=row.clone() locale/>
            <div class="queue-actions"><task::Actions row hand=tasks/></div>
        </li>
    }
}

#[component]
fn Renews(row: AccountRow, locale: Locale) -> impl IntoView {
    let (account, now) = (row.account, boot::now());
    let when = account.renewal_at.map_or_else(String::new, |at| {
        td_string!(locale, today.renews, date = format::date(at), relative = format::relative(at, now))
    });
    let notice = match account.notice_at() {
        Some(at) if at < now => td_string!(locale, today.notice_passed, date = format::date(at)),
        Some(at) => td_string!(locale, today.notice_by, date = format::date(at)),
        None => td_string!(locale, today.no_notice).to_owned(),
    };
    let (id, href) = (account.id, format!("/accounts/{}", account.id));
    let drivers = row.health.is_some().then(|| id.to_string());
    view! {
        <li class="queue-item" data-entry="renewal">
            <span class="queue-kind"><Pic icon=Icon::Calendar/></span>
            <div class="queue-title">
                <span class="badge">{td_string!(locale, today.renewal)}</span>
                <a href=href data-drivers=drivers>{account.name.clone()}</a>
            </div>
            <p class="queue-reason">{format!("{when} · {notice}")}</p>
            <Facts account locale/>
            <div class="queue-actions"><ScoreBadge health=row.health account=id/></div>
        </li>
    }
}

#[component]
fn AtRisk(row: AccountRow, reason: Option<Reason>, locale: Locale) -> impl IntoView {
    let href = format!("/accounts/{}", row.account.id);
    let why = format!("{href}/health");
    let label = td_string!(locale, today.why, name = row.account.name.clone());
    let words = reason.map_or_else(|| td_string!(locale, today.no_reason).to_owned(), |reason| reason.words(locale));
    let (id, band) = (row.account.id, row.health.as_ref().map(|health| health.band));
    let drivers = band.map(|_| id.to_string());
    view! {
        <li class="queue-item" data-entry="at-risk">
            <span class="queue-kind"><Pic icon=Icon::Warning/></span>
            <div class="queue-title"><a href=href data-drivers=drivers>{row.account.name.clone()}</a><BandBadge band account=id/></div>
            <p class="queue-reason">{words}</p>
            <Facts account=row.account locale/>
            <div class="queue-actions">
                <a class="icon-button" href=why aria-label=label.clone() title=label><Pic icon=Icon::Pulse/></a>
            </div>
        </li>
    }
}

/// What an account pays and who looks after it.
#[component]
fn Facts(account: Account, locale: Locale) -> impl IntoView {
    let owner = person(account.owner_id).unwrap_or_else(|| td_string!(locale, today.no_owner).to_owned());
    view! {
        <div class="queue-meta">
            {account.annual().map(|annual| view! { <span>{format::money(annual)}" "{td_string!(locale, today.per_year)}</span> })}
            <span>{owner}</span>
        </div>
    }
}
