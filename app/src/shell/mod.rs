//! The frame around every page: rail, header, footer, bottom bar, palette and messages.

pub mod document;
mod header;
mod keys;
mod menus;
pub mod not_found;
mod palette;
pub mod server_fns;

pub use keys::is_typing;

use domain::fields::Subject;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::alerts::count::{Pressing, PressingBadge};
use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::insights::peek::Peek;
use crate::language::use_language;
use crate::live::{State, use_live};
use crate::ui::icon::{Icon, Pic};
use crate::ui::press;
use crate::ui::toast::ToastList;
use header::Header;
pub use header::go;
use palette::Palette;

/// What the palette and the keys share.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Whether the palette is open.
    pub palette: RwSignal<bool>,
    /// Whether the sheet of keys is open.
    pub help: RwSignal<bool>,
}

/// A place in the navigation.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    icon: Icon,
    label: fn(Locale) -> &'static str,
    /// Whether it is one of the four that a phone's bottom bar has room for.
    phone: bool,
}

const PLACES: &[Place] = &[
    Place { href: "/", icon: Icon::Home, label: |locale| td_string!(locale, shell.today), phone: true },
    Place { href: "/alerts", icon: Icon::Flag, label: |locale| td_string!(locale, shell.alerts), phone: true },
    Place { href: "/tasks", icon: Icon::Tasks, label: |locale| td_string!(locale, shell.tasks), phone: true },
    Place { href: "/accounts", icon: Icon::Building, label: |locale| td_string!(locale, shell.accounts), phone: true },
    Place { href: "/import", icon: Icon::Upload, label: |locale| td_string!(locale, shell.import), phone: false },
    Place {
        href: "/scorecards",
        icon: Icon::Sliders,
        label: |locale| td_string!(locale, shell.scorecards),
        phone: false,
    },
    Place { href: "/insights", icon: Icon::Pulse, label: |locale| td_string!(locale, shell.insights), phone: false },
    Place {
        href: "/dashboards",
        icon: Icon::Tiles,
        label: |locale| td_string!(locale, shell.dashboards),
        phone: false,
    },
    Place { href: "/reports", icon: Icon::Columns, label: |locale| td_string!(locale, shell.reports), phone: false },
    Place { href: "/lab", icon: Icon::Bars, label: |locale| td_string!(locale, shell.lab), phone: false },
    Place { href: "/settings", icon: Icon::Gear, label: |locale| td_string!(locale, shell.settings), phone: false },
];

/// The frame; what is inside changes with the address.
#[component]
pub fn Shell() -> impl IntoView {
    let frame = Frame { palette: RwSignal::new(false), help: RwSignal::new(false) };
    provide_context(frame);
    provide_context(Pressing::start());
    keys::listen(frame);
    menus::listen();
    press::listen();
    keep_who();
    view! {
        <a class="skip-link" href="#main">{text!(shell.skip)}</a>
        <div class="shell">
            <Rail/>
            <div class="shell-main">
                <Header/>
                <main class="page" id="main" tabindex="-1"><Outlet/></main>
                <Footer/>
            </div>
            <BottomBar frame/>
        </div>
        <Palette frame/>
        <keys::KeySheet frame/>
        <Peek/>
        <ToastList/>
    }
}

/// Loads the person, the workspace and its people again when one of them changes.
fn keep_who() {
    let who = boot::who();
    let version = use_live().version(|note| matches!(note.subject, Subject::User | Subject::Workspace));
    Effect::watch(
        move || version.get(),
        move |_, _, _| {
            spawn_local(async move {
                // Without an answer the names stay as they are until the next change.
                if let Ok(present) = server_fns::load_me().await {
                    who.set(Some(present));
                }
            });
        },
        false,
    );
}

/// Returns whether the address belongs to a place.
fn is_current(path: &str, href: &str) -> bool {
    if href == "/" { path == "/" } else { path == href || path.starts_with(&format!("{href}/")) }
}

#[component]
fn Rail() -> impl IntoView {
    let (location, language) = (use_location(), use_language());
    view! {
        <nav class="rail" aria-label=text!(shell.navigation)>
            <a class="rail-brand" href="/"><BrandMark/><span class="rail-label">"Keepwell"</span></a>
            <div class="rail-nav">
                {PLACES.iter().map(|place| view! {
                    <a class="rail-link" href=place.href
                        aria-current=move || is_current(&location.pathname.get(), place.href).then_some("page")>
                        <span class="rail-icon"><Pic icon=place.icon/></span>
                        <span class="rail-label">{move || (place.label)(language.get())}</span>
                        {(place.href == "/alerts").then(|| view! { <PressingBadge/> })}
                    </a>
                }).collect_view()}
            </div>
        </nav>
    }
}

#[component]
fn BottomBar(frame: Frame) -> impl IntoView {
    let (location, language) = (use_location(), use_language());
    view! {
        <nav class="bottombar" aria-label=text!(shell.navigation)>
            {PLACES.iter().filter(|place| place.phone).map(|place| view! {
                <a class="bottombar-link" href=place.href
                    aria-current=move || is_current(&location.pathname.get(), place.href).then_some("page")>
                    <Pic icon=place.icon/><span>{move || (place.label)(language.get())}</span>
                    {(place.href == "/alerts").then(|| view! { <PressingBadge/> })}
                </a>
            }).collect_view()}
            <button class="bottombar-link" type="button" on:click=move |_| frame.palette.set(true)>
                <Pic icon=Icon::Search/><span>{text!(shell.search)}</span>
            </button>
        </nav>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let (live, language) = (use_live(), use_language());
    let who = boot::who();
    let version = boot::me().map(|me| me.version).unwrap_or_default();
    let workspace = move || who.get().map(|me| me.workspace);
    let state = move || match live.state.get() {
        State::Live => td_string!(language.get(), shell.state_live),
        State::Paused => td_string!(language.get(), shell.state_paused),
        State::Connecting => td_string!(language.get(), shell.state_connecting),
        State::Offline => td_string!(language.get(), shell.state_offline),
    };
    view! {
        <footer class="footer">
            <span>{workspace}</span>
            <span role="status">{state}</span>
            <span class="push">{format!("Keepwell {version}")}</span>
        </footer>
    }
}

/// The mark of the product.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! { <img class="brand-mark" src="/favicon.svg" alt="" width="24" height="24"/> }
}
