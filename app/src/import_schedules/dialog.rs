//! The dialog in which a scheduled import is set up or changed.

use leptos::prelude::*;

use super::fields::{Columns, Place, Rows};
use super::planner::Planner;
use super::server_fns::Ground;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::schedules::{Ahead, Times};
use crate::ui::dialog::Dialog;
use crate::ui::loaded::{Problem, Skeleton};
use crate::ui::question::{Inquiry, Question};

/// Asks what is imported, from where, and when.
#[component]
pub(super) fn PlanDialog(planner: Planner) -> impl IntoView {
    let language = use_language();
    let title = Signal::derive(move || {
        let locale = language.get();
        let title = match planner.of.get() {
            None => td_string!(locale, import_schedules.title_new),
            Some(_) => td_string!(locale, import_schedules.title_edit),
        };
        title.to_owned()
    });
    let retry = Callback::new(move |()| planner.look_around());
    view! {
        <Dialog open=planner.open title>
            {move || match planner.ground.get() {
                None => view! { <div class="dialog-body"><Skeleton lines=6/></div> }.into_any(),
                Some(Err(error)) => view! { <div class="dialog-body"><Problem error retry/></div> }.into_any(),
                Some(Ok(ground)) => view! { <Ask planner ground/> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Ask(planner: Planner, ground: Ground) -> impl IntoView {
    let cancel = Callback::new(move |()| planner.open.set(false));
    let of = Inquiry { busy: planner.busy, problem: planner.problem, cancel };
    let Ground { zones, mappings, .. } = ground;
    view! {
        <Question of submit=Callback::new(move |()| planner.submit()) save=ViewFn::from(|| text!(import_schedules.save))>
            <label class="field">
                <span class="field-label">{text!(import_schedules.name)}</span>
                <input class="input" id="import-schedule-name" maxlength="200" autocomplete="off" required autofocus
                    prop:value=move || planner.name.get()
                    on:input=move |event| planner.name.set(event_target_value(&event))/>
            </label>
            <Place planner/>
            <Rows planner/>
            <Columns planner mappings/>
            <Times form=planner.when zones/>
            <Ahead form=planner.when/>
        </Question>
    }
}
