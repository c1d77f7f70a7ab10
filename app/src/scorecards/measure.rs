//! The measure in the middle: what it looks at, how its values become points, and what happens without one.

use domain::health::{FactKind, Measure, Mode, NullPolicy, Source, suggested_scale};
use leptos::ev;
use leptos::prelude::*;

use super::bench::{Bench, fact_of, use_bench};
use super::scale::Scales;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Days with which a look-back and a half-life begin.
const DAYS: u32 = 30;

/// The chosen measure.
#[component]
pub(super) fn MeasureDesk() -> impl IntoView {
    let bench = use_bench();
    move || match bench.chosen.get() {
        Some(key) => view! { <Chosen key/> }.into_any(),
        None => view! {
            <section class="card"><div class="empty">
                <Pic icon=Icon::Pulse/>
                <p class="empty-title">{text!(scorecards.none_chosen)}</p>
                <p class="empty-text">{text!(scorecards.none_chosen_text)}</p>
            </div></section>
        }
        .into_any(),
    }
}

#[component]
fn Chosen(key: String) -> impl IntoView {
    let bench = use_bench();
    let measure = bench.measure(&key);
    let key = StoredValue::new(key);
    let label = move || measure.with(|measure| measure.as_ref().map(|m| m.label.clone()).unwrap_or_default());
    let rename = move |event: ev::Event| {
        let label = event_target_value(&event);
        key.with_value(|key| bench.edit_measure(key, "label", |measure| measure.label = label));
    };
    let off = !bench.may_edit;
    view! {
        <section class="card" aria-labelledby="chosen-measure">
            <header class="card-head"><h2 class="card-title" id="chosen-measure">{label}</h2></header>
            <div class="card-body stack">
                <div class="form-row">
                    <div class="field">
                        <label class="field-label" for="measure-label">{text!(scorecards.name)}</label>
                        <input class="input" id="measure-label" maxlength="200" disabled=off value=label prop:value=label on:change=rename/>
                    </div>
                    <Looks key measure/>
                </div>
                <div class="form-row"><LookBack key measure/></div>
                <Scales key measure/>
                <div class="form-row"><Missing key measure/><Validity key measure/></div>
                <Season key measure/>
            </div>
        </section>
    }
}

/// Which fact it looks at.
#[component]
fn Looks(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let fact = Memo::new(move |_| {
        measure.with(|measure| measure.as_ref().map(|measure| fact_of(measure).to_owned()).unwrap_or_default())
    });
    let choose = move |event: ev::Event| {
        let wanted = event_target_value(&event);
        let known = bench.facts.with_value(|facts| facts.iter().find(|fact| fact.key == wanted).cloned());
        key.with_value(|key| {
            bench.edit_measure(key, "fact", |measure| {
                measure.source = Source::Fact(wanted);
                let is_words = matches!(measure.scale, domain::health::Scale::Choices { .. });
                // A scale for words cannot place numbers, and the other way round.
                if let Some(fact) = known.filter(|fact| (fact.kind == FactKind::Text) != is_words) {
                    measure.scale = suggested_scale(&fact);
                    measure.tenure.clear();
                }
            });
        });
    };
    view! {
        <div class="field">
            <label class="field-label" for="measure-fact">{text!(scorecards.looks_at)}</label>
            <select class="select" id="measure-fact" disabled=!bench.may_edit on:change=choose prop:value=move || fact.get()>
                {move || fact_options(bench, &fact.get())}
            </select>
        </div>
    }
}

/// Returns the facts as options of a list, the chosen one also where no account has it.
pub(super) fn fact_options(bench: Bench, chosen: &str) -> Vec<AnyView> {
    let option = |key: String, label: String| {
        let selected = key == chosen;
        view! { <option value=key selected=selected>{label}</option> }.into_any()
    };
    let mut options = bench
        .facts
        .with_value(|facts| facts.iter().map(|fact| option(fact.key.clone(), fact.label.clone())).collect::<Vec<_>>());
    if !bench.facts.with_value(|facts| facts.iter().any(|fact| fact.key == chosen)) {
        options.insert(0, option(chosen.to_owned(), bench.fact_label(chosen)));
    }
    options
}

/// A word of a list, and how people read it.
type Choice = (&'static str, fn(Locale) -> &'static str);

const MODES: [Choice; 4] = [
    ("absolute", |locale| td_string!(locale, scorecards.mode_absolute)),
    ("growth", |locale| td_string!(locale, scorecards.mode_growth)),
    ("trend", |locale| td_string!(locale, scorecards.mode_trend)),
    ("own", |locale| td_string!(locale, scorecards.mode_own)),
];

fn mode_of(mode: Mode) -> (&'static str, u32) {
    match mode {
        Mode::Absolute => ("absolute", DAYS),
        Mode::Growth { days } => ("growth", days),
        Mode::Trend { days } => ("trend", days),
        Mode::OwnBaseline { days } => ("own", days),
    }
}

fn mode_named(name: &str, days: u32) -> Mode {
    match name {
        "growth" => Mode::Growth { days },
        "trend" => Mode::Trend { days },
        "own" => Mode::OwnBaseline { days },
        _ => Mode::Absolute,
    }
}

/// What of the fact it looks at: its value, or how that moved.
#[component]
fn LookBack(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let now = Memo::new(move |_| mode_of(measure.with(|measure| measure.as_ref().map(|m| m.mode).unwrap_or_default())));
    let set = move |mode: Mode| key.with_value(|key| bench.edit_measure(key, "mode", |measure| measure.mode = mode));
    let choose = move |event: ev::Event| set(mode_named(&event_target_value(&event), now.get_untracked().1));
    let type_days = move |event: ev::Event| {
        if let Ok(days) = event_target_value(&event).parse() {
            set(mode_named(now.get_untracked().0, days));
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for="measure-mode">{text!(scorecards.mode)}</label>
            <select class="select" id="measure-mode" disabled=!bench.may_edit on:change=choose prop:value=move || now.get().0>
                {MODES.into_iter().map(|(name, label)| view! {
                    <option value=name selected=move || now.get().0 == name>{move || label(bench.language.get())}</option>
                }).collect_view()}
            </select>
        </div>
        <Show when=move || now.get().0 != "absolute">
            <Days id="measure-days" label=|locale| td_string!(locale, scorecards.days_back) value=Signal::derive(move || now.get().1.to_string())
                most="365" change=Callback::new(type_days)/>
        </Show>
    }
}

/// A number of days.
#[component]
fn Days(
    id: &'static str,
    label: fn(Locale) -> &'static str,
    value: Signal<String>,
    most: &'static str,
    change: Callback<ev::Event>,
) -> impl IntoView {
    let bench = use_bench();
    view! {
        <div class="field">
            <label class="field-label" for=id>{move || label(bench.language.get())}</label>
            <input class="input" id=id type="number" min="1" max=most step="1" disabled=!bench.may_edit
                value=move || value.get() prop:value=move || value.get() on:change=move |event| change.run(event)/>
        </div>
    }
}

const POLICIES: [Choice; 4] = [
    ("exclude", |locale| td_string!(locale, scorecards.null_exclude)),
    ("neutral", |locale| td_string!(locale, scorecards.null_neutral)),
    ("zero", |locale| td_string!(locale, scorecards.null_zero)),
    ("carry", |locale| td_string!(locale, scorecards.null_carry)),
];

fn policy_of(policy: NullPolicy) -> (&'static str, u32) {
    match policy {
        NullPolicy::Exclude => ("exclude", DAYS),
        NullPolicy::Neutral => ("neutral", DAYS),
        NullPolicy::Zero => ("zero", DAYS),
        NullPolicy::CarryForward { half_life_days } => ("carry", half_life_days),
    }
}

fn policy_named(name: &str, half_life_days: u32) -> NullPolicy {
    match name {
        "neutral" => NullPolicy::Neutral,
        "zero" => NullPolicy::Zero,
        "carry" => NullPolicy::CarryForward { half_life_days },
        _ => NullPolicy::Exclude,
    }
}

/// What happens where there is no value.
#[component]
fn Missing(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let now = Memo::new(move |_| {
        policy_of(measure.with(|measure| measure.as_ref().map(|m| m.null_policy).unwrap_or_default()))
    });
    let set = move |policy: NullPolicy| {
        key.with_value(|key| bench.edit_measure(key, "null", |measure| measure.null_policy = policy));
    };
    let choose = move |event: ev::Event| set(policy_named(&event_target_value(&event), now.get_untracked().1));
    let type_days = move |event: ev::Event| {
        if let Ok(days) = event_target_value(&event).parse() {
            set(policy_named(now.get_untracked().0, days));
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for="measure-null">{text!(scorecards.null_policy)}</label>
            <select class="select" id="measure-null" disabled=!bench.may_edit on:change=choose prop:value=move || now.get().0>
                {POLICIES.into_iter().map(|(name, label)| view! {
                    <option value=name selected=move || now.get().0 == name>{move || label(bench.language.get())}</option>
                }).collect_view()}
            </select>
        </div>
        <Show when=move || now.get().0 == "carry">
            <Days id="measure-half-life" label=|locale| td_string!(locale, scorecards.half_life)
                value=Signal::derive(move || now.get().1.to_string()) most="3650" change=Callback::new(type_days)/>
        </Show>
    }
}

/// For how long a value is fresh.
#[component]
fn Validity(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let days = move || {
        let days = measure.with(|measure| measure.as_ref().and_then(|measure| measure.validity_days));
        days.map(|days| days.to_string()).unwrap_or_default()
    };
    let change = move |event: ev::Event| {
        let typed = event_target_value(&event);
        let days = typed.trim().parse().ok();
        key.with_value(|key| bench.edit_measure(key, "validity", |measure| measure.validity_days = days));
    };
    view! {
        <div class="field">
            <label class="field-label" for="measure-validity">{text!(scorecards.validity)}</label>
            <input class="input" id="measure-validity" type="number" min="1" max="3650" step="1" disabled=!bench.may_edit
                aria-describedby="measure-validity-hint" value=days prop:value=days on:change=change/>
            <p class="field-hint" id="measure-validity-hint">{text!(scorecards.validity_hint)}</p>
        </div>
    }
}

/// Whether values are compared with what the season lets expect.
#[component]
fn Season(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let on = move || measure.with(|measure| measure.as_ref().is_some_and(|measure| measure.season));
    let change = move |event: ev::Event| {
        let on = event_target_checked(&event);
        key.with_value(|key| bench.edit_measure(key, "season", |measure| measure.season = on));
    };
    view! {
        <label class="check">
            <input class="switch" type="checkbox" role="switch" disabled=!bench.may_edit prop:checked=on on:change=change/>
            <span>{text!(scorecards.season)}" "<span class="faint">{text!(scorecards.season_text)}</span></span>
        </label>
    }
}
