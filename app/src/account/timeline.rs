//! The timeline: one stream of everything that happened, and the box that adds to it.

use std::collections::{BTreeMap, BTreeSet};

use domain::activities::RECEIVED;
use domain::fields::Subject;
use domain::id::UserId;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::change_fns::log_moment;
use super::desk::{Desk, known, marks, may_edit, now, query, use_desk};
use super::overview::{tab_href, tab_href_with};
use super::panels::{MOMENT_KINDS, Moment, What};
use super::parts::{Nothing, Panel};
use super::{server_fns, words};
use crate::alerts::words as alert_words;
use crate::error::Error;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::focus::focus_later;
use crate::ui::health::band_word;
use crate::ui::icon::{Icon, Pic};
use crate::ui::text_area::TextArea;

/// What a timeline is made of.
pub(super) const SUBJECTS: &[Subject] = &[
    Subject::Account,
    Subject::Activity,
    Subject::Contact,
    Subject::Ticket,
    Subject::Invoice,
    Subject::Survey,
    Subject::Override,
    Subject::Alert,
    Subject::Todo,
];
/// How many moments are shown at first, and how many more each time.
const STEP: u32 = 30;

/// The timeline.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let desk = use_desk();
    let (kinds, limit) = (query("kind"), RwSignal::new(STEP));
    let version = desk.watch(SUBJECTS);
    let moments = Resource::new(
        move || (desk.id.get(), kinds.get(), limit.get(), desk.as_of.get(), version.get()),
        |(id, kinds, limit, at, _)| async move { server_fns::account_moments(known(id)?, kinds, limit, at).await },
    );
    let marked = marks(move || {
        let moments = moments.get()?.ok()?;
        let scope = format!("{:?} {} {}", desk.id.get_untracked(), kinds.get_untracked(), limit.get_untracked());
        Some((scope, moments.list.into_iter().map(|moment| (moment.id, String::new())).collect::<BTreeMap<_, _>>()))
    });
    provide_context(Marked(marked));
    view! {
        <div class="stack">
            {may_edit().then(|| view! { <Composer/> })}
            <Kinds kinds/>
            <section class="card" aria-label=move || td_string!(desk.language.get(), account.tab_timeline)>
                <div class="card-body">
                    <Panel resource=moments lines=8 let(moments, locale)><div class="stack">
                        {if moments.list.is_empty() { nothing(kinds, desk, locale) } else {
                            view! { <Stream list=moments.list locale/> }.into_any()
                        }}
                        {moments.more.then(|| view! {
                            <div class="row">
                                <button class="button" type="button" on:click=move |_| limit.update(|limit| *limit += STEP)>
                                    {td_string!(locale, account.load_more)}
                                </button>
                            </div>
                        })}
                    </div></Panel>
                </div>
            </section>
        </div>
    }
}

/// The moments that have just arrived.
#[derive(Clone, Copy)]
struct Marked(RwSignal<BTreeSet<String>>);

fn nothing(kinds: Memo<String>, desk: Desk, locale: Locale) -> AnyView {
    if kinds.get_untracked().is_empty() {
        let (title, text) =
            (td_string!(locale, account.timeline_empty), td_string!(locale, account.timeline_empty_text));
        return view! { <Nothing icon=Icon::Note title text/> }.into_any();
    }
    view! {
        <div class="empty">
            <Pic icon=Icon::Funnel/>
            <p class="empty-title">{td_string!(locale, account.timeline_filtered)}</p>
            <a class="button" href=move || tab_href(desk, "timeline") data-noscroll="">{td_string!(locale, account.show_everything)}</a>
        </div>
    }
    .into_any()
}

/// Chooses which kinds are shown.
#[component]
fn Kinds(kinds: Memo<String>) -> impl IntoView {
    let desk = use_desk();
    let chosen = move |kind: &str| kinds.with(|kinds| kinds.split(',').any(|one| one == kind));
    let toggled = move |kind: &'static str| {
        let list: Vec<&'static str> = MOMENT_KINDS.into_iter().filter(|one| chosen(one) != (*one == kind)).collect();
        let query = if list.is_empty() { String::new() } else { format!("kind={}", list.join(",")) };
        tab_href_with(desk, "timeline", &query)
    };
    view! {
        <nav class="row" data-gap="small" aria-label=move || td_string!(desk.language.get(), account.filter_kinds)>
            <a class="chip" href=move || tab_href(desk, "timeline") data-noscroll=""
                aria-current=move || kinds.read().is_empty().then_some("true")>
                {move || td_string!(desk.language.get(), account.everything)}
            </a>
            {MOMENT_KINDS.into_iter().map(|kind| view! {
                <a class="chip" href=move || toggled(kind) data-noscroll="" aria-current=move || chosen(kind).then_some("true")>
                    {move || words::word(kind, desk.language.get())}
                </a>
            }).collect_view()}
        </nav>
    }
}

/// Writes down what was said.
#[component]
fn Composer() -> impl IntoView {
    let desk = use_desk();
    let (kind, body) = (RwSignal::new("note".to_owned()), RwSignal::new(String::new()));
    let (date, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let save = Callback::new(move |()| {
        let Some(id) = desk.id.get_untracked() else { return };
        if desk.busy.get_untracked() {
            return;
        }
        let now = Timestamp(js_sys::Date::now() as i64);
        // A note of today carries the time it was written, one of another day the day alone.
        let at = words::day(&date.get_untracked()).filter(|day| *day != now.day_start()).unwrap_or(now);
        problem.set(None);
        desk.run(log_moment(id, kind.get_untracked(), body.get_untracked(), at), move |answer| match answer {
            Ok(_) => {
                body.set(String::new());
                date.set(String::new());
                desk.say(td_string!(desk.language.get_untracked(), account.logged));
                focus_later("composer");
            }
            Err(error) => problem.set(Some(sentence(desk, &error))),
        });
    });
    let say = move |pick: fn(Locale) -> &'static str| move || pick(desk.language.get());
    view! {
        <form class="composer" on:submit=move |event| { event.prevent_default(); save.run(()); }
            on:keydown=move |event| if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                save.run(());
            }>
            <label class="visually-hidden" for="composer">{say(|locale| td_string!(locale, account.composer))}</label>
            <TextArea id="composer" value=body placeholder=td_string!(desk.language.get_untracked(), account.composer_hint)/>
            {move || problem.get().map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
            <div class="composer-foot">
                <div class="row" data-gap="small" data-nowrap=""><select class="select" data-size="small" aria-label=say(|locale| td_string!(locale, account.kind))
                    prop:value=move || kind.get() on:change=move |event| kind.set(event_target_value(&event))>
                    {domain::activities::KINDS.into_iter().map(|kind| view! {
                        <option value=kind>{move || words::word(kind, desk.language.get())}</option>
                    }).collect_view()}
                </select>
                <input class="input" type="date" aria-label=say(|locale| td_string!(locale, account.happened))
                    prop:value=move || date.get() on:input=move |event| date.set(event_target_value(&event))/></div>
                <span class="push"></span>
                <span class="muted only-wide"><kbd class="kbd">"Ctrl Enter"</kbd></span>
                <button class="button" data-look="primary" type="submit" aria-busy=move || desk.busy.get().then_some("true")>
                    {say(|locale| td_string!(locale, account.log))}
                </button>
            </div>
        </form>
    }
}

fn sentence(desk: Desk, error: &Error) -> String {
    desk.words(error)
}

/// Goes to the composer, wherever on the page one is.
pub(super) fn compose(desk: Desk) -> impl Fn() + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move || {
        if desk.tab.get_untracked() != "timeline" {
            navigate(&tab_href(desk, "timeline"), NavigateOptions::default());
        }
        focus_later("composer");
    }
}

/// Moments by day, newest first.
#[component]
pub(super) fn Stream(
    /// The moments, newest first.
    list: Vec<Moment>,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let marked = use_context::<Marked>();
    let mut day = String::new();
    let mut lines: Vec<AnyView> = Vec::with_capacity(list.len() * 2);
    for moment in list {
        let date = format::date(moment.at);
        if date != day {
            let away = format::relative(moment.at, now());
            lines.push(view! { <li class="timeline-day">{format!("{date} · {away}")}</li> }.into_any());
            day = date;
        }
        lines.push(view! { <Item moment marked locale/> }.into_any());
    }
    view! { <ol class="timeline">{lines}</ol> }
}

#[component]
fn Item(moment: Moment, marked: Option<Marked>, locale: Locale) -> impl IntoView {
    let Moment { id, at, what } = moment;
    let (kind, icon) = look(&what);
    let (title, text) = telling(&what, locale);
    let hour = at.iso().get(11..16).unwrap_or_default().to_owned();
    let hour = if at == at.day_start() { String::new() } else { hour };
    view! {
        <li class="timeline-item" data-kind=kind
            class:highlight=move || marked.is_some_and(|marked| marked.0.read().contains(&id))>
            <span class="timeline-icon"><Pic icon/></span>
            <div class="timeline-body">
                <p class="timeline-title">{title}</p>
                {text.map(|text| view! { <p class="timeline-text">{text}</p> })}
            </div>
            <time class="timeline-when" datetime=at.iso() title=format::date_time(at)>{hour}</time>
        </li>
    }
}

/// Returns the word by which the styles know a moment, and its picture.
fn look(what: &What) -> (&'static str, Icon) {
    match what {
        What::Activity { kind, .. } => match kind.as_str() {
            "call" => ("call", Icon::Phone),
            "email" => ("mail", Icon::Mail),
            RECEIVED => ("mail", Icon::Inbox),
            "meeting" => ("meeting", Icon::Calendar),
            _ => ("note", Icon::Note),
        },
        What::Band { .. } => ("score", Icon::Pulse),
        What::OverrideSet { .. } | What::OverrideEnded { .. } => ("score", Icon::Pencil),
        What::TicketOpened { severity, .. } if severity.as_deref() == Some("urgent") => ("alert", Icon::Ticket),
        What::TicketOpened { .. } | What::TicketResolved { .. } => ("ticket", Icon::Ticket),
        What::InvoicePaid { .. } => ("invoice", Icon::Receipt),
        What::InvoiceFailed { .. } => ("alert", Icon::Receipt),
        What::Survey { .. } => ("survey", Icon::Smile),
        What::Alert { .. } => ("alert", Icon::Flag),
        What::Todo { .. } => ("task", Icon::Tasks),
        What::ContactLeft { .. } => ("alert", Icon::Person),
    }
}

/// Returns what happened to an alert.
fn alert_step(rule: String, step: &str, by: Option<UserId>, locale: Locale) -> String {
    let step = alert_words::event(step, locale);
    match by {
        Some(_) => {
            let name = words::person(by, locale);
            td_string!(locale, account.told_alert_by, rule = rule, step = step, name = name)
        }
        None => td_string!(locale, account.told_alert, rule = rule, step = step),
    }
}

/// Returns what happened to a task.
fn task_step(title: &str, is_done: bool, by: Option<UserId>, locale: Locale) -> String {
    let (title, name) = (title.to_owned(), words::person(by, locale));
    if is_done {
        td_string!(locale, account.told_task_done, name = name, title = title)
    } else {
        td_string!(locale, account.told_task, name = name, title = title)
    }
}

/// Returns a title and what else there is to say.
pub(super) fn telling(what: &What, locale: Locale) -> (String, Option<String>) {
    match what {
        What::Activity { kind, body, author } => {
            let kind = words::word(kind, locale);
            let title = match author {
                Some(_) => td_string!(locale, account.told_by, kind = kind, name = words::person(*author, locale)),
                None => kind,
            };
            (title, Some(body.clone()))
        }
        What::Band { from, to, score } => {
            let (from, to) = (band_word(*from, locale), band_word(Some(*to), locale));
            (td_string!(locale, account.told_band, from = from, to = to, score = format::points(*score)), None)
        }
        What::OverrideSet { score, reason, author, until } => {
            let name = words::person(*author, locale);
            let (score, until) = (format::points(*score), format::date(*until));
            (td_string!(locale, account.told_override, name = name, score = score, until = until), Some(reason.clone()))
        }
        What::OverrideEnded { score, by } => {
            let score = format::points(*score);
            let title = match by {
                Some(_) => {
                    let name = words::person(*by, locale);
                    td_string!(locale, account.told_override_ended, name = name, score = score)
                }
                None => td_string!(locale, account.told_override_expired, score = score),
            };
            (title, None)
        }
        What::TicketOpened { subject, severity } => {
            let severity = severity.as_deref().map(|severity| words::word(severity, locale));
            (td_string!(locale, account.told_ticket, subject = subject.clone()), severity)
        }
        What::TicketResolved { subject, satisfaction } => {
            let rated =
                satisfaction.map(|rated| td_string!(locale, account.told_rated, share = format::percent(rated)));
            (td_string!(locale, account.told_resolved, subject = subject.clone()), rated)
        }
        What::InvoicePaid { number, amount } => {
            (td_string!(locale, account.told_paid, number = number.clone(), amount = format::money(*amount)), None)
        }
        What::InvoiceFailed { number, amount } => {
            (td_string!(locale, account.told_failed, number = number.clone(), amount = format::money(*amount)), None)
        }
        What::Survey { kind, score, comment, email } => {
            let (kind, score) = (words::word(kind, locale), format::number(*score));
            let title = match email {
                Some(email) => {
                    td_string!(locale, account.told_survey_by, kind = kind, score = score, email = email.clone())
                }
                None => td_string!(locale, account.told_survey, kind = kind, score = score),
            };
            (title, comment.clone())
        }
        What::Alert { rule, name, step, by, text } => {
            (alert_step(alert_words::name_of(rule, name, locale), step, *by, locale), text.clone())
        }
        What::Todo { title, is_done, by } => (task_step(title, *is_done, *by, locale), None),
        What::ContactLeft { name, role } => {
            let role = role.as_deref().map(|role| words::word(role, locale));
            (td_string!(locale, account.told_left, name = name.clone()), role)
        }
    }
}
