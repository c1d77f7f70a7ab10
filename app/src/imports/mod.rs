//! The import: a file or a paste becomes accounts, contacts, accounts with their contacts, usage, tickets, invoices or survey answers, in four
//! steps that write nothing before the last, and with a way back for each import that was made.

mod check_step;
mod choices;
mod column_row;
mod columns_step;
mod file_step;
mod history;
mod parts;
mod presets;
mod reading;
mod run_step;
pub mod server_fns;
mod undo;
mod upload;
mod wizard;

use domain::changes::{Batch, Change};
use domain::fields::Subject;
use domain::identity::Role;
use domain::import::report::ImportId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::boot;
use crate::error::Result;
use crate::i18n::td_string;
use crate::import_schedules::ImportSchedules;
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use check_step::CheckStep;
use columns_step::ColumnsStep;
use file_step::FileStep;
use history::History;
pub(crate) use parts::{count, rows_label};
use run_step::RunStep;
use server_fns::{import_status, list_imports};
pub(crate) use undo::UndoButton;
pub(crate) use wizard::Undoable;
use wizard::{Step, Upload, Wizard};

/// The page.
pub struct ImportPage {
    history: Resource<Result<Vec<Batch>>>,
    ended: RwSignal<u32>,
}

#[lazy_route]
impl LazyRoute for ImportPage {
    fn data() -> Self {
        let ended = RwSignal::new(0u32);
        let changed = use_live().version(|note| {
            matches!(note.change, Change::Created | Change::Undone) || note.subject == Subject::ImportSchedule
        });
        let history = Resource::new(move || (ended.get(), changed.get()), |_| list_imports());
        Self { history, ended }
    }

    fn view(this: Self) -> AnyView {
        let ImportPage { history, ended } = this;
        let wizard = Wizard::new(ended);
        let language = use_language();
        view! {
            <Title text=move || td_string!(language.get(), imports.title)/>
            <div class="page-head">
                <div>
                    <h1 class="page-title">{text!(imports.title)}</h1>
                    <p class="page-sub">{text!(imports.subtitle)}</p>
                </div>
            </div>
            <div class="page-body">
                <div class="stack" data-gap="large">
                    {if boot::may(Role::Csm) { view! { <Steps wizard/> }.into_any() } else { view! { <Refused/> }.into_any() }}
                    <ImportSchedules ended/>
                    <History wizard history/>
                </div>
            </div>
        }
        .into_any()
    }
}

/// The steps and the one at hand.
#[component]
fn Steps(wizard: Wizard) -> impl IntoView {
    follow_address(wizard);
    view! {
        <div class="wizard">
            <Progress wizard/>
            <Resume wizard/>
            {move || match (wizard.step.get(), wizard.import.get()) {
                (Step::Columns, _) => view! { <ColumnsStep wizard/> }.into_any(),
                (Step::Check, _) => view! { <CheckStep wizard/> }.into_any(),
                (Step::Run, Some(import)) => view! { <RunStep wizard import/> }.into_any(),
                _ => view! { <FileStep wizard/> }.into_any(),
            }}
        </div>
    }
}

/// Where the person is, for the eye and, on a change, for the ear.
#[component]
fn Progress(wizard: Wizard) -> impl IntoView {
    let language = use_language();
    let place = move || Step::ALL.iter().position(|step| *step == wizard.step.get()).unwrap_or_default();
    let spoken = move || {
        let (locale, step) = (language.get(), wizard.step.get());
        td_string!(locale, imports.step_spoken, place = place() + 1, label = step.label(locale))
    };
    view! {
        <ol class="wizard-steps" aria-label=text!(imports.steps)>
            {Step::ALL.into_iter().enumerate().map(|(index, step)| view! {
                <li class="wizard-step" aria-current=move || (index == place()).then_some("step")
                    data-state=move || (index < place()).then_some("done")>
                    <span>{move || step.label(language.get())}</span>
                </li>
            }).collect_view()}
        </ol>
        <p class="visually-hidden" role="status" aria-live="polite">{spoken}</p>
    }
}

/// An import that this browser started and that still runs.
#[component]
fn Resume(wizard: Wizard) -> impl IntoView {
    let running = RwSignal::new(None::<ImportId>);
    Effect::new(move |_| {
        let Some(import) = run_step::remembered() else { return };
        spawn_local(async move {
            match import_status(import).await {
                Ok(status) if run_step::is_running(status.phase) => {
                    let _ = running.try_set(Some(import));
                }
                Ok(_) | Err(crate::error::Error::Refused(_)) => run_step::remember(None),
                Err(_) => {}
            }
        });
    });
    move || {
        running.get().filter(|_| wizard.step.get() != Step::Run).map(|import| view! {
            <div class="notice" role="status" data-tone="info">
                <Pic icon=Icon::Clock/>
                <div><p class="notice-title">{text!(imports.still_running)}</p></div>
                <button class="button" data-size="small" type="button" on:click=move |_| wizard.watch(import)>{text!(imports.watch)}</button>
            </div>
        })
    }
}

/// What a person sees who may not import.
#[component]
fn Refused() -> impl IntoView {
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let able: Vec<String> =
        people.into_iter().filter(|person| person.role >= Role::Admin).map(|person| person.name).take(5).collect();
    let names = able.join(", ");
    view! {
        <div class="notice" role="status" data-tone="info">
            <Pic icon=Icon::Info/>
            <div>
                <p class="notice-title">{text!(imports.viewer_title)}</p>
                <p>{if able.is_empty() {
                    view! { {text!(imports.viewer_text)} }.into_any()
                } else {
                    view! { {text!(imports.viewer_ask, names = names.clone())} }.into_any()
                }}</p>
            </div>
        </div>
    }
}

/// Opens the file that the address names, and puts the focus where a new step begins.
fn follow_address(wizard: Wizard) {
    let query = use_query_map();
    Effect::new(move |before: Option<Step>| {
        let step = wizard.step.get();
        let is_empty =
            wizard.inspection.with_untracked(Option::is_none) && wizard.reading.with_untracked(Option::is_none);
        let is_idle = wizard.upload.with_untracked(|upload| *upload == Upload::Nothing);
        if matches!(step, Step::Columns | Step::Check) && is_empty && is_idle {
            match query.with_untracked(|query| query.get_str("file").and_then(|file| file.parse().ok())) {
                Some(file) => reading::take_stored(wizard, file),
                None => wizard.leave(),
            }
        }
        if before.is_some_and(|before| before != step) {
            focus("step-heading");
        }
        step
    });
}

/// Puts the focus on an element once it is there.
fn focus(id: &'static str) {
    use wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
