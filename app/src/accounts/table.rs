//! The virtual grid: of any number of rows, only those in sight are drawn.

use std::sync::Arc;

use domain::fields::{Field, FieldType};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};

use super::cell::{Cell, cell_id};
use super::grid::{Grid, Spot};
use super::labels;
use super::server_fns::{BULK_MAX, first_accounts};
use crate::i18n::td_string;

/// The grid itself.
#[component]
pub fn Table(grid: Grid) -> impl IntoView {
    let (above, below) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    size(grid, above, below);
    let total = move || grid.cache.with(|cache| cache.total);
    let head = move || grid.columns.get().into_iter().enumerate().collect::<Vec<_>>();
    // The box itself takes the focus while the row that had it is not drawn.
    let tabindex = move || {
        let (from, to) = grid.range.get();
        let row = grid.spot.get().row;
        if row < 0 || (i64::from(from)..i64::from(to)).contains(&row) { "-1" } else { "0" }
    };
    view! {
        <div class="vgrid" role="grid" node_ref=grid.node tabindex=tabindex aria-label=text!(accounts.grid)
            aria-multiselectable="true" aria-rowcount=move || total() + 1 aria-colcount=move || grid.columns.with(Vec::len)
            aria-busy=move || grid.busy.get().to_string()
            on:scroll=move |_| { grid.keep_focus(); grid.measure(); } on:keydown=move |event| grid.press_key(&event)>
            <div class="vgrid-head" role="row" aria-rowindex="1">
                <For each=head key=|(place, field)| (*place, field.key.clone()) let((place, field))>
                    <Head grid place field/>
                </For>
            </div>
            <div class="vgrid-spacer" node_ref=above aria-hidden="true"></div>
            <For each=move || { let (from, to) = grid.range.get(); from..to } key=|index| *index let:index>
                <Row grid index/>
            </For>
            <div class="vgrid-spacer" node_ref=below aria-hidden="true"></div>
        </div>
    }
}

/// Sets the widths of the columns and the heights of what is not drawn, which only the browser knows.
fn size(grid: Grid, above: NodeRef<html::Div>, below: NodeRef<html::Div>) {
    Effect::new(move |_| {
        let Some(node) = grid.node.get() else { return };
        let widths =
            grid.columns.with(|columns| columns.iter().map(|field| width(field)).collect::<Vec<_>>().join(" "));
        let _ = web_sys::HtmlElement::style(&node).set_property("--columns", &widths);
    });
    Effect::new(move |_| {
        let ((from, to), height) = (grid.range.get(), grid.row_height.get());
        let total = grid.cache.with(|cache| cache.total);
        for (node, rows) in [(above, from), (below, total.saturating_sub(to))] {
            if let Some(node) = node.get() {
                let _ = web_sys::HtmlElement::style(&node)
                    .set_property("--height", &format!("{}px", f64::from(rows) * height));
            }
        }
    });
    Effect::new(move |_| {
        if grid.node.get().is_some() {
            grid.measure();
        }
        let resized = window_event_listener(ev::resize, move |_| grid.measure());
        on_cleanup(move || resized.remove());
    });
}

/// Returns the width of a field's column.
fn width(field: &Field) -> &'static str {
    match (field.key.as_str(), &field.kind) {
        ("name", _) => "minmax(13rem, 2fr)",
        ("score", _) => "minmax(5.5rem, 0.6fr)",
        ("tier" | "country" | "currency", _) => "minmax(7rem, 0.8fr)",
        (_, FieldType::Tags) => "minmax(10rem, 1.5fr)",
        (_, FieldType::User | FieldType::Date | FieldType::Text | FieldType::Account) => "minmax(8rem, 1fr)",
        (_, FieldType::Choice(_) | FieldType::Money) => "minmax(7rem, 0.8fr)",
        (_, FieldType::Number | FieldType::Percent | FieldType::Bool) => "minmax(6.5rem, 0.7fr)",
    }
}

#[component]
fn Head(grid: Grid, place: usize, field: Arc<Field>) -> impl IntoView {
    let spot = Spot { row: -1, column: place };
    let key = StoredValue::new(field.key.clone());
    let kind = labels::kind(&field);
    let sortable = field.kind != FieldType::Tags;
    let label = move || labels::field(&field, grid.language.get());
    let direction = move || {
        let sorted = grid.look.with(|look| key.with_value(|key| look.sorted(key)));
        sorted.map(|descending| if descending { "descending" } else { "ascending" })
    };
    let tabindex = move || if grid.spot.get() == spot { "0" } else { "-1" };
    view! {
        <div class="vgrid-cell" role="columnheader" data-kind=kind aria-colindex=place + 1 aria-sort=direction>
            {(place == 0).then(|| view! { <SelectAll grid/> })}
            {if sortable {
                view! {
                    <button class="sort" type="button" id=cell_id(spot) tabindex=tabindex title=text!(accounts.sort_hint)
                        on:focus=move |_| grid.arrive(spot)
                        on:click=move |event: ev::MouseEvent| grid.press(&key.get_value(), event.shift_key())>{label}</button>
                }
                .into_any()
            } else {
                view! { <span id=cell_id(spot) tabindex=tabindex on:focus=move |_| grid.arrive(spot)>{label}</span> }.into_any()
            }}
        </div>
    }
}

#[component]
fn SelectAll(grid: Grid) -> impl IntoView {
    let count = move || grid.selected.with(|selected| u32::try_from(selected.len()).unwrap_or(u32::MAX));
    let checked = move || {
        let total = grid.cache.with(|cache| cache.total);
        total > 0 && count() >= total.min(BULK_MAX as u32)
    };
    let label = move || {
        let locale = grid.language.get();
        if checked() { td_string!(locale, accounts.select_none) } else { td_string!(locale, accounts.select_all) }
    };
    let toggle = move |_| {
        if checked() {
            grid.selected.set(std::collections::BTreeSet::new());
            return;
        }
        let look = grid.look.get_untracked();
        spawn_local(async move {
            match first_accounts(look.filter, look.sort).await {
                Ok(ids) => {
                    let all = grid.cache.try_with_untracked(|cache| cache.total as usize <= ids.len());
                    grid.selected.try_set(ids.into_iter().collect());
                    if all == Some(false) {
                        grid.toasts.say(td_string!(grid.language.get_untracked(), accounts.bulk_limit));
                    }
                }
                Err(error) => grid.toasts.error(&error),
            }
        });
    };
    view! {
        <input type="checkbox" class="checkbox" tabindex="-1" aria-label=label prop:checked=checked on:change=toggle/>
    }
}

#[component]
fn Row(grid: Grid, index: u32) -> impl IntoView {
    let row = Memo::new(move |_| grid.cache.with(|cache| cache.row(index)));
    let is_selected = move || {
        let id = row.with(|row| row.as_ref().map(|item| item.id));
        id.is_some_and(|id| grid.selected.with(|selected| selected.contains(&id))).to_string()
    };
    let cells = move || grid.columns.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="vgrid-row" role="row" aria-rowindex=index + 2 aria-selected=is_selected>
            <For each=cells key=|(place, field)| (*place, field.key.clone()) let((column, field))>
                <Cell grid spot=Spot { row: i64::from(index), column } field row/>
            </For>
        </div>
    }
}
