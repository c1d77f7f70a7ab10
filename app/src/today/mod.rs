//! Today: what changed, whom to call, and how the portfolio stands; the first page of every morning.

mod figure;
mod links;
mod movers;
mod needs_you;
mod reason;
mod renewals;
pub mod server_fns;
mod standing;
mod strip;
mod welcome;

use std::time::Duration;

use domain::changes::Change;
use domain::fields::Subject;
use domain::live::Note;
use domain::portfolio::SinceYouLeft;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::format;
use crate::live::use_live;
use crate::ui::loaded::Loaded;
use figure::{Look, Seen};
use movers::{Movers, Way};
use needs_you::NeedsYou;
use renewals::Renewals;
use server_fns::{Overview, load_overview, load_since};
use standing::{Figures, Health};
use strip::Strip;
use welcome::{NothingMine, Welcome};

const AT_RISK: &str = "band in (at_risk, critical)";
const FELL: &str = "trend_7d <= -1";
const ROSE: &str = "trend_7d >= 1";
const RENEWS: &str = "renewal_at within 90 days";
#[cfg(test)]
const FILTERS: [&str; 9] = [
    AT_RISK,
    FELL,
    ROSE,
    RENEWS,
    "trend_7d <= -5",
    "ticket_count > 0",
    "created_at within last 1 days",
    "last_activity_at within last 2 days",
    "updated_at within last 3 days",
];

/// However much happens, the numbers are read again at most this often.
const PACE: Duration = Duration::from_secs(1);

/// The page.
pub struct TodayPage {
    mine: Memo<bool>,
    overview: Resource<Result<Overview>>,
    since: Resource<Result<SinceYouLeft>>,
}

#[lazy_route]
impl LazyRoute for TodayPage {
    fn data() -> Self {
        let query = use_query_map();
        let mine = Memo::new(move |_| query.with(|query| query.get("mine").is_some_and(|mine| mine == "1")));
        let version = paced(use_live().version(concerns));
        Self {
            mine,
            overview: Resource::new(move || (mine.get(), version.get()), |(mine, _)| load_overview(mine)),
            since: Resource::new(move || version.get(), |_| load_since()),
        }
    }

    fn view(this: Self) -> AnyView {
        let TodayPage { mine, overview, since } = this;
        let (seen, seen_all) = (Seen::new(), Callback::new(move |()| since.refetch()));
        view! {
            <Title text=text!(today.title)/>
            <div class="page-head">
                <div>
                    <h1 class="page-title">{text!(today.title)}</h1>
                    <p class="page-sub">{format::date(boot::now())}</p>
                </div>
                <div class="page-actions"><Whose mine/></div>
            </div>
            <div class="page-body stack">
                <Loaded resource=since lines=2 children=move |since| view! { <Strip since seen=seen_all/> }/>
                <Loaded resource=overview lines=12 children=move |overview| {
                    let look = Look { mine: mine.get_untracked(), seq: overview.portfolio.seq, seen };
                    view! { <Board overview look/> }
                }/>
            </div>
        }
        .into_any()
    }
}

/// Chooses between one's own accounts and everybody's.
#[component]
fn Whose(mine: Memo<bool>) -> impl IntoView {
    view! {
        <nav class="button-group" aria-label=text!(today.whose)>
            <a class="button" href="/?mine=1" aria-current=move || mine.get().then_some("true")>{text!(today.mine)}</a>
            <a class="button" href="/" aria-current=move || (!mine.get()).then_some("true")>{text!(today.everyone)}</a>
        </nav>
    }
}

#[component]
fn Board(overview: Overview, look: Look) -> impl IntoView {
    let portfolio = overview.portfolio.clone();
    if portfolio.accounts == 0 {
        return if look.mine { view! { <NothingMine/> }.into_any() } else { view! { <Welcome/> }.into_any() };
    }
    let (fell, rose) = (portfolio.fell.clone(), portfolio.rose.clone());
    view! {
        <div class="today-grid">
            <div class="stack">
                <NeedsYou overview look/>
                <div class="grid-2">
                    <Movers way=Way::Fell rows=fell href=links::accounts(FELL, "trend_7d", look.mine) look/>
                    <Movers way=Way::Rose rows=rose href=links::accounts(ROSE, "-trend_7d", look.mine) look/>
                </div>
            </div>
            <aside class="stack" aria-label=text!(today.standing)>
                <Health portfolio=portfolio.clone() look/>
                <Figures portfolio=portfolio.clone() look/>
                <Renewals portfolio look/>
            </aside>
        </div>
    }
    .into_any()
}

fn concerns(note: &Note) -> bool {
    note.change == Change::Scored
        || matches!(note.subject, Subject::Account | Subject::Override | Subject::Ticket | Subject::Activity)
}

/// Returns a number that follows another, but not more often than the pace.
fn paced(version: Signal<u64>) -> Signal<u64> {
    let (slow, waiting) = (RwSignal::new(0u64), StoredValue::new(false));
    Effect::watch(
        move || version.get(),
        move |_, _, _| {
            if waiting.get_value() {
                return;
            }
            waiting.set_value(true);
            set_timeout(
                move || {
                    // The page may have been left in the meantime.
                    if waiting.try_set_value(false).is_none()
                        && let Some(version) = version.try_get_untracked()
                    {
                        let _ = slow.try_set(version);
                    }
                },
                PACE,
            );
        },
        false,
    );
    slow.into()
}
