//! The watched websites of all accounts.

use domain::fields::Subject;
use domain::identity::Role;
use domain::signals::website::WatchedWebsite;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::follow;
use super::server_fns::{load_websites, watch_all_websites};
use super::site::{SiteBadge, SiteFindings};
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The websites, those in trouble first.
#[component]
pub(super) fn Websites() -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let version = follow(&[Subject::Website]);
    let again = RwSignal::new(0u32);
    let websites = Resource::new(move || (version.get(), again.get()), |_| load_websites());
    let busy = RwSignal::new(false);
    let watch_all = move |_| {
        busy.set(true);
        spawn_local(async move {
            match watch_all_websites().await {
                Ok(count) => toasts.say(td_string!(language.get_untracked(), signals.watching_more, count = count)),
                Err(error) => toasts.error(&error),
            }
            let _ = busy.try_set(false);
            let _ = again.try_update(|again| *again += 1);
        });
    };
    view! {
        <section class="card" aria-labelledby="websites">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="websites">{text!(signals.websites)}</h2>
                    <p class="card-sub">{text!(signals.websites_text)}</p>
                </div>
                {boot::may(Role::Manager).then(|| view! {
                    <button class="button" type="button" disabled=move || busy.get() on:click=watch_all>
                        {text!(signals.watch_all)}
                    </button>
                })}
            </header>
            <div class="card-body" data-flush>
                <Loaded resource=websites children=|websites| {
                    if websites.is_empty() { view! { <NoWebsites/> }.into_any() } else { view! { <Table websites/> }.into_any() }
                }/>
            </div>
        </section>
    }
}

#[component]
fn NoWebsites() -> impl IntoView {
    view! {
        <div class="empty">
            <Pic icon=Icon::Cloud/>
            <p class="empty-title">{text!(signals.no_websites)}</p>
            <p class="empty-text">{text!(signals.no_websites_text)}</p>
        </div>
    }
}

#[component]
fn Table(websites: Vec<WatchedWebsite>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="websites">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(signals.account)}</th>
                    <th scope="col">{text!(signals.site_state)}</th>
                    <th scope="col">{text!(signals.site_found)}</th>
                    <th scope="col">{text!(signals.last_look)}</th>
                </tr></thead>
                <tbody>{websites.into_iter().map(|WatchedWebsite { website, account }| {
                    let when = website.last.as_ref().map(|last| format::relative(last.at, boot::now()));
                    view! {
                        <tr>
                            <th scope="row">
                                <a href=format!("/accounts/{}/market", website.account_id)>{account}</a>
                                <br/><span class="muted wrap-anywhere">{website.url.clone()}</span>
                            </th>
                            <td><SiteBadge website=website.clone()/></td>
                            <td><SiteFindings website=website.clone()/></td>
                            <td>{when.unwrap_or_else(|| "–".to_owned())}</td>
                        </tr>
                    }
                }).collect_view()}</tbody>
            </table>
        </div>
    }
}
