//! The fields of the dialog.

use std::collections::BTreeSet;

use domain::export::{ACCOUNTS_MAX, Format, What};
use domain::fields::Field;
use domain::filter;
use domain::reports::{Keyed, State};
use leptos::prelude::*;

use super::choice::{Choice, Whose};
use super::words;
use crate::accounts::labels;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;

/// What the rows are; where a page has one kind alone, nothing is asked.
#[component]
pub(super) fn WhatField(choice: Choice) -> impl IntoView {
    let language = use_language();
    (choice.offer.whats.len() > 1).then(|| {
        let options = choice.offer.whats.iter().map(|what| {
            view! { <option value=what.key()>{move || words::what(*what, language.get())}</option> }
        });
        view! {
            <div class="field">
                <label class="field-label" for="export-what">{text!(exports.what)}</label>
                <select class="select" id="export-what"
                    on:change=move |event| choice.what.set(What::from_key(&event_target_value(&event)).unwrap_or_default())>
                    {options.collect_view()}
                </select>
            </div>
        }
    })
}

/// Of which accounts, or which of the list.
#[component]
pub(super) fn WhoseField(choice: Choice) -> impl IntoView {
    let language = use_language();
    let selected = choice.offer.selected.with_untracked(Vec::len);
    let offered = Whose::ALL.into_iter().filter(move |whose| *whose != Whose::Selected || selected > 0);
    let options = offered.map(|whose| {
        let label = move || {
            let total = format::integer(i64::try_from(selected.min(ACCOUNTS_MAX)).unwrap_or(i64::MAX));
            words::whose(whose, choice, &total, language.get())
        };
        view! { <option value=whose.key() prop:selected=move || choice.whose.get() == whose>{label}</option> }
    });
    let label = move || {
        let locale = language.get();
        if choice.is_the_pages() { td_string!(locale, exports.which) } else { td_string!(locale, exports.of_whom) }
    };
    (!choice.offer.one).then(|| {
        view! {
            <div class="field">
                <label class="field-label" for="export-which">{label}</label>
                <select class="select" id="export-which"
                    on:change=move |event| choice.whose.set(Whose::from_key(&event_target_value(&event)))>
                    {options.collect_view()}
                </select>
            </div>
        }
    })
}

/// Which of the alerts or tasks, unless the list says so.
#[component]
pub(super) fn StateField(choice: Choice) -> impl IntoView {
    let language = use_language();
    move || {
        let what = choice.what.get();
        (what.states().len() > 1 && !choice.is_the_list()).then(|| {
            let options = what.states().iter().map(|state| {
                view! { <option value=state.key()>{move || words::state(*state, language.get())}</option> }
            });
            view! {
                <div class="field">
                    <label class="field-label" for="export-state">{text!(exports.state)}</label>
                    <select class="select" id="export-state"
                        on:change=move |event| choice.state.set(State::from_key(&event_target_value(&event)).unwrap_or_default())>
                        {options.collect_view()}
                    </select>
                </div>
            }
        })
    }
}

/// As what kind of file.
#[component]
pub(super) fn FormatField(choice: Choice) -> impl IntoView {
    let language = use_language();
    let options = Format::ALL.map(|format| {
        view! { <option value=format.key()>{move || words::format(format, language.get())}</option> }
    });
    let choose = move |event| choice.format.set(Format::from_key(&event_target_value(&event)).unwrap_or_default());
    view! {
        <div class="field">
            <label class="field-label" for="export-format">{text!(exports.format)}</label>
            <select class="select" id="export-format" name="format" on:change=choose>
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}

/// From which day to which, where rows have a date.
#[component]
pub(super) fn DaysField(choice: Choice) -> impl IntoView {
    let language = use_language();
    move || {
        let what = choice.what.get();
        what.dated_by().map(|_| {
            view! {
                <fieldset class="field">
                    <legend class="field-label">{move || words::days(what, language.get())}</legend>
                    <div class="row" data-gap="small">
                        <input class="input" type="date" aria-label=text!(exports.from)
                            prop:value=move || choice.from.get() on:change=move |event| choice.from.set(event_target_value(&event))/>
                        <span aria-hidden="true">"–"</span>
                        <input class="input" type="date" aria-label=text!(exports.to)
                            prop:value=move || choice.to.get() on:change=move |event| choice.to.set(event_target_value(&event))/>
                    </div>
                </fieldset>
            }
        })
    }
}

/// Of which accounts, in the filter language; the list of accounts has a line of its own.
#[component]
pub(super) fn FilterField(choice: Choice) -> impl IntoView {
    let has_own = choice.offer.one || choice.offer.whats.first() == Some(&What::Accounts);
    (!has_own).then(|| {
        view! {
            <div class="field">
                <label class="field-label" for="export-filter">{text!(exports.filter)}</label>
                <input class="input" id="export-filter" autocomplete="off" spellcheck="false"
                    maxlength=filter::TEXT_CHARS_MAX aria-describedby="export-filter-hint"
                    prop:value=move || choice.filter.get() on:change=move |event| choice.filter.set(event_target_value(&event))/>
                <p class="field-hint" id="export-filter-hint">{text!(exports.filter_hint)}</p>
            </div>
        }
    })
}

/// Which columns.
#[component]
pub(super) fn ColumnsField(choice: Choice) -> impl IntoView {
    let language = use_language();
    let count = move || {
        let chosen = choice.columns.with(BTreeSet::len);
        let total = format::integer(i64::try_from(chosen).unwrap_or(i64::MAX));
        td_string!(language.get(), exports.columns, total = total)
    };
    let boxes = move || {
        let fields = choice.catalogue().unwrap_or_default();
        fields.fields.iter().map(|field| view! { <ColumnBox choice field=field.clone()/> }).collect_view()
    };
    let listed = move |_| {
        let shown = choice.offer.shown.get_untracked();
        choice.take(|field| shown.contains(&field.key));
    };
    let has_list = move || choice.is_the_pages() && choice.offer.shown.with(|keys| !keys.is_empty());
    let comes_back = move || choice.what.get().comes_back();
    view! {
        <details>
            <summary class="field-label">{count}</summary>
            <ul class="column-picker" tabindex="0" aria-label=text!(exports.column_list)>{boxes}</ul>
            <div class="row" data-gap="small">
                <Show when=comes_back>
                    <button class="button" data-size="small" type="button" on:click=move |_| choice.take(|field| field.editable)>
                        {text!(exports.importable)}
                    </button>
                </Show>
                <Show when=has_list>
                    <button class="button" data-size="small" type="button" on:click=listed>{text!(exports.shown)}</button>
                </Show>
                <button class="button" data-size="small" type="button" on:click=move |_| choice.take(|_| true)>
                    {text!(exports.every)}
                </button>
                <button class="button" data-size="small" type="button" on:click=move |_| choice.take(|_| false)>
                    {text!(exports.no_column)}
                </button>
            </div>
        </details>
    }
}

#[component]
fn ColumnBox(choice: Choice, field: Field) -> impl IntoView {
    let language = use_language();
    let field = StoredValue::new(field);
    let name = move || {
        let is_account = choice.what.get() == What::Accounts;
        field.with_value(|field| if is_account { labels::field(field, language.get()) } else { field.label.clone() })
    };
    let is_chosen = move || field.with_value(|field| choice.columns.with(|keys| keys.contains(&field.key)));
    let toggle = move |_| {
        let key = field.with_value(|field| field.key.clone());
        choice.columns.update(|keys| {
            if !keys.remove(&key) {
                keys.insert(key);
            }
        });
    };
    view! {
        <li>
            <label class="check">
                <input type="checkbox" class="checkbox" prop:checked=is_chosen on:change=toggle/>
                <span>{name}</span>
            </label>
        </li>
    }
}
