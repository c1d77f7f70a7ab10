//! Pieces that more than one step shows: selects, counts, rows as they would be written, errors.

use std::collections::HashSet;

use domain::fields::{FieldType, Subject};
use domain::import::kind::Kind;
use domain::import::mapping::Target;
use domain::import::pair::{Both, Made};
use domain::import::plan::RowError;
use domain::import::preview::{Preview, PreviewRow, RowOutcome};
use domain::import::write::{BYTE_ORDER_MARK, Cell, write_row};
use leptos::html;
use leptos::prelude::*;

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::save::save_text;

/// A word that follows the language.
type Word = fn(Locale) -> &'static str;

/// A select whose value follows a signal.
#[component]
pub fn Choice(
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// What choosing does.
    choose: Callback<String>,
    /// Its id, where a label points to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Its name, where no label points to it.
    #[prop(optional, into)]
    name: Option<Signal<String>>,
    /// Whether what is chosen cannot stay so.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    /// The id of what explains it.
    #[prop(optional, into)]
    described: Option<String>,
    /// The options.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    Effect::new(move |_| {
        let value = value.get();
        if let Some(select) = node.get() {
            select.set_value(&value);
        }
    });
    view! {
        <select class="select" node_ref=node id=id aria-label=move || name.map(|name| name.get()) aria-describedby=move || described.clone().filter(|_| invalid.get())
            aria-invalid=move || invalid.get().then_some("true")
            on:change=move |event| choose.run(event_target_value(&event))>
            {children()}
        </select>
    }
}

/// One number of a result.
#[component]
pub fn Count(
    /// The number.
    value: u64,
    /// What it counts.
    label: fn(Locale) -> &'static str,
    /// Its colour, when there is anything to count.
    #[prop(optional)]
    tone: Option<&'static str>,
) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="count" data-tone=tone.filter(|_| value > 0)>
            <span class="count-value">{count(value)}</span>
            <span>{move || label(language.get())}</span>
        </div>
    }
}

/// The numbers of accounts and of contacts, and of the rows that stay away.
#[component]
pub fn BothCounts(
    /// The accounts and contacts.
    both: Both,
    /// Rows that the choices do not allow.
    conflict: u64,
    /// Rows with an error.
    invalid: u64,
    /// Whether it is done, and not only planned.
    made: bool,
) -> impl IntoView {
    let of = move |each: Made| {
        let (new, update): (Word, Word) = if made {
            (|l| td_string!(l, imports.created), |l| td_string!(l, imports.updated))
        } else {
            (|l| td_string!(l, imports.new), |l| td_string!(l, imports.update))
        };
        view! {
            <div class="counts">
                <Count value=each.created label=new tone="good"/>
                <Count value=each.updated label=update tone="info"/>
                <Count value=each.unchanged label=|l| td_string!(l, imports.unchanged)/>
            </div>
        }
    };
    view! {
        <div role="status"><dl class="counts-both">
            <div><dt>{text!(imports.accounts)}</dt><dd>{of(both.accounts)}</dd></div>
            <div><dt>{text!(imports.contacts)}</dt><dd>{of(both.contacts)}</dd></div>
            <div>
                <dt>{text!(imports.rows_left_out)}</dt>
                <dd>
                    <div class="counts">
                        <Count value=conflict label=|l| td_string!(l, imports.conflict) tone="warn"/>
                        <Count value=invalid label=|l| td_string!(l, imports.invalid) tone="bad"/>
                    </div>
                </dd>
            </div>
        </dl></div>
    }
}

/// Returns a number of rows as people read it.
#[must_use]
pub fn count(value: u64) -> String {
    format::integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The first rows of a file, with what is wrong or would change marked.
#[component]
pub fn PreviewRows(
    /// What was found.
    preview: Preview,
) -> impl IntoView {
    let language = use_language();
    let wrong: HashSet<(u64, String)> =
        preview.errors.iter().filter_map(|error| Some((error.line, error.column.clone()?))).collect();
    let columns: Vec<(String, Option<String>)> = preview
        .headings
        .iter()
        .zip(&preview.mapping.columns)
        .map(|(heading, column)| (heading.clone(), target_key(&column.target)))
        .collect();
    let skipped = columns.clone();
    let is_pair = preview.both.is_some();
    let row = move |row: PreviewRow| {
        let cells = columns.iter().zip(row.cells).map(|((heading, key), cell)| {
            let is_wrong = wrong.contains(&(row.line, heading.clone()));
            let is_changed = key.as_ref().is_some_and(|key| row.changes.contains(key));
            view! {
                <td data-problem=is_wrong.then_some("") data-changed=is_changed.then_some("") title=cell.clone()>{cell.clone()}</td>
            }
        });
        let (outcome, reason, locale) = (row.outcome, row.reason.clone(), language.get_untracked());
        // A row that is left out is so as a whole.
        let is_both = is_pair && matches!(outcome, RowOutcome::New | RowOutcome::Update | RowOutcome::Unchanged);
        let account = if is_both {
            td_string!(locale, imports.account_is, outcome = outcome_label(outcome, locale))
        } else {
            outcome_label(outcome, locale).to_owned()
        };
        let contact = row.contact.map(|outcome| {
            let words = td_string!(locale, imports.contact_is, outcome = outcome_label(outcome, locale));
            view! { " "<span class="badge" data-tone=tone(outcome)>{words}</span> }
        });
        view! {
            <tr>
                <th scope="row">{count(row.line)}</th>
                <td title=reason><span class="badge" data-tone=tone(outcome)>{account}</span>{contact}</td>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <div class="preview-table" tabindex="0" role="region" aria-label=text!(imports.first_rows)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{text!(imports.line)}</th>
                        <th scope="col">{text!(imports.outcome)}</th>
                        {skipped.into_iter().map(|(heading, key)| view! {
                            <th scope="col" class=key.is_none().then_some("faint")>{heading}</th>
                        }).collect_view()}
                    </tr>
                </thead>
                <tbody>{preview.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The first errors of a file, to read and to take along.
#[component]
pub fn Errors(
    /// The errors that were kept.
    errors: Vec<RowError>,
    /// How many there are.
    total: u64,
    /// The file they come from.
    file: String,
    /// Where the rows themselves can be downloaded, once the import has run.
    #[prop(optional_no_strip, into)]
    rows: Option<String>,
) -> impl IntoView {
    const SHOWN: usize = 50;
    let shown = errors.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    let kept = StoredValue::new(errors);
    let download = move |_| {
        let csv = kept.with_value(|errors| errors_csv(errors));
        save_text(
            &csv,
            "text/csv",
            &format!("{} errors.csv", file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem)),
        );
    };
    let more = total.saturating_sub(shown.len() as u64);
    view! {
        <section class="card">
            <header class="card-head">
                <h3 class="card-title">{text!(imports.errors_title, count = count(total))}</h3>
                {match rows {
                    Some(href) => view! {
                        <a class="button" data-size="small" href=href download="" rel="external"><Pic icon=Icon::Download/>{text!(imports.error_rows)}</a>
                    }
                    .into_any(),
                    None => view! {
                        <button class="button" data-size="small" type="button" on:click=download><Pic icon=Icon::Download/>{text!(imports.errors_csv)}</button>
                    }
                    .into_any(),
                }}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="region" aria-label=text!(imports.errors_region)>
                    <table class="table">
                        <thead><tr>
                            <th scope="col" class="number">{text!(imports.line)}</th>
                            <th scope="col">{text!(imports.column)}</th>
                            <th scope="col">{text!(imports.value)}</th>
                            <th scope="col">{text!(imports.reason)}</th>
                        </tr></thead>
                        <tbody>{shown.into_iter().map(|error| view! {
                            <tr>
                                <td class="number">{count(error.line)}</td>
                                <td>{error.column.unwrap_or_else(|| "–".to_owned())}</td>
                                <td>{error.value}</td>
                                <td>{error.message}</td>
                            </tr>
                        }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
            {(more > 0).then(|| view! { <footer class="card-foot"><span class="muted">{text!(imports.errors_more, count = count(more))}</span></footer> })}
        </section>
    }
}

/// Returns what people call rows of a subject.
#[must_use]
pub fn subject_label(subject: Subject, locale: Locale) -> &'static str {
    match subject {
        Subject::Contact => td_string!(locale, imports.contacts),
        Subject::Usage => td_string!(locale, imports.usage),
        Subject::Ticket => td_string!(locale, imports.tickets),
        Subject::Invoice => td_string!(locale, imports.invoices),
        Subject::Survey => td_string!(locale, imports.surveys),
        _ => td_string!(locale, imports.accounts),
    }
}

/// Returns what people call rows of a kind.
#[must_use]
pub fn rows_label(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::AccountWithContact => td_string!(locale, imports.accounts_with_contacts),
        Kind::One(subject) => subject_label(subject, locale),
    }
}

/// Returns what people call a type of values.
#[must_use]
pub fn kind_label(kind: &FieldType, locale: Locale) -> &'static str {
    match kind {
        FieldType::Number => td_string!(locale, imports.kind_number),
        FieldType::Money => td_string!(locale, imports.kind_money),
        FieldType::Percent => td_string!(locale, imports.kind_percent),
        FieldType::Date => td_string!(locale, imports.kind_date),
        FieldType::Bool => td_string!(locale, imports.kind_bool),
        FieldType::Tags => td_string!(locale, imports.kind_tags),
        _ => td_string!(locale, imports.kind_text),
    }
}

/// Returns the key of the field that a column goes to.
#[must_use]
pub fn target_key(target: &Target) -> Option<String> {
    match target {
        Target::Field(key) => Some(key.clone()),
        Target::NewCustom { key, .. } => Some(format!("custom.{key}")),
        Target::Skip => None,
    }
}

fn outcome_label(outcome: RowOutcome, locale: Locale) -> &'static str {
    match outcome {
        RowOutcome::New => td_string!(locale, imports.outcome_new),
        RowOutcome::Update => td_string!(locale, imports.outcome_update),
        RowOutcome::Unchanged => td_string!(locale, imports.outcome_unchanged),
        RowOutcome::Conflict => td_string!(locale, imports.outcome_conflict),
        RowOutcome::Invalid => td_string!(locale, imports.outcome_invalid),
        RowOutcome::Unknown => td_string!(locale, imports.outcome_readable),
    }
}

fn tone(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::New => "good",
        RowOutcome::Update => "info",
        RowOutcome::Unchanged | RowOutcome::Unknown => "neutral",
        RowOutcome::Conflict => "warn",
        RowOutcome::Invalid => "bad",
    }
}

fn errors_csv(errors: &[RowError]) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    write_row(&mut out, ["Line", "Column", "Value", "Message"].map(Cell::Text));
    for error in errors {
        let line = Cell::Whole(i64::try_from(error.line).unwrap_or_default());
        let column = error.column.as_deref().map_or(Cell::Blank, Cell::Text);
        write_row(&mut out, [line, column, Cell::Text(&error.value), Cell::Text(&error.message)]);
    }
    out
}
