//! Which accounts a card is for: its name, a filter, and its priority beside other cards.

use std::sync::Arc;
use std::time::Duration;

use domain::health::Reach;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::{Bench, use_bench};
use super::server_fns::card_reach;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::filter_line::{FilterLine, FilterText, Said};

/// How long nobody types before the accounts are counted.
const PAUSE: Duration = Duration::from_millis(350);

/// Name, filter and priority.
#[component]
pub(super) fn Scope() -> impl IntoView {
    let bench = use_bench();
    let name = move || bench.card.with(|card| card.name.clone());
    let priority = move || bench.card.with(|card| card.priority.to_string());
    let rename = move |event: ev::Event| {
        let name = event_target_value(&event);
        bench.edit("name", |card| card.name = name);
    };
    let rank = move |event: ev::Event| {
        if let Ok(priority) = event_target_value(&event).trim().parse() {
            bench.edit("priority", |card| card.priority = priority);
        }
    };
    let off = !bench.may_edit;
    view! {
        <section class="card" aria-labelledby="card-scope">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="card-scope">{text!(scorecards.scope)}</h2>
                    <p class="card-sub">{text!(scorecards.scope_text)}</p>
                </div>
            </header>
            <div class="card-body stack">
                <div class="form-row">
                    <div class="field">
                        <label class="field-label" for="card-name">{text!(scorecards.card_name)}</label>
                        <input class="input" id="card-name" maxlength="200" disabled=off value=name prop:value=name on:change=rename/>
                    </div>
                    <div class="field">
                        <label class="field-label" for="card-priority">{text!(scorecards.priority)}</label>
                        <input class="input" id="card-priority" type="number" step="1" disabled=off aria-describedby="card-priority-hint"
                            value=priority prop:value=priority on:change=rank/>
                        <p class="field-hint" id="card-priority-hint">{text!(scorecards.priority_hint)}</p>
                    </div>
                </div>
                <AppliesTo/>
                <Reached/>
            </div>
        </section>
    }
}

/// The filter, with what can come next and the mistake where it is.
#[component]
fn AppliesTo() -> impl IntoView {
    let bench = use_bench();
    let shown = Memo::new(move |_| bench.card.with(|card| card.applies_to.clone()));
    let known = Signal::stored(Some(Arc::new(bench.catalogue.get_value())));
    let said = Callback::new(move |said: Said| {
        if let Said::Typed(text) = said {
            bench.edit("applies_to", |card| card.applies_to = text);
        }
    });
    let text = FilterText::new("card-filter", known, shown, said);
    let placeholder = Signal::derive(move || td_string!(bench.language.get(), scorecards.applies_to_all).to_owned());
    view! {
        <div class="field scorecard-filter">
            <label class="field-label" for="card-filter">{text!(scorecards.applies_to)}</label>
            <FilterLine text placeholder disabled=!bench.may_edit/>
        </div>
    }
}

/// How many accounts the card is for, and which other cards are stronger or weaker there.
#[component]
fn Reached() -> impl IntoView {
    let bench = use_bench();
    let reach = RwSignal::new(None::<Reach>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let asked = Memo::new(move |_| bench.card.with(|card| (card.applies_to.clone(), card.priority)));
    Effect::new(move |_| {
        let (applies_to, priority) = asked.get();
        let handle = set_timeout_with_handle(move || count(bench, reach, applies_to, priority), PAUSE).ok();
        let earlier = timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten();
        if let Some(earlier) = earlier {
            earlier.clear();
        }
    });
    view! {
        <div role="status">{move || reach.get().map(|reach| {
            let locale = bench.language.get();
            view! {
                <p class="strong">{reach_words(&reach, locale)}</p>
                <ul class="scorecard-rivals">{reach.rivals.iter().map(|rival| {
                    let (name, shared) = (rival.name.clone(), format::integer(i64::from(rival.shared)));
                    let text = if rival.wins {
                        td_string!(locale, scorecards.loses_to, name = name, priority = rival.priority, shared = shared)
                    } else {
                        td_string!(locale, scorecards.wins_over, name = name, priority = rival.priority, shared = shared)
                    };
                    view! { <li>{text}</li> }
                }).collect_view()}</ul>
            }
        })}</div>
    }
}

fn reach_words(reach: &Reach, locale: Locale) -> String {
    let (matching, scored) = (format::integer(i64::from(reach.matching)), format::integer(i64::from(reach.scored)));
    if reach.matching == reach.scored {
        td_string!(locale, scorecards.reaches, total = matching)
    } else {
        td_string!(locale, scorecards.reaches_some, total = matching, scored = scored)
    }
}

fn count(bench: Bench, reach: RwSignal<Option<Reach>>, applies_to: String, priority: i32) {
    spawn_local(async move {
        // A filter with a mistake reaches nobody: the mistake is shown at its place.
        let answer = card_reach(bench.id, applies_to, priority).await.ok();
        reach.try_set(answer);
    });
}
