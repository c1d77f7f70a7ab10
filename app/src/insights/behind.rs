//! The accounts behind one number.

use domain::insights::Behind;
use leptos::prelude::*;

use super::Look;
use super::movement::MovedTable;
use super::words;
use crate::format;
use crate::i18n::td_string;

/// The accounts behind the number that was pressed.
#[component]
pub(super) fn Rows(behind: Behind, look: Look) -> impl IntoView {
    let Look { address, locale } = look;
    let Behind { from, to, rows, total, drivers } = behind;
    let which = address.with_untracked(|address| address.which.clone());
    let by = address.with_untracked(|address| address.by);
    let title = which.map(|which| words::which(&which, by, locale)).unwrap_or_default();
    let shown = rows.len();
    let count = if (total as usize) > shown {
        let (shown, total) = (format::integer(shown as i64), format::integer(i64::from(total)));
        td_string!(locale, insights.first_of, shown = shown, total = total)
    } else {
        td_string!(locale, insights.n_accounts, count = format::integer(i64::from(total)))
    };
    let close = move || address.with(|address| address.with(|address| address.which = None));
    view! {
        <section class="card" aria-labelledby="insights-behind">
            <header class="card-head">
                <h2 class="card-title" id="insights-behind" tabindex="-1">{title}</h2>
                <span class="card-sub">{count}</span>
                <a class="button" data-size="small" href=close data-noscroll="">{td_string!(locale, common.close)}</a>
            </header>
            {if rows.is_empty() {
                view! { <div class="card-body"><p class="muted">{td_string!(locale, insights.nobody_here)}</p></div> }.into_any()
            } else {
                let label = "insights-behind".to_owned();
                view! { <div class="card-body" data-flush><MovedTable label rows drivers from to look/></div> }.into_any()
            }}
        </section>
    }
}
