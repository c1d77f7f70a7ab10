//! The first step: what the rows are, and the file or the paste they come from.

use domain::import::kind::Kind;
use leptos::html;
use leptos::prelude::*;

use super::parts::{count, rows_label};
use super::reading::{take_again, take_file, take_text};
use super::wizard::{Step, Wizard};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Skeleton;
use crate::ui::text_area::TextArea;

/// Most characters that can be pasted; larger tables come as a file.
const PASTE_CHARS_MAX: u32 = 5_000_000;

/// Choosing what to import.
#[component]
pub fn FileStep(
    /// The state of the visit.
    wizard: Wizard,
) -> impl IntoView {
    let is_reading = move || wizard.reading.with(Option::is_some);
    view! {
        <section class="card">
            <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.file_title)}</h2></header>
            <div class="card-body">
                <div class="stack">
                    <Kinds wizard/>
                    <Show when=move || wizard.problem.with(Option::is_some)><FileProblem wizard/></Show>
                    <Show when=move || !is_reading() fallback=move || view! { <Reading wizard/> }>
                        <DropZone wizard/>
                        <PasteBox wizard/>
                    </Show>
                </div>
            </div>
        </section>
        <Show when=move || wizard.inspection.with(Option::is_some)>
            <div class="wizard-foot">
                <span class="muted">{move || wizard.inspection.with(|found| found.as_ref().map(|found| found.name.clone()))}</span>
                <span class="push"></span>
                <button class="button" data-look="primary" type="button" on:click=move |_| wizard.go(Step::Columns)>
                    {text!(imports.go_on)}
                </button>
            </div>
        </Show>
    }
}

#[component]
fn Kinds(wizard: Wizard) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="field">
            <span class="field-label" id="subject-label">{text!(imports.subject)}</span>
            <div class="row" data-gap="small" role="group" aria-labelledby="subject-label">
                {Kind::ALL.into_iter().map(|kind| view! {
                    <button class="chip" type="button" aria-pressed=move || (wizard.kind.get() == kind).to_string()
                        on:click=move |_| {
                            wizard.kind.set(kind);
                            take_again(wizard);
                        }>
                        {move || rows_label(kind, language.get())}
                    </button>
                }).collect_view()}
            </div>
        </div>
    }
}

#[component]
fn FileProblem(wizard: Wizard) -> impl IntoView {
    view! {
        <div class="notice" role="alert" data-tone="bad">
            <Pic icon=Icon::Warning/>
            <div>
                <p class="notice-title">{text!(imports.file_problem)}</p>
                <p>{move || wizard.problem.get()}</p>
            </div>
        </div>
    }
}

#[component]
fn Reading(wizard: Wizard) -> impl IntoView {
    use super::wizard::Upload;
    let percent = move || match wizard.upload.get() {
        Upload::Sending(Some(percent)) => Some(percent),
        _ => None,
    };
    view! {
        <p role="status">{move || {
            let name = wizard.reading.get().unwrap_or_default();
            crate::i18n::td_string!(wizard.language.get(), imports.reading, name = name)
        }}</p>
        <progress class="progress" max="100" aria-label=text!(imports.reading_progress) value=percent></progress>
        <Skeleton lines=3/>
    }
}

#[component]
fn DropZone(wizard: Wizard) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take_file(wizard, file);
        }
        // The same file can be picked again after it was corrected.
        input.set_value("");
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            take_file(wizard, file);
        }
    };
    view! {
        <label class="dropzone" data-over=move || over.get().to_string()
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped>
            <Pic icon=Icon::Upload/>
            <span class="dropzone-title">{text!(imports.drop)}</span>
            <span>{text!(imports.drop_hint)}</span>
            <input type="file" class="visually-hidden" node_ref=input on:change=picked
                accept=".csv,.tsv,.txt,.json,.xlsx,application/json,text/csv,text/tab-separated-values,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>
        </label>
    }
}

#[component]
fn PasteBox(wizard: Wizard) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let is_blank = move || text.with(|text| text.trim().is_empty());
    let lines = move || text.with(|text| text.lines().filter(|line| !line.trim().is_empty()).count().saturating_sub(1));
    let language = use_language();
    view! {
        <div class="field">
            <label class="field-label" for="paste">{text!(imports.paste)}</label>
            <TextArea id="paste" value=text rows=5 max=PASTE_CHARS_MAX placeholder=crate::i18n::td_string!(wizard.language.get_untracked(), imports.paste_example)/>
            <p class="field-hint">{text!(imports.paste_hint)}</p>
        </div>
        <div class="row">
            <button class="button" type="button" prop:disabled=is_blank on:click=move |_| take_text(wizard, text.get_untracked())>
                {move || match lines() {
                    0 => crate::i18n::td_string!(language.get(), imports.paste_use).to_owned(),
                    rows => crate::i18n::td_string!(language.get(), imports.paste_use_rows, count = count(rows as u64)),
                }}
            </button>
        </div>
    }
}
