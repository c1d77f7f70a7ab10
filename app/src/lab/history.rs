//! The runs so far.

use domain::id::LabRunId;
use domain::lab::run::Run;
use leptos::prelude::*;

use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;

/// The newest runs, each a link to what it found.
#[component]
pub(super) fn History(
    /// The runs, newest first.
    runs: Vec<Run>,
    /// The one that is shown; the newest where none is named.
    chosen: Memo<Option<LabRunId>>,
) -> impl IntoView {
    if runs.is_empty() {
        return ().into_any();
    }
    let newest = runs.first().map(|run| run.id);
    let is_shown = move |id| (chosen.get().or(newest) == Some(id)).then_some("true");
    view! {
        <section class="card no-paper" aria-labelledby="lab-history">
            <header class="card-head"><h2 class="card-title" id="lab-history">{text!(lab.history)}</h2></header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="lab-history">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(lab.when)}</th>
                            <th scope="col">{text!(lab.who)}</th>
                            <th scope="col">{text!(lab.asked)}</th>
                            <th scope="col">{text!(lab.state)}</th>
                        </tr></thead>
                        <tbody>{runs.into_iter().map(|run| {
                            let id = run.id;
                            view! { <Line run shown=Signal::derive(move || is_shown(id))/> }
                        }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Line(run: Run, shown: Signal<Option<&'static str>>) -> impl IntoView {
    let language = use_language();
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let who = run.started_by.and_then(|id| people.into_iter().find(|person| person.id == id)).map(|person| person.name);
    let (months, days) = (run.asked.months, run.asked.horizon_days);
    let asked = move || td_string!(language.get(), lab.asked_for, months = months, days = days);
    let (at, href) = (run.started_at, format!("/lab?run={}", run.id));
    let state = move || state(&run, language.get());
    view! {
        <tr>
            <th scope="row"><a href=href aria-current=move || shown.get()>{format::date_time(at)}</a></th>
            <td>{who.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{asked}</td>
            <td>{state}</td>
        </tr>
    }
}

fn state(run: &Run, locale: Locale) -> &'static str {
    match (run.ended_at, run.stopped_at, &run.refused) {
        (None, ..) => td_string!(locale, lab.state_running),
        (_, Some(_), _) => td_string!(locale, lab.state_stopped),
        (_, _, Some(_)) => td_string!(locale, lab.state_refused),
        _ => td_string!(locale, lab.state_done),
    }
}
