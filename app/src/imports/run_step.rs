//! The last step: the import as it runs, and what came of it.

use std::time::Duration;

use domain::changes::UndoReport;
use domain::import::report::{ImportId, Phase, Report, Status};
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::{BothCounts, Count, Errors, count};
use super::reading;
use super::server_fns::{cancel_import, import_status};
use super::undo::UndoButton;
use super::wizard::{Step, Undoable, Wizard};
use crate::error::{Error, Result};
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton};
use crate::ui::toast::use_toasts;
use crate::ui::wait::wait;

/// How long to wait before asking again.
const REST: Duration = Duration::from_millis(400);
/// Where the browser remembers which import it started.
const REMEMBERED: &str = "keepwell.import";

/// Watching an import.
#[component]
pub fn RunStep(
    /// The state of the visit.
    wizard: Wizard,
    /// Which import.
    import: ImportId,
) -> impl IntoView {
    let status = RwSignal::new(None::<Result<Status>>);
    let undone = RwSignal::new(None::<UndoReport>);
    let watch = Callback::new(move |()| {
        spawn_local(async move {
            // The signal is gone once the page is left; the import goes on without it.
            loop {
                let answer = import_status(import).await;
                let is_over = !matches!(&answer, Ok(status) if is_running(status.phase));
                if is_over && !matches!(answer, Err(Error::Offline)) {
                    remember(None);
                }
                if status.try_set(Some(answer)).is_some() {
                    return;
                }
                if is_over {
                    wizard.ended.try_update(|ended| *ended += 1);
                    return;
                }
                wait(REST).await;
            }
        });
    });
    Effect::new(move |_| watch.run(()));
    let retry = Callback::new(move |()| watch.run(()));
    // The bar must not be drawn anew with each answer, so only a change of the kind of answer redraws.
    let phase = Memo::new(move |_| {
        status.with(|status| status.as_ref().map(|answer| answer.as_ref().map(|status| status.phase).ok()))
    });
    Effect::watch(move || phase.get(), |_, _, _| super::focus("step-heading"), false);
    view! {
        {move || match phase.get() {
            None => view! {
                <section class="card">
                    <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.running_title)}</h2></header>
                    <div class="card-body"><Skeleton lines=3/></div>
                </section>
            }
            .into_any(),
            Some(Some(running)) if is_running(running) => view! { <Running wizard import status/> }.into_any(),
            Some(_) => match status.get_untracked() {
                Some(Ok(over)) => view! { <Over wizard import status=over undone/> }.into_any(),
                Some(Err(Error::Refused(Refusal::NotFound))) => view! { <Forgotten/> }.into_any(),
                Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
                None => ().into_any(),
            },
        }}
    }
}

/// Returns whether an import may still write.
#[must_use]
pub fn is_running(phase: Phase) -> bool {
    matches!(phase, Phase::Waiting | Phase::Writing | Phase::Saving)
}

/// Remembers which import this browser started, for the next visit of the page.
pub fn remember(import: Option<ImportId>) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let _ = match import {
        Some(import) => storage.set_item(REMEMBERED, &import.to_string()),
        None => storage.remove_item(REMEMBERED),
    };
}

/// Returns the import that this browser started and has not seen end.
#[must_use]
pub fn remembered() -> Option<ImportId> {
    window().local_storage().ok().flatten()?.get_item(REMEMBERED).ok().flatten()?.parse().ok()
}

#[component]
fn Running(wizard: Wizard, import: ImportId, status: RwSignal<Option<Result<Status>>>) -> impl IntoView {
    let (stopping, toasts) = (RwSignal::new(false), use_toasts());
    let now = move || {
        status.with(|status| {
            status.as_ref().and_then(|answer| answer.as_ref().ok()).map(|s| (s.phase, s.rows_done, s.rows_total))
        })
    };
    let words = move || {
        let locale = wizard.language.get();
        match now() {
            Some((Phase::Waiting, ..)) => td_string!(locale, imports.phase_waiting).to_owned(),
            Some((Phase::Saving, ..)) => td_string!(locale, imports.phase_saving).to_owned(),
            Some((_, done, total)) => {
                td_string!(locale, imports.phase_writing, done = count(done), total = count(total.max(done)))
            }
            None => String::new(),
        }
    };
    let share =
        move || now().map_or(0.0, |(_, done, total)| if total == 0 { 0.0 } else { done as f64 / total as f64 * 100.0 });
    let stop = move |_| {
        stopping.set(true);
        spawn_local(async move {
            if let Err(error) = cancel_import(import).await {
                toasts.error(&error);
                stopping.try_set(false);
            }
        });
    };
    view! {
        <section class="card" aria-busy="true">
            <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.running_title)}</h2></header>
            <div class="card-body">
                <div class="stack">
                    <p>{words}</p>
                    <progress class="progress" max="100" aria-label=text!(imports.running_title) prop:value=share></progress>
                    <p class="muted">{text!(imports.may_leave)}</p>
                </div>
            </div>
            <footer class="card-foot">
                <button class="button" type="button" aria-busy=move || stopping.get().to_string() prop:disabled=move || stopping.get()
                    on:click=stop>{text!(imports.stop)}</button>
            </footer>
        </section>
    }
}

#[component]
fn Over(wizard: Wizard, import: ImportId, status: Status, undone: RwSignal<Option<UndoReport>>) -> impl IntoView {
    let error_rows = status.has_error_rows.then(|| format!("/import/{import}/errors.csv"));
    let name = wizard.inspection.with_untracked(|file| file.as_ref().map(|file| file.name.clone()));
    match (status.report, status.refused) {
        (Some(report), _) => view! { <Done wizard report error_rows name undone/> }.into_any(),
        (None, _) if status.phase == Phase::Cancelled => {
            view! { <Stopped wizard title=|l| td_string!(l, imports.cancelled_title) sentence=None/> }.into_any()
        }
        (None, refused) => {
            let sentence = refused.map(|refusal| reading::sentence(wizard, &refusal.into()));
            view! { <Stopped wizard title=|l| td_string!(l, imports.refused_title) sentence/> }.into_any()
        }
    }
}

#[component]
fn Done(
    wizard: Wizard,
    report: Report,
    error_rows: Option<String>,
    name: Option<String>,
    undone: RwSignal<Option<UndoReport>>,
) -> impl IntoView {
    let seconds = format::number(report.seconds);
    let label = name.clone().unwrap_or_default();
    let batch = Undoable { batch: report.batch, label: label.clone() };
    let changed = report.created + report.updated > 0;
    view! {
        <section class="card">
            <header class="card-head">
                <h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.done_title)}</h2>
                <span class="card-sub">{text!(imports.took, seconds = seconds.clone(), rows = count(report.rows))}</span>
            </header>
            <div class="card-body">
                <div class="stack">
                    <DoneCounts report=report.clone()/>
                    {move || undone.get().map(|report| view! { <super::undo::Undone report/> })}
                </div>
            </div>
            <footer class="card-foot">
                <div class="row" data-gap="small">
                    <a class="button" data-look="primary" href="/accounts">{text!(imports.see_accounts)}</a>
                    <button class="button" type="button" on:click=move |_| { wizard.forget(); wizard.go(Step::File); }>{text!(imports.another)}</button>
                    {move || (changed && undone.with(Option::is_none)).then(|| view! {
                        <UndoButton ended=wizard.ended batch=batch.clone() label=|l| td_string!(l, imports.undo_this)
                            done=Callback::new(move |report| {
                                undone.set(Some(report));
                                super::focus("step-heading");
                            })/>
                    })}
                </div>
            </footer>
        </section>
        {(report.errors_total > 0).then(|| view! {
            <Errors errors=report.errors total=report.errors_total file=label rows=error_rows/>
        })}
    }
}

#[component]
fn DoneCounts(report: Report) -> impl IntoView {
    let Report { conflict, invalid, .. } = report;
    match report.both {
        Some(both) => view! { <BothCounts both conflict invalid made=true/> }.into_any(),
        None => view! {
            <div class="counts" role="status">
                <Count value=report.created label=|l| td_string!(l, imports.created) tone="good"/>
                <Count value=report.updated label=|l| td_string!(l, imports.updated) tone="info"/>
                <Count value=report.unchanged label=|l| td_string!(l, imports.unchanged)/>
                <Count value=conflict label=|l| td_string!(l, imports.conflict) tone="warn"/>
                <Count value=invalid label=|l| td_string!(l, imports.invalid) tone="bad"/>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Stopped(wizard: Wizard, title: fn(crate::i18n::Locale) -> &'static str, sentence: Option<String>) -> impl IntoView {
    let can_return = wizard.options.with_untracked(Option::is_some);
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{move || title(wizard.language.get())}</h2></header>
            <div class="card-body">
                <div class="notice" role="status" data-tone="info">
                    <Pic icon=Icon::Info/>
                    <div>
                        {sentence.map(|sentence| view! { <p>{sentence}</p> })}
                        <p>{text!(imports.nothing_changed)}</p>
                    </div>
                </div>
            </div>
            <footer class="card-foot">
                <button class="button" data-look="primary" type="button"
                    on:click=move |_| wizard.go(if can_return { Step::Columns } else { Step::File })>
                    {if can_return { td_string!(wizard.language.get_untracked(), imports.back_to_columns) } else { td_string!(wizard.language.get_untracked(), imports.another) }}
                </button>
            </footer>
        </section>
    }
}

/// The server has been started anew since; the history below says what the import did.
#[component]
fn Forgotten() -> impl IntoView {
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.forgotten_title)}</h2></header>
            <div class="card-body"><p>{text!(imports.forgotten_text)}</p></div>
            <footer class="card-foot"><a class="button" href="/import">{text!(imports.another)}</a></footer>
        </section>
    }
}
