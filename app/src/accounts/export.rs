//! Taking accounts out: which ones, as what kind of file, with which columns, and the first rows as they will be.
//!
//! The form is the browser's own, so that the browser shows how far the download is and can stop it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::export::{ACCOUNTS_MAX, Format, Preview, Request};
use domain::fields::Field;
use domain::import::value::cut;
use leptos::prelude::*;

use super::grid::Grid;
use super::labels;
use super::server_fns::preview_export;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::ui::loaded;

/// Where the form is sent.
const ACTION: &str = "/api/v1/export/accounts";
/// How long the dialog stays after the form is sent: the browser reads the form until then.
const CLOSES_AFTER: Duration = Duration::from_millis(200);
/// Characters of a cell that the preview shows.
const CELL_CHARS_SHOWN: usize = 60;
/// What is computed and goes out unless somebody takes it away.
const COMPUTED_FIRST: [&str; 2] = ["score", "band"];

/// Which accounts go out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Which {
    Listed,
    Selected,
    All,
}

impl Which {
    fn key(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Selected => "selected",
            Self::All => "all",
        }
    }

    fn from_key(key: &str) -> Self {
        [Self::Selected, Self::All].into_iter().find(|which| which.key() == key).unwrap_or(Self::Listed)
    }
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Choice {
    grid: Grid,
    format: RwSignal<Format>,
    which: RwSignal<Which>,
    columns: RwSignal<BTreeSet<String>>,
}

impl Choice {
    fn new(grid: Grid) -> Self {
        let is_selected = grid.selected.with_untracked(|selected| !selected.is_empty());
        let choice = Self {
            grid,
            format: RwSignal::new(Format::Csv),
            which: RwSignal::new(if is_selected { Which::Selected } else { Which::Listed }),
            columns: RwSignal::new(BTreeSet::new()),
        };
        choice.take(|field| field.editable || COMPUTED_FIRST.contains(&field.key.as_str()));
        choice
    }

    fn take(self, is_taken: impl Fn(&Field) -> bool) {
        let catalogue = self.grid.catalogue.get_untracked();
        let keys = catalogue.fields.iter().filter(|field| is_taken(field)).map(|field| field.key.clone());
        self.columns.set(keys.collect());
    }

    fn request(self) -> Request {
        let columns = self.columns.get();
        let keys = |field: &Field| columns.contains(&field.key).then(|| field.key.clone());
        let columns = self.grid.catalogue.with(|catalogue| catalogue.fields.iter().filter_map(keys).collect());
        let mut request = Request { format: self.format.get(), columns, ..Request::default() };
        match self.which.get() {
            Which::Listed => request.filter = self.grid.look.with(|look| look.filter.clone()),
            Which::Selected => {
                request.accounts = self.grid.selected.with(|ids| ids.iter().copied().take(ACCOUNTS_MAX).collect());
            }
            Which::All => {}
        }
        request
    }
}

/// The dialog in which a file is put together.
#[component]
pub fn Export(grid: Grid, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(move || td_string!(grid.language.get(), accounts.export_title).to_owned());
    view! { <Dialog open title><ExportForm grid open/></Dialog> }
}

#[component]
fn ExportForm(grid: Grid, open: RwSignal<bool>) -> impl IntoView {
    let choice = Choice::new(grid);
    let request = Memo::new(move |_| choice.request());
    let preview = later(move || {
        let request = request.get();
        // Without a column there is no file; the server would take all of them.
        async move { if request.columns.is_empty() { Ok(Preview::default()) } else { preview_export(request).await } }
    });
    let is_ready = move || {
        let has_rows = preview.with(|preview| matches!(preview, Some(Ok(preview)) if preview.total > 0));
        has_rows && request.with(|request| !request.columns.is_empty())
    };
    let submit = move |_| {
        grid.toasts.say(td_string!(grid.language.get_untracked(), accounts.export_begun));
        let close = move || {
            let _ = open.try_set(false);
        };
        set_timeout(close, CLOSES_AFTER);
    };
    let ids = move || request.with(|request| request.accounts.iter().map(ToString::to_string).collect::<Vec<_>>());
    view! {
        <form method="post" action=ACTION on:submit=submit>
            <div class="dialog-body stack">
                <FormatField choice/>
                <WhichField choice/>
                <ColumnsField choice/>
                <Outlook grid preview/>
            </div>
            <input type="hidden" name="excel" value="true"/>
            <input type="hidden" name="filter" prop:value=move || request.with(|request| request.filter.clone())/>
            <input type="hidden" name="columns" prop:value=move || request.with(|request| request.columns.join(","))/>
            <input type="hidden" name="accounts" prop:value=move || ids().join(",")/>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="primary" type="submit" disabled=move || !is_ready()>
                    <Pic icon=Icon::Download/><span>{text!(accounts.export_download)}</span>
                </button>
            </footer>
        </form>
    }
}

#[component]
fn FormatField(choice: Choice) -> impl IntoView {
    let label = |format: Format, locale: Locale| match format {
        Format::Csv => td_string!(locale, accounts.export_csv),
        Format::Xlsx => td_string!(locale, accounts.export_xlsx),
        Format::Json => td_string!(locale, accounts.export_json),
    };
    let options = Format::ALL.map(|format| {
        view! { <option value=format.key()>{move || label(format, choice.grid.language.get())}</option> }
    });
    let choose = move |event| choice.format.set(Format::from_key(&event_target_value(&event)).unwrap_or_default());
    view! {
        <div class="field">
            <label class="field-label" for="export-format">{text!(accounts.export_format)}</label>
            <select class="select" id="export-format" name="format" on:change=choose>
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}

#[component]
fn WhichField(choice: Choice) -> impl IntoView {
    let selected = choice.grid.selected.with_untracked(BTreeSet::len);
    let words = move |which: Which| {
        let locale = choice.grid.language.get();
        match which {
            Which::Listed => td_string!(locale, accounts.export_listed).to_owned(),
            Which::Selected => {
                let total = format::integer(i64::try_from(selected.min(ACCOUNTS_MAX)).unwrap_or(i64::MAX));
                td_string!(locale, accounts.export_selected, total = total)
            }
            Which::All => td_string!(locale, accounts.export_all).to_owned(),
        }
    };
    let offered = [Which::Listed, Which::Selected, Which::All].into_iter();
    let options = offered.filter(|which| *which != Which::Selected || selected > 0).map(|which| {
        let is_chosen = choice.which.get_untracked() == which;
        view! { <option value=which.key() prop:selected=is_chosen>{move || words(which)}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for="export-which">{text!(accounts.export_which)}</label>
            <select class="select" id="export-which"
                on:change=move |event| choice.which.set(Which::from_key(&event_target_value(&event)))>
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn ColumnsField(choice: Choice) -> impl IntoView {
    let grid = choice.grid;
    let count = move || {
        let chosen = choice.columns.with(BTreeSet::len);
        let total = format::integer(i64::try_from(chosen).unwrap_or(i64::MAX));
        td_string!(grid.language.get(), accounts.export_columns, total = total)
    };
    let fields = grid.catalogue.get_untracked();
    let boxes = fields.fields.iter().map(|field| view! { <ColumnBox choice field=field.clone()/> }).collect_view();
    let listed = move |_| {
        let shown = grid.look.with_untracked(|look| look.columns.clone());
        choice.take(|field| shown.contains(&field.key));
    };
    view! {
        <details>
            <summary class="field-label">{count}</summary>
            <ul class="column-picker" tabindex="0" aria-label=text!(accounts.columns)>{boxes}</ul>
            <div class="row" data-gap="small">
                <button class="button" data-size="small" type="button" on:click=move |_| choice.take(|field| field.editable)>
                    {text!(accounts.export_importable)}
                </button>
                <button class="button" data-size="small" type="button" on:click=listed>{text!(accounts.export_shown)}</button>
                <button class="button" data-size="small" type="button" on:click=move |_| choice.take(|_| true)>
                    {text!(accounts.export_every)}
                </button>
            </div>
        </details>
    }
}

#[component]
fn ColumnBox(choice: Choice, field: Field) -> impl IntoView {
    let field = StoredValue::new(field);
    let name = move || field.with_value(|field| labels::field(field, choice.grid.language.get()));
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

/// How many rows the file has and the first of them, or why there is none.
#[component]
fn Outlook(grid: Grid, preview: RwSignal<Option<Result<Preview>>>) -> impl IntoView {
    move || match preview.get() {
        None => view! { <p role="status">{text!(accounts.loading_list)}</p> }.into_any(),
        Some(Err(error)) => {
            view! { <p class="field-error" role="alert">{loaded::words(&error, grid.language.get()).1}</p> }.into_any()
        }
        Some(Ok(preview)) if preview.total == 0 => {
            view! { <p role="status">{text!(accounts.export_nothing)}</p> }.into_any()
        }
        Some(Ok(preview)) => view! { <FirstRows grid preview/> }.into_any(),
    }
}

#[component]
fn FirstRows(grid: Grid, preview: Preview) -> impl IntoView {
    let Preview { headings, rows, total } = preview;
    let total =
        move || td_string!(grid.language.get(), accounts.export_rows, total = format::integer(i64::from(total)));
    let head = headings.into_iter().map(|heading| view! { <th scope="col">{heading}</th> }).collect_view();
    let rows = rows.into_iter().map(|row| {
        let cells =
            row.iter().map(|cell| view! { <td class="nowrap">{cut(cell, CELL_CHARS_SHOWN)}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    });
    view! {
        <p role="status">{total}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=text!(accounts.export_first)>
            <table class="table"><thead><tr>{head}</tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
}
