//! The filter: one line in the filter language, with what can come next, and the mistake where it is.

use domain::filter;
use leptos::prelude::*;
use leptos::{ev, html};

use super::grid::Grid;
use crate::i18n::{Locale, td_string};
use crate::ui::filter_line::{FilterLine, FilterText, Said};
use crate::ui::icon::{Icon, Pic};

type Example = (&'static str, fn(Locale) -> &'static str);

const EXAMPLES: [Example; 6] = [
    ("score < 50 and arr > 10k", |locale| td_string!(locale, accounts.example_score)),
    ("band in (at_risk, critical)", |locale| td_string!(locale, accounts.example_band)),
    ("owner is me and renewal within 90 days", |locale| td_string!(locale, accounts.example_mine)),
    ("last_activity_at older than 30 days", |locale| td_string!(locale, accounts.example_silent)),
    ("tags has \"vip\"", |locale| td_string!(locale, accounts.example_tag)),
    ("owner is empty", |locale| td_string!(locale, accounts.example_empty)),
];

/// The filter of the grid.
#[component]
pub fn FilterBar(grid: Grid) -> impl IntoView {
    let shown = Memo::new(move |_| grid.look.with(|look| look.filter.clone()));
    let said = Callback::new(move |said: Said| match said {
        Said::Typed(_) => {}
        Said::Paused(filter) => grid.set_filter(filter, true),
        Said::Entered(filter) => grid.set_filter(filter, false),
    });
    let known = Signal::derive(move || Some(grid.catalogue.get()));
    let text = FilterText::new("filter", known, shown, said);
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if crate::shell::is_typing() || event.default_prevented() {
                return;
            }
            if event.key() == "/" {
                event.prevent_default();
                if let Some(input) = text.input().get_untracked() {
                    let _ = input.focus();
                }
            } else {
                grid.press_key_outside(&event);
            }
        });
        on_cleanup(move || handle.remove());
    });
    let label = Signal::derive(move || td_string!(grid.language.get(), accounts.filter).to_owned());
    let placeholder = Signal::derive(move || td_string!(grid.language.get(), accounts.filter_placeholder).to_owned());
    view! {
        <FilterLine text label placeholder/>
        <Help grid/>
    }
}

#[component]
fn Help(grid: Grid) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let examples = EXAMPLES.iter().map(|(text, label)| {
        let use_it = move |_| {
            if let Some(details) = node.get_untracked() {
                details.set_open(false);
            }
            let canonical = filter::parse(text, &grid.catalogue.get_untracked()).map(|filter| filter.to_string());
            grid.set_filter(canonical.unwrap_or_else(|_| (*text).to_owned()), false);
        };
        view! {
            <button class="menu-item" type="button" on:click=use_it>
                <span>{move || label(grid.language.get())}<br/><code>{*text}</code></span>
            </button>
        }
    });
    view! {
        <details class="menu" node_ref=node>
            <summary class="button"><Pic icon=Icon::Help/><span>{text!(accounts.filter_how)}</span></summary>
            <div class="menu-list">
                <p class="menu-label">{text!(accounts.filter_how_text)}</p>
                {examples.collect_view()}
            </div>
        </details>
    }
}

/// The conditions that must all hold, each with a way to take it away.
#[component]
pub fn Conditions(grid: Grid) -> impl IntoView {
    let label = text!(accounts.conditions);
    move || {
        let filter = grid.look.with(|look| filter::parse(&look.filter, &grid.catalogue.get())).ok()?;
        if filter.is_everything() {
            return None;
        }
        let chips = filter.conditions().iter().enumerate().map(|(index, part)| {
            let (text, rest) = (part.to_string(), filter.without(index).to_string());
            let remove = { let text = text.clone(); move || td_string!(grid.language.get(), accounts.remove_condition, text = text.clone()) };
            view! {
                <li class="chip">
                    <code class="truncate">{text}</code>
                    <button class="chip-remove" type="button" aria-label=remove on:click=move |_| grid.set_filter(rest.clone(), false)>
                        <Pic icon=Icon::Cross/>
                    </button>
                </li>
            }
        });
        Some(view! { <ul class="row" data-gap="small" aria-label=label>{chips.collect_view()}</ul> })
    }
}
