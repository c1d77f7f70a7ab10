//! The scheduled imports that there are, with what came of each.

use domain::fields::Subject;
use domain::import_schedules::{ImportSchedule, ImportScheduleRow, MAKER, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::PlanDialog;
use super::history::{Asked, HistoryDialog};
use super::planner::Planner;
use super::server_fns::{list_import_schedules, pause_import_schedule, remove_import_schedule, run_import_schedule};
use super::words;
use crate::boot;
use crate::i18n::td_string;
use crate::imports::rows_label;
use crate::language::use_language;
use crate::live::use_live;
use crate::schedules::{clock, when};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The list below the import, and the dialogs that belong to it; nothing for whoever may not have any.
#[component]
pub fn ImportSchedules(
    /// Grows with each import that was taken back, so that the list of imports loads again.
    ended: RwSignal<u32>,
) -> impl IntoView {
    boot::may(MAKER).then(|| {
        let planner = Planner::new();
        let asked = RwSignal::new(None);
        let version = use_live().version(|note| note.subject == Subject::ImportSchedule);
        let rows = Resource::new(move || (version.get(), planner.saved.get()), |_| list_import_schedules());
        view! {
            <section class="card" aria-labelledby="import-schedules">
                <header class="card-head">
                    <h2 class="card-title" id="import-schedules">{text!(import_schedules.list)}</h2>
                    <span class="push"></span>
                    <button class="button" data-size="small" type="button" on:click=move |_| planner.begin()>
                        <Pic icon=Icon::Plus/><span>{text!(import_schedules.new)}</span>
                    </button>
                </header>
                <div class="card-body" data-flush>
                    <Loaded resource=rows lines=2 children=move |rows| view! { <Table rows planner asked/> }/>
                </div>
            </section>
            <PlanDialog planner/>
            <HistoryDialog asked ended/>
        }
    })
}

#[component]
fn Table(rows: Vec<ImportScheduleRow>, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="empty">
                <Pic icon=Icon::Clock/>
                <p class="empty-title">{text!(import_schedules.empty)}</p>
                <p class="empty-text">{text!(import_schedules.empty_text)}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="table-scroll schedules-scroll" tabindex="0" role="region" aria-labelledby="import-schedules">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(import_schedules.name)}</th>
                    <th scope="col">{text!(import_schedules.from)}</th>
                    <th scope="col">{text!(schedules.when)}</th>
                    <th scope="col">{text!(schedules.state)}</th>
                    <th scope="col"><span class="visually-hidden">{text!(schedules.actions)}</span></th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row planner asked/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: ImportScheduleRow, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let language = use_language();
    let locale = language.get_untracked();
    let ImportScheduleRow { schedule, next, last } = row;
    let (words, tone) = words::last(last.as_ref(), locale);
    let reason = last.as_ref().and_then(|run| words::reason(run, locale));
    let state = if schedule.paused_at.is_some() {
        view! { <span class="badge">{text!(schedules.paused)}</span> }.into_any()
    } else {
        view! { <span class="badge" data-tone="good">{text!(schedules.active)}</span> }.into_any()
    };
    let next = next
        .map(|(day, minute)| td_string!(locale, schedules.next, date = crate::format::date(day), time = clock(minute)));
    let (name, source) = (schedule.name.clone(), schedule.source.label().to_owned());
    let (times, zone) = (when(&schedule.timing, locale), schedule.timing.zone.clone());
    let (label, rows) = (name.clone(), rows_label(schedule.kind, locale));
    let kind = match &schedule.source {
        Source::Web(_) => td_string!(locale, import_schedules.from_web),
        Source::File(_) => td_string!(locale, import_schedules.from_file),
    };
    view! {
        <tr data-import-schedule=label>
            <th scope="row">{name}<br/>
                <span class="field-hint">{rows}</span></th>
            <td>{source}<br/><span class="field-hint">{kind}</span></td>
            <td>{times}<br/><span class="field-hint">{zone}</span></td>
            <td class="schedules-state">
                <span class="row" data-gap="small">{state}<span class="badge" data-tone=tone>{words}</span></span>
                {reason.map(|reason| view! { <p class="field-error">{reason}</p> })}
                {next.map(|next| view! { <span class="field-hint">{next}</span> })}
            </td>
            <td class="number"><Menu schedule planner asked/></td>
        </tr>
    }
}

/// What can be done with a scheduled import.
#[component]
fn Menu(schedule: ImportSchedule, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (id, paused, name) = (schedule.id, schedule.paused_at.is_some(), StoredValue::new(schedule.name.clone()));
    let schedule = StoredValue::new(schedule);
    let label = move || td_string!(language.get(), import_schedules.menu, name = name.get_value());
    let pause = move |_| {
        spawn_local(async move {
            match pause_import_schedule(id, !paused).await {
                Ok(()) => {
                    planner.saved.try_update(|saved| *saved += 1);
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let run = move |_| {
        let name = name.get_value();
        spawn_local(async move {
            match run_import_schedule(id).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), import_schedules.is_run, name = name)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let remove = move |_| {
        let draft = schedule.with_value(ImportSchedule::draft);
        spawn_local(async move {
            match remove_import_schedule(id).await {
                Ok(()) => {
                    let locale = language.get_untracked();
                    let text = td_string!(locale, import_schedules.was_deleted, name = draft.name.clone());
                    let again = move || planner.save(None, draft.clone());
                    toasts.offer(text, td_string!(locale, common.undo), again);
                    planner.saved.try_update(|saved| *saved += 1);
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let edit = move |_| schedule.with_value(|schedule| planner.change(schedule));
    view! {
        <details class="menu">
            <summary class="icon-button" aria-label=label><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <button class="menu-item" type="button" on:click=run><Pic icon=Icon::Upload/>{text!(import_schedules.run_now)}</button>
                <button class="menu-item" type="button" on:click=pause>{if paused {
                    view! { <Pic icon=Icon::Play/>{text!(schedules.resume)} }.into_any()
                } else {
                    view! { <Pic icon=Icon::Pause/>{text!(schedules.pause)} }.into_any()
                }}</button>
                <button class="menu-item" type="button" on:click=edit><Pic icon=Icon::Pencil/>{text!(schedules.edit)}</button>
                <button class="menu-item" type="button" on:click=move |_| asked.set(Some(Asked { id, name: name.get_value() }))>
                    <Pic icon=Icon::Clock/>{text!(schedules.history)}</button>
                <hr class="menu-line"/>
                <button class="menu-item" data-tone="bad" type="button" on:click=remove>
                    <Pic icon=Icon::Trash/>{text!(schedules.delete)}</button>
            </div>
        </details>
    }
}
