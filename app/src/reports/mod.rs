//! Reports: accounts, alerts, tasks, usage and revenue, filtered, grouped and measured as somebody wants them, shown as a table or as
//! bars, and saved under a name. What a report asks for is in the address, so that it can be shared unsaved.

mod address;
mod builder;
mod chart;
mod filter;
#[cfg(feature = "ssr")]
pub mod paper;
mod period;
mod result;
mod saving;
pub mod server_fns;
mod sheet;
mod shelf;
mod told;
mod words;

use std::time::Duration;

use domain::changes::Change;
use domain::fields::Subject;
use domain::live::Note;
use domain::reports::{Answer, Report};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::{LazyRoute, NavigateOptions, lazy_route};

use crate::error::Result;
use crate::language::{Language, use_language};
use crate::live::{paced, use_live};
use crate::schedules::{Planner, Schedules};
use crate::ui::loaded::Loaded;
use address::Address;
use builder::Builder;
use result::Outcome;
use saving::{Actions, Naming, NamingDialog};
use server_fns::{list_reports, load_report};
use shelf::Shelf;
#[cfg(feature = "ssr")]
pub(crate) use words::group as group_name;

pub(crate) use address::Address as ReportAddress;
pub(crate) use sheet::{Peeking, RowsDialog, Sheet};
pub use told::{Told, told, told_csv};
pub(crate) use words::name as report_name;

/// However much happens, the numbers are read again at most this often: a report may look at every account.
pub(crate) const PACE: Duration = Duration::from_secs(3);

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// What the address says.
    address: Memo<Address>,
    /// The saved reports that the person sees, as they are loaded.
    saved: Resource<Result<Vec<Report>>>,
    /// The same once they are there.
    known: RwSignal<Vec<Report>>,
    /// The language of the page.
    language: Language,
    /// Goes to another address of the page.
    go: Callback<String>,
    /// Which number somebody looks behind.
    peeking: Peeking,
}

impl Desk {
    /// Returns the saved report that the address names, if the person sees it.
    fn report(self) -> Option<Report> {
        let id = self.address.with(|address| address.name.parse().ok())?;
        self.known.with(|known| known.iter().find(|report| report.id == id).cloned())
    }
}

/// The page.
pub struct ReportsPage {
    address: Memo<Address>,
    saved: Resource<Result<Vec<Report>>>,
    answer: Resource<Result<Answer>>,
}

#[lazy_route]
impl LazyRoute for ReportsPage {
    fn data() -> Self {
        let query = use_query_map();
        let address = Memo::new(move |_| query.with(Address::read));
        let spec = Memo::new(move |_| address.with(|address| address.spec.clone()));
        let shelf = use_live().version(|note| note.subject == Subject::Report);
        let numbers = paced(use_live().version(concerns), PACE);
        Self {
            address,
            saved: Resource::new(move || shelf.get(), |_| list_reports()),
            answer: Resource::new(move || (spec.get(), numbers.get()), |(spec, _)| load_report(spec)),
        }
    }

    fn view(this: Self) -> AnyView {
        let ReportsPage { address, saved, answer } = this;
        let navigate = use_navigate();
        let go = Callback::new(move |href: String| {
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let peeking = Peeking::new();
        let desk = Desk { address, saved, known: RwSignal::new(Vec::new()), language: use_language(), go, peeking };
        let naming = Naming::new(desk);
        Planner::provide();
        view! {
            <Title text=text!(reports.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(reports.title)}</h1><p class="page-sub">{text!(reports.sub)}</p></div>
                <Actions desk naming/>
            </div>
            <div class="page-body stack reports">
                <Shelf desk/>
                <Builder desk/>
                <Loaded resource=answer lines=12 children=move |answer| view! { <Outcome answer desk/> }/>
                <Schedules/>
            </div>
            <NamingDialog naming/>
            <RowsDialog peeking/>
        }
        .into_any()
    }
}

/// Returns whether numbers of reports may be others after a change.
pub(crate) fn concerns(note: &Note) -> bool {
    let moves_scores = note.change == Change::Scored || note.change == Change::Undone;
    let subjects = [Subject::Account, Subject::Alert, Subject::Todo, Subject::Usage, Subject::User];
    moves_scores || subjects.contains(&note.subject)
}
