//! The fields of a schedule: to whom.

use leptos::prelude::*;

use super::planner::Planner;
use crate::boot;
use crate::i18n::td_string;
use crate::language::use_language;

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
