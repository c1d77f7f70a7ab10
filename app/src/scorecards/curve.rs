//! The curve: points that move by hand and by key, the portfolio behind them, and the same as a table.

use domain::health::{
    CORNERS_MAX, Direction, Scale, add_corner, direction, histogram, move_corner, remove_corner, round_to, span, step,
    turned,
};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::corner_table::CornerTable;
use super::preview::{Look, use_engine};
use super::scale::Shape;
use crate::format;
use crate::i18n::td_string;
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 220.0;
/// Room around the plot, so that a point at the edge can be taken.
const EDGE: f64 = 14.0;
/// Parts of the histogram.
const BINS: usize = 32;
/// Share of the span that is shown beyond its ends, so that an outer point can be drawn further out.
const BEYOND: f64 = 0.08;

/// What the parts of the picture share.
#[derive(Clone, Copy)]
pub(super) struct Plot {
    pub shape: Shape,
    /// The corners, following the draft.
    pub corners: Memo<Vec<(f64, f64)>>,
    /// The values that the picture spans.
    range: Memo<(f64, f64)>,
    /// The span while a point is being drawn: the ground must not move under the hand.
    held: RwSignal<Option<(f64, f64)>>,
    dragged: RwSignal<Option<usize>>,
}

impl Plot {
    fn x(self, raw: f64) -> f64 {
        let (low, high) = self.range.get();
        EDGE + (raw - low) / (high - low) * (WIDTH - 2.0 * EDGE)
    }

    fn y(points: f64) -> f64 {
        HEIGHT - EDGE - points / 100.0 * (HEIGHT - 2.0 * EDGE)
    }

    /// Returns the least step of raw values.
    pub(super) fn step(self) -> f64 {
        let (low, high) = self.range.get_untracked();
        step(low, high)
    }

    /// Moves a corner.
    pub(super) fn move_to(self, index: usize, raw: f64, points: f64) {
        self.edit(&format!("corner{index}"), |corners| *corners = move_corner(corners, index, raw, points));
    }

    /// Adds a corner after another one and puts the focus on it.
    pub(super) fn add_after(self, index: usize) {
        let Some((corners, place)) = self.corners.with_untracked(|corners| add_corner(corners, index)) else { return };
        self.edit("", |now| *now = corners);
        focus_later(&format!("corner-{place}"));
    }

    /// Takes a corner away.
    pub(super) fn remove(self, index: usize) {
        self.edit("", |corners| *corners = remove_corner(corners, index));
        focus_later(&format!("corner-{}", index.saturating_sub(1)));
    }

    fn edit(self, tag: &str, change: impl FnOnce(&mut Vec<(f64, f64)>)) {
        self.shape.edit(tag, |scale| {
            if let Scale::Curve(corners) = scale {
                change(corners);
            }
        });
    }

    /// Reads where the pointer is, in raw values and points.
    fn under(self, event: &ev::PointerEvent) -> Option<(f64, f64)> {
        let target = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
        let frame = target.closest("svg").ok().flatten()?.get_bounding_client_rect();
        let (low, high) = self.range.get_untracked();
        let across = (f64::from(event.client_x()) - frame.left()) / frame.width() * WIDTH;
        let down = (f64::from(event.client_y()) - frame.top()) / frame.height() * HEIGHT;
        let raw = low + (across - EDGE) / (WIDTH - 2.0 * EDGE) * (high - low);
        let points = (HEIGHT - EDGE - down) / (HEIGHT - 2.0 * EDGE) * 100.0;
        (raw.is_finite() && points.is_finite()).then(|| (round_to(raw, self.step()), points.round()))
    }

    fn press(self, index: usize, event: &ev::KeyboardEvent) {
        let Some((raw, points)) = self.corners.with_untracked(|corners| corners.get(index).copied()) else { return };
        let far = if event.shift_key() { 10.0 } else { 1.0 };
        let (across, up) = match event.key().as_str() {
            "ArrowUp" => (0.0, far),
            "ArrowDown" => (0.0, -far),
            "PageUp" => (0.0, 10.0),
            "PageDown" => (0.0, -10.0),
            "ArrowRight" => (far, 0.0),
            "ArrowLeft" => (-far, 0.0),
            "Home" => (0.0, -100.0),
            "End" => (0.0, 100.0),
            "Enter" | "+" | "Insert" => {
                event.prevent_default();
                return self.add_after(index);
            }
            "Delete" | "Backspace" => {
                event.prevent_default();
                return self.remove(index);
            }
            _ => return,
        };
        event.prevent_default();
        self.move_to(index, round_to(raw + across * self.step(), self.step()), points + up);
    }
}

/// The picture of a curve with its table.
#[component]
pub(super) fn Curve(shape: Shape) -> impl IntoView {
    let corners = Memo::new(move |_| match shape.scale() {
        Some(Scale::Curve(corners)) => corners,
        _ => Vec::new(),
    });
    let look = Memo::new(move |_| shape.measure().with(|measure| measure.as_ref().map(Look::of)));
    let engine = use_engine();
    let values = Memo::new(move |_| look.get().map(|look| engine.values(&look)).unwrap_or_default());
    let held = RwSignal::new(None);
    let range = Memo::new(move |_| {
        held.get().unwrap_or_else(|| {
            let (low, high) = corners.with(|corners| values.with(|values| span(corners, values)));
            let beyond = (high - low) * BEYOND;
            (low - beyond, high + beyond)
        })
    });
    let plot = Plot { shape, corners, range, held, dragged: RwSignal::new(None) };
    let bench = shape.bench;
    let slope = move || {
        let locale = bench.language.get();
        match corners.with(|corners| direction(corners)) {
            Direction::Rising => td_string!(locale, scorecards.rising),
            Direction::Falling => td_string!(locale, scorecards.falling),
            Direction::Flat => td_string!(locale, scorecards.flat),
            Direction::Mixed => td_string!(locale, scorecards.mixed),
        }
    };
    let turn = move |_| plot.edit("", |corners| *corners = turned(corners));
    view! {
        <div class="row">
            <span class="badge">{slope}</span>
            {bench.may_edit.then(|| view! {
                <button class="button" data-look="quiet" data-size="small" type="button" on:click=turn>
                    <Pic icon=Icon::Refresh/>{text!(scorecards.turn)}
                </button>
            })}
            {bench.may_edit.then(|| view! {
                <span class="faint push">{move || td_string!(bench.language.get(), scorecards.behind, total = format::integer(values.with(|v| v.len() as i64)))}</span>
            })}
        </div>
        <Picture plot values/>
        {bench.may_edit.then(|| view! { <p class="faint" id="curve-keys">{text!(scorecards.curve_keys)}</p> })}
        <CornerTable plot/>
    }
}

#[component]
fn Picture(plot: Plot, values: Memo<Vec<f64>>) -> impl IntoView {
    let bench = plot.shape.bench;
    let bars = move || {
        let (low, high) = plot.range.get();
        let counts = values.with(|values| histogram(values, (low, high), BINS));
        let most = counts.iter().copied().max().unwrap_or_default().max(1);
        let width = (WIDTH - 2.0 * EDGE) / BINS as f64;
        counts.into_iter().enumerate().filter(|(_, count)| *count > 0).map(move |(bin, count)| {
            let height = f64::from(count) / f64::from(most) * (HEIGHT - 2.0 * EDGE) * 0.9;
            let x = EDGE + bin as f64 * width;
            view! { <rect class="curve-bar" x=x y=HEIGHT - EDGE - height width=(width - 1.5).max(0.5) height=height/> }
        }).collect_view()
    };
    // The curve is flat beyond its ends.
    let line = move || {
        let corners = plot.corners.get();
        let (Some(first), Some(last)) = (corners.first().copied(), corners.last().copied()) else {
            return String::new();
        };
        let mut path = format!("M{EDGE} {:.2}", Plot::y(first.1));
        for (raw, points) in corners {
            path.push_str(&format!(" L{:.2} {:.2}", plot.x(raw), Plot::y(points)));
        }
        path.push_str(&format!(" L{} {:.2}", WIDTH - EDGE, Plot::y(last.1)));
        path
    };
    let count = Memo::new(move |_| plot.corners.with(Vec::len));
    let end =
        move |place: fn((f64, f64)) -> f64| move || format::number(round_to(place(plot.range.get()), plot.step()));
    view! {
        <figure class="curve">
            <div class="curve-axis" aria-hidden="true"><span>"100"</span><span>"50"</span><span>"0"</span></div>
            <svg class="curve-picture" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="group" direction="ltr"
                aria-label=text!(scorecards.curve_label)>
                <g aria-hidden="true">
                    {bars}
                    {[0.0, 25.0, 50.0, 75.0, 100.0].map(|points| view! {
                        <line class="chart-grid-line" x1=EDGE x2=WIDTH - EDGE y1=Plot::y(points) y2=Plot::y(points)/>
                    })}
                    <path class="chart-line" d=line/>
                </g>
                <For each=move || 0..count.get() key=|index| *index let:index><Corner plot index/></For>
            </svg>
            <div class="curve-ends" aria-hidden="true"><span>{end(|range| range.0)}</span><span>{end(|range| range.1)}</span></div>
            <figcaption class="visually-hidden">{move || td_string!(bench.language.get(), scorecards.curve_text, total = count.get())}</figcaption>
        </figure>
    }
}

#[component]
fn Corner(plot: Plot, index: usize) -> impl IntoView {
    let bench = plot.shape.bench;
    let corner = Memo::new(move |_| plot.corners.with(|corners| corners.get(index).copied()).unwrap_or_default());
    let at = move || (plot.x(corner.get().0), Plot::y(corner.get().1));
    let label = move || {
        let total = plot.corners.with(Vec::len);
        td_string!(bench.language.get(), scorecards.corner, place = index + 1, total = total)
    };
    let spoken = move || {
        let (raw, points) = corner.get();
        td_string!(
            bench.language.get(),
            scorecards.corner_at,
            value = format::number(raw),
            points = format::number(points)
        )
    };
    let take = move |event: ev::PointerEvent| {
        if !bench.may_edit {
            return;
        }
        plot.held.set(Some(plot.range.get_untracked()));
        plot.dragged.set(Some(index));
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if plot.dragged.get_untracked() != Some(index) {
            return;
        }
        if let Some((raw, points)) = plot.under(&event) {
            plot.move_to(index, raw, points);
        }
    };
    let drop = move |_: ev::PointerEvent| {
        plot.dragged.set(None);
        plot.held.set(None);
    };
    let tabindex = if bench.may_edit { "0" } else { "-1" };
    view! {
        <g class="curve-corner" id=format!("corner-{index}") role="slider" tabindex=tabindex aria-label=label aria-valuemin="0" aria-valuemax="100"
            aria-valuenow=move || corner.get().1.round().to_string() aria-valuetext=spoken aria-orientation="vertical"
            aria-disabled=(!bench.may_edit).then_some("true") aria-describedby=bench.may_edit.then_some("curve-keys")
            on:pointerdown=take on:pointermove=drag on:pointerup=drop on:pointercancel=drop
            on:keydown=move |event| if bench.may_edit { plot.press(index, &event) }>
            <circle class="curve-hit" cx=move || at().0 cy=move || at().1 r="20"/>
            <circle class="curve-dot" cx=move || at().0 cy=move || at().1 r="6"><title>{spoken}</title></circle>
        </g>
    }
}

/// Returns whether another corner fits on a curve.
pub(super) fn has_room(corners: &[(f64, f64)]) -> bool {
    corners.len() < CORNERS_MAX
}
