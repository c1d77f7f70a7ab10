//! Draws a chart layout as SVG, with its title, its description and its table twin.

use domain::chart::{Layout, Mark, closed_path_d, path_d};
use leptos::prelude::*;

use crate::ui::download::Download;

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
            <Drawing layout class="chart"/>
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

/// The picture of a chart alone.
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
