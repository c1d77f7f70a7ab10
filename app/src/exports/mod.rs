//! Exports: the dialog in which a file is put together, wherever a list stands, and the page with all of them.

mod choice;
mod dialog;
mod fields;
mod history;
mod making;
pub mod server_fns;
mod words;

#[cfg(feature = "ssr")]
use domain::export::{
    Record,
    cells::{self, Called, Cell, Names},
    columns::Column,
};
use domain::fields::Subject;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::i18n::Locale;
use crate::live::{paced, use_live};
use crate::ui::loaded::Loaded;
pub use choice::Offer;
pub use dialog::{ExportButton, Exporting};
use domain::export::Line;
use history::History;
use server_fns::list_exports;
#[cfg(feature = "ssr")]
pub(crate) use words::what as what_word;

/// However much happens, the list is read again at most this often.
const PACE: std::time::Duration = std::time::Duration::from_millis(300);

/// Returns the cells of a row as files have them: in English, like their headings.
#[cfg(feature = "ssr")]
#[must_use]
pub fn cells(record: &Record, columns: &[Column], people: &Names, accounts: &Names) -> Vec<Cell> {
    let reason = |alert: &domain::alerts::Alert| crate::alerts::words::reason(alert, Locale::default());
    cells::row(record, columns, &Called { people, accounts, reason: &reason })
}

/// The page with the files that were taken out.
pub struct ExportsPage {
    lines: Resource<Result<Vec<Line>>>,
    turn: RwSignal<u32>,
}

#[lazy_route]
impl LazyRoute for ExportsPage {
    fn data() -> Self {
        let turn = RwSignal::new(0);
        let version = paced(use_live().version(|note| note.subject == Subject::Export), PACE);
        let lines = Resource::new(move || (version.get(), turn.get()), |_| list_exports());
        Self { lines, turn }
    }

    fn view(this: Self) -> AnyView {
        let ExportsPage { lines, turn } = this;
        view! {
            <Title text=text!(exports.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(exports.title)}</h1><p class="page-sub">{text!(exports.sub)}</p></div>
            </div>
            <div class="page-body exports">
                <Loaded resource=lines lines=8 children=move |lines| view! { <History lines turn/> }/>
            </div>
        }
        .into_any()
    }
}
