//! Draws a chart layout as SVG, with its title, its description, what it says where one points, and its table twin.

use domain::chart::{Layout, Mark, Stop, closed_path_d, nearest, path_d};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::download::Download;

/// How many places of a chart the keys for pages go by.
const PAGE: usize = 10;

/// A chart with a way to read it as a table.
#[component]
pub fn Chart(
    /// What to draw.
    layout: Layout,
) -> impl IntoView {
    let table = layout.table.clone();
    // Nothing cannot be taken along.
    let taken = (!layout.is_empty()).then(|| layout.clone());
    view! {
        <figure class="chart-figure">
            <Picture layout/>
            <div class="chart-foot">
                <details class="chart-table">
                    <summary>{text!(common.show_table)}</summary>
                    <div class="table-scroll" tabindex="0">
                        <table class="table">
                            <thead><tr>{table.headings.into_iter().map(|heading| view! { <th scope="col">{heading}</th> }).collect_view()}</tr></thead>
                            <tbody>
                                {table.rows.into_iter().map(|row| view! {
                                    <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr>
                                }).collect_view()}
                            </tbody>
                        </table>
                    </div>
                </details>
                {taken.map(|layout| view! { <Download layout/> })}
            </div>
        </figure>
    }
}

/// A picture that is looked at and no more.
#[component]
pub fn Drawing(
    /// What to draw.
    layout: Layout,
    /// The class of the picture: `chart`, `sparkline` or `distribution-bar`.
    class: &'static str,
) -> impl IntoView {
    let view_box = format!("0 0 {} {}", layout.width, layout.height);
    let stretch = (class != "chart").then_some("none");
    let label = format!("{}. {}", layout.title, layout.description);
    view! {
        <svg class=class viewBox=view_box role="img" aria-label=label preserveAspectRatio=stretch direction="ltr">
            {layout.marks.into_iter().map(mark).collect_view()}
        </svg>
    }
}

/// The picture of a chart, which says what stands where one points, and with the arrow keys one value after the other.
#[component]
pub fn Picture(
    /// What to draw.
    layout: Layout,
) -> impl IntoView {
    let language = use_language();
    let view_box = format!("0 0 {} {}", layout.width, layout.height);
    let (width, height) = (layout.width, layout.height);
    let (at, stops) = (RwSignal::new(None::<usize>), StoredValue::new(layout.stops()));
    let speaks = stops.with_value(|stops| !stops.is_empty());
    let label = format!("{}. {}", layout.title, layout.description);
    let label = move || match speaks {
        true => format!("{label} {}", td_string!(language.get(), common.chart_keys)),
        false => label.clone(),
    };
    let stop = move || stops.with_value(|stops| at.get().and_then(|at| stops.get(at).cloned()));
    let point = move |event: ev::PointerEvent| {
        let Some((x, y)) = under(&event) else { return };
        at.set(stops.with_value(|stops| nearest(stops, x * width, y * height)));
    };
    let press = move |event: ev::KeyboardEvent| {
        let count = stops.with_value(Vec::len);
        if let Some(place) = stepped(&event, at.get_untracked(), count) {
            event.prevent_default();
            at.set(place);
        }
    };
    view! {
        <svg class="chart" viewBox=view_box role="img" aria-label=label tabindex=speaks.then_some("0") direction="ltr"
            on:pointermove=point on:pointerdown=point on:pointerleave=move |_| at.set(None)
            on:keydown=press on:blur=move |_| at.set(None)>
            {layout.marks.into_iter().map(mark).collect_view()}
            {move || stop().map(|stop| pointer(&stop, height))}
        </svg>
        {speaks.then(|| view! {
            <p class="chart-said no-paper" role="status">{move || stop().map(|stop| stop.text)}</p>
        })}
    }
}

/// Shows which place of a chart is read out.
fn pointer(stop: &Stop, height: f64) -> impl IntoView + use<> {
    let (x, y) = (stop.x, stop.y);
    let outline = (stop.outline.len() > 1).then(|| closed_path_d(&stop.outline));
    let dot = outline.is_none();
    view! {
        {stop.is_moment.then(|| view! { <line class="chart-pointer" x1=x y1="0" x2=x y2=height/> })}
        {outline.map(|outline| view! { <path class="chart-pointer" d=outline/> })}
        {dot.then(|| view! { <circle class="chart-pointer" cx=x cy=y r="4.5"/> })}
    }
}

/// Returns where in the picture a pointer is, as shares of its width and height.
fn under(event: &ev::PointerEvent) -> Option<(f64, f64)> {
    let picture = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
    let has_room = picture.width() > 0.0 && picture.height() > 0.0;
    let share = |at: i32, from: f64, length: f64| (f64::from(at) - from) / length;
    has_room.then(|| {
        (
            share(event.client_x(), picture.left(), picture.width()),
            share(event.client_y(), picture.top(), picture.height()),
        )
    })
}

/// Returns which of `count` places a key leads to, where it is one that leads anywhere.
fn stepped(event: &ev::KeyboardEvent, at: Option<usize>, count: usize) -> Option<Option<usize>> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || count == 0 {
        return None;
    }
    let last = count - 1;
    let on = |by: usize| Some(at.map_or(0, |at| (at + by).min(last)));
    let back = |by: usize| Some(at.map_or(last, |at| at.saturating_sub(by)));
    match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => Some(on(1)),
        "ArrowLeft" | "ArrowUp" => Some(back(1)),
        "PageDown" => Some(on(PAGE)),
        "PageUp" => Some(back(PAGE)),
        "Home" => Some(Some(0)),
        "End" => Some(Some(last)),
        "Escape" if at.is_some() => Some(None),
        _ => None,
    }
}

fn mark(mark: Mark) -> AnyView {
    let background = mark.is_background();
    match mark {
        Mark::Line { points, tone } => {
            view! { <path class="chart-line" data-tone=tone.key() d=path_d(&points)/> }.into_any()
        }
        Mark::Area { points, tone } => {
            view! { <path class="chart-area" data-tone=tone.key() d=closed_path_d(&points)/> }.into_any()
        }
        Mark::Rect { x, y, width, height, tone, title } => {
            let class = if background { "chart-area" } else { "chart-bar" };
            view! { <rect class=class data-tone=tone.key() x=x y=y width=width height=height>{hover(title)}</rect> }
                .into_any()
        }
        Mark::Shape { points, tone, title } => view! {
            <path class="chart-bar" data-tone=tone.key() d=closed_path_d(&points)>{hover(title)}</path>
        }
        .into_any(),
        Mark::Shade { x, y, width, height, tone, strength, title } => view! {
            <rect class="chart-bar" data-tone=tone.key() x=x y=y width=width height=height fill-opacity=strength>
                {hover(title)}
            </rect>
        }
        .into_any(),
        Mark::Figure { x, y, anchor, text } => {
            view! { <text class="chart-number" x=x y=y text-anchor=anchor.key()>{text}</text> }.into_any()
        }
        Mark::Text { x, y, anchor, text, strong } => view! {
            <text class="chart-label" data-strong=strong.then_some("") x=x y=y text-anchor=anchor.key()>{text}</text>
        }
        .into_any(),
        Mark::Rule { x1, y1, x2, y2, role } => {
            let class = match role.key() {
                "axis" => "chart-axis",
                "link" => "chart-link",
                _ => "chart-grid-line",
            };
            view! { <line class=class x1=x1 y1=y1 x2=x2 y2=y2/> }.into_any()
        }
        Mark::Dot { x, y, tone, title } => {
            view! { <circle class="chart-dot" data-tone=tone.key() cx=x cy=y r="3">{hover(title)}</circle> }.into_any()
        }
    }
}

fn hover(title: String) -> Option<impl IntoView> {
    (!title.is_empty()).then(|| view! { <title>{title}</title> })
}
