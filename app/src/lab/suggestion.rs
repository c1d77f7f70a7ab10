//! Weights that are suggested, with their evidence; a person opens them as a draft, or leaves it.

use domain::health::Points;
use domain::id::LabRunId;
use domain::identity::Role;
use domain::lab::run::Suggested;
use domain::lab::suggest::{Suggestion as Weights, Unable, Weight};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::figures::{FigureTable, Row};
use super::findings::area;
use super::server_fns::open_lab_suggestion;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// Suggested weights, or why there are none.
#[component]
pub(super) fn Suggestion(
    /// The run that suggests.
    run: LabRunId,
    /// What came of it.
    found: Suggested,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="lab-suggestion">
            <header class="card-head">
                <div><h2 class="card-title" id="lab-suggestion">{text!(lab.suggestion)}</h2>
                    <p class="card-sub">{text!(lab.suggestion_sub)}</p></div>
            </header>
            {match found {
                Suggested::Weights(weights) => view! { <Evidence run weights=*weights/> }.into_any(),
                Suggested::Unable(unable) => view! { <NoWeights unable/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn NoWeights(unable: Unable) -> impl IntoView {
    let language = use_language();
    let words = move || {
        let locale = language.get();
        match unable {
            Unable::NotEnough { earlier, later } => {
                td_string!(locale, lab.not_enough, earlier = earlier, later = later)
            }
            Unable::TooFewMeasures => td_string!(locale, lab.few_measures).to_owned(),
            Unable::NoSignal => td_string!(locale, lab.no_signal).to_owned(),
        }
    };
    view! {
        <div class="card-body">
            <div class="notice" role="status" data-tone="info"><Pic icon=Icon::Info/><div><p>{words}</p></div></div>
        </div>
    }
}

#[component]
fn Evidence(run: LabRunId, weights: Weights) -> impl IntoView {
    let (language, toasts, navigate) = (use_language(), use_toasts(), use_navigate());
    let pending = RwSignal::new(false);
    let Weights { weights: lines, before, after, later_from, learnt_losses, judged_losses, is_better, .. } = weights;
    let evidence = move || {
        let (before, after) = (area(Some(before)), area(Some(after)));
        td_string!(
            language.get(),
            lab.evidence,
            before = before,
            after = after,
            learnt = learnt_losses,
            judged = judged_losses,
            date = format::date(later_from)
        )
    };
    let open = move |_| {
        pending.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match open_lab_suggestion(run).await {
                Ok(card) => navigate(&format!("/scorecards/{card}"), leptos_router::NavigateOptions::default()),
                Err(error) => toasts.error(&error),
            }
            pending.try_set(false);
        });
    };
    let locale = language.get_untracked();
    let headings = vec![
        td_string!(locale, lab.measure).to_owned(),
        td_string!(locale, lab.weight_before).to_owned(),
        td_string!(locale, lab.weight_after).to_owned(),
        td_string!(locale, lab.change).to_owned(),
    ];
    let rows = lines.into_iter().map(row).collect();
    view! {
        <div class="card-body stack">
            <p>{evidence}</p>
            <p><strong>{move || if is_better {
                td_string!(language.get(), lab.better)
            } else {
                td_string!(language.get(), lab.not_better)
            }}</strong></p>
        </div>
        <FigureTable labelled_by="lab-suggestion" headings rows/>
        {boot::may(Role::Manager).then(|| view! {
            <footer class="card-foot">
                <button class="button" type="button" disabled=move || pending.get()
                    aria-busy=move || pending.get().then_some("true") on:click=open>{text!(lab.open_draft)}</button>
            </footer>
        })}
    }
}

fn row(weight: Weight) -> Row {
    let change: Points = weight.after - weight.before;
    let share = |points: Points| format!("{} %", format::points(points));
    let cells = vec![share(weight.before), share(weight.after), format::signed_points(change)];
    Row { label: weight.label, hint: None, cells }
}
