//! Today: what changed, whom to call, and how the portfolio stands; the first page of every morning.

mod do_next;
mod figure;
mod links;
mod movers;
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
use domain::portfolio::{Portfolio, SinceYouLeft};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::alerts::Asking;
use crate::alerts::hand::Hand;
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::live::{paced, use_live};
use crate::todos::hand::Hand as Tasks;
use crate::ui::loaded::Loaded;
use do_next::DoNext;
use figure::{Look, Seen};
use movers::{Movers, Way};
use renewals::Renewals;
#[cfg(feature = "ssr")]
pub use server_fns::{Overview, overview};
use server_fns::{Queue, load_overview, load_queue, load_since};
use standing::{Figures, Health};
use strip::Strip;
use welcome::{NothingMine, Welcome};

const FELL: &str = "trend_7d <= -1";
const ROSE: &str = "trend_7d >= 1";
const RENEWS: &str = "renewal_at within 90 days";
#[cfg(test)]
const FILTERS: [&str; 9] = [
    domain::reports::AT_RISK,
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
    overview: Resource<Result<Portfolio>>,
    queue: Resource<Result<Queue>>,
    hand: Hand,
    tasks: Tasks,
    since: Resource<Result<SinceYouLeft>>,
}

#[lazy_route]
impl LazyRoute for TodayPage {
    fn data() -> Self {
        let query = use_query_map();
        let mine = Memo::new(move |_| query.with(|query| query.get("mine").is_some_and(|mine| mine == "1")));
        let version = paced(use_live().version(concerns), PACE);
        let (hand, tasks) = (Hand::new(), Tasks::new());
        let told = paced(use_live().version(queues), PACE);
        Self {
            mine,
            hand,
            tasks,
            queue: Resource::new(
                move || (mine.get(), told.get(), hand.own.get(), tasks.own.get()),
                |(mine, ..)| load_queue(mine),
            ),
            overview: Resource::new(move || (mine.get(), version.get()), |(mine, _)| load_overview(mine)),
            since: Resource::new(move || version.get(), |_| load_since()),
        }
    }

    fn view(this: Self) -> AnyView {
        let TodayPage { mine, overview, queue, hand, tasks, since } = this;
        let (seen, seen_all) = (Seen::new(), Callback::new(move |()| since.refetch()));
        let look = move |portfolio: &Portfolio| Look { mine: mine.get_untracked(), seq: portfolio.seq, seen };
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
                <div class="today-grid">
                    <div class="stack">
                        <Loaded resource=queue lines=10 children=move |queue| {
                            view! { <First queue mine=mine.get_untracked() hand tasks/> }
                        }/>
                        <Loaded resource=overview lines=4 children=move |portfolio| {
                            view! { <Movement look=look(&portfolio) portfolio/> }
                        }/>
                    </div>
                    <aside class="stack today-side" aria-label=text!(today.standing)>
                        <Loaded resource=overview lines=8 children=move |portfolio| {
                            view! { <Standing look=look(&portfolio) portfolio/> }
                        }/>
                    </aside>
                </div>
            </div>
            <Asking hand/>
            <crate::todos::Asking hand=tasks/>
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

/// What to do next; where there is no account, how to begin.
#[component]
fn First(queue: Queue, mine: bool, hand: Hand, tasks: Tasks) -> impl IntoView {
    match (queue.has_accounts, mine) {
        (true, _) => view! { <DoNext queue mine hand tasks/> }.into_any(),
        (false, true) => view! { <NothingMine/> }.into_any(),
        (false, false) => view! { <Welcome/> }.into_any(),
    }
}

#[component]
fn Movement(portfolio: Portfolio, look: Look) -> impl IntoView {
    (portfolio.accounts > 0).then(|| {
        view! {
            <div class="grid-2">
                <Movers way=Way::Fell rows=portfolio.fell href=links::accounts(FELL, "trend_7d", look.mine) look/>
                <Movers way=Way::Rose rows=portfolio.rose href=links::accounts(ROSE, "-trend_7d", look.mine) look/>
            </div>
        }
    })
}

#[component]
fn Standing(portfolio: Portfolio, look: Look) -> impl IntoView {
    (portfolio.accounts > 0).then(|| {
        view! {
            <Health portfolio=portfolio.clone() look/>
            <Figures portfolio=portfolio.clone() look/>
            <Renewals portfolio look/>
        }
    })
}

/// Returns whether something can be in the queue, or no longer.
fn queues(note: &Note) -> bool {
    matches!(note.subject, Subject::Alert | Subject::Todo | Subject::Activity | Subject::Survey | Subject::Feedback)
        || (note.subject == Subject::Account && note.change == Change::Created)
}

fn concerns(note: &Note) -> bool {
    note.change == Change::Scored
        || matches!(note.subject, Subject::Account | Subject::Override | Subject::Ticket | Subject::Activity)
}
