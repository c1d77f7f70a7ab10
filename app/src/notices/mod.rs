//! Notifications: the bell, the notification centre, and what a person wants to be told.

mod bell;
mod centre;
mod filters;
mod keys;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
pub mod push;
mod row;
pub mod server_fns;
mod settings;
pub mod words;

use std::collections::BTreeSet;

use domain::notices::{NoticePage, NoticeQuery};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
pub use bell::{BellLink, Unread};
use centre::Centre;
use filters::Filters;
use server_fns::load_notices;
pub use settings::Notifications;

/// Notices of one page of the centre.
const PAGE: u32 = 50;

/// The page.
pub struct NoticesPage {
    query: Memo<NoticeQuery>,
    page: Resource<Result<NoticePage>>,
}

#[lazy_route]
impl LazyRoute for NoticesPage {
    fn data() -> Self {
        let address = use_query_map();
        let query = Memo::new(move |_| address.with(filters::query_of));
        let version = use_live().version(is_mine);
        Self { query, page: Resource::new(move || (query.get(), version.get()), |(query, _)| load_notices(query)) }
    }

    fn view(this: Self) -> AnyView {
        let NoticesPage { query, page } = this;
        let changed = Callback::new(move |()| page.refetch());
        keys::listen(changed);
        let opened = RwSignal::new(BTreeSet::new());
        view! {
            <Title text=text!(notices.title)/>
            <div class="page-head">
                <div>
                    <h1 class="page-title">{text!(notices.title)}</h1>
                    <p class="page-sub">{text!(notices.sub)}</p>
                </div>
                <div class="page-actions">
                    <centre::MarkAll changed/>
                    <a class="button" href="/settings/notifications">{text!(notices.settings)}</a>
                </div>
            </div>
            <div class="page-body stack">
                <Filters query/>
                <Loaded resource=page lines=10 children=move |page| {
                    view! { <Centre page query=query.get_untracked() opened changed/> }
                }/>
            </div>
        }
        .into_any()
    }
}

/// Returns whether a change is about the asking person's notices.
fn is_mine(note: &domain::live::Note) -> bool {
    note.subject == domain::fields::Subject::Notice && boot::me().is_some_and(|me| me.user.id.0 == note.id)
}
