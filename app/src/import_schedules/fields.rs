//! The fields of a scheduled import: where the file comes from, what its rows are, and what its columns are.

use domain::import::kind::Kind;
use domain::import::plan::Mode;
use leptos::prelude::*;

use super::planner::Planner;
use super::server_fns::Mapping;
use crate::imports::rows_label;
use crate::language::use_language;

/// An address of the web, or a file of the folder.
#[component]
pub(super) fn Place(planner: Planner) -> impl IntoView {
    let choose = move |event| planner.is_web.set(event_target_value(&event) == "web");
    let is_web = planner.is_web.get_untracked();
    view! {
        <label class="field">
            <span class="field-label">{text!(import_schedules.from)}</span>
            <select class="select" id="import-schedule-from" on:change=choose>
                <option value="web" selected=is_web>{text!(import_schedules.from_web)}</option>
                <option value="file" selected=!is_web>{text!(import_schedules.from_file)}</option>
            </select>
        </label>
        {move || if planner.is_web.get() {
            view! {
                <div class="field">
                    <label class="field-label" for="import-schedule-url">{text!(import_schedules.url)}</label>
                    <input class="input" id="import-schedule-url" inputmode="url" autocomplete="off" spellcheck="false" required
                        placeholder="https://example.com/accounts.csv" aria-describedby="import-schedule-url-hint"
                        prop:value=move || planner.url.get()
                        on:input=move |event| planner.url.set(event_target_value(&event))/>
                    <p class="field-hint" id="import-schedule-url-hint">{text!(import_schedules.url_hint)}</p>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="field">
                    <label class="field-label" for="import-schedule-file">{text!(import_schedules.file)}</label>
                    <input class="input" id="import-schedule-file" maxlength="200" autocomplete="off" spellcheck="false" required
                        placeholder="accounts-*.csv" aria-describedby="import-schedule-file-hint"
                        prop:value=move || planner.file.get()
                        on:input=move |event| planner.file.set(event_target_value(&event))/>
                    <p class="field-hint" id="import-schedule-file-hint">{text!(import_schedules.file_hint)}</p>
                </div>
            }
            .into_any()
        }}
    }
}

/// What each row is, and what the import may do with it.
#[component]
pub(super) fn Rows(planner: Planner) -> impl IntoView {
    let language = use_language();
    let (kind, mode) = (planner.kind.get_untracked(), planner.mode.get_untracked());
    let choose_kind = move |event| {
        let Some(kind) = Kind::from_key(&event_target_value(&event)) else { return };
        planner.kind.set(kind);
        // A mapping belongs to one kind of rows.
        planner.preset.set(None);
    };
    let choose_mode = move |event| {
        planner.mode.set(match event_target_value(&event).as_str() {
            "create" => Mode::Create,
            "update" => Mode::Update,
            _ => Mode::Upsert,
        });
    };
    let kinds = Kind::ALL.into_iter().map(|one| {
        view! {
            <option value=one.key() selected=one == kind>{move || rows_label(one, language.get())}</option>
        }
    });
    view! {
        <div class="form-row">
            <label class="field">
                <span class="field-label">{text!(imports.subject)}</span>
                <select class="select" id="import-schedule-subject" on:change=choose_kind>{kinds.collect_view()}</select>
            </label>
            <label class="field">
                <span class="field-label">{text!(imports.mode_label)}</span>
                <select class="select" id="import-schedule-mode" on:change=choose_mode>
                    <option value="upsert" selected=mode == Mode::Upsert>{text!(imports.mode_upsert)}</option>
                    <option value="create" selected=mode == Mode::Create>{text!(imports.mode_create)}</option>
                    <option value="update" selected=mode == Mode::Update>{text!(imports.mode_update)}</option>
                </select>
            </label>
        </div>
    }
}

/// A kept mapping of the columns, or none.
#[component]
pub(super) fn Columns(planner: Planner, mappings: Vec<Mapping>) -> impl IntoView {
    let mappings = StoredValue::new(mappings);
    let choose = move |event| planner.preset.set(event_target_value(&event).parse().ok());
    // Drawn anew with the kind of rows, and not with what is chosen.
    let options = move || {
        let (kind, chosen) = (planner.kind.get(), planner.preset.get_untracked());
        let of_kind = move |mapping: &Mapping| mapping.kind == kind;
        let option = move |mapping: Mapping| {
            view! { <option value=mapping.id.to_string() selected=Some(mapping.id) == chosen>{mapping.name}</option> }
        };
        mappings.get_value().into_iter().filter(of_kind).map(option).collect_view()
    };
    view! {
        <div class="field">
            <label class="field-label" for="import-schedule-preset">{text!(import_schedules.columns)}</label>
            <select class="select" id="import-schedule-preset" aria-describedby="import-schedule-preset-hint" on:change=choose>
                <option value="">{text!(import_schedules.columns_guessed)}</option>
                {options}
            </select>
            <p class="field-hint" id="import-schedule-preset-hint">{text!(import_schedules.columns_hint)}</p>
        </div>
    }
}
