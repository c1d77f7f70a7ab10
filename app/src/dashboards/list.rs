//! The dashboards that there are, and what a new one begins from.

use domain::dashboards::{Dashboard, DashboardDraft, TEMPLATES, template};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::PATH;
use super::server_fns::add_dashboard;
use super::words;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// All dashboards, and the templates.
#[component]
pub(super) fn List(all: Vec<Dashboard>) -> impl IntoView {
    let language = use_language();
    let is_none = all.is_empty();
    view! {
        {if is_none {
            view! {
                <section class="card">
                    <div class="empty">
                        <Pic icon=Icon::Tiles/>
                        <p class="empty-title">{text!(dashboards.none)}</p>
                        <p class="empty-text">{text!(dashboards.none_text)}</p>
                    </div>
                </section>
            }
            .into_any()
        } else {
            let cards = all.into_iter().map(|one| {
                let count = format::integer(one.widgets.len() as i64);
                let shared = one.shared;
                view! {
                    <li>
                        <a class="card dashboards-card" href=format!("{PATH}/{}", one.id)>
                            <span class="card-title">{one.name}</span>
                            <span class="card-sub">
                                {move || td_string!(language.get(), dashboards.widgets, count = count.clone())}
                                {shared.then(|| view! { " · "<Pic icon=Icon::People/>{text!(dashboards.shared)} })}
                            </span>
                        </a>
                    </li>
                }
            });
            view! { <ul class="dashboards-list" aria-label=text!(dashboards.title)>{cards.collect_view()}</ul> }.into_any()
        }}
        <Templates/>
    }
}

/// What a new dashboard begins from.
#[component]
fn Templates() -> impl IntoView {
    let (language, toasts, navigate) = (use_language(), use_toasts(), use_navigate());
    let busy = RwSignal::new(false);
    let begin = Callback::new(move |key: Option<&'static str>| {
        let (locale, navigate) = (language.get_untracked(), navigate.clone());
        let draft = key.and_then(|key| template(key, words::template(key, locale).to_owned()));
        let name = td_string!(locale, dashboards.new_name).to_owned();
        let draft = draft.unwrap_or(DashboardDraft { name, shared: false, widgets: Vec::new() });
        busy.set(true);
        spawn_local(async move {
            match add_dashboard(draft).await {
                Ok(made) => navigate(&format!("{PATH}/{}", made.id), NavigateOptions::default()),
                Err(error) => toasts.error(&error),
            }
            busy.try_set(false);
        });
    });
    let one = move |key: &'static str| {
        view! {
            <li class="card dashboards-card">
                <span class="card-title">{move || words::template(key, language.get())}</span>
                <span class="card-sub">{move || words::template_text(key, language.get())}</span>
                <button class="button" type="button" disabled=move || busy.get() on:click=move |_| begin.run(Some(key))>
                    <Pic icon=Icon::Plus/>
                    <span>{move || td_string!(language.get(), dashboards.begin_with, name = words::template(key, language.get()))}</span>
                </button>
            </li>
        }
    };
    view! {
        <section class="stack" aria-labelledby="dashboards-begin">
            <h2 class="card-title" id="dashboards-begin">{text!(dashboards.begin)}</h2>
            <ul class="dashboards-list">
                {TEMPLATES.into_iter().map(one).collect_view()}
                <li class="card dashboards-card">
                    <span class="card-title">{text!(dashboards.empty)}</span>
                    <span class="card-sub">{text!(dashboards.empty_text)}</span>
                    <button class="button" type="button" disabled=move || busy.get() on:click=move |_| begin.run(None)>
                        <Pic icon=Icon::Plus/><span>{text!(dashboards.begin_empty)}</span>
                    </button>
                </li>
            </ul>
        </section>
    }
}
