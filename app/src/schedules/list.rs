//! The schedules that there are, with their state.

use domain::fields::Subject;
use domain::schedules::{MAKER, ScheduleRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::PlanDialog;
use super::history::{Asked, HistoryDialog};
use super::planner::Planner;
use super::server_fns::{list_schedules, pause_schedule, remove_schedule, run_schedule};
use super::words;
use crate::boot;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;
use crate::ui::toast::use_toasts;

/// The list below a page, and the dialogs that belong to it; nothing where there is none.
#[component]
pub fn Schedules() -> impl IntoView {
    let planner = expect_context::<Planner>();
    let asked = RwSignal::new(None);
    boot::may(MAKER).then(|| {
        let version = use_live().version(|note| matches!(note.subject, Subject::Schedule | Subject::Report));
        let rows = Resource::new(move || (version.get(), planner.saved.get()), |_| list_schedules());
        view! {
            <Loaded resource=rows lines=1 children=move |rows| view! { <Table rows planner asked/> }/>
            <PlanDialog planner/>
            <HistoryDialog asked/>
        }
    })
}

#[component]
fn Table(rows: Vec<ScheduleRow>, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="schedules">
                <header class="card-head">
                    <h2 class="card-title" id="schedules">{text!(schedules.list)}</h2>
                    <span class="card-sub">{text!(schedules.list_text)}</span>
                </header>
                <div class="card-body" data-flush>
                    <div class="table-scroll schedules-scroll" tabindex="0" role="group" aria-labelledby="schedules">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">{text!(schedules.report)}</th>
                                <th scope="col">{text!(schedules.when)}</th>
                                <th scope="col">{text!(schedules.to)}</th>
                                <th scope="col">{text!(schedules.state)}</th>
                                <th scope="col"><span class="visually-hidden">{text!(schedules.actions)}</span></th>
                            </tr></thead>
                            <tbody>
                                {rows.into_iter().map(|row| view! { <Row row planner asked/> }).collect_view()}
                            </tbody>
                        </table>
                    </div>
                </div>
            </section>
        }
    })
}

/// Returns what a report is called, also where it is gone.
fn name_of(row: &ScheduleRow, locale: Locale) -> String {
    row.report.clone().unwrap_or_else(|| td_string!(locale, schedules.report_gone).to_owned())
}

#[component]
fn Row(row: ScheduleRow, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let language = use_language();
    let locale = language.get_untracked();
    let (schedule, name) = (row.schedule.clone(), name_of(&row, locale));
    let label = name.clone();
    let (last, tone) = words::last(row.last.as_ref(), locale);
    let state = if schedule.paused_at.is_some() {
        view! { <span class="badge">{text!(schedules.paused)}</span> }.into_any()
    } else {
        view! { <span class="badge" data-tone="good">{text!(schedules.active)}</span> }.into_any()
    };
    let next = row.next.map(|(day, minute)| {
        let (date, time) = (crate::format::date(day), words::clock(minute));
        td_string!(locale, schedules.next, date = date, time = time)
    });
    let zone = schedule.timing.zone.clone();
    let report = row.report.is_some().then(|| format!("/reports?report={}", schedule.report_id));
    view! {
        <tr data-schedule=label>
            <th scope="row">{match report {
                Some(href) => view! { <a href=href>{name.clone()}</a> }.into_any(),
                None => name.clone().into_any(),
            }}</th>
            <td>{words::when(&schedule.timing, locale)}<br/><span class="field-hint">{zone}</span></td>
            <td>{words::recipients(&schedule, locale)}</td>
            <td class="schedules-state">
                <span class="row" data-gap="small">{state}<span class="badge" data-tone=tone>{last}</span></span>
                {next.map(|next| view! { <span class="field-hint">{next}</span> })}
            </td>
            <td class="number"><Menu row name planner asked/></td>
        </tr>
    }
}

/// What can be done with a schedule.
#[component]
fn Menu(row: ScheduleRow, name: String, planner: Planner, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (schedule, name) = (StoredValue::new(row.schedule), StoredValue::new(name));
    let (id, paused) = schedule.with_value(|schedule| (schedule.id, schedule.paused_at.is_some()));
    let label = move || td_string!(language.get(), schedules.menu, name = name.get_value());
    let pause = move |_| {
        spawn_local(async move {
            match pause_schedule(id, !paused).await {
                Ok(()) => {
                    planner.saved.try_update(|saved| *saved += 1);
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let send = move |_| {
        let name = name.get_value();
        spawn_local(async move {
            match run_schedule(id).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), schedules.is_sent, name = name)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let remove = move |_| {
        let (name, draft) = (name.get_value(), schedule.with_value(domain::schedules::Schedule::draft));
        spawn_local(async move {
            match remove_schedule(id).await {
                Ok(()) => {
                    let locale = language.get_untracked();
                    let text = td_string!(locale, schedules.was_deleted, name = name.clone());
                    let again = move || planner.save(None, draft.clone(), name.clone());
                    toasts.offer(text, td_string!(locale, common.undo), again);
                    planner.saved.try_update(|saved| *saved += 1);
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let edit = move |_| schedule.with_value(|schedule| planner.change(schedule, name.get_value()));
    view! {
        <details class="menu">
            <summary class="icon-button" aria-label=label><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <button class="menu-item" type="button" on:click=edit><Pic icon=Icon::Pencil/>{text!(schedules.edit)}</button>
                <button class="menu-item" type="button" on:click=send><Pic icon=Icon::Mail/>{text!(schedules.run_now)}</button>
                <button class="menu-item" type="button" on:click=pause>{if paused {
                    view! { <Pic icon=Icon::Play/>{text!(schedules.resume)} }.into_any()
                } else {
                    view! { <Pic icon=Icon::Pause/>{text!(schedules.pause)} }.into_any()
                }}</button>
                <button class="menu-item" type="button" on:click=move |_| asked.set(Some(Asked { id, name: name.get_value() }))>
                    <Pic icon=Icon::Clock/>{text!(schedules.history)}</button>
                <hr class="menu-line"/>
                <button class="menu-item" data-tone="bad" type="button" on:click=remove>
                    <Pic icon=Icon::Trash/>{text!(schedules.delete)}</button>
            </div>
        </details>
    }
}
