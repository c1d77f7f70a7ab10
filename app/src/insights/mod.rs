//! Insights: how the portfolio stands on a day, how it moved since another, and who stands where.
//!
//! Other features show what drives a score with [`peek::Peek`], which stands once in the frame, and where an account
//! stands among its peers with [`peers::PeerRanks`].

mod address;
mod averages;
mod behind;
mod controls;
mod movement;
pub mod peek;
pub mod peers;
pub mod server_fns;
mod spread;
mod standing;
mod words;

use std::time::Duration;

use domain::changes::Change;
use domain::fields::Subject;
use domain::insights::{Behind, Report, Which};
use domain::live::Note;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::ui::empty::Empty;
use crate::ui::focus::focus_later;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use address::Address;
use averages::Averages;
use behind::Rows;
use controls::{Controls, Past};
use movement::{Figures, Lists, Matrix};
use server_fns::{load_accounts_behind, load_insights};
use spread::{Groups, Scores};
use standing::Standing;
pub(crate) use words::by_hand;
#[cfg(feature = "ssr")]
pub(crate) use words::{cause, place};

/// However much happens, the numbers are read again at most this often: a report looks at every account.
const PACE: Duration = Duration::from_secs(3);

/// How the page is looked at.
#[derive(Clone, Copy)]
struct Look {
    /// What the address says.
    address: Memo<Address>,
    /// The language it is drawn in.
    locale: Locale,
}

/// The page.
pub struct InsightsPage {
    address: Memo<Address>,
    report: Resource<Result<Report>>,
    behind: Resource<Result<Option<Behind>>>,
}

#[lazy_route]
impl LazyRoute for InsightsPage {
    fn data() -> Self {
        let query = use_query_map();
        let address = Memo::new(move |_| query.with(|query| Address::read(query, boot::now())));
        let asked = Memo::new(move |_| address.with(|address| address.asked(boot::now())));
        let which = Memo::new(move |_| address.with(|address| address.which.as_ref().map(ToString::to_string)));
        let moved = paced(use_live().version(concerns), PACE);
        // The past does not change.
        let version = Memo::new(move |_| if asked.with(|asked| asked.at.is_some()) { 0 } else { moved.get() });
        Self {
            address,
            report: Resource::new(move || (asked.get(), version.get()), |(asked, _)| load_insights(asked)),
            behind: Resource::new(
                move || (asked.get(), which.get(), version.get()),
                |(asked, which, _)| async move {
                    match which {
                        Some(which) => load_accounts_behind(asked, which).await.map(Some),
                        None => Ok(None),
                    }
                },
            ),
        }
    }

    fn view(this: Self) -> AnyView {
        let InsightsPage { address, report, behind } = this;
        let language = use_language();
        let which = Memo::new(move |_| address.with(|address| address.which.clone()));
        let is_listing = Memo::new(move |_| which.with(Option::is_some));
        // Where the number was pressed the list may be far away.
        let arrive = move |which: &Option<Which>, _: Option<&Option<Which>>, _: Option<()>| {
            if which.is_some() {
                focus_later("insights-behind");
            }
        };
        Effect::watch(move || which.get(), arrive, false);
        view! {
            <Title text=text!(insights.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(insights.title)}</h1><p class="page-sub">{text!(insights.sub)}</p></div>
                <div class="page-actions">
                    <a class="button" href="/insights/value">{text!(value.title)}</a>
                    <controls::Summary address/>
                </div>
            </div>
            <div class="page-body stack insights">
                <Past address/>
                <Controls address/>
                <Show when=move || is_listing.get()>
                    <Loaded resource=behind lines=6 children=move |behind| {
                        let look = Look { address, locale: language.get_untracked() };
                        behind.map(|behind| view! { <Rows behind look/> })
                    }/>
                </Show>
                <Loaded resource=report lines=14 children=move |report| {
                    let look = Look { address, locale: language.get_untracked() };
                    view! { <Board report look/> }
                }/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Board(report: Report, look: Look) -> impl IntoView {
    let Report { from, to, bands, movement, spread, everybody, owners, teams, drivers, .. } = report;
    if everybody.accounts == 0 && movement.cells.is_empty() {
        return view! {
            <Empty icon=Icon::Bars href="/accounts" title=|l| td_string!(l, insights.nothing)
                words=|l| td_string!(l, insights.nothing_text) action=|l| td_string!(l, insights.nothing_action)/>
        }
        .into_any();
    }
    let (cells, scored) = (movement.cells.clone(), spread.scored);
    let (bins, markers, groups) = (spread.bins, spread.markers, spread.groups);
    view! {
        <div class="grid-2">
            <Standing bands to look/>
            <Figures movement=movement.clone() from to look/>
        </div>
        <Matrix cells look/>
        <Lists movement drivers from to look/>
        <div class="grid-2">
            <Scores bins markers scored look/>
            <Groups groups look/>
        </div>
        <Averages everybody owners teams look/>
    }
    .into_any()
}

fn concerns(note: &Note) -> bool {
    let is_of_accounts = note.change == Change::Scored || note.change == Change::Undone;
    is_of_accounts || matches!(note.subject, Subject::Account | Subject::User)
}
