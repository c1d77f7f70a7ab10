//! The header: search, the state of the live feed, quick add and the person's menu.

use domain::identity::Role;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Frame;
use super::server_fns::{SignOut, set_appearance, sign_out};
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::{State, use_live};
use crate::notices::BellLink;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

#[component]
pub(super) fn Header() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <header class="header">
            <a class="header-title only-narrow" href="/">"Keepwell"</a>
            <button class="header-search" type="button" aria-haspopup="dialog" on:click=move |_| frame.palette.set(true)>
                <Pic icon=Icon::Search/>
                <span>{text!(shell.search_or_run)}</span>
                <kbd class="kbd">"Ctrl K"</kbd>
            </button>
            <div class="header-actions">
                <LiveControls/>
                <BellLink/>
                <PersonMenu/>
            </div>
        </header>
    }
}

#[component]
fn LiveControls() -> impl IntoView {
    let (live, language) = (use_live(), use_language());
    let clock = RwSignal::new(boot::now());
    // The server's time and the browser's may differ: count on from the server's.
    Effect::new(move |_| {
        let tick = move || clock.update(|now| *now = Timestamp(now.0 + 1_000));
        let _ = set_interval_with_handle(tick, std::time::Duration::from_secs(1));
    });
    Effect::new(move |_| clock.set(live.heard_at.get()));
    let words = move || {
        let locale = language.get();
        match live.state.get() {
            State::Live => {
                let age = format::age(live.heard_at.get(), clock.get());
                td_string!(locale, shell.updated, age = age)
            }
            State::Paused => td_string!(locale, shell.paused, count = live.waiting.get()),
            State::Connecting => td_string!(locale, shell.state_connecting).to_owned(),
            State::Offline => td_string!(locale, shell.state_offline).to_owned(),
        }
    };
    let label = move || {
        if live.is_paused() {
            td_string!(language.get(), shell.resume)
        } else {
            td_string!(language.get(), shell.pause)
        }
    };
    view! {
        <span class="live">
            <span class="live-dot" data-state=move || live.state.get().key()></span>
            <span class="live-text">{words}</span>
        </span>
        <button class="icon-button only-wide" type="button" aria-label=label title=label
            on:click=move |_| live.set_paused(!live.is_paused())>
            {move || view! { <Pic icon=if live.is_paused() { Icon::Play } else { Icon::Pause }/> }}
        </button>
        <button class="icon-button only-wide" type="button" aria-label=text!(shell.refresh) title=text!(shell.refresh)
            on:click=move |_| live.refresh()><Pic icon=Icon::Refresh/></button>
    }
}

#[component]
fn PersonMenu() -> impl IntoView {
    let who = boot::who();
    let user = move || who.get().map(|me| me.user);
    let name = move || user().map(|user| user.name).unwrap_or_default();
    let reached = move || user().map(|user| format!("{} · {}", user.email, user.role.key()));
    let toasts = use_toasts();
    // A form, so that it works before the page has woken, too: who leaves does not look back.
    let door = <SignOut as server_fn::ServerFn>::url();
    let leave = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            match sign_out().await {
                Ok(()) => go("/sign-in"),
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <details class="menu">
            <summary aria-label=text!(shell.my_menu)><span class="avatar" aria-hidden="true">{move || format::initials(&name())}</span></summary>
            <div class="menu-list">
                <p class="menu-label"><strong>{name}</strong><br/>{reached}</p>
                <hr class="menu-line"/>
                <a class="menu-item" href="/settings"><Pic icon=Icon::Person/>{text!(shell.my_profile)}</a>
                <Appearance/>
                <a class="menu-item" href="/import" hidden=!boot::may(Role::Csm)><Pic icon=Icon::Upload/>{text!(shell.import)}</a>
                <hr class="menu-line"/>
                <form method="post" action=door on:submit=leave>
                    <button class="menu-item" type="submit"><Pic icon=Icon::Door/>{text!(shell.sign_out)}</button>
                </form>
            </div>
        </details>
    }
}

/// Light, dark or as the system; comfortable or compact.
#[component]
fn Appearance() -> impl IntoView {
    let boot = boot::boot();
    let (theme, density) =
        (RwSignal::new(boot.theme.unwrap_or_default()), RwSignal::new(boot.density.unwrap_or_default()));
    let toasts = use_toasts();
    let save = move || {
        let (theme, density) = (theme.get_untracked(), density.get_untracked());
        set_on_document("data-theme", &theme);
        set_on_document("data-density", &density);
        spawn_local(async move {
            if let Err(error) = set_appearance(theme, density).await {
                toasts.error(&error);
            }
        });
    };
    let item = move |value: &'static str, current: RwSignal<String>, label: AnyView| {
        view! {
            <button class="menu-item" type="button" aria-pressed=move || (current.get() == value).to_string()
                on:click=move |_| { current.set(value.to_owned()); save(); }>{label}</button>
        }
    };
    view! {
        <p class="menu-label">{text!(shell.appearance)}</p>
        {item("", theme, text!(shell.theme_system).into_any())}
        {item("light", theme, text!(shell.theme_light).into_any())}
        {item("dark", theme, text!(shell.theme_dark).into_any())}
        {item("", density, text!(shell.density_comfortable).into_any())}
        {item("compact", density, text!(shell.density_compact).into_any())}
    }
}

fn set_on_document(name: &str, value: &str) {
    let Some(root) = document().document_element() else { return };
    let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
}

/// Leaves for another page with a full load, as after signing in or out.
pub fn go(href: &str) {
    let _ = window().location().set_href(href);
}
