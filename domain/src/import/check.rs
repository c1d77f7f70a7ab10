//! Checking rows: the mapping is looked up once for a file, then each row is read by it.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::mapping::{Column, Target};
use super::plan::{Mode, Options, Row, RowError, is_blank, name_key, row_key};
use super::table::Cells;
use super::value::{self, Reading, cut, quoted};
use crate::export::columns::{are_ours, may_be_ours};
use crate::fields::{Catalogue, Field, FieldType, Subject};
use crate::money::Currency;
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// How many characters of a wrong cell an error shows.
const VALUE_CHARS_MAX: usize = 100;

/// A mapping made ready for reading many rows.
#[derive(Clone, Debug)]
pub struct Checker {
    headings: Vec<String>,
    columns: Vec<ReadyColumn>,
    options: Options,
    /// The place of the currency in `columns`, which is read before the amounts.
    currency_column: Option<usize>,
    has_money: bool,
    /// Whether accounts without a name are called by their key.
    name_from_key: bool,
    /// Whether accounts without an external id are known by their name: the file was exported from here.
    ours: bool,
}

/// One column that goes somewhere.
#[derive(Clone, Debug)]
struct ReadyColumn {
    /// Its place in the file.
    index: usize,
    key: String,
    label: String,
    kind: FieldType,
    required: bool,
    rule: Rule,
    reading: Reading,
}

/// What a field asks of its values beyond their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    None,
    Email,
    Domain,
    Currency,
    Day,
    Whole,
}

impl Checker {
    /// Prepares to read the rows of a file.
    ///
    /// # Errors
    /// Returns a [`Refusal`] that lists what is wrong with the mapping.
    pub fn new(headings: &[String], options: &Options, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut errors = Vec::new();
        let mut columns: Vec<ReadyColumn> = Vec::new();
        let mut refuse = |field: &str, message: String| errors.push(FieldError { field: field.to_owned(), message });
        if options.mapping.columns.len() != headings.len() {
            refuse("mapping", "The mapping belongs to another file. Map the columns of this one.".to_owned());
        }
        for (index, column) in options.mapping.columns.iter().enumerate() {
            let Some(field) = target_field(column, catalogue) else { continue };
            let Ok(field) = field.map_err(|(key, message)| refuse(&key, message)) else { continue };
            if columns.iter().any(|other| other.key == field.key) {
                refuse(&field.key, format!("Two columns go to “{}”. Choose one of them.", field.label));
            }
            columns.push(ready(index, &field, column, options.currency));
        }
        let given = |key: &str| options.mapping.given.iter().any(|given| given == key);
        let maps = |key: &str| given(key) || columns.iter().any(|column| column.key == key);
        let name_from_key = options.subject == Subject::Account && maps("external_id");
        if options.mode != Mode::Update {
            for field in catalogue.fields.iter().filter(|field| field.required && !maps(&field.key)) {
                if !(field.key == "name" && name_from_key) {
                    refuse(
                        &field.key,
                        format!("Choose the column that holds “{}”; no row can do without it.", field.label),
                    );
                }
            }
        }
        for key in options.match_keys.iter().filter(|key| !maps(key)) {
            refuse(
                "match_keys",
                format!("Rows are matched by “{key}”, but no column goes there. Map one, or match by another field."),
            );
        }
        if options.mode == Mode::Update && options.match_keys.is_empty() {
            refuse("match_keys", "Choose the field by which rows are matched; an update needs one.".to_owned());
        }
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        Ok(Self {
            headings: headings.to_vec(),
            currency_column: columns.iter().position(|column| column.key == "currency"),
            has_money: columns.iter().any(|column| column.kind == FieldType::Money),
            columns,
            options: options.clone(),
            name_from_key,
            ours: may_be_ours(options.subject) && are_ours(headings, catalogue),
        })
    }

    /// Reads one row, or says what is wrong with each of its cells.
    ///
    /// # Errors
    /// Returns at least one [`RowError`] where a cell, or the number of cells, is wrong.
    pub fn check_row(&self, line: u64, cells: &Cells) -> Result<Row, Vec<RowError>> {
        let surplus = cells.iter().skip(self.headings.len()).any(|cell| !cell.trim().is_empty());
        if cells.len() < self.headings.len() || surplus {
            let (has, wants) = (cells.len(), self.headings.len());
            let message = format!(
                "The row has {has} cells and the headings {wants}. Check its delimiters, and quote cells that hold one."
            );
            return Err(vec![RowError::row(line, message)]);
        }
        let mut row = Row { line, key: None, fields: Map::new(), when_new: Map::new(), missing: None };
        let mut errors = Vec::new();
        let currency = self.currency_of(cells);
        for column in &self.columns {
            let cell = cells.get(column.index).unwrap_or_default();
            if let Err(message) = self.read_cell(column, cell, currency, &mut row) {
                errors.push(self.error(line, column, cell, message));
            }
        }
        if errors.is_empty() {
            errors.extend(self.check_whole(&row));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if self.has_money && !row.fields.contains_key("currency") && self.has_amount(&row) {
            row.when_new.insert("currency".to_owned(), Value::from(self.options.currency.code()));
        }
        Ok(row)
    }

    fn read_cell(
        &self,
        column: &ReadyColumn,
        cell: &str,
        currency: Option<Currency>,
        row: &mut Row,
    ) -> Result<(), String> {
        let value = match (&column.kind, currency) {
            (FieldType::Money, Some(currency)) => {
                value::parse(cell, &column.kind, &Reading { currency, ..column.reading })
            }
            _ => value::parse(cell, &column.kind, &column.reading),
        };
        let value = value.and_then(|value| follow(column.rule, value))?;
        if !value.is_null() {
            row.fields.insert(column.key.clone(), value);
            return Ok(());
        }
        let named_by_key = column.key == "name" && self.name_from_key;
        if column.required && !named_by_key {
            let message = format!("“{}” is blank. Fill it in, or remove the row.", column.label);
            if self.options.mode == Mode::Create || self.options.empty_cells == super::plan::EmptyCells::Clear {
                return Err(message);
            }
            row.missing = Some(message);
        } else if self.options.empty_cells == super::plan::EmptyCells::Clear
            && !column.required
            && column.rule != Rule::Currency
        {
            let empty = if column.kind == FieldType::Tags { Value::Array(Vec::new()) } else { Value::Null };
            row.fields.insert(column.key.clone(), empty);
        }
        Ok(())
    }

    /// Checks what only shows when all cells of a row are read, and fills in its key and name.
    fn check_whole(&self, row: &Row) -> Option<RowError> {
        if self.options.subject == Subject::Survey
            && let Some(message) = survey_scale(&row.fields)
        {
            let column = self
                .columns
                .iter()
                .find(|column| column.key == "score")
                .map(|column| self.headings[column.index].clone());
            let value = row.fields.get("score").map(Value::to_string).unwrap_or_default();
            return Some(RowError { line: row.line, column, value, message });
        }
        None
    }

    /// Returns whether nothing stands in the columns of this subject.
    pub(super) fn is_blank(&self, cells: &Cells) -> bool {
        self.columns.iter().all(|column| cells.get(column.index).is_none_or(|cell| cell.trim().is_empty()))
    }

    /// Returns a print of each cell beside the key, by which rows about the same thing are compared.
    pub(super) fn prints(&self, row: &Row) -> Box<[u64]> {
        let print = |column: &ReadyColumn| {
            let value = row.fields.get(&column.key).filter(|value| !is_blank(value))?;
            let mut hasher = DefaultHasher::new();
            value.to_string().hash(&mut hasher);
            // Nothing is as zero is; no value may look like it.
            Some(hasher.finish() | 1)
        };
        let is_key = |column: &ReadyColumn| self.options.match_keys.contains(&column.key);
        self.columns.iter().map(|column| if is_key(column) { 0 } else { print(column).unwrap_or(0) }).collect()
    }

    /// Returns the cells that say something else than the row of these prints.
    pub(super) fn contradictions(&self, row: &Row, cells: &Cells, first: &[u64], line: u64) -> Vec<RowError> {
        let subject = if self.options.subject == Subject::Contact { "contact" } else { "account" };
        let prints = self.prints(row);
        let other = |(index, print): (usize, &u64)| (*print != 0 && first.get(index) != Some(print)).then_some(index);
        let wrong = |index: usize| {
            let column = &self.columns[index];
            let message = format!(
                "Line {line} is about the same {subject} and says otherwise, or leaves this blank. It counts: write the same in both rows, or leave this cell blank."
            );
            self.error(row.line, column, cells.get(column.index).unwrap_or_default(), message)
        };
        prints.iter().enumerate().filter_map(other).map(wrong).collect()
    }

    /// Returns whether the file was exported from here.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.ours
    }

    /// Fills in the key of a checked row, and the name that an account without one gets.
    ///
    /// # Errors
    /// Returns a [`RowError`] where a part of the key is blank.
    pub fn identify(&self, row: &mut Row) -> Result<(), RowError> {
        let keys = &self.options.match_keys;
        row.key = row_key(keys, &row.fields);
        if self.ours && row.key.is_none() {
            row.key = name_key(keys, &row.fields);
        }
        if row.key.is_none() && !keys.is_empty() {
            let blank =
                self.columns.iter().find(|column| keys.contains(&column.key) && !row.fields.contains_key(&column.key));
            let label = blank.map_or("the key", |column| column.label.as_str());
            let message =
                format!("“{label}” is blank, and rows are matched by it. Fill it in, or match by another field.");
            let column = blank.map(|column| self.headings[column.index].clone());
            return Err(RowError { line: row.line, column, value: String::new(), message });
        }
        if self.name_from_key && !row.fields.contains_key("name") {
            match row.fields.get("external_id").filter(|id| !id.is_null()) {
                Some(id) => {
                    row.when_new.insert("name".to_owned(), id.clone());
                }
                None => row.missing = Some("The row has neither a name nor an external ID. Fill one in.".to_owned()),
            }
        }
        Ok(())
    }

    /// Returns the currency that the row itself names; one that is wrong is reported as its own cell.
    fn currency_of(&self, cells: &Cells) -> Option<Currency> {
        cells.get(self.columns.get(self.currency_column?)?.index)?.parse().ok()
    }

    fn has_amount(&self, row: &Row) -> bool {
        let is_amount = |column: &&ReadyColumn| column.kind == FieldType::Money;
        self.columns.iter().filter(is_amount).any(|column| row.fields.get(&column.key).is_some_and(Value::is_number))
    }

    fn error(&self, line: u64, column: &ReadyColumn, cell: &str, message: String) -> RowError {
        let column = Some(self.headings[column.index].clone());
        RowError { line, column, value: cut(cell, VALUE_CHARS_MAX), message }
    }
}

/// Returns the field a column goes to; `None` where it is skipped, an error where it may not go there.
fn target_field(column: &Column, catalogue: &Catalogue) -> Option<Result<Field, (String, String)>> {
    match &column.target {
        Target::Skip => None,
        Target::NewCustom { key, label, kind } => {
            Some(Ok(Field::new(&format!("custom.{key}"), label, kind.clone(), &[])))
        }
        Target::Field(key) => Some(match catalogue.get(key) {
            Some(field) if field.editable => Ok(field.clone()),
            Some(field) => Err((key.clone(), format!("“{}” is computed here. Skip its column.", field.label))),
            None => Err((key.clone(), format!("There is no field “{key}” any more. Choose another for its column."))),
        }),
    }
}

fn ready(index: usize, field: &Field, column: &Column, currency: Currency) -> ReadyColumn {
    let rule = match field.key.as_str() {
        "email" => Rule::Email,
        "domain" => Rule::Domain,
        "currency" => Rule::Currency,
        "day" => Rule::Day,
        "notice_days" => Rule::Whole,
        _ => Rule::None,
    };
    ReadyColumn {
        index,
        key: field.key.clone(),
        label: field.label.clone(),
        kind: field.kind.clone(),
        required: field.required,
        rule,
        reading: Reading {
            numbers: column.numbers,
            dates: column.dates,
            shares_of_one: column.shares_of_one,
            currency,
        },
    }
}

/// Applies a field's own rule to a value of the right type.
fn follow(rule: Rule, value: Value) -> Result<Value, String> {
    match (rule, &value) {
        (Rule::Email, Value::String(text)) => {
            let is_address = text
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.contains('@'))
                && !text.contains(char::is_whitespace);
            let wrong = || format!("{} is not an e-mail address. Write one such as maya@example.com.", quoted(text));
            if is_address { Ok(Value::from(text.to_lowercase())) } else { Err(wrong()) }
        }
        (Rule::Domain, Value::String(text)) => {
            let text = text.to_lowercase();
            let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
            let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
            Ok(Value::from(host.strip_prefix("www.").unwrap_or(host)))
        }
        (Rule::Currency, Value::String(text)) => match text.parse::<Currency>() {
            Ok(currency) => Ok(Value::from(currency.code())),
            Err(_) => Err(format!("{} is not a currency. Write its three letters, such as EUR.", quoted(text))),
        },
        (Rule::Day, Value::Number(ms)) => Ok(Value::from(Timestamp(ms.as_i64().unwrap_or_default()).day_start().0)),
        (Rule::Whole, Value::Number(number)) if number.as_i64().is_none() => {
            Err(format!("{number} is not a whole number. Round it."))
        }
        _ => Ok(value),
    }
}

/// Returns what is wrong where an answer is off its survey's scale.
fn survey_scale(fields: &Map<String, Value>) -> Option<String> {
    let (kind, score) = (fields.get("kind")?.as_str()?, fields.get("score")?.as_f64()?);
    let (least, most) = match kind {
        "nps" => (0, 10),
        "csat" => (1, 5),
        "ces" => (1, 7),
        _ => return None,
    };
    let outside = score < f64::from(least) || score > f64::from(most);
    outside.then(|| format!("An answer to {} is between {least} and {most}. Write one of these.", kind.to_uppercase()))
}
