//! The question before a merge: which value of each field stays, and what moves.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use domain::duplicates::{Choice, Decision, Moves};
use domain::fields::FieldType;
use domain::id::BatchId;
use domain::money::Money;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::{Desk, words};
use crate::account::word;
use crate::boot;
use crate::error::{Error, Result};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::question::{Inquiry, Question};

/// Makes one of the two, with these fields of the one that goes.
pub(super) type Merge = Arc<dyn Fn(Vec<String>) -> Answer + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<BatchId>>>>;

/// Two records of one kind that are asked about.
pub(super) struct Case {
    /// What the one that stays is called, and the one that goes.
    pub(super) names: (String, String),
    /// The currencies of their amounts.
    pub(super) currencies: Currencies,
    /// Says what will happen to the two.
    pub(super) explain: OfTwo,
    /// Says what has happened.
    pub(super) merged: OfTwo,
    /// Does it.
    pub(super) merge: Merge,
}

/// Says something of the one that stays and the one that goes.
type OfTwo = fn(Locale, String, String) -> String;

/// Returns what merges two, each with the version that was shown.
pub(super) fn decide<I: Copy + Send + Sync + 'static>(
    (keep, keep_version): (I, i64),
    (gone, gone_version): (I, i64),
    merge: fn(Decision<I>) -> Answer,
) -> Merge {
    Arc::new(move |take| merge(Decision { keep, keep_version, gone, gone_version, take }))
}

/// What is asked in the dialog.
#[component]
pub(super) fn Decide(
    desk: Desk,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    case: Case,
    choices: Vec<Choice>,
    moves: Moves,
) -> impl IntoView {
    let suggested = choices.iter().filter(|choice| choice.takes).map(|choice| choice.key.clone());
    let take: RwSignal<BTreeSet<String>> = RwSignal::new(suggested.collect());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Error>));
    let cancel = Callback::new(move |()| open.set(false));
    let of = Inquiry { busy, problem, cancel };
    let Case { names, currencies, explain, merged, merge } = case;
    let heads = names.clone();
    let (keep, gone) = names.clone();
    let submit = Callback::new(move |()| {
        let answer = merge(take.get_untracked().into_iter().collect());
        let (keep, gone) = names.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = answer.await;
            busy.try_set(false);
            match answer {
                Ok(batch) => {
                    let text = merged(desk.language.get_untracked(), keep, gone);
                    open.try_set(false);
                    desk.offer_undo(text, batch);
                }
                Err(error) => {
                    if problem.try_set(Some(error.clone())).is_some() {
                        desk.toasts.error(&error);
                    }
                }
            }
        });
    });
    view! {
        <Question of submit save=ViewFn::from(|| text!(duplicates.merge))>
            <p>{move || explain(desk.language.get(), keep.clone(), gone.clone())}</p>
            <Choices desk choices take names=heads currencies/>
            <Moving desk moves/>
            <p class="muted">{text!(duplicates.ask_hint)}</p>
        </Question>
    }
}

type Currencies = (Option<domain::money::Currency>, Option<domain::money::Currency>);

#[component]
fn Choices(
    desk: Desk,
    choices: Vec<Choice>,
    take: RwSignal<BTreeSet<String>>,
    names: (String, String),
    currencies: Currencies,
) -> impl IntoView {
    if choices.is_empty() {
        return view! { <p class="muted">{text!(duplicates.no_choice)}</p> }.into_any();
    }
    let (keep, gone) = names;
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=text!(duplicates.choices)>
            <table class="table duplicates-choices">
                <caption class="visually-hidden">{text!(duplicates.choices)}</caption>
                <thead><tr>
                    <th scope="col">{text!(duplicates.field)}</th>
                    <th scope="col">{keep}<br/><span class="muted">{text!(duplicates.stays)}</span></th>
                    <th scope="col">{gone}<br/><span class="muted">{text!(duplicates.goes)}</span></th>
                </tr></thead>
                <tbody>{choices.into_iter().map(|choice| view! { <One desk choice take currencies/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn One(desk: Desk, choice: Choice, take: RwSignal<BTreeSet<String>>, currencies: Currencies) -> impl IntoView {
    let Choice { key, label, kind, kept, gone, takes } = choice;
    let side = move |value: Value, is_taken: bool, kind: FieldType| {
        let (key, group) = (key.clone(), format!("take-{key}"));
        let currency = if is_taken { currencies.1 } else { currencies.0 };
        let set = move |_| {
            take.update(|take| {
                if is_taken {
                    take.insert(key.clone())
                } else {
                    take.remove(&key)
                };
            });
        };
        view! {
            <label class="check">
                <input type="radio" class="checkbox" name=group checked=takes == is_taken on:change=set/>
                <span>{move || shown(&value, &kind, currency, desk.language.get())}</span>
            </label>
        }
    };
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td>{side(kept, false, kind.clone())}</td>
            <td>{side(gone, true, kind)}</td>
        </tr>
    }
}

/// Returns a value as people read it.
fn shown(value: &Value, kind: &FieldType, currency: Option<domain::money::Currency>, locale: Locale) -> String {
    match (kind, value) {
        (_, Value::Null) => td_string!(locale, duplicates.nothing).to_owned(),
        (FieldType::Date, Value::Number(at)) => at.as_i64().map(|at| format::date(Timestamp(at))).unwrap_or_default(),
        (FieldType::Money, Value::Number(minor)) => match (minor.as_i64(), currency) {
            (Some(minor), Some(currency)) => format::money(Money { minor, currency }),
            _ => minor.to_string(),
        },
        (FieldType::User, Value::String(id)) => {
            let me = boot::me();
            let person = me.as_ref().and_then(|me| me.people.iter().find(|person| person.id.to_string() == *id));
            person.map_or_else(|| id.clone(), |person| person.name.clone())
        }
        (FieldType::Choice(_), Value::String(text)) => word(text, locale),
        (_, Value::Number(number)) => number.as_f64().map(format::number).unwrap_or_default(),
        (_, Value::Array(words)) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(yes)) => {
            if *yes {
                td_string!(locale, duplicates.yes).to_owned()
            } else {
                td_string!(locale, duplicates.no).to_owned()
            }
        }
        (_, other) => other.to_string(),
    }
}

#[component]
fn Moving(desk: Desk, moves: Moves) -> impl IntoView {
    let number = |count: u32| format::integer(i64::from(count));
    let records = moves.records.into_iter().filter(|(_, count)| *count > 0);
    let mut lines: Vec<AnyView> = records
        .map(|(subject, count)| {
            view! { <li>{number(count)}" "{move || words::records(&subject, desk.language.get())}</li> }.into_any()
        })
        .collect();
    type Say = fn(Locale, String) -> String;
    let others: [(u32, Say); 4] = [
        (moves.usage_days, |locale, count| td_string!(locale, duplicates.usage_days, count = count)),
        (moves.usage_kept, |locale, count| td_string!(locale, duplicates.usage_kept, count = count)),
        (moves.contacts_joined, |locale, count| td_string!(locale, duplicates.joined, count = count)),
        (moves.children, |locale, count| td_string!(locale, duplicates.children, count = count)),
    ];
    lines.extend(
        others
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, say)| view! { <li>{move || say(desk.language.get(), number(count))}</li> }.into_any()),
    );
    let is_empty = lines.is_empty();
    view! {
        <div>
            <h3 class="duplicates-moves">{text!(duplicates.moves)}</h3>
            {if is_empty {
                view! { <p class="muted">{text!(duplicates.moves_nothing)}</p> }.into_any()
            } else {
                view! { <ul class="duplicates-list">{lines}</ul> }.into_any()
            }}
        </div>
    }
}
