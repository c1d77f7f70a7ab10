//! How long a rule's condition must hold, how long it rests, how much it presses and what an answer costs.

use domain::alerts::Rule;
use leptos::prelude::*;

use super::rule_editor::Bench;
use crate::i18n::td_string;

/// Choices of how long a condition must hold, in minutes.
const HOLDS: [u32; 5] = [0, 60, 1_440, 4_320, 10_080];

/// The four numbers.
#[component]
pub(super) fn Times(bench: Bench) -> impl IntoView {
    let word = move |minutes: u32| {
        let locale = bench.language.get();
        match minutes {
            0 => td_string!(locale, alerts.for_0).to_owned(),
            60 => td_string!(locale, alerts.for_60).to_owned(),
            1_440 => td_string!(locale, alerts.day).to_owned(),
            minutes if minutes.is_multiple_of(1_440) => td_string!(locale, alerts.days, n = minutes / 1_440),
            minutes => td_string!(locale, alerts.minutes, n = minutes),
        }
    };
    let first = bench.rule.get_untracked();
    let mut holds: Vec<u32> = HOLDS.to_vec();
    if !holds.contains(&first.for_minutes) {
        holds.push(first.for_minutes);
        holds.sort_unstable();
    }
    let hold = move |event| {
        if let Ok(minutes) = event_target_value(&event).parse() {
            bench.rule.update(|rule| rule.for_minutes = minutes);
        }
    };
    let number = move |set: fn(&mut Rule, f64)| {
        move |event: leptos::ev::Event| {
            if let Ok(value) = event_target_value(&event).trim().parse::<f64>() {
                bench.rule.update(|rule| set(rule, value));
            }
        }
    };
    let problem = move |field: &'static str| {
        let problem = bench.problem(field);
        move || problem.get().map(|words| view! { <p class="field-error" role="alert">{words}</p> })
    };
    view! {
        <div class="form-row">
            <div class="field">
                <label class="field-label" for="rule-for">{text!(alerts.for_minutes)}</label>
                <select class="select" id="rule-for" on:change=hold>
                    {holds.into_iter().map(|minutes| view! {
                        <option value=minutes.to_string() selected={minutes == first.for_minutes}>{move || word(minutes)}</option>
                    }).collect_view()}
                </select>
                <p class="field-hint">{text!(alerts.for_hint)}</p>
                {problem("for_minutes")}
            </div>
            <div class="field">
                <label class="field-label" for="rule-cooldown">{text!(alerts.cooldown)}</label>
                <input class="input" id="rule-cooldown" type="number" min="0" max="365" step="1" value=first.cooldown_days
                    on:change=number(|rule, value| rule.cooldown_days = value.clamp(0.0, 365.0) as u32)/>
                <p class="field-hint">{text!(alerts.cooldown_hint)}</p>
            </div>
            <div class="field">
                <label class="field-label" for="rule-urgency">{text!(alerts.urgency)}</label>
                <input class="input" id="rule-urgency" type="number" min="1" max="3" step="0.1" value=first.urgency
                    on:change=number(|rule, value| rule.urgency = value)/>
                {problem("urgency")}
            </div>
            <div class="field">
                <label class="field-label" for="rule-effort">{text!(alerts.effort)}</label>
                <input class="input" id="rule-effort" type="number" min="0.25" max="40" step="0.25" value=first.effort
                    on:change=number(|rule, value| rule.effort = value)/>
                {problem("effort")}
            </div>
        </div>
    }
}
