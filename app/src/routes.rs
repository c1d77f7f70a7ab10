//! Every page of the product, in menu order.

use leptos::prelude::*;
use leptos_i18n::Locale as _;
use leptos_meta::{Html, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, path};

use crate::account::AccountPage;
use crate::accounts::AccountsPage;
use crate::alerts::{AlertPage, AlertsPage};
use crate::boot;
use crate::churn::ChurnPage;
use crate::dashboards::DashboardsPage;
use crate::duplicates::{DuplicateContactsPage, DuplicatesPage};
use crate::exports::ExportsPage;
use crate::identity::{SetupPage, SignInPage};
use crate::imports::ImportPage;
use crate::insights::InsightsPage;
use crate::lab::LabPage;
use crate::language::{self, Language};
use crate::live::Live;
use crate::notices::{NoticesPage, Unread};
use crate::quality::QualityPage;
use crate::reports::ReportsPage;
use crate::scorecards::{ScorecardPage, ScorecardsPage};
use crate::settings::SettingsPage;
use crate::shell::Shell;
use crate::shell::not_found::NotFound;
use crate::today::TodayPage;
use crate::todos::TodosPage;
use crate::ui::toast::Toasts;
use crate::value::ValuePage;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let boot = boot::boot();
    provide_context(boot.clone());
    provide_context(boot::Who(RwSignal::new(boot.me.clone())));
    let language = Language::new(language::initial());
    provide_context(language);
    provide_context(Toasts::new());
    provide_context(Unread(RwSignal::new(0)));
    provide_context(Live::start(&boot));
    view! {
        <Html attr:lang=move || language.get().as_str() attr:dir=move || language.get().direction().as_str()/>
        // With a text of its own, a page that waits for its name has a title meanwhile.
        <Title text="" formatter=window_title/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/setup") view=SetupPage/>
                <ParentRoute path=path!("/") view=Shell>
                    <Route path=path!("") view={Lazy::<TodayPage>::new()}/>
                    <Route path=path!("alerts") view={Lazy::<AlertsPage>::new()}/>
                    <Route path=path!("alerts/:id") view={Lazy::<AlertPage>::new()}/>
                    <Route path=path!("tasks") view={Lazy::<TodosPage>::new()}/>
                    <Route path=path!("accounts") view={Lazy::<AccountsPage>::new()}/>
                    <Route path=path!("accounts/quality") view={Lazy::<QualityPage>::new()}/>
                    <Route path=path!("accounts/duplicates") view={Lazy::<DuplicatesPage>::new()}/>
                    <Route path=path!("accounts/duplicates/contacts") view={Lazy::<DuplicateContactsPage>::new()}/>
                    <Route path=path!("accounts/:id/:tab?") view={Lazy::<AccountPage>::new()}/>
                    <Route path=path!("import") view={Lazy::<ImportPage>::new()}/>
                    <Route path=path!("scorecards") view={Lazy::<ScorecardsPage>::new()}/>
                    <Route path=path!("scorecards/:id/:section?") view={Lazy::<ScorecardPage>::new()}/>
                    <Route path=path!("insights") view={Lazy::<InsightsPage>::new()}/>
                    <Route path=path!("insights/value") view={Lazy::<ValuePage>::new()}/>
                    <Route path=path!("dashboards/:id?") view={Lazy::<DashboardsPage>::new()}/>
                    <Route path=path!("reports") view={Lazy::<ReportsPage>::new()}/>
                    <Route path=path!("exports") view={Lazy::<ExportsPage>::new()}/>
                    <Route path=path!("lab") view={Lazy::<LabPage>::new()}/>
                    <Route path=path!("lab/churn") view={Lazy::<ChurnPage>::new()}/>
                    <Route path=path!("notifications") view={Lazy::<NoticesPage>::new()}/>
                    <Route path=path!("settings/:section?") view={Lazy::<SettingsPage>::new()}/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Returns what the window is called. The server's half of `Title` writes this into the page as it is, so a name
/// in it is escaped there; in the browser it is set as text.
fn window_title(title: String) -> String {
    let unread = use_context::<Unread>().filter(|_| cfg!(not(feature = "ssr"))).map_or(0, |Unread(count)| count.get());
    let count = if unread > 0 { format!("({unread}) ") } else { String::new() };
    if title.is_empty() {
        return format!("{count}Keepwell");
    }
    let title = if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title };
    format!("{count}{title} · Keepwell")
}
