//! The curve as a table: every point as two numbers.

use leptos::ev;
use leptos::prelude::*;

use super::curve::{Plot, has_room};
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The points of a curve, one line each.
#[component]
pub(super) fn CornerTable(plot: Plot) -> impl IntoView {
    let bench = plot.shape.bench;
    let count = Memo::new(move |_| plot.corners.with(Vec::len));
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=text!(scorecards.corners)>
            <table class="table scale-table">
                <thead><tr>
                    <th scope="col">{text!(scorecards.value)}</th>
                    <th scope="col">{text!(scorecards.points)}</th>
                    {bench.may_edit.then(|| view! { <th scope="col"><span class="visually-hidden">{text!(scorecards.change)}</span></th> })}
                </tr></thead>
                <tbody><For each=move || 0..count.get() key=|index| *index let:index><CornerRow plot index/></For></tbody>
            </table>
        </div>
    }
}

#[component]
fn CornerRow(plot: Plot, index: usize) -> impl IntoView {
    let bench = plot.shape.bench;
    let corner = Memo::new(move |_| plot.corners.with(|corners| corners.get(index).copied()).unwrap_or_default());
    let number = |event: &ev::Event| event_target_value(event).trim().parse::<f64>().ok();
    // What does not fit between the neighbours is not taken over, and the box shows again what holds.
    let redraw = move |event: &ev::Event, value: f64| {
        event_target::<web_sys::HtmlInputElement>(event).set_value(&value.to_string());
    };
    let set_raw = move |event: ev::Event| {
        if let Some(raw) = number(&event) {
            plot.move_to(index, raw, corner.get_untracked().1);
        }
        redraw(&event, corner.get_untracked().0);
    };
    let set_points = move |event: ev::Event| {
        if let Some(points) = number(&event) {
            plot.move_to(index, corner.get_untracked().0, points);
        }
        redraw(&event, corner.get_untracked().1);
    };
    let named = move |what: &'static str| {
        move || {
            let locale = bench.language.get();
            match what {
                "value" => td_string!(locale, scorecards.corner_value, place = index + 1),
                "points" => td_string!(locale, scorecards.corner_points, place = index + 1),
                "add" => td_string!(locale, scorecards.corner_add, place = index + 1),
                _ => td_string!(locale, scorecards.corner_remove, place = index + 1),
            }
        }
    };
    let is_last_one = move || plot.corners.with(Vec::len) <= 1;
    let is_full = move || !plot.corners.with(|corners| has_room(corners));
    view! {
        <tr>
            <td><input class="input" type="number" step="any" disabled=!bench.may_edit aria-label=named("value")
                value=move || corner.get().0.to_string() prop:value=move || corner.get().0.to_string() on:change=set_raw/></td>
            <td><input class="input" type="number" min="0" max="100" step="any" disabled=!bench.may_edit aria-label=named("points")
                value=move || corner.get().1.to_string() prop:value=move || corner.get().1.to_string() on:change=set_points/></td>
            {bench.may_edit.then(|| view! {
                <td class="nowrap">
                    <button class="icon-button" data-size="small" type="button" aria-label=named("add") disabled=is_full
                        on:click=move |_| plot.add_after(index)><Pic icon=Icon::Plus/></button>
                    <button class="icon-button" data-size="small" type="button" aria-label=named("remove") disabled=is_last_one
                        on:click=move |_| plot.remove(index)><Pic icon=Icon::Trash/></button>
                </td>
            })}
        </tr>
    }
}
