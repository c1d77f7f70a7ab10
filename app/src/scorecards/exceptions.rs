//! Exceptions: what overrules the weighted score, from first to last.

use domain::health::{Action, Condition, Exception, FactKind, FactValue, Operator};
use leptos::ev;
use leptos::prelude::*;

use super::bench::{Bench, fresh_key, shift, use_bench};
use super::measure::fact_options;
use crate::i18n::{Locale, td_string};
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};

const OPERATORS: [(&str, Operator, &str); 5] = [
    ("lt", Operator::Less, "<"),
    ("le", Operator::AtMost, "≤"),
    ("gt", Operator::Greater, ">"),
    ("ge", Operator::AtLeast, "≥"),
    ("eq", Operator::Equal, "="),
];

type ActionChoice = (&'static str, fn(f64) -> Action, fn(Locale) -> &'static str);

const ACTIONS: [ActionChoice; 4] = [
    ("cap", Action::Cap, |locale| td_string!(locale, scorecards.action_cap)),
    ("floor", Action::Floor, |locale| td_string!(locale, scorecards.action_floor)),
    ("set", Action::Set, |locale| td_string!(locale, scorecards.action_set)),
    ("minus", Action::Minus, |locale| td_string!(locale, scorecards.action_minus)),
];

fn action_of(action: Action) -> (&'static str, f64) {
    match action {
        Action::Cap(points) => ("cap", points),
        Action::Floor(points) => ("floor", points),
        Action::Set(points) => ("set", points),
        Action::Minus(points) => ("minus", points),
    }
}

fn action_named(name: &str, points: f64) -> Action {
    let known = ACTIONS.iter().find(|(known, ..)| *known == name);
    known.map_or(Action::Cap(points), |(_, action, _)| action(points))
}

/// Returns the sign of an operator.
pub(super) fn sign(op: Operator) -> &'static str {
    OPERATORS.iter().find(|(_, known, _)| *known == op).map_or("=", |found| found.2)
}

/// The ordered list of exceptions.
#[component]
pub(super) fn Exceptions() -> impl IntoView {
    let bench = use_bench();
    let keys = Memo::new(move |_| {
        bench.card.with(|card| card.exceptions.iter().map(|exception| exception.key.clone()).collect::<Vec<_>>())
    });
    let add = move |_| {
        let label = td_string!(bench.language.get_untracked(), scorecards.new_exception).to_owned();
        let fact = bench.facts.with_value(|facts| facts.first().map(|fact| fact.key.clone())).unwrap_or_default();
        bench.edit("", |card| {
            let key = fresh_key("exception", card.exceptions.iter().map(|exception| exception.key.as_str()));
            let when = Condition { fact, op: Operator::AtLeast, value: FactValue::Number(1.0) };
            card.exceptions.push(Exception { key, label, when, action: Action::Cap(50.0) });
        });
    };
    view! {
        <section class="card" aria-labelledby="card-exceptions">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="card-exceptions">{text!(scorecards.exceptions)}</h2>
                    <p class="card-sub">{text!(scorecards.exceptions_text)}</p>
                </div>
            </header>
            <div class="card-body">
                <Show when=move || keys.read().is_empty()><p class="muted">{text!(scorecards.no_exceptions)}</p></Show>
                <ol class="list exception-list">
                    <For each=move || keys.get() key=Clone::clone let:key><ExceptionRow key/></For>
                </ol>
            </div>
            {bench.may_edit.then(|| view! {
                <footer class="card-foot">
                    <button class="button" data-size="small" type="button" on:click=add><Pic icon=Icon::Plus/>{text!(scorecards.add_exception)}</button>
                    <span>{text!(scorecards.exceptions_keys)}</span>
                </footer>
            })}
        </section>
    }
}

#[component]
fn ExceptionRow(key: String) -> impl IntoView {
    let bench = use_bench();
    let key = StoredValue::new(key);
    let found = Memo::new(move |_| {
        bench.card.with(|card| key.with_value(|key| card.exceptions.iter().find(|known| known.key == *key).cloned()))
    });
    let label = move || found.with(|found| found.as_ref().map(|found| found.label.clone()).unwrap_or_default());
    let rename = move |event: ev::Event| {
        let label = event_target_value(&event);
        key.with_value(|key| bench.edit_exception(key, "label", |exception| exception.label = label));
    };
    let shift_by = move |down: bool| {
        bench.edit("", |card| {
            let place = key.with_value(|key| card.exceptions.iter().position(|exception| exception.key == *key));
            let _ = place.and_then(|place| shift(&mut card.exceptions, place, down));
        });
        focus_later(&key.with_value(|key| format!("exception-{key}")));
    };
    let press = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowUp" if event.alt_key() => shift_by(false),
            "ArrowDown" if event.alt_key() => shift_by(true),
            _ => return,
        }
        event.prevent_default();
    };
    let remove = move |_| {
        bench.edit("", |card| key.with_value(|key| card.exceptions.retain(|exception| exception.key != *key)));
    };
    view! {
        <li class="exception" on:keydown=press>
            <div class="exception-head">
                <input class="input" id=key.with_value(|key| format!("exception-{key}")) maxlength="200" disabled=!bench.may_edit
                    aria-label=text!(scorecards.exception_name) value=label prop:value=label on:change=rename/>
                {bench.may_edit.then(|| view! {
                    <button class="icon-button" data-size="small" type="button" on:click=move |_| shift_by(false)
                        aria-label=move || td_string!(bench.language.get(), scorecards.move_up_named, name = label())><Pic icon=Icon::Up/></button>
                    <button class="icon-button" data-size="small" type="button" on:click=move |_| shift_by(true)
                        aria-label=move || td_string!(bench.language.get(), scorecards.move_down_named, name = label())><Pic icon=Icon::Down/></button>
                    <button class="icon-button" data-size="small" type="button" on:click=remove
                        aria-label=move || td_string!(bench.language.get(), scorecards.remove_named, name = label())><Pic icon=Icon::Trash/></button>
                })}
            </div>
            <div class="exception-parts"><When key found/><Then key found/></div>
        </li>
    }
}

/// The condition of an exception.
#[component]
fn When(key: StoredValue<String>, found: Memo<Option<Exception>>) -> impl IntoView {
    let bench = use_bench();
    let when = Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.when.clone())));
    let fact = Memo::new(move |_| when.with(|when| when.as_ref().map(|when| when.fact.clone()).unwrap_or_default()));
    let op = move || {
        let op = when.with(|when| when.as_ref().map(|when| when.op));
        OPERATORS.iter().find(|(_, known, _)| Some(*known) == op).map_or("eq", |found| found.0)
    };
    let value = move || when.with(|when| when.as_ref().map(|when| shown(&when.value)).unwrap_or_default());
    let edit = move |what: &'static str, change: &dyn Fn(&mut Condition)| {
        key.with_value(|key| bench.edit_exception(key, what, |exception| change(&mut exception.when)));
    };
    let set_fact = move |event: ev::Event| {
        let fact = event_target_value(&event);
        edit("fact", &|when| when.fact.clone_from(&fact));
    };
    let set_op = move |event: ev::Event| {
        let name = event_target_value(&event);
        if let Some((_, op, _)) = OPERATORS.iter().find(|(known, ..)| *known == name) {
            edit("op", &|when| when.op = *op);
        }
    };
    let set_value = move |event: ev::Event| {
        let value = read(bench, &fact.get_untracked(), &event_target_value(&event));
        edit("value", &|when| when.value = value.clone());
    };
    let off = !bench.may_edit;
    view! {
        <span class="muted">{text!(scorecards.when)}</span>
        <select class="select" disabled=off aria-label=text!(scorecards.when_fact) on:change=set_fact prop:value=move || fact.get()>
            {move || fact_options(bench, &fact.get())}
        </select>
        <select class="select" disabled=off aria-label=text!(scorecards.when_op) on:change=set_op prop:value=op>
            {OPERATORS.into_iter().map(|(name, _, sign)| view! { <option value=name selected=move || op() == name>{sign}</option> }).collect_view()}
        </select>
        <input class="input" disabled=off maxlength="200" aria-label=text!(scorecards.when_value) value=value prop:value=value on:change=set_value/>
    }
}

/// What an exception does.
#[component]
fn Then(key: StoredValue<String>, found: Memo<Option<Exception>>) -> impl IntoView {
    let bench = use_bench();
    let now =
        Memo::new(move |_| found.with(|found| found.as_ref().map_or(("cap", 0.0), |found| action_of(found.action))));
    let set = move |action: Action| {
        key.with_value(|key| bench.edit_exception(key, "action", |exception| exception.action = action));
    };
    let choose = move |event: ev::Event| set(action_named(&event_target_value(&event), now.get_untracked().1));
    let set_points = move |event: ev::Event| {
        if let Ok(points) = event_target_value(&event).parse::<f64>() {
            set(action_named(now.get_untracked().0, points.clamp(0.0, 100.0)));
        }
    };
    let off = !bench.may_edit;
    view! {
        <select class="select" disabled=off aria-label=text!(scorecards.then) on:change=choose prop:value=move || now.get().0>
            {ACTIONS.into_iter().map(|(name, _, label)| view! {
                <option value=name selected=move || now.get().0 == name>{move || label(bench.language.get())}</option>
            }).collect_view()}
        </select>
        <input class="input" type="number" min="0" max="100" step="any" disabled=off aria-label=text!(scorecards.points)
            value=move || now.get().1.to_string() prop:value=move || now.get().1.to_string() on:change=set_points/>
    }
}

/// Returns a value as it is typed.
pub(super) fn shown(value: &FactValue) -> String {
    match value {
        FactValue::Number(number) => number.to_string(),
        FactValue::Text(text) => text.clone(),
        FactValue::Absent => String::new(),
    }
}

/// Returns what was typed as a number, unless the fact has words.
fn read(bench: Bench, fact: &str, typed: &str) -> FactValue {
    let kind = bench.facts.with_value(|facts| facts.iter().find(|known| known.key == fact).map(|known| known.kind));
    match typed.trim().parse::<f64>() {
        Ok(number) if number.is_finite() && kind != Some(FactKind::Text) => FactValue::Number(number),
        _ => FactValue::Text(typed.trim().to_owned()),
    }
}
