//! Feeds: those that are watched, how they are, and a form for more.

use domain::fields::Subject;
use domain::id::FeedId;
use domain::identity::Role;
use domain::signals::feeds::{EVERY_MINUTES_DEFAULT, Feed, FeedKind, Outcome, WatchedFeed};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;

use super::server_fns::{AddFeed, load_feed_runs, load_feeds, pause_feed, remove_feed, run_feed};
use super::{Doing, follow, words};
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::identity::{FormError, FormSummary, TextField};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The feeds, and for managers a form for more.
#[component]
pub(super) fn Feeds() -> impl IntoView {
    let version = follow(&[Subject::Feed, Subject::Signal]);
    let again = RwSignal::new(0u32);
    let feeds = Resource::new(move || (version.get(), again.get()), |_| load_feeds());
    let changed = Callback::new(move |()| again.update(|again| *again += 1));
    let doing = Doing::new(changed);
    view! {
        <section class="card" aria-labelledby="feeds">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="feeds">{text!(signals.feeds)}</h2>
                    <p class="card-sub">{text!(signals.feeds_text)}</p>
                </div>
            </header>
            <div class="card-body" data-flush>
                <Loaded resource=feeds children=move |feeds| {
                    if feeds.is_empty() { view! { <NoFeeds/> }.into_any() } else { view! { <Table feeds doing/> }.into_any() }
                }/>
            </div>
        </section>
        {if boot::may(Role::Manager) {
            view! {
                <section class="card" aria-labelledby="add-feed">
                    <header class="card-head"><h2 class="card-title" id="add-feed">{text!(signals.add_feed)}</h2></header>
                    <div class="card-body"><FeedForm changed account=None/></div>
                </section>
            }.into_any()
        } else {
            view! {
                <div class="notice" data-tone="info">
                    <Pic icon=Icon::Info/><div><p>{text!(signals.feeds_readers)}</p></div>
                </div>
            }.into_any()
        }}
    }
}

#[component]
fn NoFeeds() -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Inbox/>
            <p class="empty-title">{text!(signals.no_feeds)}</p>
            <p class="empty-text">{text!(signals.no_feeds_text)}</p>
        </div>
    }
}

#[component]
fn Table(feeds: Vec<WatchedFeed>, doing: Doing) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="feeds">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(signals.feed)}</th>
                    <th scope="col">{text!(signals.kind)}</th>
                    <th scope="col">{text!(signals.last_look)}</th>
                    <th scope="col"><span class="visually-hidden">{text!(settings.actions)}</span></th>
                </tr></thead>
                <tbody>{feeds.into_iter().map(|watched| view! { <Row watched doing/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(watched: WatchedFeed, doing: Doing) -> impl IntoView {
    let language = use_language();
    let WatchedFeed { feed, account } = watched;
    let (kind, paused, every) = (feed.kind, feed.paused_at.is_some(), feed.every_minutes);
    let last = feed.last.clone();
    let failed = last.as_ref().is_some_and(|last| matches!(last.outcome, Outcome::Failed(_)));
    let when = last.as_ref().map(|last| format::relative(last.at, boot::now()));
    let outcome = move || match &last {
        Some(last) => words::outcome(last.outcome, language.get()),
        None => td_string!(language.get(), signals.never_looked).to_owned(),
    };
    let (id, name, url, address) = (feed.id, feed.name.clone(), feed.url.clone(), feed.url.clone());
    let may = boot::may(if kind == FeedKind::Account { Role::Csm } else { Role::Manager });
    let runs = RwSignal::new(false);
    view! {
        <tr data-feed=address>
            <th scope="row">
                {name.clone()}
                {paused.then(|| view! { " "<span class="badge" data-tone="warn">{text!(signals.paused)}</span> })}
                <br/><span class="muted wrap-anywhere">{url}</span>
            </th>
            <td>
                {move || words::kind(kind, language.get())}
                {account.map(|name| view! { <br/><span class="muted">{name}</span> })}
                <br/><span class="muted">{move || every_words(every, language.get())}</span>
            </td>
            <td>
                <span class="badge" data-tone=if failed { "bad" } else { "neutral" }>{outcome}</span>
                {when.map(|when| view! { <br/><span class="muted">{when}</span> })}
                <br/>
                <button class="button" data-look="plain" data-size="small" type="button"
                    aria-expanded=move || runs.get().to_string() on:click=move |_| runs.update(|open| *open = !*open)>
                    {text!(signals.runs)}
                </button>
                <Show when=move || runs.get()><Runs id/></Show>
            </td>
            <td class="number">{may.then(|| view! { <Actions feed=feed.clone() doing/> })}</td>
        </tr>
    }
}

fn every_words(minutes: u32, locale: Locale) -> String {
    if minutes.is_multiple_of(60) {
        td_string!(locale, signals.every_hours, n = minutes / 60)
    } else {
        td_string!(locale, signals.every_minutes_words, n = minutes)
    }
}

#[component]
fn Actions(feed: Feed, doing: Doing) -> impl IntoView {
    let language = use_language();
    let (id, paused) = (feed.id, feed.paused_at.is_some());
    let (of_run, of_pause, of_remove) = (feed.name.clone(), feed.name.clone(), feed.name.clone());
    let run = move |_| doing.run(run_feed(id), |locale| td_string!(locale, signals.was_asked).to_owned());
    let pause = move |_| {
        doing.run(pause_feed(id, !paused), move |locale| {
            let words =
                if paused { td_string!(locale, signals.was_resumed) } else { td_string!(locale, signals.was_paused) };
            words.to_owned()
        });
    };
    let remove = move |_| doing.run(remove_feed(id), |locale| td_string!(locale, signals.was_removed).to_owned());
    view! {
        <div class="row">
            <button class="button" data-size="small" type="button" disabled=move || paused || doing.busy.get() on:click=run
                aria-label=move || td_string!(language.get(), signals.run_of, name = of_run.clone())>{text!(signals.run)}</button>
            <button class="button" data-size="small" type="button" disabled=move || doing.busy.get() on:click=pause
                aria-label=move || {
                    let name = of_pause.clone();
                    if paused {
                        td_string!(language.get(), signals.resume_of, name = name)
                    } else {
                        td_string!(language.get(), signals.pause_of, name = name)
                    }
                }>
                {if paused { text!(signals.resume).into_any() } else { text!(signals.pause).into_any() }}
            </button>
            <button class="button" data-look="plain" data-size="small" type="button" disabled=move || doing.busy.get()
                on:click=remove aria-label=move || td_string!(language.get(), signals.remove_of, name = of_remove.clone())>
                {text!(signals.remove)}</button>
        </div>
    }
}

/// The last looks at a feed.
#[component]
fn Runs(id: FeedId) -> impl IntoView {
    let version = follow(&[Subject::Feed]);
    let runs = Resource::new(move || version.get(), move |_| load_feed_runs(id));
    let language = use_language();
    view! {
        <Loaded resource=runs lines=2 children=move |runs| {
            if runs.is_empty() {
                return view! { <p class="muted">{text!(signals.never_looked)}</p> }.into_any();
            }
            view! {
                <ul class="list">
                    {runs.into_iter().map(|run| {
                        let (at, took, outcome) = (format::date_time(run.at), run.took_ms, run.outcome);
                        view! {
                            <li>
                                <span class="muted">{at}</span>" "
                                {move || words::outcome(outcome, language.get())}" "
                                <span class="muted">{format!("{} ms", format::integer(i64::from(took)))}</span>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            }
            .into_any()
        }/>
    }
}

/// Adds a feed: one of an account, or one that is held against all of them.
#[component]
pub(super) fn FeedForm(
    /// Called when one was added.
    changed: Callback<()>,
    /// The account it is about, where that is known.
    account: Option<String>,
) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let form = NodeRef::<html::Form>::new();
    let action = ServerAction::<AddFeed>::new();
    let (error, pending, value) = (FormError::from_action(action), action.pending(), action.value());
    Effect::new(move |_| {
        if matches!(value.get(), Some(Ok(()))) {
            if let Some(form) = form.get_untracked() {
                form.reset();
            }
            toasts.say(td_string!(language.get_untracked(), signals.was_added));
            changed.run(());
        }
    });
    view! {
        <ActionForm action=action node_ref=form attr:class="form">
            <FormSummary error/>
            {match account {
                Some(account) => view! {
                    <input type="hidden" name="kind" value=FeedKind::Account.key()/>
                    <input type="hidden" name="account" value=account/>
                }.into_any(),
                None => view! { <KindField/> }.into_any(),
            }}
            <TextField name="name" error label=text!(signals.name).into_any() hint=text!(signals.name_hint).into_any()/>
            <TextField name="url" error label=text!(signals.url).into_any() hint=text!(signals.url_hint).into_any()/>
            <div class="field">
                <label class="field-label" for="every_minutes">{text!(signals.every)}</label>
                <select class="select" id="every_minutes" name="every_minutes">
                    {[15, 60, 240, 1_440].map(|minutes| view! {
                        <option value=minutes.to_string() selected=minutes == EVERY_MINUTES_DEFAULT>
                            {move || every_words(minutes, language.get())}
                        </option>
                    }).collect_view()}
                </select>
            </div>
            <div class="form-actions">
                <button class="button" data-look="primary" type="submit" disabled=move || pending.get()
                    aria-busy=move || pending.get().then_some("true")>{text!(signals.add)}</button>
            </div>
        </ActionForm>
    }
}

#[component]
fn KindField() -> impl IntoView {
    let language = use_language();
    view! {
        <div class="field">
            <label class="field-label" for="kind">{text!(signals.kind)}</label>
            <select class="select" id="kind" name="kind">
                {[FeedKind::Market, FeedKind::Competitor].map(|kind| view! {
                    <option value=kind.key()>{move || words::kind(kind, language.get())}</option>
                }).collect_view()}
            </select>
            <p class="field-hint">{text!(signals.kind_hint)}</p>
        </div>
    }
}
