//! Taking an import back: the question, and what came of it.

use domain::changes::UndoReport;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::{count, subject_label};
use super::server_fns::undo_import;
use super::wizard::Undoable;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// A button that asks, then takes an import back.
#[component]
pub fn UndoButton(
    /// The number of ended imports grows with it.
    ended: RwSignal<u32>,
    /// What is taken back.
    batch: Undoable,
    /// What stands on the button.
    label: fn(Locale) -> &'static str,
    /// What happens with the report.
    done: Callback<UndoReport>,
) -> impl IntoView {
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (language, toasts) = (use_language(), use_toasts());
    let (id, name) = (batch.batch, StoredValue::new(batch.label));
    let title = Signal::derive(move || td_string!(language.get(), imports.undo_title).to_owned());
    let undo = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            let report = undo_import(id).await;
            let _ = busy.try_set(false);
            let _ = open.try_set(false);
            match report {
                Ok(report) => {
                    done.try_run(report);
                }
                Err(error) => toasts.error(&error),
            }
            ended.try_update(|ended| *ended += 1);
        });
    });
    view! {
        <button class="button" data-size="small" type="button" on:click=move |_| open.set(true)>
            <Pic icon=Icon::Undo/>{move || label(language.get())}
            <span class="visually-hidden">{name.get_value()}</span>
        </button>
        <Dialog open title>
            <div class="dialog-body">
                <p>{move || td_string!(language.get(), imports.undo_question, name = name.get_value())}</p>
                <p class="muted">{text!(imports.undo_hint)}</p>
            </div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="danger" type="button" aria-busy=move || busy.get().to_string()
                    prop:disabled=move || busy.get() on:click=move |_| undo.run(())>{text!(imports.undo_confirm)}</button>
            </footer>
        </Dialog>
    }
}

/// What an undo did.
#[component]
pub fn Undone(
    /// What it did.
    report: UndoReport,
) -> impl IntoView {
    let language = use_language();
    let tone = if report.conflicts > 0 { "warn" } else { "good" };
    let (undone, conflicts) = (count(u64::from(report.undone)), count(u64::from(report.conflicts)));
    view! {
        <div class="notice" role="status" data-tone=tone>
            <Pic icon=Icon::Undo/>
            <div>
                <p class="notice-title">{text!(imports.undone, count = undone.clone())}</p>
                {(report.conflicts > 0).then(|| view! {
                    <p>{text!(imports.undo_conflicts, count = conflicts.clone())}</p>
                    <ul>{report.examples.iter().take(20).map(|conflict| view! {
                        <li><strong>{conflict.name.clone()}</strong>" ("{subject_label(conflict.subject, language.get_untracked())}"): "{conflict.reason.clone()}</li>
                    }).collect_view()}</ul>
                })}
            </div>
        </div>
    }
}
