//! Points for words: a table of the words that accounts have, and what any other word is worth.

use domain::health::Scale;
use leptos::ev;
use leptos::prelude::*;

use super::bench::fact_of;
use super::scale::Shape;
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

type Choices = (Vec<(String, f64)>, Option<f64>);

fn choices(scale: Option<Scale>) -> Choices {
    match scale {
        Some(Scale::Choices { choices, otherwise }) => (choices, otherwise),
        _ => (Vec::new(), None),
    }
}

impl Shape {
    fn edit_words(self, tag: &str, change: impl FnOnce(&mut Vec<(String, f64)>, &mut Option<f64>)) {
        self.edit(tag, |scale| {
            if let Scale::Choices { choices, otherwise } = scale {
                change(choices, otherwise);
            }
        });
    }
}

/// The table of words.
#[component]
pub(super) fn Words(shape: Shape) -> impl IntoView {
    let bench = shape.bench;
    let words = Memo::new(move |_| choices(shape.scale()).0.into_iter().map(|(word, _)| word).collect::<Vec<_>>());
    let otherwise = Memo::new(move |_| choices(shape.scale()).1);
    let otherwise_text = move || otherwise.get().map(|points| points.to_string()).unwrap_or_default();
    let set_otherwise = move |event: ev::Event| {
        let points = event_target_value(&event).trim().parse::<f64>().ok().map(|points| points.clamp(0.0, 100.0));
        shape.edit_words("otherwise", |_, otherwise| *otherwise = points);
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=text!(scorecards.words)>
            <table class="table scale-table">
                <thead><tr>
                    <th scope="col">{text!(scorecards.word)}</th>
                    <th scope="col" class="number">{text!(scorecards.share)}</th>
                    <th scope="col">{text!(scorecards.points)}</th>
                    {bench.may_edit.then(|| view! { <th scope="col"><span class="visually-hidden">{text!(scorecards.remove)}</span></th> })}
                </tr></thead>
                <tbody>
                    <For each=move || words.get() key=Clone::clone let:word><WordRow shape word/></For>
                    <tr>
                        <th scope="row">{text!(scorecards.any_other)}</th><td></td>
                        <td>
                            <input class="input" type="number" min="0" max="100" step="any" disabled=!bench.may_edit
                                aria-label=text!(scorecards.any_other) placeholder=text!(scorecards.as_missing)
                                value=otherwise_text prop:value=otherwise_text on:change=set_otherwise/>
                        </td>
                        {bench.may_edit.then(|| view! { <td></td> })}
                    </tr>
                </tbody>
            </table>
        </div>
        {bench.may_edit.then(|| view! { <AddWord shape/> })}
    }
}

#[component]
fn WordRow(shape: Shape, word: String) -> impl IntoView {
    let bench = shape.bench;
    let key = StoredValue::new(word.clone());
    let points = Memo::new(move |_| {
        let found = choices(shape.scale()).0.into_iter().find(|(word, _)| key.with_value(|key| key == word));
        found.map(|(_, points)| points.to_string()).unwrap_or_default()
    });
    let share = {
        let fact = shape.measure().with_untracked(|measure| measure.as_ref().map(|m| fact_of(m).to_owned()));
        let known = bench.facts.with_value(|facts| {
            let fact = facts.iter().find(|found| Some(&found.key) == fact.as_ref())?;
            fact.choices.iter().find(|(known, _)| *known == word).map(|(_, share)| format::percent(share * 100.0))
        });
        known.unwrap_or_else(|| "–".to_owned())
    };
    let set = move |event: ev::Event| {
        let Ok(points) = event_target_value(&event).parse::<f64>() else { return };
        key.with_value(|key| {
            shape.edit_words(key, |choices, _| {
                if let Some(choice) = choices.iter_mut().find(|(word, _)| word == key) {
                    choice.1 = points.clamp(0.0, 100.0);
                }
            });
        });
    };
    let remove =
        move |_| key.with_value(|key| shape.edit_words("", |choices, _| choices.retain(|(word, _)| word != key)));
    let (label, gone) = (word.clone(), word.clone());
    view! {
        <tr>
            <th scope="row">{word}</th>
            <td class="number">{share}</td>
            <td>
                <input class="input" type="number" min="0" max="100" step="any" disabled=!bench.may_edit value=move || points.get() prop:value=move || points.get()
                    aria-label=move || td_string!(bench.language.get(), scorecards.points_of, word = label.clone()) on:change=set/>
            </td>
            {bench.may_edit.then(|| view! {
                <td>
                    <button class="icon-button" data-size="small" type="button" on:click=remove
                        aria-label=move || td_string!(bench.language.get(), scorecards.remove_named, name = gone.clone())><Pic icon=Icon::Trash/></button>
                </td>
            })}
        </tr>
    }
}

#[component]
fn AddWord(shape: Shape) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let word = text.get_untracked().trim().to_owned();
        if word.is_empty() {
            return;
        }
        shape.edit_words("", |choices, _| {
            if !choices.iter().any(|(known, _)| known.eq_ignore_ascii_case(&word)) {
                choices.push((word, 50.0));
            }
        });
        text.set(String::new());
    };
    view! {
        <form class="row" on:submit=add>
            <input class="input scorecard-word" maxlength="200" aria-label=text!(scorecards.new_word) placeholder=text!(scorecards.new_word)
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
            <button class="button" data-size="small" type="submit"><Pic icon=Icon::Plus/>{text!(scorecards.add_word)}</button>
        </form>
    }
}
