//! What came of a schedule: its runs, the mails of each, and why one did not arrive.

use domain::fields::Subject;
use domain::id::ScheduleId;
use domain::schedules::{Mail, Run};
use leptos::prelude::*;

use super::server_fns::load_runs;
use super::words;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::later::later;
use crate::ui::loaded::{Problem, Skeleton};

/// The schedule whose history is asked for.
#[derive(Clone)]
pub(super) struct Asked {
    /// Which.
    pub(super) id: ScheduleId,
    /// What its report is called.
    pub(super) name: String,
}

/// A dialog with the newest runs of the schedule that is asked for.
#[component]
pub(super) fn HistoryDialog(asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let language = use_language();
    let open = open_while(asked);
    let title = Signal::derive(move || {
        let name = asked.get().map(|asked| asked.name).unwrap_or_default();
        td_string!(language.get(), schedules.history_of, name = name)
    });
    view! { <Dialog open title><div class="dialog-body"><Runs asked/></div></Dialog> }
}

#[component]
fn Runs(asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let version = use_live().version(|note| note.subject == Subject::Schedule);
    let again = RwSignal::new(0_u32);
    let id = asked.get_untracked().map(|asked| asked.id);
    let runs = later(move || {
        version.get();
        again.get();
        async move {
            match id {
                Some(id) => load_runs(id).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let retry = Callback::new(move |()| again.update(|again| *again += 1));
    move || match runs.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
        Some(Ok(runs)) if runs.is_empty() => view! { <p>{text!(schedules.history_none)}</p> }.into_any(),
        Some(Ok(runs)) => {
            view! { <ol class="schedules-runs">{runs.into_iter().map(|run| view! { <One run/> }).collect_view()}</ol> }
                .into_any()
        }
    }
}

#[component]
fn One(run: Run) -> impl IntoView {
    let language = use_language();
    let trouble = run.trouble.clone().map(|trouble| {
        view! { <p class="field-error">{move || words::trouble(&trouble, language.get())}</p> }
    });
    view! {
        <li class="schedules-run">
            <p class="strong">{format::date_time(run.at)}
                {run.by_hand.then(|| view! { <span class="muted">" · "{text!(schedules.by_hand)}</span> })}</p>
            {trouble}
            <ul>{run.mails.into_iter().map(|mail| view! { <Sent mail/> }).collect_view()}</ul>
        </li>
    }
}

#[component]
fn Sent(mail: Mail) -> impl IntoView {
    let language = use_language();
    let (of, trouble, to) = (mail.clone(), mail.trouble.clone(), mail.to);
    let tone = words::mail(&of, language.get_untracked()).1;
    view! {
        <li class="row" data-gap="small">
            <span class="badge" data-tone=tone>{move || words::mail(&of, language.get()).0}</span>
            <span>{to}</span>
            {trouble.map(|trouble| view! {
                <span class="field-hint">{move || words::trouble(&trouble, language.get())}</span>
            })}
        </li>
    }
}
