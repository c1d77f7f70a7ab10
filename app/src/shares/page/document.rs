//! A document as a page: the same blocks as on paper, without its pages.

use domain::report::{Align, Bar, Block, Cell, Fact, Look, Opening, Row, RowLook, Table};
use leptos::prelude::*;

use crate::ui::chart::Drawing;

/// Draws blocks one below the other.
pub(super) fn blocks(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Opening(opening) => view! { <Beginning opening=*opening/> }.into_any(),
        Block::Heading { text, note } => {
            let note = (!note.is_empty()).then(|| view! { <span class="card-sub">{note}</span> });
            view! { <div class="shared-heading"><h2>{text}</h2>{note}</div> }.into_any()
        }
        Block::Text { text, look } => {
            let class = match look {
                Look::Plain => "prose",
                Look::Muted => "prose muted",
                Look::Marked => "prose strong",
            };
            view! { <p class=class>{text}</p> }.into_any()
        }
        Block::Facts(facts) => view! { <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl> }.into_any(),
        Block::Table(table) => view! { <Rows table/> }.into_any(),
        Block::Chart(layout) => view! { <Drawing layout class="chart"/> }.into_any(),
    }
}

fn fact(fact: Fact) -> AnyView {
    let note = (!fact.note.is_empty()).then(|| view! { <span class="muted">" "{fact.note}</span> });
    view! { <div><dt>{fact.label}</dt><dd>{fact.value}{note}</dd></div> }.into_any()
}

/// Who it is about and how they are. The name stands above it already.
#[component]
fn Beginning(opening: Opening) -> impl IntoView {
    let badges =
        opening.badges.into_iter().map(|badge| view! { <span class="badge">{badge.text}</span> }).collect_view();
    let score = opening.score.map(|score| {
        view! {
            <div class="stat">
                <span class="stat-label">{score.label}</span>
                <span class="stat-value">{score.value}</span>
                <span class="row" data-gap="small">
                    <span class="legend-key" data-tone=score.band.tone.key()></span><span>{score.band.text}</span>
                </span>
                {score.notes.into_iter().map(|note| view! { <span class="stat-note">{note}</span> }).collect_view()}
            </div>
        }
    });
    view! {
        <div class="shared-opening">
            <div class="stack" data-gap="small">
                <p class="muted">{opening.kicker}</p>
                <div class="row" data-gap="small">{badges}</div>
            </div>
            {score}
        </div>
    }
}

#[component]
fn Rows(table: Table) -> impl IntoView {
    let aligns: Vec<Align> = table.columns.iter().map(|column| column.align).collect();
    let has_head = table.columns.iter().any(|column| !column.heading.is_empty());
    let head = has_head.then(|| {
        let columns = table.columns.into_iter();
        let columns = columns.map(|column| view! { <th scope="col" class=class(column.align)>{column.heading}</th> });
        view! { <thead><tr>{columns.collect_view()}</tr></thead> }
    });
    let row = |row: Row| {
        let look = match row.look {
            RowLook::Plain => None,
            RowLook::Group => Some("group"),
            RowLook::Total => Some("total"),
        };
        let cells = row.cells.into_iter().enumerate();
        let cells = cells.map(|(place, cell)| {
            view! { <td class=class(aligns.get(place).copied().unwrap_or_default())>{words(cell)}</td> }
        });
        view! { <tr class="shared-row" data-look=look>{cells.collect_view()}</tr> }
    };
    view! {
        <div class="table-scroll" tabindex="0">
            <table class="table">{head}<tbody>{table.rows.into_iter().map(row).collect_view()}</tbody></table>
        </div>
    }
}

fn class(align: Align) -> Option<&'static str> {
    (align == Align::End).then_some("number")
}

fn words(cell: Cell) -> AnyView {
    if let Some(bar) = cell.bar {
        return view! { <Drawn bar/> }.into_any();
    }
    let strong = cell.strong.then_some("strong");
    let key = cell.tone.map(|tone| view! { <span class="legend-key" data-tone=tone.key()></span>" " });
    let note = (!cell.note.is_empty()).then(|| view! { <br/><span class="field-hint">{cell.note}</span> });
    view! { {key}<span class=strong>{cell.text}</span>{note} }.into_any()
}

#[component]
fn Drawn(bar: Bar) -> impl IntoView {
    let (x, width) = bar.place();
    view! {
        <svg class="shared-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" direction="ltr">
            <rect class="chart-bar" data-tone=bar.tone.key() x=x y="0" width=width height="10"></rect>
        </svg>
    }
}
