//! Value delivered: what watching the portfolio was good for.

mod charts;
mod figures;
mod kept;
mod left;
pub mod server_fns;
mod words;

use std::time::Duration;

use domain::changes::Change;
use domain::fields::Subject;
use domain::live::Note;
use domain::value::PERIODS;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::error::Result;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{paced, use_live};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use charts::{Funnel, Months, Rules};
use figures::Figures;
use kept::Kept;
use left::Left;
use server_fns::{Delivered, load_value};

/// However much happens, the alerts are read again at most this often.
const PACE: Duration = Duration::from_secs(5);

/// The page.
pub struct ValuePage {
    days: Memo<u32>,
    found: Resource<Result<Delivered>>,
}

#[lazy_route]
impl LazyRoute for ValuePage {
    fn data() -> Self {
        let query = use_query_map();
        let asked = move || query.with(|query| query.get("days")?.parse().ok().filter(|days| PERIODS.contains(days)));
        let days = Memo::new(move |_| asked().unwrap_or(PERIODS[0]));
        let version = paced(use_live().version(concerns), PACE);
        Self { days, found: Resource::new(move || (days.get(), version.get()), |(days, _)| load_value(days)) }
    }

    fn view(this: Self) -> AnyView {
        let ValuePage { days, found } = this;
        let language = use_language();
        view! {
            <Title text=text!(value.title)/>
            <div class="page-head">
                <div><h1 class="page-title">{text!(value.title)}</h1><p class="page-sub">{text!(value.sub)}</p></div>
                <div class="page-actions">
                    <nav class="button-group" aria-label=text!(value.period)>
                        {PERIODS.into_iter().map(|period| view! {
                            <a class="button" data-noscroll="" href=format!("/insights/value?days={period}")
                                aria-current=move || (days.get() == period).then_some("true")>
                                {move || words::period(period, language.get())}
                            </a>
                        }).collect_view()}
                    </nav>
                </div>
            </div>
            <div class="page-body stack value">
                <Loaded resource=found lines=14 children=move |found| {
                    view! { <Board found locale=language.get_untracked()/> }
                }/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Board(found: Delivered, locale: Locale) -> impl IntoView {
    let Delivered { value, rules } = found;
    if value.is_empty() {
        return view! {
            <Empty icon=Icon::Pulse href="/alerts" title=|l| td_string!(l, value.nothing)
                words=|l| td_string!(l, value.nothing_text) action=|l| td_string!(l, value.nothing_action)/>
        }
        .into_any();
    }
    view! {
        <Figures value=value.clone() locale/>
        <div class="grid-2" data-stretch="">
            <Funnel funnel=value.funnel locale/>
            <Months months=value.months.clone() locale/>
        </div>
        <Kept value=value.clone() locale/>
        <Left value=value.clone() locale/>
        <Rules counts=value.rules rules locale/>
    }
    .into_any()
}

fn concerns(note: &Note) -> bool {
    note.change == Change::Undone || matches!(note.subject, Subject::Account | Subject::Alert | Subject::Rule)
}
