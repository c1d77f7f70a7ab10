//! Dashboards: reports beside each other, as somebody wants to see them every day. Each change is saved at once.

mod add;
mod board;
mod list;
mod naming;
pub mod server_fns;
mod stage;
mod widget;
mod words;

use domain::dashboards::Dashboard;
use domain::fields::Subject;
use domain::id::DashboardId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::error::Result;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use board::Page;
use list::List;
use server_fns::{Board, list_dashboards, load_dashboard};

/// The page's own path.
const PATH: &str = "/dashboards";

/// The page: all dashboards, or one.
pub struct DashboardsPage {
    id: Memo<Option<DashboardId>>,
    all: Resource<Result<Vec<Dashboard>>>,
    board: Resource<Result<Option<Board>>>,
}

#[lazy_route]
impl LazyRoute for DashboardsPage {
    fn data() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse().ok()));
        let shelf = use_live().version(|note| note.subject == Subject::Dashboard);
        // What changes on the board is taken in piece by piece, so that nothing that is open closes.
        let board = Resource::new(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => load_dashboard(id).await.map(Some),
                    None => Ok(None),
                }
            },
        );
        Self { id, all: Resource::new(move || shelf.get(), |_| list_dashboards()), board }
    }

    fn view(this: Self) -> AnyView {
        let DashboardsPage { id, all, board } = this;
        let is_one = Memo::new(move |_| id.get().is_some());
        view! {
            <Title text=text!(dashboards.title)/>
            {move || if is_one.get() {
                view! { <Loaded resource=board lines=16 children=move |board| view! { <Page board/> }/> }.into_any()
            } else {
                view! {
                    <div class="page-head">
                        <div>
                            <h1 class="page-title">{text!(dashboards.title)}</h1>
                            <p class="page-sub">{text!(dashboards.sub)}</p>
                        </div>
                    </div>
                    <div class="page-body stack dashboards">
                        <Loaded resource=all lines=8 children=move |all| view! { <List all/> }/>
                    </div>
                }
                .into_any()
            }}
        }
        .into_any()
    }
}
