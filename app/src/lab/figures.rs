//! Tables of figures, as the laboratory shows them.

use leptos::prelude::*;

/// One row: what it is about, what that means, and a cell for each column.
pub(super) struct Row {
    /// What it is about.
    pub label: String,
    /// What that means.
    pub hint: Option<&'static str>,
    /// What stands in the columns.
    pub cells: Vec<String>,
}

/// A table of figures, which scrolls sideways where it must.
#[component]
pub(super) fn FigureTable(
    /// The id of the heading that names it.
    labelled_by: &'static str,
    /// What stands above the columns, the first of which says what the rows are about.
    headings: Vec<String>,
    /// The rows.
    rows: Vec<Row>,
) -> impl IntoView {
    let headings = headings.into_iter().enumerate().map(|(place, heading)| {
        view! { <th scope="col" class=(place > 0).then_some("number")>{heading}</th> }
    });
    let headings = headings.collect_view();
    let rows = rows.into_iter().map(|row| {
        let hint = row.hint.map(|hint| view! { <br/><span class="muted">{hint}</span> });
        view! {
            <tr>
                <th scope="row">{row.label}{hint}</th>
                {row.cells.into_iter().map(|cell| view! { <td class="number">{cell}</td> }).collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="card-body" data-flush>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby=labelled_by>
                <table class="table lab-figures">
                    <thead><tr>{headings}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
}
