//! What a draft has come to while it is tested in the shadow.

use domain::health::ShadowReport;
use leptos::prelude::*;

use super::bench::use_bench;
use super::effect::{Moves, money};
use crate::format;
use crate::i18n::td_string;

/// The report of a test.
#[component]
pub(super) fn Report(report: ShadowReport) -> impl IntoView {
    let bench = use_bench();
    let locale = bench.language.get_untracked();
    let count = |accounts: u32| format::integer(i64::from(accounts));
    let since = td_string!(
        locale,
        scorecards.shadow_since,
        version = report.version,
        since = format::date_time(report.since),
        last = report.last.map_or_else(|| "–".to_owned(), format::date_time)
    );
    view! {
        <section class="card" aria-labelledby="shadow">
            <header class="card-head">
                <div><h2 class="card-title" id="shadow">{text!(scorecards.shadow)}</h2><p class="card-sub">{since}</p></div>
            </header>
            <div class="card-body stack">
                <dl class="facts effect-figures">
                    <div><dt>{text!(scorecards.shadow_accounts)}</dt><dd>{count(report.accounts)}</dd></div>
                    <div><dt>{text!(scorecards.shadow_differ)}</dt><dd>{count(report.differ)}</dd></div>
                    <div><dt>{text!(scorecards.shadow_moved)}</dt><dd>{count(report.moved)}</dd></div>
                    <div><dt>{text!(scorecards.better)}</dt><dd>{money(report.arr_better_minor)}</dd></div>
                    <div><dt>{text!(scorecards.worse)}</dt><dd>{money(report.arr_worse_minor)}</dd></div>
                </dl>
                <Moves moves=report.moves locale/>
            </div>
        </section>
    }
}
