//! The dialog in which a schedule is set up or changed.

use leptos::prelude::*;

use super::fields::{Others, People};
use super::planner::Planner;
use super::server_fns::Ground;
use super::times::{Ahead, Times};
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton};
use crate::ui::question::{Inquiry, Question};

/// Asks when a report is sent, and to whom.
#[component]
pub(super) fn PlanDialog(planner: Planner) -> impl IntoView {
    let language = use_language();
    let title = Signal::derive(move || {
        let (locale, name) = (language.get(), planner.name.get());
        match (planner.report.get(), planner.of.get()) {
            (None, _) => td_string!(locale, schedules.schedule).to_owned(),
            (Some(_), None) => td_string!(locale, schedules.title_new, name = name),
            (Some(_), Some(_)) => td_string!(locale, schedules.title_edit, name = name),
        }
    });
    let retry = Callback::new(move |()| planner.look_around());
    view! {
        <Dialog open=planner.open title>
            {move || match (planner.report.get(), planner.ground.get()) {
                (None, _) => view! { <Unsaved planner/> }.into_any(),
                (Some(_), None) => view! { <div class="dialog-body"><Skeleton lines=6/></div> }.into_any(),
                (Some(_), Some(Err(error))) => {
                    view! { <div class="dialog-body"><Problem error retry/></div> }.into_any()
                }
                (Some(_), Some(Ok(ground))) => view! { <Ask planner ground/> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Unsaved(planner: Planner) -> impl IntoView {
    view! {
        <div class="dialog-body"><p>{text!(schedules.unsaved)}</p></div>
        <footer class="dialog-foot">
            <button class="button" type="button" autofocus on:click=move |_| planner.open.set(false)>
                {text!(common.close)}
            </button>
        </footer>
    }
}

#[component]
fn Ask(planner: Planner, ground: Ground) -> impl IntoView {
    let cancel = Callback::new(move |()| planner.open.set(false));
    let of = Inquiry { busy: planner.busy, problem: planner.problem, cancel };
    let Ground { zones, outside, mail, .. } = ground;
    view! {
        <Question of submit=Callback::new(move |()| planner.submit()) save=ViewFn::from(|| text!(schedules.save))>
            {(!mail).then(|| view! {
                <div class="notice" data-tone="warn"><Pic icon=Icon::Warning/><p>{text!(schedules.no_mail)}</p></div>
            })}
            <Times form=planner.when zones/>
            <Ahead form=planner.when/>
            <People planner/>
            {outside.then(|| view! { <Others planner/> })}
            <Attach on=planner.csv>{text!(schedules.csv)}</Attach>
            <Attach on=planner.pdf>{text!(schedules.pdf)}</Attach>
        </Question>
    }
}

/// Whether a file comes with the mail.
#[component]
fn Attach(on: RwSignal<bool>, children: Children) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" class="checkbox" prop:checked=move || on.get()
                on:change=move |event| on.set(event_target_checked(&event))/>
            <span>{children()}</span>
        </label>
    }
}
