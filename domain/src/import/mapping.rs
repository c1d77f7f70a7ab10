//! Which field each column of a file is: guessed from the headings and from what stands below them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::date::DateOrder;
use super::kind::Kind;
use super::number::NumberStyle;
use super::pair::{is_contacts, own_key};
use super::profile::{ColumnProfile, Profile};
use super::whose::{asked, is_persons, prefer_person};
use super::write::ERROR_HEADING;
use crate::export::columns;
use crate::fields::{CUSTOM_FIELDS_MAX, Catalogue, Field, FieldType, Subject, key_from_heading};
use crate::money::Currency;

/// Where the cells of a column go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Into the field with this key.
    Field(String),
    /// Into a custom field that the import creates.
    NewCustom {
        /// The new field's key, without `custom.` in front.
        key: String,
        /// What people will see above it.
        label: String,
        /// What values it takes.
        kind: FieldType,
    },
    /// Nowhere.
    Skip,
}

/// One column: where it goes and how its cells are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Where the cells go.
    pub target: Target,
    /// Which character stands before the decimals.
    pub numbers: NumberStyle,
    /// Which number comes first in a date.
    pub dates: DateOrder,
    /// Whether percentages are written as shares of one: 0.45 for 45 %.
    pub shares_of_one: bool,
    /// Whether the cells can be read in two ways and nothing in the file says which is right.
    pub uncertain: bool,
}

impl Column {
    /// Returns a column that goes to a target, with its cells written in the usual way.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            numbers: NumberStyle::default(),
            dates: DateOrder::default(),
            shares_of_one: false,
            uncertain: false,
        }
    }
}

/// Which field each column of a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// One for each heading.
    pub columns: Vec<Column>,
    /// The currency that amounts in the file name; `None` where they name none.
    pub currency: Option<Currency>,
    /// The fields that rows get from elsewhere than a column.
    #[serde(skip)]
    pub given: Vec<String>,
}

impl Mapping {
    /// Returns whether rows have this field, from a column or from elsewhere.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.column_of(key).is_some() || self.given.iter().any(|given| given == key)
    }

    /// Returns the place of the column that goes to this field, if one does.
    #[must_use]
    pub fn column_of(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| match &column.target {
            Target::Field(field) => field == key,
            Target::NewCustom { key: custom, .. } => key.strip_prefix("custom.") == Some(custom),
            Target::Skip => false,
        })
    }

    /// Returns the custom fields that the import has to create.
    #[must_use]
    pub fn new_fields(&self) -> Vec<Field> {
        let new = |column: &Column| match &column.target {
            Target::NewCustom { key, label, kind } => {
                Some(Field::new(&format!("custom.{key}"), label, kind.clone(), &[]))
            }
            _ => None,
        };
        self.columns.iter().filter_map(new).collect()
    }
}

/// Guesses which field each column is.
///
/// A heading finds its field by key, then label, then synonym, then likeness; money, keys and
/// references are never found by likeness. What stands in the column must fit: four of five cells
/// must be readable, words such as month or year in a contract column mean its length and not a
/// tier, and a name is not a column of numbers. No two columns get the same field. In account files
/// a company column is the name even where a `name` column stands beside it, which is then a
/// person's; without any key, an e-mail column is the key. What is left becomes a custom field of
/// an account and is skipped for other subjects. A file that was exported from here comes back column by column.
/// Where each row is an account and a contact, what only the heading of a person can mean is skipped, too.
#[must_use]
pub fn guess(headings: &[String], profile: &Profile, catalogue: &Catalogue, kind: impl Into<Kind>) -> Mapping {
    let kind = kind.into();
    let (subject, is_pair) = (kind.subject(), kind == Kind::AccountWithContact);
    let blank = ColumnProfile::default();
    let shapes: Vec<&ColumnProfile> =
        (0..headings.len()).map(|index| profile.columns.get(index).unwrap_or(&blank)).collect();
    // What we wrote ourselves says what it is, whatever stands in it.
    let ours = !is_pair && columns::may_be_ours(subject) && columns::are_ours(headings, catalogue);
    let mut chosen = assign(headings, &shapes, catalogue, ours);
    if subject == Subject::Account && !ours {
        prefer_company(headings, &shapes, &mut chosen);
        if is_pair {
            prefer_person(headings, &mut chosen);
        } else {
            fall_back_to_email(headings, &mut chosen);
        }
    }
    let conventions = Conventions::of(&shapes);
    let mut taken: HashSet<String> = catalogue.fields.iter().filter_map(Field::custom_key).map(str::to_owned).collect();
    let mut mapped = Vec::with_capacity(headings.len());
    for (index, heading) in headings.iter().enumerate() {
        let target = match chosen[index].take() {
            Some(key) => Target::Field(key),
            None if subject != Subject::Account || is_skipped(headings, index) => Target::Skip,
            None if is_pair && is_persons(heading) => Target::Skip,
            // A column without a single value would only clutter the forms.
            None if (shapes[index].filled == 0 && !ours) || taken.len() >= CUSTOM_FIELDS_MAX => Target::Skip,
            None => new_custom(heading, shapes[index], &mut taken),
        };
        let mut column = conventions.column(target, shapes[index], catalogue);
        column.shares_of_one &= !heading.ends_with(columns::SCALE);
        mapped.push(column);
    }
    let currency = shapes.iter().find_map(|shape| shape.currency);
    Mapping { columns: mapped, currency, given: Vec::new() }
}

/// Returns the letters and digits of a heading in lower case: `Customer ID` and `customerID` are alike.
#[must_use]
pub fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Gives each column the field it matches best, best matches first.
fn assign(headings: &[String], shapes: &[&ColumnProfile], catalogue: &Catalogue, ours: bool) -> Vec<Option<String>> {
    let mut matches = Vec::new();
    let is_pair = catalogue.fields.iter().any(|field| is_contacts(&field.key));
    for (index, heading) in headings.iter().enumerate() {
        if is_skipped(headings, index) {
            continue;
        }
        for field in catalogue.fields.iter().filter(|field| field.editable) {
            let asked = if is_pair { asked(heading, field) } else { Some(heading.as_str()) };
            let score = asked.map_or(0, |asked| likeness(asked, field));
            let is_exact = (ours || heading.ends_with(columns::SCALE)) && *heading == columns::heading(field);
            if is_exact || (score > 0 && belongs(field, score, heading, shapes[index])) {
                // Nothing is surer than our own heading, not even a field's key.
                let score = if is_exact { 1_001 } else { score };
                matches.push((score, index, field));
            }
        }
    }
    // The sort is stable, so of equal matches the column further left wins.
    matches.sort_by_key(|(score, index, _)| (std::cmp::Reverse(*score), *index));
    let mut chosen: Vec<Option<String>> = vec![None; headings.len()];
    let mut taken = HashSet::new();
    for (_, index, field) in matches {
        if chosen[index].is_none() && taken.insert(field.key.as_str()) {
            chosen[index] = Some(field.key.clone());
        }
    }
    chosen
}

/// Scores below this one rest on likeness, not on a known word.
const KNOWN: u32 = 600;

/// Returns how sure it is that a heading means a field, from 0 to 1,000.
fn likeness(heading: &str, field: &Field) -> u32 {
    let own = field.custom_key().unwrap_or(own_key(&field.key));
    let key = squash(own);
    let short =
        squash(own.trim_end_matches("_minor").trim_end_matches("_at").trim_end_matches("_pct").trim_end_matches("_id"));
    let label = squash(&field.label);
    let exact = |word: &str| match word {
        _ if word == key => 1_000,
        _ if word == label => 950,
        _ if word == short => 930,
        // Synonyms that stand further back are weaker.
        _ => field.synonyms.iter().position(|synonym| squash(synonym) == word).map_or(0, |at| 900 - at.min(50) as u32),
    };
    let whole = squash(heading);
    let score = exact(&whole);
    if score > 0 {
        return score;
    }
    // "ARR (USD)" and "Adoption in %" mean the same as without the unit.
    let bare = squash(heading.split(['(', '[', '/']).next().unwrap_or_default());
    for suffix in ["", "inpercent", "percent", "pct", "usd", "eur", "gbp", "in"] {
        if let Some(base) = bare.strip_suffix(suffix).filter(|base| base.len() >= 3 && *base != whole)
            && exact(base) > 0
        {
            return exact(base) - 250;
        }
    }
    let words = [&key, &label].into_iter().cloned().chain(field.synonyms.iter().map(|synonym| squash(synonym)));
    let best = words.map(|word| similarity(&whole, &word)).fold(0.0, f64::max);
    if best >= 0.85 { (best * 500.0) as u32 } else { 0 }
}

/// Returns whether what stands in a column can be what its heading says.
fn belongs(field: &Field, score: u32, heading: &str, shape: &ColumnProfile) -> bool {
    let guarded = matches!(field.kind, FieldType::Money | FieldType::User | FieldType::Account)
        || matches!(own_key(&field.key), "name" | "external_id" | "currency");
    if score < KNOWN && guarded {
        return false;
    }
    // A custom field was made for this very column; what does not fit it is a mistake to show.
    if field.custom_key().is_some() {
        return true;
    }
    if !shape.fits(&field.kind) || (field.kind == FieldType::Text && shape.is_yes_no()) {
        return false;
    }
    let all = |count: u64| shape.filled > 0 && count == shape.filled;
    match own_key(&field.key) {
        "name" => !all(shape.numbers()) && !all(shape.dates),
        "tier" => !all(shape.dates) && !shape.examples.iter().any(|value| is_length_of_time(value)),
        "currency" => shape.examples.iter().all(|value| value.parse::<Currency>().is_ok()),
        "country" | "category" => !all(shape.numbers()) && !all(shape.dates),
        // "Group" is as often a segment; only a heading that says parent is taken for a reference.
        "parent_id" => squash(heading).contains("parent"),
        _ => true,
    }
}

fn is_length_of_time(value: &str) -> bool {
    let value = value.to_lowercase();
    ["month", "year", "annual", "quarter", "week"].iter().any(|word| value.contains(word))
}

/// The name of an account is the organisation's; a `name` beside it is a person's.
fn prefer_company(headings: &[String], shapes: &[&ColumnProfile], chosen: &mut [Option<String>]) {
    const ORGANISATIONS: [&str; 8] = [
        "company",
        "companyname",
        "organisation",
        "organization",
        "organisationname",
        "organizationname",
        "account",
        "accountname",
    ];
    let Some(person) = chosen.iter().position(|key| key.as_deref() == Some("name")) else { return };
    if squash(&headings[person]) != "name" {
        return;
    }
    let company = (0..headings.len()).find(|&index| {
        let mostly_filled = shapes[index].filled > 0 && shapes[index].filled * 2 >= shapes[person].filled;
        chosen[index].is_none() && mostly_filled && ORGANISATIONS.contains(&squash(&headings[index]).as_str())
    });
    if let Some(company) = company {
        chosen[company] = chosen[person].take();
    }
}

/// Rows without a name and a key are known by their e-mail address.
fn fall_back_to_email(headings: &[String], chosen: &mut [Option<String>]) {
    let has = |wanted: &str| chosen.iter().any(|key| key.as_deref() == Some(wanted));
    if has("name") || has("external_id") {
        return;
    }
    let is_email = |heading: &str| matches!(squash(heading).as_str(), "email" | "emailaddress" | "mail");
    let email = (0..headings.len()).find(|&index| chosen[index].is_none() && is_email(&headings[index]));
    if let Some(email) = email {
        chosen[email] = Some("external_id".to_owned());
    }
}

/// The column that [`super::write::error_rows_csv`] adds comes back when the corrected file does, and what the export
/// wrote of our own computing comes back as well.
fn is_skipped(headings: &[String], index: usize) -> bool {
    let is_error = headings.len() > 1 && index == 0 && headings[0] == ERROR_HEADING;
    is_error || headings[index].ends_with(columns::COMPUTED)
}

fn new_custom(heading: &str, shape: &ColumnProfile, taken: &mut HashSet<String>) -> Target {
    // A person's name under the key "name" would be taken for the account's.
    let (base, label) = match squash(heading).as_str() {
        "name" => ("contact_name".to_owned(), "Contact name".to_owned()),
        _ => (key_from_heading(heading), heading.to_owned()),
    };
    let mut key = base.clone();
    let mut copy = 2;
    while !taken.insert(key.clone()) {
        key = format!("{base}_{copy}");
        copy += 1;
    }
    Target::NewCustom { key, label, kind: shape.kind() }
}

/// How most columns of a file are written; a column that does not say follows the others.
struct Conventions {
    numbers: Option<NumberStyle>,
    dates: Option<DateOrder>,
}

impl Conventions {
    fn of(shapes: &[&ColumnProfile]) -> Self {
        let commas = shapes.iter().filter(|shape| shape.number_style() == Some(NumberStyle::Comma)).count();
        let points = shapes.iter().filter(|shape| shape.number_style() == Some(NumberStyle::Point)).count();
        let months = shapes.iter().filter(|shape| shape.date_order() == Some(DateOrder::MonthFirst)).count();
        let days = shapes.iter().filter(|shape| shape.date_order() == Some(DateOrder::DayFirst)).count();
        Self {
            numbers: (commas != points).then_some(if commas > points {
                NumberStyle::Comma
            } else {
                NumberStyle::Point
            }),
            dates: (months != days).then_some(if months > days { DateOrder::MonthFirst } else { DateOrder::DayFirst }),
        }
    }

    fn column(&self, target: Target, shape: &ColumnProfile, catalogue: &Catalogue) -> Column {
        let kind = match &target {
            Target::Field(key) => catalogue.get(key).map(|field| field.kind.clone()),
            Target::NewCustom { kind, .. } => Some(kind.clone()),
            Target::Skip => None,
        };
        let is_number = matches!(kind, Some(FieldType::Number | FieldType::Money | FieldType::Percent));
        let is_date = kind == Some(FieldType::Date);
        let (numbers, dates) = (shape.number_style().or(self.numbers), shape.date_order().or(self.dates));
        Column {
            target,
            numbers: numbers.unwrap_or_default(),
            dates: dates.unwrap_or_default(),
            shares_of_one: kind == Some(FieldType::Percent) && shape.is_share_of_one(),
            uncertain: (is_number && shape.either_numbers > 0 && numbers.is_none())
                || (is_date && shape.either_dates > 0 && dates.is_none()),
        }
    }
}

/// Returns how alike two words are, from 0 to 1: one minus the share of letters to change.
fn similarity(one: &str, two: &str) -> f64 {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().take(64).collect(), two.chars().take(64).collect());
    let longest = one.len().max(two.len());
    if longest < 5 || one.len().abs_diff(two.len()) > 3 {
        return 0.0;
    }
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in two.iter().enumerate() {
            let change = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    1.0 - row[two.len()] as f64 / longest as f64
}
