//! What the columns of a file hold, learnt from as many of its rows as the caller shows.

use std::collections::BTreeSet;

use super::date::{self, DateOrder, Evidence};
use super::decode::FileProblem;
use super::number::{self, NumberStyle};
use super::table::{Cells, RowSource};
use super::value::{choose, yes_or_no};
use crate::fields::FieldType;
use crate::money::Currency;

/// How many different values of a column are kept as examples.
const EXAMPLES_MAX: usize = 40;

/// What all columns of a file hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// One for each heading.
    pub columns: Vec<ColumnProfile>,
    /// How many rows were looked at.
    pub rows: u64,
}

/// What one column holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnProfile {
    /// Cells with something in them.
    pub filled: u64,
    /// Cells that are a number with a decimal point.
    pub point_numbers: u64,
    /// Cells that are a number with a decimal comma.
    pub comma_numbers: u64,
    /// Cells that are a different number in each convention, such as 1.234.
    pub either_numbers: u64,
    /// Cells of digits that are rather a code: a leading zero or plus, more than 15 digits, an exponent.
    pub codes: u64,
    /// Cells with a percent sign.
    pub percents: u64,
    /// Cells that are 0 or 1.
    pub zeros_and_ones: u64,
    /// Cells that are yes, no, true or the like, digits left out.
    pub yes_no_words: u64,
    /// Cells written as a date.
    pub dates: u64,
    /// Dates that can only be read day first.
    pub day_first: u64,
    /// Dates that can only be read month first.
    pub month_first: u64,
    /// Dates that are two different days.
    pub either_dates: u64,
    /// Bare numbers that can be counted as dates: Excel's days, seconds or milliseconds.
    pub counted_dates: u64,
    /// Numbers between 0 and 1.
    pub within_one: u64,
    /// Numbers with decimals.
    pub fractions: u64,
    /// Numbers from 0 to 100.
    pub within_hundred: u64,
    /// The currency that amounts named first.
    pub currency: Option<Currency>,
    /// Different values, at most 40.
    pub examples: BTreeSet<String>,
}

impl Profile {
    /// Looks at all rows of a source.
    ///
    /// # Errors
    /// Returns a [`FileProblem`] where the file cannot be read to its end or has no rows.
    pub fn of(source: &mut impl RowSource) -> Result<Self, FileProblem> {
        let mut profile = Self::default();
        let columns = source.headings().len();
        let mut cells = Cells::new();
        while source.read(&mut cells)?.is_some() {
            // A row of another length has its cells under the wrong headings.
            if cells.len() == columns {
                profile.observe(&cells);
            }
            profile.rows += 1;
        }
        profile.columns.resize_with(columns, ColumnProfile::default);
        if profile.rows == 0 { Err(FileProblem::NoRows) } else { Ok(profile) }
    }

    fn observe(&mut self, cells: &Cells) {
        if self.columns.len() < cells.len() {
            self.columns.resize_with(cells.len(), ColumnProfile::default);
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.observe(cell);
        }
    }
}

impl ColumnProfile {
    /// Looks at one more cell.
    pub fn observe(&mut self, cell: &str) {
        let text = super::write::unguard(cell.trim());
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.examples.len() < EXAMPLES_MAX && text.len() <= 100 && !self.examples.contains(text) {
            self.examples.insert(text.to_owned());
        }
        self.yes_no_words += u64::from(!text.starts_with(['0', '1']) && yes_or_no(text).is_some());
        // Most texts have no digit and are neither number nor date.
        if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        if self.observe_number(text) {
            self.counted_dates += u64::from(date::read(text, DateOrder::DayFirst).is_some());
        }
        if let Some(evidence) = date::evidence(text) {
            self.dates += 1;
            match evidence {
                Evidence::Only(DateOrder::DayFirst) => self.day_first += 1,
                Evidence::Only(DateOrder::MonthFirst) => self.month_first += 1,
                Evidence::Either => self.either_dates += 1,
                Evidence::Neutral => {}
            }
        }
    }

    fn observe_number(&mut self, text: &str) -> bool {
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let point = number::read(text, NumberStyle::Point);
        let comma = if is_digits { point.clone() } else { number::read(text, NumberStyle::Comma) };
        self.point_numbers += u64::from(point.is_some());
        self.comma_numbers += u64::from(comma.is_some());
        self.either_numbers += u64::from(point.is_some() && comma.is_some() && point != comma);
        let Some(number) = point.or(comma) else { return false };
        let long = number.digits.len() > 15 && !number.digits.contains('.');
        let leading_zero = is_digits && text.len() > 1 && text.starts_with('0');
        self.codes += u64::from(long || leading_zero || text.starts_with('+') || number.digits.contains('e'));
        self.percents += u64::from(number.percent);
        self.currency = self.currency.or(number.currency);
        let value = number.value().unwrap_or(f64::MAX);
        self.zeros_and_ones += u64::from(value == 0.0 || value == 1.0);
        self.within_one += u64::from((0.0..=1.0).contains(&value));
        self.within_hundred += u64::from((0.0..=100.0).contains(&value));
        self.fractions += u64::from(value.fract() != 0.0);
        true
    }

    /// Returns the number of cells that are a number in one convention or the other.
    #[must_use]
    pub fn numbers(&self) -> u64 {
        self.point_numbers.max(self.comma_numbers)
    }

    /// Returns the convention that reads more cells, or `None` where both read the same number.
    #[must_use]
    pub fn number_style(&self) -> Option<NumberStyle> {
        match self.point_numbers.cmp(&self.comma_numbers) {
            std::cmp::Ordering::Greater => Some(NumberStyle::Point),
            std::cmp::Ordering::Less => Some(NumberStyle::Comma),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Returns the order that reads more dates, or `None` where both read the same number.
    #[must_use]
    pub fn date_order(&self) -> Option<DateOrder> {
        match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
            std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Returns whether all filled cells are yes or no in words.
    #[must_use]
    pub fn is_yes_no(&self) -> bool {
        self.filled > 0 && self.yes_no_words == self.filled
    }

    /// Returns whether percentages are written as shares of one: all within 0 and 1, some between.
    #[must_use]
    pub fn is_share_of_one(&self) -> bool {
        self.fractions > 0 && self.percents == 0 && self.within_one == self.numbers()
    }

    /// Returns the type that all filled cells have: number, share, date, yes or no, or else text.
    ///
    /// Zeros and ones stay numbers, because a number can be averaged and a measure can use it; digits
    /// that look like a code stay text, because a number would lose their leading zeros.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        match self.filled {
            0 => FieldType::Text,
            all if self.yes_no_words == all => FieldType::Bool,
            all if self.dates == all && self.numbers() < all => FieldType::Date,
            all if self.numbers() == all && self.codes == 0 => {
                if self.percents == all && self.within_hundred == all {
                    FieldType::Percent
                } else {
                    FieldType::Number
                }
            }
            _ => FieldType::Text,
        }
    }

    /// Returns whether at least four of five filled cells can be read as this type; the few others
    /// are mistakes that the preview should show.
    #[must_use]
    pub fn fits(&self, kind: &FieldType) -> bool {
        let readable = match kind {
            FieldType::Text | FieldType::User | FieldType::Account | FieldType::Tags => self.filled,
            FieldType::Number | FieldType::Money => self.numbers(),
            FieldType::Percent => self.within_hundred,
            FieldType::Date => self.dates + self.counted_dates,
            FieldType::Bool => self.yes_no_words + self.zeros_and_ones,
            FieldType::Choice(words) => {
                let known = self.examples.iter().filter(|example| choose(example, words).is_some()).count();
                return known * 5 >= self.examples.len() * 4;
            }
        };
        readable * 5 >= self.filled * 4
    }
}
