//! How values become points: the scale of a measure, and those for accounts of a certain age.

use domain::health::{Measure, Scale, TenureScale};
use leptos::ev;
use leptos::prelude::*;

use super::bench::{Bench, use_bench};
use super::choices::Words;
use super::curve::Curve;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// Days of the first tenure that gets a scale of its own.
const FIRST_DAYS: i64 = 90;

/// One scale of a measure: its own, or the one of a tenure.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub bench: Bench,
    key: StoredValue<String>,
    measure: Memo<Option<Measure>>,
    which: RwSignal<Option<usize>>,
}

impl Shape {
    /// Returns the scale, following the draft.
    pub(super) fn scale(self) -> Option<Scale> {
        let which = self.which.get();
        self.measure.with(|measure| {
            let measure = measure.as_ref()?;
            match which {
                None => Some(measure.scale.clone()),
                Some(place) => measure.tenure.get(place).map(|special| special.scale.clone()),
            }
        })
    }

    /// Changes the scale; edits with the same tag are taken back together.
    pub(super) fn edit(self, tag: &str, change: impl FnOnce(&mut Scale)) {
        let which = self.which.get_untracked();
        let tag = format!("scale{which:?}/{tag}");
        self.key.with_value(|key| {
            self.bench.edit_measure(key, &tag, |measure| match which {
                None => change(&mut measure.scale),
                Some(place) => {
                    if let Some(special) = measure.tenure.get_mut(place) {
                        change(&mut special.scale);
                    }
                }
            });
        });
    }

    /// Returns the measure, following the draft.
    pub(super) fn measure(self) -> Memo<Option<Measure>> {
        self.measure
    }
}

/// The scale of a measure with its picture and its table, and the choice of tenure above it.
#[component]
pub(super) fn Scales(key: StoredValue<String>, measure: Memo<Option<Measure>>) -> impl IntoView {
    let bench = use_bench();
    let which = RwSignal::new(None::<usize>);
    let shape = Shape { bench, key, measure, which };
    let tenures = Memo::new(move |_| {
        measure.with(|measure| {
            let tenure = measure.as_ref().map(|measure| measure.tenure.as_slice()).unwrap_or_default();
            tenure.iter().map(|special| (special.from_days, special.to_days)).collect::<Vec<_>>()
        })
    });
    // A tenure that was taken away cannot be looked at.
    Effect::new(move |_| {
        let count = tenures.with(Vec::len);
        if which.get_untracked().is_some_and(|place| place >= count) {
            which.set(None);
        }
    });
    let is_words = Memo::new(move |_| matches!(shape.scale(), Some(Scale::Choices { .. })));
    view! {
        <div class="stack" data-gap="small">
            <div class="row" role="group" aria-label=text!(scorecards.scale_for)>
                <span class="field-label">{text!(scorecards.scale)}</span>
                <button class="chip" type="button" aria-pressed=move || which.get().is_none().to_string() on:click=move |_| which.set(None)>
                    {text!(scorecards.tenure_all)}
                </button>
                {move || tenures.get().into_iter().enumerate().map(|(place, (from, to))| view! {
                    <button class="chip" type="button" aria-pressed=move || (which.get() == Some(place)).to_string()
                        on:click=move |_| which.set(Some(place))>{move || tenure_words(from, to, bench.language.get())}</button>
                }).collect_view()}
                {bench.may_edit.then(|| view! { <AddTenure key which/> })}
            </div>
            <Show when=move || which.get().is_some()><TenureRange shape key which/></Show>
            {move || if is_words.get() {
                view! { <Words shape/> }.into_any()
            } else {
                view! { <Curve shape/> }.into_any()
            }}
        </div>
    }
}

/// Returns a span of tenure in words.
pub(super) fn tenure_words(from: i64, to: Option<i64>, locale: Locale) -> String {
    match to {
        Some(to) => td_string!(locale, scorecards.tenure_between, from = from, to = to),
        None => td_string!(locale, scorecards.tenure_from, from = from),
    }
}

#[component]
fn AddTenure(key: StoredValue<String>, which: RwSignal<Option<usize>>) -> impl IntoView {
    let bench = use_bench();
    let add = move |_| {
        let place = RwSignal::new(None);
        key.with_value(|key| {
            bench.edit_measure(key, "", |measure| {
                let from_days = measure.tenure.last().map_or(Some(0), |last| last.to_days);
                let Some(from_days) = from_days else { return };
                let scale = measure.scale.clone();
                measure.tenure.push(TenureScale { from_days, to_days: Some(from_days + FIRST_DAYS), scale });
                place.set(Some(measure.tenure.len() - 1));
            });
        });
        if let Some(place) = place.get_untracked() {
            which.set(Some(place));
        }
    };
    view! {
        <button class="button" data-look="quiet" data-size="small" type="button" on:click=add>
            <Pic icon=Icon::Plus/>{text!(scorecards.add_tenure)}
        </button>
    }
}

/// From when to when the scale of a tenure holds.
#[component]
fn TenureRange(shape: Shape, key: StoredValue<String>, which: RwSignal<Option<usize>>) -> impl IntoView {
    let bench = use_bench();
    let special = Memo::new(move |_| {
        let place = which.get()?;
        shape.measure().with(|measure| measure.as_ref()?.tenure.get(place).map(|t| (t.from_days, t.to_days)))
    });
    let change = move |what: &'static str, change: &dyn Fn(&mut TenureScale)| {
        let Some(place) = which.get_untracked() else { return };
        key.with_value(|key| {
            bench.edit_measure(key, what, |measure| {
                if let Some(special) = measure.tenure.get_mut(place) {
                    change(special);
                }
            });
        });
    };
    let from = move |event: ev::Event| {
        if let Ok(days) = event_target_value(&event).parse() {
            change("tenure-from", &|special| special.from_days = days);
        }
    };
    let to = move |event: ev::Event| {
        let days = event_target_value(&event).trim().parse().ok();
        change("tenure-to", &|special| special.to_days = days);
    };
    let remove = move |_| {
        let Some(place) = which.get_untracked() else { return };
        which.set(None);
        key.with_value(|key| {
            bench.edit_measure(key, "", |measure| {
                if place < measure.tenure.len() {
                    measure.tenure.remove(place);
                }
            });
        });
    };
    let first = move || special.get().map(|(from, _)| from.to_string()).unwrap_or_default();
    let last = move || special.get().and_then(|(_, to)| to).map(|to| to.to_string()).unwrap_or_default();
    view! {
        <div class="form-row">
            <div class="field">
                <label class="field-label" for="tenure-from">{text!(scorecards.tenure_first_day)}</label>
                <input class="input" id="tenure-from" type="number" min="0" step="1" disabled=!bench.may_edit prop:value=first on:change=from/>
            </div>
            <div class="field">
                <label class="field-label" for="tenure-to">{text!(scorecards.tenure_last_day)}</label>
                <input class="input" id="tenure-to" type="number" min="1" step="1" disabled=!bench.may_edit prop:value=last on:change=to/>
                <p class="field-hint">{text!(scorecards.tenure_hint)}</p>
            </div>
            {bench.may_edit.then(|| view! {
                <button class="button scorecard-remove" data-size="small" type="button" on:click=remove>
                    <Pic icon=Icon::Trash/>{text!(scorecards.remove_tenure)}
                </button>
            })}
        </div>
    }
}
