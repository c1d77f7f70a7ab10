//! A file while it is made: how far it is, the way to stop it, and the file itself once it is there.

use std::time::Duration;

use domain::export::{KEPT_DAYS, Line, Stage};
use domain::id::ExportId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{cancel_export, load_export};
use super::words;
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded;
use crate::ui::toast::use_toasts;

/// How long to wait before asking again.
pub(super) const REST: Duration = Duration::from_millis(500);

/// Asks how far an export is until it is over, or until nobody looks any more.
fn follow(id: ExportId, line: RwSignal<Option<Result<Line>>>) {
    spawn_local(async move {
        let answer = load_export(id).await;
        let goes_on = match &answer {
            Ok(line) => line.export.stage() == Stage::Going,
            Err(error) => matches!(error, Error::Offline),
        };
        if line.try_set(Some(answer)).is_none() && goes_on {
            set_timeout(move || follow(id, line), REST);
        }
    });
}

/// What the dialog shows once a file is ordered.
#[component]
pub(super) fn Making(
    /// Which export.
    id: ExportId,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let language = use_language();
    let line = RwSignal::new(None::<Result<Line>>);
    Effect::new(move |_| follow(id, line));
    let stage = Memo::new(move |_| {
        line.with(|line| line.as_ref().and_then(|line| line.as_ref().ok()).map(|line| line.export.stage()))
    });
    let is_going = move || matches!(stage.get(), None | Some(Stage::Going));
    let problem = move || {
        let error = line.with(|line| line.as_ref()?.as_ref().err().cloned())?;
        Some(view! { <p class="field-error" role="alert">{loaded::words(&error, language.get()).1}</p> })
    };
    view! {
        <div class="dialog-body stack">
            {move || match stage.get() {
                None | Some(Stage::Going) => view! { <Bar line/> }.into_any(),
                Some(stage) => {
                    let export = line.with_untracked(|line| line.as_ref()?.as_ref().ok().map(|line| line.export.clone()));
                    view! { <p role="status">{move || words::ended(stage, export.as_ref(), language.get())}</p> }.into_any()
                }
            }}
            {problem}
            <p class="field-hint">{move || td_string!(language.get(), exports.may_close, days = KEPT_DAYS)}</p>
        </div>
        <footer class="dialog-foot">
            <a class="dialog-foot-start" href="/exports">{text!(exports.all)}</a>
            <Show when=is_going><CancelButton id/></Show>
            <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.close)}</button>
            <Show when=move || stage.get() == Some(Stage::Ready)>
                <a class="button" data-look="primary" rel="external" download="" href=address(id)>
                    <Pic icon=Icon::Download/><span>{text!(exports.download)}</span>
                </a>
            </Show>
        </footer>
    }
}

/// Returns where the file of an export is.
pub(super) fn address(id: ExportId) -> String {
    format!("/api/v1/exports/{id}/file")
}

#[component]
fn Bar(line: RwSignal<Option<Result<Line>>>) -> impl IntoView {
    let language = use_language();
    let now =
        move || line.with(|line| line.as_ref().and_then(|line| line.as_ref().ok()).map(|line| (line.done, line.total)));
    let words = move || {
        let (done, total) = now().unwrap_or_default();
        words::going(done, total, language.get())
    };
    let share = move || {
        let (done, total) = now().unwrap_or_default();
        if total == 0 { 0.0 } else { f64::from(done) / f64::from(total) * 100.0 }
    };
    view! {
        <p role="status">{words}</p>
        <progress class="progress" max="100" aria-label=text!(exports.progress) prop:value=share></progress>
    }
}

/// Stops a file that is being made.
#[component]
pub(super) fn CancelButton(
    /// Which export.
    id: ExportId,
) -> impl IntoView {
    let (stopping, toasts) = (RwSignal::new(false), use_toasts());
    let stop = move |_| {
        stopping.set(true);
        spawn_local(async move {
            if let Err(error) = cancel_export(id).await {
                toasts.error(&error);
            }
            stopping.try_set(false);
        });
    };
    view! {
        <button class="button" data-size="small" type="button" disabled=move || stopping.get()
            aria-busy=move || stopping.get().then_some("true") on:click=stop>{text!(exports.cancel)}</button>
    }
}
