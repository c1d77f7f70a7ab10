//! Which accounts a card is for: its name, a filter, and its priority beside other cards.

use std::time::Duration;

use domain::filter::{self, FilterError, Suggestion};
use domain::health::Reach;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};

use super::bench::{Bench, use_bench};
use super::server_fns::card_reach;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// How long nobody types before the accounts are counted.
const PAUSE: Duration = Duration::from_millis(350);
/// Proposals that are shown at a time.
const SHOWN: usize = 7;

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
    let text = Memo::new(move |_| bench.card.with(|card| card.applies_to.clone()));
    let (cursor, open) = (RwSignal::new(0u32), RwSignal::new(false));
    let place = RwSignal::new(None::<usize>);
    let input = NodeRef::<html::Input>::new();
    let error = Memo::new(move |_| bench.catalogue.with_value(|known| filter::parse(&text.get(), known)).err());
    let proposals = Memo::new(move |_| {
        if !open.get() {
            return Vec::new();
        }
        let mut list = bench.catalogue.with_value(|known| filter::complete(&text.get(), cursor.get(), known));
        list.truncate(SHOWN);
        list
    });
    let look = move || cursor.set(input.get_untracked().map(|input| chars_before(&input)).unwrap_or_default());
    let typed = Callback::new(move |value: String| {
        bench.edit("applies_to", |card| card.applies_to = value);
        place.set(None);
        open.set(true);
        look();
    });
    let insert = Callback::new(move |index: usize| {
        let Some(next) = proposals.with_untracked(|list| list.get(index).cloned()) else { return };
        let Some(input) = input.get_untracked() else { return };
        let (new, at) = inserted(&text.get_untracked(), &next);
        input.set_value(&new);
        let _ = input.set_selection_range(at, at);
        let _ = input.focus();
        typed.run(new);
    });
    let press = move |event: ev::KeyboardEvent| {
        let count = proposals.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => {
                place.update(|place| *place = Some(place.map_or(0, |place| (place + 1).min(count - 1))))
            }
            "ArrowUp" if count > 0 => place.update(|place| *place = place.and_then(|place| place.checked_sub(1))),
            "Enter" | "Tab" if count > 0 && place.get_untracked().is_some() => {
                insert.run(place.get_untracked().unwrap_or(0))
            }
            "Escape" if count > 0 => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    let is_open = move || proposals.with(|list| !list.is_empty());
    view! {
        <div class="field">
            <label class="field-label" for="card-filter">{text!(scorecards.applies_to)}</label>
            <div class="filter-bar scorecard-filter">
                <div class="filter-field">
                    <Pic icon=Icon::Funnel/>
                    <input class="filter-input" id="card-filter" type="text" role="combobox" node_ref=input autocomplete="off" spellcheck="false"
                        maxlength=filter::TEXT_CHARS_MAX placeholder=text!(scorecards.applies_to_all) disabled=!bench.may_edit
                        aria-autocomplete="list" aria-controls="card-proposals" aria-expanded=move || is_open().to_string()
                        aria-activedescendant=move || place.get().filter(|_| is_open()).map(|place| format!("card-proposal-{place}"))
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        aria-describedby=move || error.with(Option::is_some).then_some("card-filter-error")
                        value=move || text.get() prop:value=move || text.get() on:input=move |event| typed.run(event_target_value(&event))
                        on:keydown=press on:focus=move |_| { look(); open.set(true); } on:blur=move |_| open.set(false)/>
                </div>
                {move || error.get().map(|error| view! { <Mistake error text=text.get_untracked()/> })}
                <Proposals proposals place insert/>
            </div>
        </div>
    }
}

/// The mistake, with the wrong part marked.
#[component]
fn Mistake(error: FilterError, text: String) -> impl IntoView {
    let (at, len) = (error.at as usize, error.len as usize);
    let before: String = text.chars().take(at).collect();
    let wrong: String = text.chars().skip(at).take(len).collect();
    let after: String = text.chars().skip(at + len).collect();
    let wrong = if wrong.is_empty() { "…".to_owned() } else { wrong };
    view! {
        <p class="filter-error" id="card-filter-error" role="alert">
            {error.message}" "<span class="muted">{text!(scorecards.at_character, place = error.at + 1)}" "</span>
            <span>{before}</span><mark>{wrong}</mark><span>{after}</span>
        </p>
    }
}

#[component]
fn Proposals(
    proposals: Memo<Vec<Suggestion>>,
    place: RwSignal<Option<usize>>,
    insert: Callback<usize>,
) -> impl IntoView {
    let label = text!(scorecards.proposals);
    move || {
        let list = proposals.get();
        (!list.is_empty()).then(|| {
            let options = list.into_iter().enumerate().map(|(index, proposal)| view! {
                <li class="filter-suggestion" role="option" id=format!("card-proposal-{index}")
                    aria-selected=move || (place.get() == Some(index)).to_string()
                    on:mousedown=|event| event.prevent_default() on:click=move |_| insert.run(index)>
                    <code>{proposal.text}</code><span class="filter-suggestion-detail">{proposal.label}</span>
                </li>
            });
            view! { <ul class="filter-suggest" id="card-proposals" role="listbox" aria-label=label>{options.collect_view()}</ul> }
        })
    }
}

/// Returns how many characters stand before the cursor; the browser counts UTF-16 units.
fn chars_before(input: &web_sys::HtmlInputElement) -> u32 {
    let units = input.selection_start().ok().flatten().unwrap_or(0);
    let (mut seen, mut chars) = (0u32, 0u32);
    for c in input.value().chars() {
        if seen >= units {
            break;
        }
        seen += if c.len_utf16() == 2 { 2 } else { 1 };
        chars += 1;
    }
    chars
}

/// Returns the text with a proposal in its place, and where the cursor goes, in UTF-16 units.
fn inserted(text: &str, proposal: &Suggestion) -> (String, u32) {
    let (from, to) = (proposal.replaces.0 as usize, proposal.replaces.1 as usize);
    let mut new: String = text.chars().take(from).collect();
    if new.chars().last().is_some_and(|last| !last.is_whitespace() && last != '(') {
        new.push(' ');
    }
    new.push_str(&proposal.text);
    new.push(' ');
    let cursor = u32::try_from(new.encode_utf16().count()).unwrap_or_default();
    let rest: String = text.chars().skip(to).collect();
    new.push_str(rest.trim_start());
    (new, cursor)
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
