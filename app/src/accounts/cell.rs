//! One cell: what it shows, where the focus is, and the box in which its value is edited.

use std::sync::Arc;

use domain::fields::{Field, FieldType};
use domain::id::UserId;
use leptos::ev;
use leptos::prelude::*;
use serde_json::Value;

use super::cache::Item;
use super::editor::{Editor, can_edit};
use super::grid::{Grid, Spot};
use super::labels;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::derived::Derived;
use crate::ui::health::{BandBadge, ScoreBadge, Trend};

/// Returns the id by which the focus finds a cell.
pub fn cell_id(spot: Spot) -> String {
    format!("cell-{}-{}", spot.row, spot.column)
}

/// One field of one row.
#[component]
pub fn Cell(grid: Grid, spot: Spot, field: Arc<Field>, row: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let id = move || row.with(|row| row.as_ref().map(|item| item.id));
    let key = StoredValue::new(field.key.clone());
    let is_editing = Memo::new(move |_| {
        let id = id();
        grid.editing.with(|cell| {
            cell.as_ref().is_some_and(|(account, field)| Some(*account) == id && key.with_value(|key| key == field))
        })
    });
    let is_tinted = move || {
        let id = id();
        grid.changed
            .with(|changed| !changed.is_empty() && id.is_some_and(|id| changed.contains(&(id, key.get_value()))))
    };
    let is_empty = move || row.with(|row| row.as_ref().is_some_and(|item| key.with_value(|key| item.is_empty(key))));
    let editable = grid.may_edit && can_edit(&field);
    let edit = move |event: ev::MouseEvent| {
        if editable && let Some(id) = id() {
            event.prevent_default();
            grid.editing.set(Some((id, key.get_value())));
        }
    };
    let kind = labels::kind(&field);
    let content = {
        let field = Arc::clone(&field);
        move || {
            if is_editing.get() {
                // What others change meanwhile must not take away what is being typed.
                let item = row.get_untracked();
                return item.map(|item| view! { <Editor grid item field=Arc::clone(&field)/> }).into_any();
            }
            match row.get() {
                Some(item) => show(grid, &item, &field),
                None => view! { <span class="skeleton-line" aria-hidden="true">"\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}"</span> }.into_any(),
            }
        }
    };
    view! {
        <div class="vgrid-cell" class:highlight=is_tinted id=cell_id(spot) role=if spot.column == 0 { "rowheader" } else { "gridcell" }
            aria-colindex=spot.column + 1 data-kind=kind data-editable=editable.then_some("")
            data-empty=move || (is_empty() && !is_editing.get()).then_some("")
            tabindex=move || if grid.spot.get() == spot { "0" } else { "-1" }
            on:focus=move |_| grid.arrive(spot) on:click=move |_| grid.arrive(spot) on:dblclick=edit>
            {(spot.column == 0).then(|| view! { <SelectRow grid spot row/> })}
            {content}
        </div>
    }
}

#[component]
fn SelectRow(grid: Grid, spot: Spot, row: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let id = move || row.with(|row| row.as_ref().map(|item| item.id));
    let name = move || row.with(|row| row.as_ref().map(|item| item.name.clone()).unwrap_or_default());
    view! {
        <input type="checkbox" class="checkbox" tabindex="-1" disabled=move || id().is_none()
            aria-label=move || td_string!(grid.language.get(), accounts.select_row, name = name())
            prop:checked=move || id().is_some_and(|id| grid.selected.with(|selected| selected.contains(&id)))
            on:dblclick=|event| event.stop_propagation()
            on:change=move |_| {
                if let Some(id) = id() {
                    grid.toggle(id);
                    grid.focus(spot);
                }
            }/>
    }
}

/// Shows a value as its field's kind asks.
fn show(grid: Grid, item: &Item, field: &Field) -> AnyView {
    let key = field.key.as_str();
    match key {
        "name" => {
            let href = format!("/accounts/{}", item.id);
            return view! { <a href=href tabindex="-1">{item.name.clone()}</a> }.into_any();
        }
        "score" => {
            let (href, health) = (format!("/accounts/{}/health", item.id), item.health.clone());
            return view! { <a href=href tabindex="-1"><ScoreBadge health account=item.id/></a> }.into_any();
        }
        "band" => {
            let band = item.health.as_ref().map(|health| health.band);
            return view! { <BandBadge band account=item.id/> }.into_any();
        }
        "trend_7d" | "trend_30d" | "trend_90d" => return view! { <Trend change=item.points(key)/> }.into_any(),
        "parent_id" => {
            let href = item.value(key).as_str().map(|id| format!("/accounts/{id}"));
            return href.map(|href| view! { <a href=href tabindex="-1">{text!(accounts.parent)}</a> }).into_any();
        }
        _ => {}
    }
    match (&field.kind, item.value(key).as_ref()) {
        (FieldType::Date, _) => item
            .date(key)
            .map(|at| view! { <span title=format::relative(at, grid.now)>{format::date(at)}</span> })
            .into_any(),
        (FieldType::Tags, Value::Array(tags)) => {
            let tags = tags.iter().filter_map(Value::as_str).map(str::to_owned);
            tags.map(|tag| view! { <span class="tag">{tag}</span> }).collect_view().into_any()
        }
        _ => {
            let text = words(grid, item, field, grid.language.get());
            let title = text.clone();
            let derived = item.is_derived(key).then(|| view! { <Derived/> });
            view! { <span title=title>{text}</span>{derived} }.into_any()
        }
    }
}

/// Returns a value as plain words, also for messages.
pub fn words(grid: Grid, item: &Item, field: &Field, locale: Locale) -> String {
    let key = field.key.as_str();
    if let Some(points) = item.points(key) {
        return format::percent(points.as_f64());
    }
    match (&field.kind, item.value(key).as_ref()) {
        (FieldType::Date, _) => item.date(key).map(format::date).unwrap_or_default(),
        (FieldType::Money, _) => item.money(key).map(format::money).unwrap_or_default(),
        (FieldType::Percent, Value::Number(share)) => share.as_f64().map(format::percent).unwrap_or_default(),
        (_, Value::Number(number)) => number.as_f64().map(format::number).unwrap_or_default(),
        (_, Value::Bool(true)) => td_string!(locale, accounts.yes).to_owned(),
        (_, Value::Bool(false)) => td_string!(locale, accounts.no).to_owned(),
        (FieldType::User, Value::String(id)) => {
            id.parse::<UserId>().ok().and_then(|id| grid.person(id)).unwrap_or_default()
        }
        (FieldType::Choice(_), Value::String(word)) => labels::choice(key, word, locale),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}
