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
            money if money.is_money() && !currencies(answer, *money).is_empty() => {
                columns.extend(currencies(answer, *money).into_iter().map(|currency| (*measure, Some(currency))));
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
        Measure::Arr | Measure::ArrMedian | Measure::Mrr => {
            let money = numbers.amounts(measure).iter().find(|money| Some(money.currency) == currency)?;
            Some(amount(money.minor, money.currency.digits()))
        }
        // Tenths are what the screen shows, and as much as a score means.
        Measure::Score => numbers.mean().map(|mean| (mean.tenths() as f64 / 10.0).to_string()),
        Measure::ScoreMedian => numbers.score_median.map(|median| (median.tenths() as f64 / 10.0).to_string()),
        Measure::Total => Some(numbers.total.to_string()),
        Measure::PerAccount => numbers.per_account().map(|value| value.to_string()),
    }
}

/// Returns the currencies of a measure: movements may add up to nothing in all and not in each group.
fn currencies(answer: &Answer, measure: Measure) -> Vec<Currency> {
    let all = std::iter::once(&answer.whole).chain(answer.groups.iter().map(|group| &group.numbers));
    let mut currencies = Vec::new();
    for money in all.flat_map(|numbers| numbers.amounts(measure)) {
        if !currencies.contains(&money.currency) {
            currencies.push(money.currency);
        }
    }
    currencies
}
