//! Adding a measure: the catalogue of facts with a search, how many accounts have each, and what it looks like.

use domain::health::{AvailableFact, FactKind, Measure, Scorecard, rebalance, suggested_measure};
use leptos::prelude::*;

use super::bench::{Bench, fact_of, fresh_key, make_whole, use_bench};
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::Dialog;

/// The weight with which a measure or its group begins, in per cent.
const FIRST_WEIGHT: f64 = 10.0;
/// Facts that are listed at a time.
const SHOWN: usize = 60;

/// The dialog that adds a measure to a group.
#[component]
pub(super) fn AddMeasure(
    /// The group it is added to; nothing while the dialog is closed.
    group: RwSignal<Option<String>>,
) -> impl IntoView {
    let bench = use_bench();
    let (open, text) = (RwSignal::new(false), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if group.with(Option::is_some) {
            text.set(String::new());
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && group.with_untracked(Option::is_some) {
            group.set(None);
        }
    });
    let found = Memo::new(move |_| if open.get() { search(bench, &text.get()) } else { Vec::new() });
    let choose = Callback::new(move |fact: AvailableFact| {
        let Some(key) = group.get_untracked() else { return };
        let measure = suggested_measure(&fact);
        let chosen = RwSignal::new(None);
        bench.edit("", |card| chosen.set(add(card, &key, measure)));
        if let Some(chosen) = chosen.get_untracked() {
            bench.chosen.set(Some(chosen));
        }
        open.set(false);
    });
    let title = Signal::derive(move || td_string!(bench.language.get(), scorecards.add_measure).to_owned());
    view! {
        <Dialog open title>
            <div class="dialog-body stack" data-gap="small">
                <div class="field">
                    <label class="field-label" for="fact-search">{text!(scorecards.search_facts)}</label>
                    <input class="input" id="fact-search" type="search" autocomplete="off" autofocus
                        prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                </div>
                <p class="faint" role="status">
                    {move || td_string!(bench.language.get(), scorecards.facts_found, total = found.read().len())}
                </p>
                <ul class="fact-list">
                    <For each=move || found.get() key=|fact| fact.key.clone() let:fact><FactLine fact choose/></For>
                </ul>
            </div>
        </Dialog>
    }
}

#[component]
fn FactLine(fact: AvailableFact, choose: Callback<AvailableFact>) -> impl IntoView {
    let bench = use_bench();
    let locale = bench.language.get_untracked();
    let used = bench.card.with_untracked(|card| {
        card.groups.iter().flat_map(|group| &group.measures).any(|measure| fact_of(measure) == fact.key)
    });
    let share = if fact.share_present > 0.0 {
        td_string!(locale, scorecards.fact_share, share = format::percent(fact.share_present * 100.0))
    } else {
        td_string!(locale, scorecards.fact_none).to_owned()
    };
    let (label, key, looks) = (fact.label.clone(), fact.key.clone(), looks(&fact, locale));
    let marked = key.clone();
    view! {
        <li>
            <button class="menu-item fact" type="button" data-fact=marked on:click=move |_| choose.run(fact.clone())>
                <span class="fact-label">{label}" "<code class="muted">{key}</code></span>
                <span class="faint">{share}{looks}{used.then(|| format!(" · {}", td_string!(locale, scorecards.fact_used)))}</span>
            </button>
        </li>
    }
}

/// Returns what the values of a fact look like, in a few words.
fn looks(fact: &AvailableFact, locale: Locale) -> String {
    match (fact.kind, fact.quantiles) {
        (FactKind::Text, _) => {
            let words: Vec<&str> = fact.choices.iter().take(3).map(|(word, _)| word.as_str()).collect();
            if words.is_empty() { String::new() } else { format!(" · {}", words.join(", ")) }
        }
        (FactKind::Bool, _) => format!(" · {}", td_string!(locale, scorecards.fact_bool)),
        (FactKind::Number, Some([low, _, middle, _, high])) => {
            let (low, middle, high) = (format::number(low), format::number(middle), format::number(high));
            format!(" · {}", td_string!(locale, scorecards.fact_numbers, low = low, middle = middle, high = high))
        }
        (FactKind::Number, None) => String::new(),
    }
}

fn search(bench: Bench, text: &str) -> Vec<AvailableFact> {
    let text = text.trim().to_lowercase();
    let fits = |fact: &&AvailableFact| {
        text.split_whitespace().all(|word| fact.label.to_lowercase().contains(word) || fact.key.contains(word))
    };
    bench.facts.with_value(|facts| facts.iter().filter(fits).take(SHOWN).cloned().collect())
}

/// Adds a measure at the end of a group, with a weight to begin with; returns its key.
fn add(card: &mut Scorecard, group: &str, measure: Measure) -> Option<String> {
    let taken = card.groups.iter().flat_map(|group| &group.measures).map(|measure| measure.key.as_str());
    let key = fresh_key(&measure.key, taken);
    let place = card.groups.iter().position(|found| found.key == group)?;
    let was_empty = card.groups[place].measures.is_empty();
    card.groups[place].measures.push(Measure { key: key.clone(), ..measure });
    let weights: Vec<f64> = card.groups[place].measures.iter().map(|measure| measure.weight).collect();
    let after = rebalance(&weights, &[], weights.len() - 1, FIRST_WEIGHT);
    for (measure, weight) in card.groups[place].measures.iter_mut().zip(after) {
        measure.weight = weight;
    }
    make_whole(&mut card.groups[place]);
    if was_empty && card.groups[place].weight == 0.0 {
        let weights: Vec<f64> = card.groups.iter().map(|group| group.weight).collect();
        for (group, weight) in card.groups.iter_mut().zip(rebalance(&weights, &[], place, FIRST_WEIGHT)) {
            group.weight = weight;
        }
    }
    Some(key)
}
