//! When something is done again and again, as far as it is filled in, and the moments that follow from it.

use domain::schedules::{Rhythm, Timing};
use leptos::prelude::*;

use super::server_fns::preview_runs;
use super::words;
use crate::language::use_language;
use crate::ui::later::later;
use crate::ui::loaded;

/// The hour at which things are done unless somebody says otherwise.
const MORNING: u16 = 8 * 60;

/// How often, at what time, and by which clock.
#[derive(Clone, Copy)]
pub(crate) struct TimingForm {
    rhythm: RwSignal<Rhythm>,
    minute: RwSignal<u16>,
    zone: RwSignal<String>,
}

impl TimingForm {
    /// Returns a form that nobody has filled in.
    pub(crate) fn new() -> Self {
        Self { rhythm: RwSignal::new(Rhythm::Day), minute: RwSignal::new(MORNING), zone: RwSignal::new(String::new()) }
    }

    /// Begins anew, in whichever time zone is known first.
    pub(crate) fn begin(self, rhythm: Rhythm) {
        self.set(&Timing { rhythm, minute: MORNING, zone: String::new() });
    }

    /// Takes over what is known.
    pub(crate) fn set(self, timing: &Timing) {
        self.rhythm.set(timing.rhythm);
        self.minute.set(timing.minute);
        self.zone.set(timing.zone.clone());
    }

    /// Takes a time zone where none is known, also when the page is gone by now.
    pub(crate) fn suggest(self, zone: &str) {
        if self.zone.try_with_untracked(String::is_empty) == Some(true) {
            self.zone.set(zone.to_owned());
        }
    }

    /// Returns what is filled in.
    pub(crate) fn timing(self) -> Timing {
        Timing { rhythm: self.rhythm.get(), minute: self.minute.get(), zone: self.zone.get() }
    }
}

/// How often, on which day, at what time, and whose clock counts.
#[component]
pub(crate) fn Times(form: TimingForm, zones: Vec<String>) -> impl IntoView {
    let kind = Memo::new(move |_| match form.rhythm.get() {
        Rhythm::Day => "day",
        Rhythm::Week { .. } => "week",
        Rhythm::Month { .. } => "month",
    });
    let choose = move |event| {
        form.rhythm.set(match event_target_value(&event).as_str() {
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
                "week" => view! { <Weekday form/> }.into_any(),
                "month" => view! { <MonthDay form/> }.into_any(),
                _ => ().into_any(),
            }}
            <label class="field">
                <span class="field-label">{text!(schedules.time)}</span>
                <input class="input" id="schedule-time" type="time" required
                    prop:value=move || words::clock(form.minute.get()) on:change=move |event| {
                        if let Some(minute) = words::minute(&event_target_value(&event)) {
                            form.minute.set(minute);
                        }
                    }/>
            </label>
        </div>
        <label class="field">
            <span class="field-label">{text!(schedules.zone)}</span>
            <input class="input" id="schedule-zone" list="schedule-zones" required prop:value=move || form.zone.get()
                on:change=move |event| form.zone.set(event_target_value(&event).trim().to_owned())/>
            <datalist id="schedule-zones">
                {zones.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </label>
    }
}

#[component]
fn Weekday(form: TimingForm) -> impl IntoView {
    let language = use_language();
    let chosen = move || match form.rhythm.get() {
        Rhythm::Week { weekday } => weekday,
        _ => 0,
    };
    let choose = move |event| {
        let Ok(weekday) = event_target_value(&event).parse() else { return };
        form.rhythm.set(Rhythm::Week { weekday });
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
fn MonthDay(form: TimingForm) -> impl IntoView {
    let chosen = move || match form.rhythm.get() {
        Rhythm::Month { day } => day,
        _ => 1,
    };
    let choose = move |event| {
        let Ok(day) = event_target_value(&event).parse() else { return };
        form.rhythm.set(Rhythm::Month { day });
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
pub(crate) fn Ahead(form: TimingForm) -> impl IntoView {
    let language = use_language();
    let ahead = later(move || preview_runs(form.timing()));
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
