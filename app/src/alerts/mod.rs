//! Alerts: what the rules noticed, one list for all of it, a page for each, and the rules themselves.

mod address;
mod analytics;
mod ask;
mod board;
mod condition_box;
pub mod count;
pub mod hand;
mod keyboard;
mod list;
mod page;
pub mod row;
mod rule_editor;
pub mod rule_fns;
mod rule_preview;
mod rule_times;
mod rules;
pub mod server_fns;
pub mod words;
mod worth;

use domain::alerts::list::AlertCounts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::exports::ExportButton;
use crate::language::use_language;
use address::{Address, Tab};
use analytics::Figures;
pub use ask::Asking;
use list::AlertList;
pub use page::AlertPage;
use rules::Rules;
pub use server_fns::alerts_of_account;

/// The page with all alerts.
pub struct AlertsPage {
    address: Memo<Address>,
}

#[lazy_route]
impl LazyRoute for AlertsPage {
    fn data() -> Self {
        let query = use_query_map();
        Self { address: Memo::new(move |_| query.with(Address::read)) }
    }

    fn view(this: Self) -> AnyView {
        let address = this.address;
        let counts = RwSignal::new(AlertCounts::default());
        // The lists are one: going from one to another keeps what is drawn.
        let tab = Memo::new(move |_| match address.with(|address| address.tab) {
            tab @ (Tab::Rules | Tab::Analytics) => tab,
            _ => Tab::Risk,
        });
        view! {
            <Title text=text!(alerts.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(alerts.title)}</h1><p class="page-sub">{text!(alerts.subtitle)}</p></div>
                <ExportButton offer=address::offer(address)/>
            </div>
            <Tabs address counts/>
            <div class="page-body">
                {move || match tab.get() {
                    Tab::Rules => view! { <Rules address/> }.into_any(),
                    Tab::Analytics => view! { <Figures/> }.into_any(),
                    _ => view! { <AlertList address counts/> }.into_any(),
                }}
            </div>
        }
        .into_any()
    }
}

#[component]
fn Tabs(address: Memo<Address>, counts: RwSignal<AlertCounts>) -> impl IntoView {
    let language = use_language();
    let count = move |tab: Tab| {
        let counts = counts.read();
        let count = match tab {
            Tab::Risk => counts.risk,
            Tab::Opportunity => counts.opportunity,
            Tab::Snoozed => counts.snoozed,
            Tab::History | Tab::Rules | Tab::Analytics => 0,
        };
        (count > 0).then(|| view! { <span class="tab-count">{crate::format::integer(i64::from(count))}</span> })
    };
    view! {
        <nav class="tabs" aria-label=text!(alerts.tabs)>
            {Tab::ALL.into_iter().map(|tab| view! {
                <a class="tab" href=tab.href() data-noscroll=""
                    aria-current=move || (address.get().tab == tab).then_some("page")>
                    {move || tab.label(language.get())}{move || count(tab)}
                </a>
            }).collect_view()}
        </nav>
    }
}
