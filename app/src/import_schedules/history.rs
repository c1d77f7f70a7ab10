//! What came of a scheduled import: its runs, why one wrote nothing, and the way back for one that did.

use domain::fields::Subject;
use domain::id::ImportScheduleId;
use domain::import_schedules::{Outcome, Run};
use leptos::prelude::*;

use super::server_fns::load_import_runs;
use super::words;
use crate::format;
use crate::i18n::td_string;
use crate::imports::{UndoButton, Undoable};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};

/// The scheduled import whose history is asked for.
#[derive(Clone)]
pub(super) struct Asked {
    /// Which.
    pub(super) id: ImportScheduleId,
    /// What people call it.
    pub(super) name: String,
}

/// A dialog with the newest runs of the scheduled import that is asked for.
#[component]
pub(super) fn HistoryDialog(asked: RwSignal<Option<Asked>>, ended: RwSignal<u32>) -> impl IntoView {
    let language = use_language();
    let open = open_while(asked);
    let title = Signal::derive(move || {
        let name = asked.get().map(|asked| asked.name).unwrap_or_default();
        td_string!(language.get(), import_schedules.history_of, name = name)
    });
    view! { <Dialog open title><div class="dialog-body"><Runs asked ended/></div></Dialog> }
}

#[component]
fn Runs(asked: RwSignal<Option<Asked>>, ended: RwSignal<u32>) -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::ImportSchedule);
    let again = RwSignal::new(0_u32);
    let asked = asked.get_untracked();
    let id = asked.as_ref().map(|asked| asked.id);
    let name = StoredValue::new(asked.map(|asked| asked.name).unwrap_or_default());
    let runs = later(move || {
        version.get();
        again.get();
        ended.get();
        async move {
            match id {
                Some(id) => load_import_runs(id).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let retry = Callback::new(move |()| again.update(|again| *again += 1));
    move || match runs.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
        Some(Ok(runs)) if runs.is_empty() => view! { <p>{text!(import_schedules.history_none)}</p> }.into_any(),
        Some(Ok(runs)) => {
            let one = |run| view! { <One run name=name.get_value() ended/> };
            view! { <ol class="schedules-runs">{runs.into_iter().map(one).collect_view()}</ol> }.into_any()
        }
    }
}

#[component]
fn One(run: Run, name: String, ended: RwSignal<u32>) -> impl IntoView {
    let language = use_language();
    let locale = language.get_untracked();
    let (words, tone) = words::outcome(&run, locale);
    let reason = words::reason(&run, locale).map(|reason| view! { <p class="field-error">{reason}</p> });
    let (errors, way_back) = match run.outcome {
        Some(Outcome::Imported(imported)) => {
            let batch = Undoable { batch: imported.batch, label: name };
            let way_back = match run.undone_at {
                Some(at) => {
                    let when = format::date_time(at);
                    view! { <span class="badge">{td_string!(locale, imports.was_undone, when = when)}</span> }
                        .into_any()
                }
                None => view! {
                    <UndoButton ended batch label=|locale| td_string!(locale, common.undo) done=Callback::new(|_| ())/>
                }
                .into_any(),
            };
            (imported.errors, Some(way_back))
        }
        _ => (Vec::new(), None),
    };
    view! {
        <li class="schedules-run">
            <p class="strong">{format::date_time(run.at)}
                {run.by_hand.then(|| view! { <span class="muted">" · "{text!(schedules.by_hand)}</span> })}
                {run.file.map(|file| view! { <span class="muted">" · "{file}</span> })}</p>
            <p class="row" data-gap="small"><span class="badge" data-tone=tone>{words}</span></p>
            {reason}
            {(!errors.is_empty()).then(|| view! {
                <ul>{errors.into_iter().map(|error| view! { <li class="field-hint">{error}</li> }).collect_view()}</ul>
            })}
            {way_back.map(|way_back| view! { <div>{way_back}</div> })}
        </li>
    }
}
