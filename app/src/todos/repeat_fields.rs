//! How a task comes again, as it is typed in the form.

use std::collections::BTreeSet;

use domain::todos::{EVERY_MAX, Repeat};
use leptos::prelude::*;

use super::words;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;

/// In what a task comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Never,
    Days,
    Weeks,
    Months,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Never, Self::Days, Self::Weeks, Self::Months];

    fn key(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
        }
    }

    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Never => td_string!(locale, todos.repeat_never),
            Self::Days => td_string!(locale, todos.repeat_days),
            Self::Weeks => td_string!(locale, todos.repeat_weeks),
            Self::Months => td_string!(locale, todos.repeat_months),
        }
    }
}

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Repeating {
    unit: RwSignal<Unit>,
    every: RwSignal<String>,
    weekdays: RwSignal<BTreeSet<u8>>,
    day: RwSignal<String>,
}

impl Repeating {
    /// Returns how a task comes again now.
    pub(super) fn of(repeat: Option<&Repeat>) -> Self {
        let (unit, every, weekdays, day) = match repeat {
            None => (Unit::Never, 1, BTreeSet::new(), 1),
            Some(Repeat::Days { every }) => (Unit::Days, *every, BTreeSet::new(), 1),
            Some(Repeat::Weeks { every, on }) => (Unit::Weeks, *every, on.iter().copied().collect(), 1),
            Some(Repeat::Months { every, day }) => (Unit::Months, *every, BTreeSet::new(), *day),
        };
        Self {
            unit: RwSignal::new(unit),
            every: RwSignal::new(every.to_string()),
            weekdays: RwSignal::new(weekdays),
            day: RwSignal::new(day.to_string()),
        }
    }

    /// Returns what is typed; what makes no sense is for the server to refuse.
    pub(super) fn read(self) -> Option<Repeat> {
        let every = self.every.get_untracked().trim().parse().unwrap_or(0);
        match self.unit.get_untracked() {
            Unit::Never => None,
            Unit::Days => Some(Repeat::Days { every }),
            Unit::Weeks => {
                Some(Repeat::Weeks { every, on: self.weekdays.with_untracked(|days| days.iter().copied().collect()) })
            }
            Unit::Months => Some(Repeat::Months { every, day: self.day.get_untracked().trim().parse().unwrap_or(0) }),
        }
    }
}

/// The fields.
#[component]
pub(super) fn RepeatFields(repeating: Repeating) -> impl IntoView {
    let language = use_language();
    let Repeating { unit, every, day, .. } = repeating;
    let is = move |wanted: Unit| move || unit.get() == wanted;
    let choose = move |event: leptos::ev::Event| {
        let key = event_target_value(&event);
        if let Some(chosen) = Unit::ALL.into_iter().find(|unit| unit.key() == key) {
            unit.set(chosen);
        }
    };
    view! {
        <div class="form-row">
            <div class="field">
                <label class="field-label" for="task-repeat">{text!(todos.field_repeat)}</label>
                <select class="select" id="task-repeat" on:change=choose>
                    {Unit::ALL.into_iter().map(|one| view! {
                        <option value=one.key() prop:selected=is(one)>{move || one.label(language.get())}</option>
                    }).collect_view()}
                </select>
            </div>
            <Show when=move || unit.get() != Unit::Never>
                <div class="field">
                    <label class="field-label" for="task-every">{text!(todos.repeat_every)}</label>
                    <input class="input" id="task-every" type="number" min="1" max=EVERY_MAX prop:value=move || every.get()
                        on:input=move |event| every.set(event_target_value(&event))/>
                </div>
            </Show>
            <Show when=is(Unit::Months)>
                <div class="field">
                    <label class="field-label" for="task-month-day">{text!(todos.repeat_day)}</label>
                    <input class="input" id="task-month-day" type="number" min="1" max="31" prop:value=move || day.get()
                        on:input=move |event| day.set(event_target_value(&event))/>
                </div>
            </Show>
        </div>
        <Show when=is(Unit::Weeks)><Weekdays repeating/></Show>
    }
}

#[component]
fn Weekdays(repeating: Repeating) -> impl IntoView {
    let language = use_language();
    let weekdays = repeating.weekdays;
    let toggle = move |day: u8| {
        move |_: leptos::ev::MouseEvent| {
            weekdays.update(|days| {
                if !days.remove(&day) {
                    days.insert(day);
                }
            });
        }
    };
    view! {
        <div class="row" data-gap="small" role="group" aria-label=text!(todos.repeat_on)>
            {(0..7u8).map(|day| view! {
                <button class="chip" type="button" aria-pressed=move || weekdays.with(|days| days.contains(&day)).to_string()
                    on:click=toggle(day)>{move || words::weekday(day, language.get())}</button>
            }).collect_view()}
        </div>
    }
}
