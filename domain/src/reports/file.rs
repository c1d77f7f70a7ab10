//! The table of a report as a file that spreadsheets open without running anything.

use super::answer::{Answer, Group};
use super::parts::Measure;
use crate::export::cells::amount;
use crate::import::write::{BYTE_ORDER_MARK, Cell, write_row};
use crate::money::Currency;
use crate::time::Timestamp;

/// One column behind the name of the group; amounts have one for each currency.
type Column = (Measure, Option<Currency>);

/// Returns the table as CSV, with the caller's words above the columns and for the groups.
#[must_use]
pub fn csv(
    answer: &Answer,
    first: &str,
    heading: &dyn Fn(Measure) -> String,
    name: &dyn Fn(&Group) -> String,
) -> String {
    let columns = columns(answer);
    let mut out = String::from(BYTE_ORDER_MARK);
    let headings: Vec<String> = columns
        .iter()
        .map(|(measure, currency)| match currency {
            Some(currency) => format!("{} ({currency})", heading(*measure)),
            None => heading(*measure),
        })
        .collect();
    write_row(&mut out, std::iter::once(first).chain(headings.iter().map(String::as_str)).map(Cell::Text));
    for group in &answer.groups {
        let cells: Vec<Option<String>> = columns.iter().map(|column| cell(group, *column)).collect();
        let cells = cells.iter().map(|cell| cell.as_deref().map_or(Cell::Blank, Cell::Plain));
        write_row(&mut out, std::iter::once(Cell::Text(&name(group))).chain(cells));
    }
    out
}

/// Returns the name of the file of a report of a moment.
#[must_use]
pub fn file_name(now: Timestamp) -> String {
    format!("report-{}.csv", now.iso_date())
}

fn columns(answer: &Answer) -> Vec<Column> {
    let mut columns = Vec::new();
    for measure in &answer.spec.measures {
        match measure {
            Measure::Arr if !answer.whole.arr.is_empty() => {
                columns.extend(answer.whole.arr.iter().map(|money| (*measure, Some(money.currency))));
            }
            _ => columns.push((*measure, None)),
        }
    }
    columns
}

fn cell(group: &Group, (measure, currency): Column) -> Option<String> {
    let numbers = &group.numbers;
    match measure {
        Measure::Count => Some(numbers.count.to_string()),
        Measure::Accounts => Some(numbers.accounts.to_string()),
        Measure::Arr => {
            let money = numbers.arr.iter().find(|money| Some(money.currency) == currency)?;
            Some(amount(money.minor, money.currency.digits()))
        }
        // Tenths are what the screen shows, and as much as a score means.
        Measure::Score => numbers.mean().map(|mean| (mean.tenths() as f64 / 10.0).to_string()),
    }
}
