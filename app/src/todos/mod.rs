//! Tasks of people: the page with all of them, the line in which one is written down, and what can be done with them
//! wherever they stand. In code they are `todos`; a task in code is work of the machine.

mod address;
mod ask;
mod board;
mod form;
pub mod hand;
mod keyboard;
mod list;
mod quick_box;
mod repeat_fields;
pub mod row;
pub mod server_fns;
pub mod words;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::exports::ExportButton;
use crate::language::use_language;
use address::{Address, Tab};
pub use ask::Asking;
use list::TodoList;
pub use quick_box::QuickBox;
pub use server_fns::{AccountTodos, todos_of_account};

/// The page with all tasks.
pub struct TodosPage {
    address: Memo<Address>,
}

#[lazy_route]
impl LazyRoute for TodosPage {
    fn data() -> Self {
        let query = use_query_map();
        Self { address: Memo::new(move |_| query.with(Address::read)) }
    }

    fn view(this: Self) -> AnyView {
        let address = this.address;
        view! {
            <Title text=text!(todos.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(todos.title)}</h1><p class="page-sub">{text!(todos.subtitle)}</p></div>
                <ExportButton offer=address::offer(address)/>
            </div>
            <Tabs address/>
            <div class="page-body"><TodoList address/></div>
        }
        .into_any()
    }
}

#[component]
fn Tabs(address: Memo<Address>) -> impl IntoView {
    let language = use_language();
    let href = move |tab: Tab| {
        address.with(|address| Address { tab, mine: address.mine, person: address.person, ..Address::default() }.href())
    };
    view! {
        <nav class="tabs" aria-label=text!(todos.tabs)>
            {Tab::ALL.into_iter().map(|tab| view! {
                <a class="tab" href=move || href(tab) data-noscroll=""
                    aria-current=move || address.with(|address| address.tab == tab).then_some("page")>
                    {move || tab.label(language.get())}
                </a>
            }).collect_view()}
        </nav>
    }
}
