//! The groups and measures of a card, with their weights and their order.

use domain::health::{Group, balanced};
use leptos::prelude::*;

use super::add::AddMeasure;
use super::bench::{Bench, find, fresh_key, make_whole, shift, use_bench};
use super::weight::Weight;
use crate::format;
use crate::i18n::td_string;
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};

/// The list on the left.
#[component]
pub(super) fn Groups() -> impl IntoView {
    let bench = use_bench();
    let keys = Memo::new(move |_| {
        bench.card.with(|card| card.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>())
    });
    let adding = RwSignal::new(None::<String>);
    let add_group = move |_| {
        let label = td_string!(bench.language.get_untracked(), scorecards.new_group);
        bench.edit("", |card| {
            let key = fresh_key("group", card.groups.iter().map(|group| group.key.as_str()));
            card.groups.push(Group { key, label: label.to_owned(), weight: 0.0, measures: Vec::new() });
        });
    };
    view! {
        <section class="card" aria-labelledby="card-measures">
            <header class="card-head">
                <h2 class="card-title" id="card-measures">{text!(scorecards.measures)}</h2>
                <span class="card-sub">{text!(scorecards.measures_text)}</span>
            </header>
            <div class="card-body" data-flush>
                <Show when=move || keys.read().is_empty()>
                    <p class="empty-text scorecard-none">{text!(scorecards.no_groups)}</p>
                </Show>
                <For each=move || keys.get() key=Clone::clone let:key><GroupPart key adding/></For>
            </div>
            {bench.may_edit.then(|| view! {
                <footer class="card-foot">
                    <button class="button" data-size="small" type="button" on:click=add_group>
                        <Pic icon=Icon::Plus/>{text!(scorecards.add_group)}
                    </button>
                </footer>
            })}
        </section>
        {bench.may_edit.then(|| view! { <AddMeasure group=adding/> })}
    }
}

#[component]
fn GroupPart(key: String, adding: RwSignal<Option<String>>) -> impl IntoView {
    let bench = use_bench();
    let key = StoredValue::new(key);
    let find_group = move |card: &domain::health::Scorecard| {
        key.with_value(|key| card.groups.iter().position(|group| group.key == *key))
    };
    let label = Memo::new(move |_| {
        bench.card.with(|card| find_group(card).map(|place| card.groups[place].label.clone()).unwrap_or_default())
    });
    let share = Memo::new(move |_| {
        bench.card.with(|card| {
            let weights: Vec<f64> = card.groups.iter().map(|group| group.weight).collect();
            find_group(card).and_then(|place| balanced(&weights).get(place).copied()).unwrap_or_default()
        })
    });
    let measures = Memo::new(move |_| {
        bench.card.with(|card| {
            let group = find_group(card).and_then(|place| card.groups.get(place));
            let measures = group.map(|group| group.measures.as_slice()).unwrap_or_default();
            measures.iter().map(|measure| measure.key.clone()).collect::<Vec<_>>()
        })
    });
    let weigh = Callback::new(move |value| key.with_value(|key| bench.weigh_group(key, value)));
    view! {
        <section class="scorecard-group" aria-label=move || label.get()>
            <div class="scorecard-group-head">
                {if bench.may_edit {
                    view! {
                        <input class="input scorecard-rename" aria-label=text!(scorecards.group_name) maxlength="200" prop:value=move || label.get()
                            value=label.get_untracked() on:change=move |event| key.with_value(|key| {
                                bench.edit_group(key, "label", |group| group.label = event_target_value(&event));
                            })/>
                        <GroupMenu key label adding/>
                    }.into_any()
                } else {
                    view! { <h3 class="scorecard-group-title">{move || label.get()}</h3> }.into_any()
                }}
            </div>
            <Weight key label=label share set=weigh/>
            <ul class="scorecard-measures">
                <For each=move || measures.get() key=Clone::clone let:measure><MeasureLine key=measure group_share=share/></For>
            </ul>
            <Show when=move || measures.read().is_empty()>
                <p class="faint scorecard-none">{text!(scorecards.no_measures)}</p>
            </Show>
        </section>
    }
}

#[component]
fn GroupMenu(key: StoredValue<String>, label: Memo<String>, adding: RwSignal<Option<String>>) -> impl IntoView {
    let bench = use_bench();
    let shift_by = move |down: bool| {
        bench.edit("", |card| {
            let place = key.with_value(|key| card.groups.iter().position(|group| group.key == *key));
            let _ = place.and_then(|place| shift(&mut card.groups, place, down));
        });
    };
    let remove = move |_| bench.edit("", |card| key.with_value(|key| card.groups.retain(|group| group.key != *key)));
    let name = move || td_string!(bench.language.get(), scorecards.group_menu, name = label.get());
    view! {
        <details class="menu">
            <summary class="icon-button" data-size="small" aria-label=name><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <button class="menu-item" type="button" on:click=move |_| adding.set(Some(key.get_value()))>
                    <Pic icon=Icon::Plus/>{text!(scorecards.add_measure)}
                </button>
                <button class="menu-item" type="button" on:click=move |_| shift_by(false)>{text!(scorecards.move_up)}</button>
                <button class="menu-item" type="button" on:click=move |_| shift_by(true)>{text!(scorecards.move_down)}</button>
                <hr class="menu-line"/>
                <button class="menu-item" data-tone="bad" type="button" on:click=remove><Pic icon=Icon::Trash/>{text!(scorecards.remove_group)}</button>
            </div>
        </details>
    }
}

#[component]
fn MeasureLine(key: String, group_share: Memo<f64>) -> impl IntoView {
    let bench = use_bench();
    let measure = bench.measure(&key);
    let label =
        Memo::new(move |_| measure.with(|measure| measure.as_ref().map(|m| m.label.clone()).unwrap_or_default()));
    let key = StoredValue::new(key);
    let share = Memo::new(move |_| {
        bench.card.with(|card| {
            let place = key.with_value(|key| find(card, key));
            let Some((group, place)) = place else { return 0.0 };
            let weights: Vec<f64> = card.groups[group].measures.iter().map(|measure| measure.weight).collect();
            balanced(&weights).get(place).copied().unwrap_or_default()
        })
    });
    let of_all = move || format::percent(share.get() * group_share.get() / 100.0);
    let is_chosen = move || key.with_value(|key| bench.chosen.with(|chosen| chosen.as_ref() == Some(key)));
    let weigh = Callback::new(move |value| key.with_value(|key| bench.weigh_measure(key, value)));
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowUp" if event.alt_key() => false,
            "ArrowDown" if event.alt_key() => true,
            _ => return,
        };
        event.prevent_default();
        shift_measure(bench, key, down);
    };
    view! {
        <li class="scorecard-measure" data-chosen=move || is_chosen().then_some("")>
            <div class="scorecard-measure-head">
                <button class="scorecard-choose" type="button" aria-pressed=move || is_chosen().to_string()
                    id=format!("measure-{}", key.get_value()) data-measure=key.get_value() on:keydown=keydown on:click=move |_| bench.chosen.set(Some(key.get_value()))>
                    <span class="scorecard-measure-name">{move || label.get()}</span>
                    <span class="faint">{move || td_string!(bench.language.get(), scorecards.of_score, share = of_all())}</span>
                </button>
                {bench.may_edit.then(|| view! { <MeasureMenu key label/> })}
            </div>
            <Weight key label=label share set=weigh/>
        </li>
    }
}

#[component]
fn MeasureMenu(key: StoredValue<String>, label: Memo<String>) -> impl IntoView {
    let bench = use_bench();
    let name = move || td_string!(bench.language.get(), scorecards.measure_menu, name = label.get());
    let remove = move |_| {
        bench.edit("", |card| {
            let Some((group, place)) = key.with_value(|key| find(card, key)) else { return };
            card.groups[group].measures.remove(place);
            make_whole(&mut card.groups[group]);
        });
        bench.choose_another();
    };
    view! {
        <details class="menu">
            <summary class="icon-button" data-size="small" aria-label=name><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <button class="menu-item" type="button" on:click=move |_| shift_measure(bench, key, false)>
                    {text!(scorecards.move_up)}<kbd class="kbd">"Alt ↑"</kbd>
                </button>
                <button class="menu-item" type="button" on:click=move |_| shift_measure(bench, key, true)>
                    {text!(scorecards.move_down)}<kbd class="kbd">"Alt ↓"</kbd>
                </button>
                <hr class="menu-line"/>
                <button class="menu-item" data-tone="bad" type="button" on:click=remove>
                    <Pic icon=Icon::Trash/>{text!(scorecards.remove_measure)}
                </button>
            </div>
        </details>
    }
}

/// Moves a measure up or down; at the end of its group it goes on into the next one.
fn shift_measure(bench: Bench, key: StoredValue<String>, down: bool) {
    bench.edit("", |card| {
        let Some((group, place)) = key.with_value(|key| find(card, key)) else { return };
        if shift(&mut card.groups[group].measures, place, down).is_some() {
            return;
        }
        let Some(next) = (if down { group.checked_add(1) } else { group.checked_sub(1) }) else { return };
        if next < card.groups.len() {
            let measure = card.groups[group].measures.remove(place);
            let to = if down { 0 } else { card.groups[next].measures.len() };
            card.groups[next].measures.insert(to, measure);
            make_whole(&mut card.groups[group]);
            make_whole(&mut card.groups[next]);
        }
    });
    // The line is drawn anew where it went; the focus follows.
    let id = key.with_value(|key| format!("measure-{key}"));
    focus_later(&id);
}
