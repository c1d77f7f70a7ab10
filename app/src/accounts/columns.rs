//! The choice of columns: which fields are shown, and in which order.

use leptos::prelude::*;

use super::grid::Grid;
use super::labels;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The menu in which columns are shown, hidden and moved.
#[component]
pub fn Columns(grid: Grid) -> impl IntoView {
    let hidden = Memo::new(move |_| {
        let shown = grid.look.with(|look| look.columns.clone());
        let catalogue = grid.catalogue.get();
        catalogue.fields.iter().map(|field| field.key.clone()).filter(|key| !shown.contains(key)).collect::<Vec<_>>()
    });
    let shown = move || grid.columns.with(|columns| columns.iter().map(|field| field.key.clone()).collect::<Vec<_>>());
    view! {
        <details class="menu">
            <summary class="button"><Pic icon=Icon::Columns/><span>{text!(accounts.columns)}</span></summary>
            <div class="menu-list">
                <p class="menu-label">{text!(accounts.columns_shown)}</p>
                <ul class="column-picker" tabindex="0" aria-label=text!(accounts.columns_shown)>
                    <For each=shown key=Clone::clone let:key><Choice grid key is_shown=true/></For>
                </ul>
                <hr class="menu-line"/>
                <p class="menu-label">{text!(accounts.columns_hidden)}</p>
                <ul class="column-picker" tabindex="0" aria-label=text!(accounts.columns_hidden)>
                    <For each=move || hidden.get() key=Clone::clone let:key><Choice grid key is_shown=false/></For>
                </ul>
                <hr class="menu-line"/>
                <button class="menu-item" type="button" on:click=move |_| grid.go(|address, _| address.columns = None, true)>
                    <Pic icon=Icon::Undo/>{text!(accounts.columns_reset)}
                </button>
            </div>
        </details>
    }
}

#[component]
fn Choice(grid: Grid, key: String, is_shown: bool) -> impl IntoView {
    let key = StoredValue::new(key);
    let name = Signal::derive(move || {
        let catalogue = grid.catalogue.get();
        let field = key.with_value(|key| catalogue.get(key).cloned());
        field.map(|field| labels::field(&field, grid.language.get())).unwrap_or_default()
    });
    let place = move || grid.look.with(|look| key.with_value(|key| look.columns.iter().position(|shown| shown == key)));
    let count = move || grid.look.with(|look| look.columns.len());
    let toggle = move |_| {
        let mut columns = grid.look.with_untracked(|look| look.columns.clone());
        match columns.iter().position(|shown| key.with_value(|key| shown == key)) {
            // A grid without columns shows nothing at all.
            Some(_) if columns.len() == 1 => return,
            Some(at) => drop(columns.remove(at)),
            None => columns.push(key.get_value()),
        }
        grid.set_columns(columns);
    };
    let shift = move |step: isize| {
        let mut columns = grid.look.with_untracked(|look| look.columns.clone());
        let from = columns.iter().position(|shown| key.with_value(|key| shown == key));
        let to = from.and_then(|from| from.checked_add_signed(step)).filter(|to| *to < columns.len());
        if let (Some(from), Some(to)) = (from, to) {
            columns.swap(from, to);
            grid.set_columns(columns);
        }
    };
    view! {
        <li>
            <label class="check">
                <input type="checkbox" class="checkbox" prop:checked=is_shown checked=is_shown on:change=toggle
                    disabled=move || is_shown && count() == 1/>
                <span>{name}</span>
            </label>
            {is_shown.then(|| view! {
                <button class="icon-button" data-size="small" type="button" disabled=move || place() == Some(0)
                    aria-label=move || td_string!(grid.language.get(), accounts.column_up, name = name.get())
                    on:click=move |_| shift(-1)><Pic icon=Icon::Left/></button>
                <button class="icon-button" data-size="small" type="button" disabled=move || place().is_some_and(|at| at + 1 >= count())
                    aria-label=move || td_string!(grid.language.get(), accounts.column_down, name = name.get())
                    on:click=move |_| shift(1)><Pic icon=Icon::Right/></button>
            })}
        </li>
    }
}
