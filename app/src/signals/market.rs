//! What is known of one account from outside: its headlines and its website.

use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Role;
use domain::signals::address;
use domain::signals::website::Website;
use leptos::prelude::*;

use super::Doing;
use super::feeds::FeedForm;
use super::headline::{HeadlineItem, NoHeadlines};
use super::server_fns::{Market, check_website, load_market, pause_website, stop_watching, watch_website};
use super::site::{SiteBadge, SiteFacts, SiteFindings};
use crate::boot;
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::dialog::Dialog;
use crate::ui::loaded::Loaded;

/// The tab of an account's page.
#[component]
pub(crate) fn MarketTab(
    /// The account of the address.
    id: Memo<Option<AccountId>>,
    /// Whether the page shows a day in the past.
    in_past: Memo<bool>,
) -> impl IntoView {
    let version = use_live().version(move |note| {
        matches!(note.subject, Subject::Signal | Subject::Website) && note.account == id.get_untracked()
    });
    let again = RwSignal::new(0u32);
    let market = Resource::new(move || (id.get(), version.get(), again.get()), |(id, ..)| load(id));
    let changed = Callback::new(move |()| again.update(|again| *again += 1));
    let doing = Doing::new(changed);
    view! {
        <div class="stack">
            <Show when=move || in_past.get()>
                <div class="notice" data-tone="info"><div><p>{text!(signals.market_now)}</p></div></div>
            </Show>
            <Loaded resource=market lines=8 missing_is_empty=true children=move |market| {
                let id = id.get_untracked();
                id.map(|id| view! {
                    <SiteCard id website=market.website domain=market.domain doing/>
                    <NewsCard id headlines=market.headlines doing changed/>
                })
            }/>
        </div>
    }
}

async fn load(id: Option<AccountId>) -> Result<Market> {
    match id {
        Some(id) => load_market(id).await,
        None => Err(Error::Refused(domain::refusal::Refusal::NotFound)),
    }
}

#[component]
fn NewsCard(
    id: AccountId,
    headlines: Vec<domain::signals::Signal>,
    doing: Doing,
    changed: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let open = RwSignal::new(false);
    let added = Callback::new(move |()| {
        open.set(false);
        changed.run(());
    });
    let title = Signal::derive(move || td_string!(language.get(), signals.add_feed).to_owned());
    view! {
        <section class="card" aria-labelledby="market-news">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="market-news">{text!(signals.news)}</h2>
                    <p class="card-sub">{text!(signals.news_text)}</p>
                </div>
                {boot::may(Role::Csm).then(|| view! {
                    <button class="button" type="button" on:click=move |_| open.set(true)>{text!(signals.add_feed)}</button>
                })}
            </header>
            <div class="card-body">
                {if headlines.is_empty() {
                    view! {
                        <NoHeadlines title=text!(signals.no_news).into_any() text=text!(signals.no_news_text).into_any()/>
                    }.into_any()
                } else {
                    view! {
                        <ul class="list">
                            {headlines.into_iter().map(|signal| view! { <HeadlineItem signal doing=Some(doing)/> }).collect_view()}
                        </ul>
                    }.into_any()
                }}
            </div>
        </section>
        <Dialog open title><FeedForm changed=added account=Some(id.to_string())/></Dialog>
    }
}

#[component]
fn SiteCard(id: AccountId, website: Option<Website>, domain: Option<String>, doing: Doing) -> impl IntoView {
    let offered = domain.and_then(|domain| address::tidy("url", &domain).ok());
    view! {
        <section class="card" aria-labelledby="market-site">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="market-site">{text!(signals.website)}</h2>
                    {website.as_ref().map(|website| view! { <p class="card-sub wrap-anywhere">{website.url.clone()}</p> })}
                </div>
                {website.clone().map(|website| view! { <SiteBadge website/> })}
            </header>
            <div class="card-body stack">
                {match website {
                    Some(website) => view! {
                        <SiteFindings website=website.clone()/>
                        <SiteFacts website=website.clone()/>
                        {boot::may(Role::Csm).then(|| view! { <SiteActions id paused=website.paused_at.is_some() doing/> })}
                    }.into_any(),
                    None => view! { <Unwatched id offered doing/> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn SiteActions(id: AccountId, paused: bool, doing: Doing) -> impl IntoView {
    let check = move |_| doing.run(check_website(id), |locale| td_string!(locale, signals.was_asked).to_owned());
    let pause = move |_| {
        doing.run(pause_website(id, !paused), move |locale| {
            let words =
                if paused { td_string!(locale, signals.was_resumed) } else { td_string!(locale, signals.was_paused) };
            words.to_owned()
        });
    };
    let stop = move |_| doing.run(stop_watching(id), |locale| td_string!(locale, signals.was_removed).to_owned());
    view! {
        <div class="row">
            <button class="button" data-size="small" type="button" disabled=move || paused || doing.busy.get()
                on:click=check>{text!(signals.check_now)}</button>
            <button class="button" data-size="small" type="button" disabled=move || doing.busy.get() on:click=pause>
                {if paused { text!(signals.resume).into_any() } else { text!(signals.pause).into_any() }}
            </button>
            <button class="button" data-look="plain" data-size="small" type="button" disabled=move || doing.busy.get()
                on:click=stop>{text!(signals.stop_watching)}</button>
        </div>
    }
}

/// Offers to watch the website of the account's domain, or another.
#[component]
fn Unwatched(id: AccountId, offered: Option<String>, doing: Doing) -> impl IntoView {
    let typed = RwSignal::new(offered.unwrap_or_default());
    let watch = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doing.run(watch_website(id, typed.get_untracked()), |locale| td_string!(locale, signals.is_watched).to_owned());
    };
    view! {
        <p class="muted">{text!(signals.unwatched)}</p>
        {boot::may(Role::Csm).then(|| view! {
            <form class="form" on:submit=watch>
                <div class="field">
                    <label class="field-label" for="site-url">{text!(signals.site_url)}</label>
                    <input class="input" id="site-url" type="text" inputmode="url" autocapitalize="none" spellcheck="false"
                        maxlength="2000" autocomplete="off" prop:value=move || typed.get() value=typed.get_untracked()
                        on:input=move |event| typed.set(event_target_value(&event))/>
                </div>
                <div class="form-actions">
                    <button class="button" data-look="primary" type="submit" disabled=move || doing.busy.get()>
                        {text!(signals.watch)}
                    </button>
                </div>
            </form>
        })}
    }
}
