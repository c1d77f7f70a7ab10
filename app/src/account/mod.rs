//! The page of one account: everything that is known about it in nine tabs, each with its own address.
//!
//! The head and every panel load by themselves and side by side, and load again when the live feed says that
//! something of theirs changed. Other features link here with `/accounts/{id}` or `/accounts/{id}/{tab}`.

mod alerts;
mod change_fns;
mod contact_dialog;
mod desk;
mod editor;
#[cfg(feature = "ssr")]
mod gather;
mod header;
mod health;
mod health_history;
mod history;
mod keys;
#[cfg(feature = "ssr")]
mod names;
mod override_dialog;
mod overview;
pub mod panels;
mod parts;
#[cfg(feature = "ssr")]
mod past;
mod people;
#[cfg(feature = "ssr")]
pub mod report;
mod revenue;
#[cfg(feature = "ssr")]
mod scored;
pub mod server_fns;
mod support;
mod time_slider;
mod timeline;
mod todos;
#[cfg(feature = "ssr")]
pub mod told;
mod usage;
mod words;

use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::error::Error;
use crate::i18n::{Locale, td_string};
use crate::{boot, format};
use desk::Desk;
use header::Header;
pub(crate) use parts::Steps;
pub(crate) use words::{shown as shown_value, word};

/// Windows narrower than this get narrow charts.
const NARROW: f64 = 640.0;

/// A text that follows the language.
type Label = fn(Locale) -> &'static str;

/// The tabs in their order: the word in the address, and the label.
const TABS: [(&str, Label); 9] = [
    ("overview", |locale| td_string!(locale, account.tab_overview)),
    ("timeline", |locale| td_string!(locale, account.tab_timeline)),
    ("health", |locale| td_string!(locale, account.tab_health)),
    ("people", |locale| td_string!(locale, account.tab_people)),
    ("usage", |locale| td_string!(locale, account.tab_usage)),
    ("revenue", |locale| td_string!(locale, account.tab_revenue)),
    ("support", |locale| td_string!(locale, account.tab_support)),
    ("market", |locale| td_string!(locale, account.tab_market)),
    ("history", |locale| td_string!(locale, account.tab_history)),
];

/// The page of one account.
pub struct AccountPage {
    desk: Desk,
}

#[lazy_route]
impl LazyRoute for AccountPage {
    fn data() -> Self {
        Self { desk: Desk::open() }
    }

    fn view(this: Self) -> AnyView {
        provide_context(this.desk);
        view! { <Page/> }.into_any()
    }
}

#[component]
fn Page() -> impl IntoView {
    let desk = desk::use_desk();
    let missing = RwSignal::new(false);
    Effect::new(move |_| missing.set(matches!(desk.head.get(), Some(Err(Error::Refused(Refusal::NotFound))))));
    // What was being typed belongs to the account it was typed on.
    Effect::watch(move || desk.id.get(), move |_, _, _| desk.editing.set(None), false);
    Effect::new(move |_| {
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        desk.narrow.set(width.is_some_and(|width| width < NARROW));
    });
    let on_paper = move || {
        let shown = desk.as_of.get().unwrap_or_else(boot::now);
        td_string!(desk.language.get(), account.on_paper, when = format::date_time(shown))
    };
    // Known in the browser alone, as the head is loaded after the page has begun to be sent.
    let merged = RwSignal::new(None);
    Effect::new(move |_| {
        let account = desk.head.get().and_then(Result::ok).map(|head| head.row.account);
        let account = account.filter(|account| account.merged_into.is_some() && !desk.in_past.get());
        let id = account.map(|account| account.id);
        if merged.get_untracked() != id {
            merged.set(id);
        }
    });
    keys::listen(desk);
    let hand = alerts::open(desk);
    let tasks = todos::open(desk);
    view! {
        <Header/>
        {move || merged.get().map(|id| view! { <crate::duplicates::MergedInto id/> })}
        <p class="only-paper muted">{on_paper}</p>
        <nav class="tabs account-tabs" aria-label=move || td_string!(desk.language.get(), account.tabs)
            hidden=move || missing.get()>
            {TABS.into_iter().map(|(tab, label)| view! {
                <a class="tab" href=move || overview::tab_href(desk, tab) data-noscroll=""
                    aria-current=move || (desk.tab.get() == tab).then_some("page")>
                    {move || label(desk.language.get())}
                </a>
            }).collect_view()}
        </nav>
        <time_slider::TimeSlider/>
        {move || {
            // What can be done is decided anew when the past is entered or left.
            desk.in_past.track();
            body(&desk.tab.get(), desk)
        }}
        <crate::alerts::Asking hand/>
        <crate::todos::Asking hand=tasks/>
    }
}

fn body(tab: &str, desk: Desk) -> AnyView {
    match tab {
        "overview" => view! { <overview::Overview/> }.into_any(),
        "timeline" => view! { <timeline::Timeline/> }.into_any(),
        "health" => view! { <health::HealthTab/> }.into_any(),
        "people" => view! { <people::People/> }.into_any(),
        "usage" => view! { <usage::Usage/> }.into_any(),
        "revenue" => view! { <revenue::Revenue/> }.into_any(),
        "support" => view! { <support::Support/> }.into_any(),
        "market" => view! { <crate::signals::MarketTab id=desk.id in_past=desk.in_past/> }.into_any(),
        "history" => view! { <history::HistoryTab/> }.into_any(),
        _ => view! {
            <div class="empty">
                <p class="empty-title">{move || td_string!(desk.language.get(), account.no_tab)}</p>
                <a class="button" href=move || overview::tab_href(desk, "overview")>
                    {move || td_string!(desk.language.get(), account.tab_overview)}
                </a>
            </div>
        }
        .into_any(),
    }
}
