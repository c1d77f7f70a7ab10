//! Settings: oneself, the people, the workspace, and how scores and the change log work.

pub mod computed;
pub mod configuration;
mod fields;
mod log;
mod profile;
mod scorecard;
pub mod server_fns;
mod sessions;
mod users;
mod workspace;

pub use sessions::device_name;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::notices::Notifications;
use crate::ui::icon::{Icon, Pic};

/// A page of the settings.
#[derive(Clone, Copy)]
struct Section {
    key: &'static str,
    label: fn(Locale) -> &'static str,
    group: Option<fn(Locale) -> &'static str>,
}

const SECTIONS: [Section; 11] = [
    Section {
        key: "profile",
        label: |locale| td_string!(locale, settings.profile),
        group: Some(|locale| td_string!(locale, settings.group_you)),
    },
    Section { key: "notifications", label: |locale| td_string!(locale, notices.title), group: None },
    Section {
        key: "workspace",
        label: |locale| td_string!(locale, settings.workspace),
        group: Some(|locale| td_string!(locale, settings.group_workspace)),
    },
    Section { key: "users", label: |locale| td_string!(locale, settings.users), group: None },
    Section { key: "fields", label: |locale| td_string!(locale, settings.fields), group: None },
    Section { key: "computed", label: |locale| td_string!(locale, settings.computed), group: None },
    Section { key: "configuration", label: |locale| td_string!(locale, configuration.title), group: None },
    Section { key: "signals", label: |locale| td_string!(locale, signals.title), group: None },
    Section { key: "sharing", label: |locale| td_string!(locale, shares.settings), group: None },
    Section {
        key: "scorecard",
        label: |locale| td_string!(locale, settings.scorecard),
        group: Some(|locale| td_string!(locale, settings.group_health)),
    },
    Section {
        key: "log",
        label: |locale| td_string!(locale, settings.log),
        group: Some(|locale| td_string!(locale, settings.group_trust)),
    },
];

/// The page.
pub struct SettingsPage {
    section: Memo<String>,
}

#[lazy_route]
impl LazyRoute for SettingsPage {
    fn data() -> Self {
        let params = use_params_map();
        Self {
            section: Memo::new(move |_| {
                params.with(|params| params.get("section")).unwrap_or_else(|| "profile".to_owned())
            }),
        }
    }

    fn view(this: Self) -> AnyView {
        let section = this.section;
        view! {
            <Title text=text!(settings.title)/>
            <div class="page-head"><div><h1 class="page-title">{text!(settings.title)}</h1></div></div>
            <div class="page-body">
                <div class="settings">
                    <Sections section/>
                    <div class="stack">
                        {move || match section.get().as_str() {
                            "profile" => view! { <profile::Profile/> }.into_any(),
                            "notifications" => view! { <Notifications/> }.into_any(),
                            "workspace" => view! { <workspace::Workspace/> }.into_any(),
                            "users" => view! { <users::Users/> }.into_any(),
                            "fields" => view! { <fields::Fields/> }.into_any(),
                            "computed" => view! { <computed::ComputedFields/> }.into_any(),
                            "configuration" => view! { <configuration::Configuration/> }.into_any(),
                            "signals" => view! { <crate::signals::SignalSettings/> }.into_any(),
                            "sharing" => view! { <crate::shares::Sharing/> }.into_any(),
                            "scorecard" => view! { <scorecard::Scorecards/> }.into_any(),
                            "log" => view! { <log::Log/> }.into_any(),
                            _ => view! { <Nothing/> }.into_any(),
                        }}
                    </div>
                </div>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Sections(section: Memo<String>) -> impl IntoView {
    let language = use_language();
    view! {
        <nav class="settings-nav" aria-label=text!(settings.title)>
            {SECTIONS.into_iter().map(|place| view! {
                {place.group.map(|group| view! { <div class="settings-group">{move || group(language.get())}</div> })}
                <a class="settings-link" href=format!("/settings/{}", place.key)
                    aria-current=move || section.with(|section| section == place.key).then_some("page")>
                    {move || (place.label)(language.get())}
                </a>
            }).collect_view()}
        </nav>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Inbox/>
                <p class="empty-title">{text!(common.not_found_title)}</p>
                <p class="empty-text">{text!(common.not_found_text)}</p>
            </div>
        </section>
    }
}

/// Says that only administrators see what would stand here.
#[component]
fn AskAdministrator() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Person/>
                <p class="empty-title">{text!(settings.ask_title)}</p>
                <p class="empty-text">{text!(settings.ask_text)}</p>
            </div>
        </section>
    }
}

/// The button of a form, busy while the answer is awaited.
#[component]
fn Submit(
    /// Whether the answer is awaited.
    pending: Memo<bool>,
    /// What it says.
    label: AnyView,
) -> impl IntoView {
    view! {
        <button class="button" data-look="primary" type="submit" disabled=move || pending.get()
            aria-busy=move || pending.get().then_some("true")>{label}</button>
    }
}

/// Calls `done` each time the action has succeeded.
fn when_done<S>(action: ServerAction<S>, done: impl Fn() + 'static)
where
    S: server_fn::ServerFn<Output = (), Error = crate::error::Error> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        if matches!(value.get(), Some(Ok(()))) {
            done();
        }
    });
}

/// Empties a form.
fn empty(form: NodeRef<leptos::html::Form>) {
    if let Some(form) = form.get_untracked() {
        form.reset();
    }
}
