//! The numbers of a report: rows of the database added up to groups, in their order.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::parts::{Dimension, Measure};
use super::spec::Spec;
use crate::accounts::STAGES;
use crate::alerts::Priority;
use crate::health::{Band, Points, divide_rounded};
use crate::money::{Currency, Money};

/// What the database adds up: one for each group and currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The value that they share: a word, a text or an id; none where there is none.
    pub group: Option<String>,
    /// What the value is called, where that is something else.
    pub label: Option<String>,
    /// The currency of the accounts; none without an account.
    pub currency: Option<Currency>,
    /// How many rows.
    pub count: u32,
    /// Of how many accounts.
    pub accounts: u32,
    /// What the accounts pay in a year.
    pub annual_minor: i64,
    /// The scores of the accounts, added up in millionths of a point.
    pub scores: i64,
    /// How many of the accounts have a score.
    pub scored: u32,
}

/// The numbers of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many rows.
    pub count: u32,
    /// Of how many accounts.
    pub accounts: u32,
    /// What the accounts pay in a year, by currency.
    pub arr: Vec<Money>,
    /// The scores of the accounts, added up in millionths of a point.
    pub scores: i64,
    /// How many of the accounts have a score.
    pub scored: u32,
}

/// The rows that share a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The value by which rows are told apart: a word, an id, or a text in lower case; none for those without one.
    pub key: Option<String>,
    /// What it is called, as it is written; empty for those without a value.
    pub name: String,
    /// Its numbers.
    pub numbers: Numbers,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked, in canonical form.
    pub spec: Spec,
    /// The groups that are shown, in their order.
    pub groups: Vec<Group>,
    /// How many groups there are.
    pub of: u32,
    /// All groups together, each account counted once.
    pub whole: Numbers,
}

/// Makes an answer of the rows by group; `whole` are the same rows without groups, where accounts may stand in several.
#[must_use]
pub fn answer(spec: Spec, rows: &[Row], whole: Option<&[Row]>) -> Answer {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Option<String>, usize> = HashMap::new();
    for row in rows {
        let written = row.group.as_deref().filter(|text| !text.is_empty());
        // Filters do not tell A from a, so groups must not either.
        let key = written.map(str::to_ascii_lowercase);
        let place = *places.entry(key.clone()).or_insert_with(|| {
            let name = row.label.as_deref().or(written).filter(|_| key.is_some()).unwrap_or_default().to_owned();
            groups.push(Group { key, name, numbers: Numbers::default() });
            groups.len() - 1
        });
        groups[place].numbers.add(row);
    }
    let mut all = Numbers::default();
    whole.unwrap_or(rows).iter().for_each(|row| all.add(row));
    groups.sort_by(|a, b| order(a, b, &spec));
    let of = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    groups.truncate(usize::from(spec.top));
    Answer { spec, groups, of, whole: all }
}

impl Numbers {
    fn add(&mut self, row: &Row) {
        self.count = self.count.saturating_add(row.count);
        self.accounts = self.accounts.saturating_add(row.accounts);
        self.scores = self.scores.saturating_add(row.scores);
        self.scored = self.scored.saturating_add(row.scored);
        let Some(currency) = row.currency.filter(|_| row.annual_minor != 0) else { return };
        match self.arr.iter_mut().find(|known| known.currency == currency) {
            Some(known) => known.minor = known.minor.saturating_add(row.annual_minor),
            None => self.arr.push(Money { minor: row.annual_minor, currency }),
        }
    }

    /// Returns the mean score; none where no account has one.
    #[must_use]
    pub fn mean(&self) -> Option<Points> {
        let count = i128::from(self.scored);
        (count > 0).then(|| Points(divide_rounded(i128::from(self.scores), count)))
    }

    /// Returns a measure as a number to sort by; amounts of several currencies count by their numbers.
    #[must_use]
    pub fn weight(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Count => Some(f64::from(self.count)),
            Measure::Accounts => Some(f64::from(self.accounts)),
            Measure::Arr => Some(self.arr.iter().map(|money| money.major()).sum()),
            Measure::Score => self.mean().map(Points::as_f64),
        }
    }

    /// Returns a measure as the length of a bar, amounts in one currency; not a number where there is none.
    #[must_use]
    pub fn bar(&self, measure: Measure, currency: Option<Currency>) -> f64 {
        match measure {
            Measure::Arr => {
                self.arr.iter().find(|money| Some(money.currency) == currency).map_or(0.0, |money| money.major())
            }
            other => self.weight(other).unwrap_or(f64::NAN),
        }
    }
}

impl Answer {
    /// Returns the currency in which most is paid.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        let most = self.whole.arr.iter().max_by(|a, b| a.major().total_cmp(&b.major()));
        most.map(|money| money.currency)
    }
}

fn order(a: &Group, b: &Group, spec: &Spec) -> Ordering {
    let by_name =
        || place(a, spec.by).cmp(&place(b, spec.by)).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase()));
    let turned = |ordering: Ordering| if spec.order.descending { ordering.reverse() } else { ordering };
    let Some(measure) = spec.order.by else {
        return a.key.is_none().cmp(&b.key.is_none()).then_with(|| turned(by_name()));
    };
    let by_weight = match (a.numbers.weight(measure), b.numbers.weight(measure)) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    by_weight.then_with(|| a.key.is_none().cmp(&b.key.is_none())).then_with(by_name)
}

/// Returns where a value stands among its like, for those that have an order of their own.
fn place(group: &Group, by: Dimension) -> usize {
    let key = group.key.as_deref().unwrap_or_default();
    let place = match by {
        Dimension::Band => Band::from_key(key).map(|band| usize::from(band.order())),
        Dimension::Priority => Priority::from_key(key).map(|priority| usize::from(priority.order())),
        Dimension::Stage => STAGES.iter().position(|stage| *stage == key),
        _ => None,
    };
    place.unwrap_or(usize::MAX)
}
