//! The second step: which field each column is, and how rows are told apart.

use domain::import::preview::Preview;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;

use super::choices::Choices;
use super::column_row::ColumnRow;
use super::parts::{Count, Errors, PreviewRows, count};
use super::presets::Presets;
use super::reading;
use super::wizard::{Step, Wizard};
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Skeleton;
use crate::ui::wait::wait;

/// How long the choices rest before the rows are read again with them.
const REST: Duration = Duration::from_millis(200);

/// Saying what the columns are.
#[component]
pub fn ColumnsStep(
    /// The state of the visit.
    wizard: Wizard,
) -> impl IntoView {
    check_locally(wizard);
    // Only the file decides which rows the table has; what is chosen changes inside of them.
    let file = move || wizard.inspection.get();
    view! {
        {move || match file() {
            None => view! {
                <section class="card">
                    <header class="card-head"><h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.columns_title)}</h2></header>
                    <div class="card-body"><Skeleton lines=6/></div>
                </section>
            }
            .into_any(),
            Some(inspection) => {
                let columns = inspection.headings.len();
                view! {
                    <FileFacts wizard/>
                    <section class="card">
                        <header class="card-head">
                            <h2 class="card-title" id="step-heading" tabindex="-1">{text!(imports.columns_title)}</h2>
                            <Presets wizard/>
                        </header>
                        <div class="card-body" data-flush>
                            <table class="mapping-table">
                                <thead><tr>
                                    <th scope="col">{text!(imports.in_file)}</th>
                                    <th scope="col">{text!(imports.values)}</th>
                                    <th scope="col">{text!(imports.becomes)}</th>
                                    <th scope="col">{text!(imports.source)}</th>
                                </tr></thead>
                                <tbody>{(0..columns).map(|index| view! { <ColumnRow wizard index/> }).collect_view()}</tbody>
                            </table>
                        </div>
                    </section>
                    <Choices wizard/>
                    <LocalPreview wizard/>
                    <Problems wizard/>
                    <Foot wizard/>
                }
                .into_any()
            }
        }}
    }
}

#[component]
fn FileFacts(wizard: Wizard) -> impl IntoView {
    let Some(file) = wizard.inspection.get_untracked() else { return ().into_any() };
    let delimiter = if file.delimiter == '\t' { "Tab".to_owned() } else { file.delimiter.to_string() };
    let (rows, columns) = (count(file.rows), count(file.headings.len() as u64));
    view! {
        <p class="muted">
            <strong>{file.name.clone()}</strong>" · "{text!(imports.facts, rows = rows.clone(), columns = columns.clone())}" · "
            {file.encoding.label()}" · "{text!(imports.delimiter, delimiter = delimiter.clone())}
        </p>
    }
    .into_any()
}

/// What stands against going on.
#[component]
fn Problems(wizard: Wizard) -> impl IntoView {
    let sentences = move || {
        let mut list: Vec<String> = wizard.problems.get().into_iter().map(|problem| problem.message).collect();
        list.dedup();
        list
    };
    view! {
        <div role="status">
            <Show when=move || !wizard.problems.with(Vec::is_empty)>
                <div class="notice" data-tone="warn" id="column-problems" tabindex="-1">
                    <Pic icon=Icon::Warning/>
                    <div>
                        <p class="notice-title">{text!(imports.problems_title)}</p>
                        {move || sentences().into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                    </div>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Foot(wizard: Wizard) -> impl IntoView {
    let go_on = move |_| {
        if wizard.problems.with_untracked(Vec::is_empty) {
            wizard.go(Step::Check);
        } else {
            super::focus("column-problems");
        }
    };
    view! {
        <div class="wizard-foot">
            <button class="button" type="button" on:click=move |_| wizard.go(Step::File)>{text!(imports.back)}</button>
            <span class="push"></span>
            <button class="button" data-look="primary" type="button" on:click=go_on>{text!(imports.go_check)}</button>
        </div>
    }
}

/// Reads the rows with the present choices, in the browser, whenever the choices have rested.
fn check_locally(wizard: Wizard) {
    let run = StoredValue::new(0u32);
    Effect::new(move |_| {
        let (local, options) = (wizard.local.get(), wizard.options.get());
        let mine = run
            .try_update_value(|run| {
                *run += 1;
                *run
            })
            .unwrap_or_default();
        let Some(((local, options), inspection)) = local.zip(options).zip(wizard.inspection.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            wait(REST).await;
            let is_wanted = move || run.try_get_value() == Some(mine);
            if !is_wanted() {
                return;
            }
            let found = reading::check(&local.table, &options, &inspection.catalogue, is_wanted).await;
            if let Some(found) = found.filter(|_| is_wanted()) {
                wizard.checked.set(Some(found));
            }
        });
    });
}

/// The rows as they will be read, before anybody looked up which of them exist.
#[component]
fn LocalPreview(wizard: Wizard) -> impl IntoView {
    let name = wizard.inspection.with_untracked(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
    move || {
        wizard.local.with(Option::is_some).then(|| match wizard.checked.get() {
            None => view! { <section class="card"><div class="card-body"><Skeleton lines=4/></div></section> }.into_any(),
            Some(Err(refusal)) => match refusal {
                // Wrong choices are listed below already.
                domain::refusal::Refusal::Invalid(list) if list.iter().all(|error| error.field != "file") => ().into_any(),
                other => {
                    let sentence = crate::ui::loaded::words(&other.into(), wizard.language.get()).1;
                    view! { <div class="notice" role="alert" data-tone="bad"><Pic icon=Icon::Warning/><p>{sentence}</p></div> }.into_any()
                }
            },
            Some(Ok(preview)) => view! { <Found preview=Arc::new(preview) name=name.clone()/> }.into_any(),
        })
    }
}

#[component]
fn Found(preview: Arc<Preview>, name: String) -> impl IntoView {
    let counts = preview.counts;
    let readable = counts.rows - counts.invalid;
    view! {
        <section class="card">
            <header class="card-head">
                <h3 class="card-title">{text!(imports.read_title)}</h3>
                <div class="counts">
                    <Count value=readable label=|l| td_string!(l, imports.readable) tone="good"/>
                    <Count value=counts.invalid label=|l| td_string!(l, imports.invalid) tone="bad"/>
                </div>
            </header>
            <div class="card-body" data-flush><PreviewRows preview=preview.as_ref().clone()/></div>
        </section>
        {(preview.errors_total > 0).then(|| view! { <Errors errors=preview.errors.clone() total=preview.errors_total file=name/> })}
    }
}
