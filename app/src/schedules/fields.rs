//! The fields of a schedule: when, the moments that follow from it, and to whom.

use domain::schedules::Rhythm;
use leptos::prelude::*;

use super::planner::Planner;
use super::server_fns::preview_runs;
use super::words;
use crate::boot;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::later::later;
use crate::ui::loaded;

/// How often, on which day, at what time, and whose clock counts.
#[component]
pub(super) fn Times(planner: Planner, zones: Vec<String>) -> impl IntoView {
    let kind = Memo::new(move |_| match planner.rhythm.get() {
        Rhythm::Day => "day",
        Rhythm::Week { .. } => "week",
        Rhythm::Month { .. } => "month",
    });
    let choose = move |event| {
        planner.rhythm.set(match event_target_value(&event).as_str() {
            "day" => Rhythm::Day,
            "month" => Rhythm::Month { day: 1 },
            _ => Rhythm::Week { weekday: 0 },
        });
    };
    let option = move |key: &'static str, word: AnyView| {
        view! { <option value=key selected=kind.get_untracked() == key prop:selected=move || kind.get() == key>{word}</option> }
    };
    view! {
        <div class="form-row">
            <label class="field">
                <span class="field-label">{text!(schedules.rhythm)}</span>
                <select class="select" id="schedule-rhythm" autofocus on:change=choose>
                    {option("day", text!(schedules.daily).into_any())}
                    {option("week", text!(schedules.weekly).into_any())}
                    {option("month", text!(schedules.monthly).into_any())}
                </select>
            </label>
            {move || match kind.get() {
                "week" => view! { <Weekday planner/> }.into_any(),
                "month" => view! { <MonthDay planner/> }.into_any(),
                _ => ().into_any(),
            }}
            <label class="field">
                <span class="field-label">{text!(schedules.time)}</span>
                <input class="input" id="schedule-time" type="time" required
                    prop:value=move || words::clock(planner.minute.get()) on:change=move |event| {
                        if let Some(minute) = words::minute(&event_target_value(&event)) {
                            planner.minute.set(minute);
                        }
                    }/>
            </label>
        </div>
        <label class="field">
            <span class="field-label">{text!(schedules.zone)}</span>
            <input class="input" id="schedule-zone" list="schedule-zones" required prop:value=move || planner.zone.get()
                on:change=move |event| planner.zone.set(event_target_value(&event).trim().to_owned())/>
            <datalist id="schedule-zones">
                {zones.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </label>
    }
}

#[component]
fn Weekday(planner: Planner) -> impl IntoView {
    let language = use_language();
    let chosen = move || match planner.rhythm.get() {
        Rhythm::Week { weekday } => weekday,
        _ => 0,
    };
    let choose = move |event| {
        let Ok(weekday) = event_target_value(&event).parse() else { return };
        planner.rhythm.set(Rhythm::Week { weekday });
    };
    let first = untrack(chosen);
    let days = (0u8..7).map(|day| {
        view! {
            <option value=day.to_string() selected=day == first>{move || words::weekday(day, language.get())}</option>
        }
    });
    view! {
        <label class="field">
            <span class="field-label">{text!(schedules.weekday)}</span>
            <select class="select" id="schedule-weekday" on:change=choose>{days.collect_view()}</select>
        </label>
    }
}

#[component]
fn MonthDay(planner: Planner) -> impl IntoView {
    let chosen = move || match planner.rhythm.get() {
        Rhythm::Month { day } => day,
        _ => 1,
    };
    let choose = move |event| {
        let Ok(day) = event_target_value(&event).parse() else { return };
        planner.rhythm.set(Rhythm::Month { day });
    };
    let first = untrack(chosen);
    let days = (1u8..=31).map(|day| view! { <option value=day.to_string() selected=day == first>{day}</option> });
    view! {
        <div class="field">
            <label class="field-label" for="schedule-day">{text!(schedules.day)}</label>
            <select class="select" id="schedule-day" aria-describedby="schedule-day-hint" on:change=choose>
                {days.collect_view()}
            </select>
            <p class="field-hint" id="schedule-day-hint">{text!(schedules.day_hint)}</p>
        </div>
    }
}

/// The next times, as the server's knowledge of clocks says.
#[component]
pub(super) fn Ahead(planner: Planner) -> impl IntoView {
    let language = use_language();
    let ahead = later(move || preview_runs(planner.timing()));
    view! {
        <div class="field" role="group" aria-labelledby="schedule-ahead">
            <span class="field-label" id="schedule-ahead">{text!(schedules.ahead)}</span>
            <div role="status">
                {move || match ahead.get() {
                    None => view! { <p class="field-hint">{text!(common.loading)}</p> }.into_any(),
                    Some(Ok(moments)) => view! {
                        <ul class="schedules-ahead">
                            {moments.into_iter().map(|at| view! { <li class="figure">{words::moment(at)}</li> }).collect_view()}
                        </ul>
                    }
                    .into_any(),
                    Some(Err(error)) => {
                        view! { <p class="field-error">{loaded::words(&error, language.get()).1}</p> }.into_any()
                    }
                }}
            </div>
        </div>
    }
}

/// The people of the workspace.
#[component]
pub(super) fn People(planner: Planner) -> impl IntoView {
    let people = boot::people().into_iter().filter(|person| person.deactivated_at.is_none());
    let check = move |person: domain::identity::User| {
        let id = person.id;
        let toggle = move |event| {
            let wanted = event_target_checked(&event);
            planner.people.update(|people| {
                people.retain(|known| *known != id);
                if wanted {
                    people.push(id);
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" class="checkbox" on:change=toggle
                    prop:checked=move || planner.people.with(|people| people.contains(&id))/>
                <span>{person.name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="field-label">{text!(schedules.people)}</legend>
            <div class="schedules-people" tabindex="0" role="group" aria-label=text!(schedules.people)>
                {people.map(check).collect_view()}
            </div>
            <p class="field-hint">{text!(schedules.people_hint)}</p>
        </fieldset>
    }
}

/// Addresses of nobody in the workspace.
#[component]
pub(super) fn Others(planner: Planner) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="field">
            <label class="field-label" for="schedule-outside">{text!(schedules.outside)}</label>
            <input class="input" id="schedule-outside" inputmode="email" autocomplete="off" placeholder="bo@example.com"
                aria-describedby="schedule-outside-hint" prop:value=move || planner.outside.get()
                on:input=move |event| planner.outside.set(event_target_value(&event))/>
            <p class="field-hint" id="schedule-outside-hint">
                {move || td_string!(language.get(), schedules.outside_hint)}
            </p>
        </div>
    }
}
