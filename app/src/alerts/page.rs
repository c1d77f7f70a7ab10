//! The page of one alert: why it fired, how soon it wants somebody, what to do, and what happened.

use domain::alerts::list::{AlertEvent, AlertPageData, AlertRow};
use domain::fields::Subject;
use domain::id::AlertId;
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::ask::Asking;
use super::hand::{Ask, Hand, Targets};
use super::row::{Actions, Lines, PriorityMark, StateMark, pause};
use super::server_fns::load_alert;
use super::words;
use super::worth::{FactsCard, WorthCard};
use crate::advice::{Asked, Saying};
use crate::error::{Error, Result};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::todos::hand::Hand as Tasks;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// However much happens, the page is read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(300);

/// The page of one alert.
pub struct AlertPage {
    id: Memo<Option<AlertId>>,
    alert: Resource<Result<Option<AlertPageData>>>,
    hand: Hand,
    tasks: Tasks,
}

#[lazy_route]
impl LazyRoute for AlertPage {
    fn data() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<AlertId>().ok())));
        let hand = Hand::new();
        let version = paced(use_live().version(|note| note.subject == Subject::Alert), PACE);
        let alert = Resource::new(move || (id.get(), version.get(), hand.own.get()), |(id, ..)| found(id));
        Self { id, alert, hand, tasks: Tasks::new() }
    }

    fn view(this: Self) -> AnyView {
        let AlertPage { id, alert, hand, tasks } = this;
        let asked = Asked::for_alert(id);
        view! {
            <Loaded resource=alert lines=10 children=move |data| match data {
                Some(data) => view! { <Shown data hand tasks asked/> }.into_any(),
                None => view! { <Missing/> }.into_any(),
            }/>
            <Asking hand/>
            <Saying hand=asked.hand/>
            <crate::todos::Asking hand=tasks/>
        }
        .into_any()
    }
}

/// Returns the alert; nothing where there is none, which has a page of its own.
async fn found(id: Option<AlertId>) -> Result<Option<AlertPageData>> {
    let Some(id) = id else { return Ok(None) };
    match load_alert(id).await {
        Ok(data) => Ok(Some(data)),
        Err(Error::Refused(Refusal::NotFound)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <Title text=text!(alerts.missing)/>
        <div class="error-page">
            <p class="error-code">"404"</p>
            <h1>{text!(alerts.missing)}</h1>
            <p>{text!(alerts.missing_text)}</p>
            <a class="button" data-look="primary" href="/alerts">{text!(alerts.all_alerts)}</a>
        </div>
    }
}

#[component]
fn Shown(data: AlertPageData, hand: Hand, tasks: Tasks, asked: Asked) -> impl IntoView {
    let locale = use_language().get_untracked();
    let AlertPageData { row, facts, events, members } = data;
    let alert = row.alert.clone();
    let id = alert.id;
    view! {
        <Head row=row.clone() hand locale/>
        <div class="page-body">
            <div class="split">
                <div class="stack">
                    <FactsCard alert=alert.clone() facts locale/>
                    {move || asked.draw(id.0, Some(id))}
                    <Members members hand locale/>
                    <Happened events locale/>
                </div>
                <div class="stack">
                    <Todo row=row.clone() tasks locale/>
                    <WorthCard alert=alert.clone() locale/>
                    <Notes row hand locale/>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Head(row: AlertRow, hand: Hand, locale: Locale) -> impl IntoView {
    let alert = row.alert.clone();
    let (name, about) = (words::alert_name(&alert, locale), words::about(&row, locale));
    let account = alert.account_id.map(|id| format!("/accounts/{id}"));
    let who = words::person(row.dealt_with_by()).unwrap_or_else(|| td_string!(locale, alerts.nobody).to_owned());
    let title = format!("{name}: {about}");
    view! {
        <Title text=title/>
        <nav aria-label=td_string!(locale, alerts.title)>
            <ol class="breadcrumb">
                <li><a href="/alerts">{td_string!(locale, alerts.title)}</a></li>
                <li aria-current="page">{name.clone()}</li>
            </ol>
        </nav>
        <div class="page-head">
            <div class="stack" data-gap="small">
                <h1 class="page-title">{name}</h1>
                <div class="row">
                    {match account {
                        Some(href) => view! { <a class="strong" href=href>{about}</a> }.into_any(),
                        None => view! { <span class="strong">{about}</span> }.into_any(),
                    }}
                    <PriorityMark priority=alert.priority locale/>
                    <StateMark alert=alert.clone() locale/>
                    <span class="badge">{words::kind(alert.kind, locale)}</span>
                    <span class="muted">{who}</span>
                    {pause(&alert, locale).map(|pause| view! { <span class="muted">{pause}</span> })}
                    {words::ending(&alert, locale).map(|ending| view! { <span class="muted">{ending}</span> })}
                </div>
            </div>
            <div class="page-actions"><Actions row hand/></div>
        </div>
    }
}

/// The steps to take.
#[component]
fn Todo(row: AlertRow, tasks: Tasks, locale: Locale) -> impl IntoView {
    let alert = row.alert.clone();
    let (rule, name) = (words::alert_name(&alert, locale), words::about(&row, locale));
    let title = td_string!(locale, todos.from_alert_title, rule = rule, name = name);
    let id = alert.id;
    view! {
        <section class="card" aria-labelledby="alert-todo">
            <header class="card-head">
                <h2 class="card-title" id="alert-todo">{td_string!(locale, alerts.todo_title)}</h2>
                {Tasks::may().then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| tasks.from_alert(id, title.clone())>
                        <Pic icon=Icon::Tasks/><span>{td_string!(locale, todos.create)}</span>
                    </button>
                })}
            </header>
            <div class="card-body">
                <ol class="steps-list">
                    {words::steps(&alert, locale).into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}
                </ol>
            </div>
        </section>
    }
}

#[component]
fn Members(members: Vec<AlertRow>, hand: Hand, locale: Locale) -> impl IntoView {
    (!members.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="alert-members">
                <header class="card-head">
                    <h2 class="card-title" id="alert-members">{td_string!(locale, alerts.members_title)}</h2>
                    <span class="card-sub">{members.len().to_string()}</span>
                </header>
                <div class="card-body" data-flush="">
                    <ul class="queue">
                        {members.into_iter().map(|row| view! {
                            <li class="queue-item alert-item">
                                <span class="queue-kind"><Pic icon=Icon::Building/></span>
                                <Lines row=row.clone() locale/>
                                <div class="queue-actions"><Actions row hand/></div>
                            </li>
                        }).collect_view()}
                    </ul>
                </div>
            </section>
        }
    })
}

/// What happened, the last thing first.
#[component]
fn Happened(events: Vec<AlertEvent>, locale: Locale) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="alert-happened">
            <header class="card-head"><h2 class="card-title" id="alert-happened">{td_string!(locale, alerts.happened_title)}</h2></header>
            <div class="card-body">
                <ol class="alert-events">
                    {events.into_iter().rev().map(|event| {
                        let who = words::person(event.by).unwrap_or_else(|| td_string!(locale, alerts.system).to_owned());
                        let detail = words::event_detail(&event, locale);
                        view! {
                            <li>
                                <time class="muted" datetime=event.at.iso()>{format::date_time(event.at)}</time>
                                <span><span class="strong">{words::event(&event.what, locale)}</span>" "<span class="muted">{who}</span></span>
                                {(!detail.is_empty()).then(|| view! { <span class="prose">{detail}</span> })}
                            </li>
                        }
                    }).collect_view()}
                </ol>
            </div>
        </section>
    }
}

#[component]
fn Notes(row: AlertRow, hand: Hand, locale: Locale) -> impl IntoView {
    let targets = Targets::one(&row, locale);
    let notes = row.alert.notes;
    let none = notes.is_empty();
    view! {
        <section class="card" aria-labelledby="alert-notes">
            <header class="card-head">
                <h2 class="card-title" id="alert-notes">{td_string!(locale, alerts.notes)}</h2>
                {Hand::may().then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| hand.ask(Ask::Note, targets.clone())>
                        <Pic icon=Icon::Note/><span>{td_string!(locale, alerts.add_note)}</span>
                    </button>
                })}
            </header>
            <div class="card-body">
                {none.then(|| view! { <p class="muted">{td_string!(locale, alerts.no_notes)}</p> })}
                <ul class="alert-events">
                    {notes.into_iter().rev().map(|note| {
                        let who = words::person(note.by).unwrap_or_else(|| td_string!(locale, alerts.system).to_owned());
                        view! {
                            <li>
                                <span class="muted">{format!("{who}, {}", format::date_time(note.at))}</span>
                                <p class="prose">{note.text}</p>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </div>
        </section>
    }
}
