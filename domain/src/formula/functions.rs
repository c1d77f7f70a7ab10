//! What the functions take and give.

use super::{Function, Kind};

/// All functions with the words they are called by, and how they are written.
pub(super) const FUNCTIONS: [(&str, Function, &str); 9] = [
    ("if", Function::If, "if(condition, value where it holds, value otherwise)"),
    ("min", Function::Min, "min(value, value, …)"),
    ("max", Function::Max, "max(value, value, …)"),
    ("round", Function::Round, "round(number) or round(number, digits)"),
    ("coalesce", Function::Coalesce, "coalesce(value, value where that is unknown, …)"),
    ("days_since", Function::DaysSince, "days_since(date)"),
    ("days_until", Function::DaysUntil, "days_until(date)"),
    ("lower", Function::Lower, "lower(text)"),
    ("contains", Function::Contains, "contains(text, text)"),
];

/// What is wrong with what a function was given: which argument, if it is one, and what to do.
pub(super) type Misfit = (Option<usize>, String);

impl Function {
    /// Returns the function with this name, in any case.
    pub(super) fn named(word: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word)).map(|(_, function, _)| *function)
    }

    /// Returns the kind of what it gives for arguments of these kinds.
    pub(super) fn kind(self, given: &[Kind]) -> Result<Kind, Misfit> {
        match self {
            Self::If => {
                self.takes(given, 3..=3)?;
                must_be(given, 0, Kind::Bool)?;
                alike(given, 1)
            }
            Self::Coalesce => {
                self.takes(given, 1..=20)?;
                alike(given, 0)
            }
            Self::Min | Self::Max => {
                self.takes(given, 1..=20)?;
                let kind = alike(given, 0)?;
                if matches!(kind, Kind::Number | Kind::Date) {
                    Ok(kind)
                } else {
                    Err((Some(0), NEEDS_ORDER.to_owned()))
                }
            }
            Self::Round => {
                self.takes(given, 1..=2)?;
                (0..given.len()).try_for_each(|place| must_be(given, place, Kind::Number))?;
                Ok(Kind::Number)
            }
            Self::DaysSince | Self::DaysUntil => {
                self.takes(given, 1..=1)?;
                must_be(given, 0, Kind::Date)?;
                Ok(Kind::Number)
            }
            Self::Lower => {
                self.takes(given, 1..=1)?;
                must_be(given, 0, Kind::Text)?;
                Ok(Kind::Text)
            }
            Self::Contains => {
                self.takes(given, 2..=2)?;
                if given[0] != Kind::Tags {
                    must_be(given, 0, Kind::Text)?;
                }
                must_be(given, 1, Kind::Text)?;
                Ok(Kind::Bool)
            }
        }
    }

    fn takes(self, given: &[Kind], range: std::ops::RangeInclusive<usize>) -> Result<(), Misfit> {
        if range.contains(&given.len()) {
            return Ok(());
        }
        let shape = FUNCTIONS.iter().find(|(_, function, _)| *function == self).map_or("", |(.., shape)| shape);
        Err((None, format!("Write {shape}.")))
    }
}

/// Said where things without an order are put into one.
pub(super) const NEEDS_ORDER: &str = "Only numbers and dates can be put in order.";

fn must_be(given: &[Kind], place: usize, kind: Kind) -> Result<(), Misfit> {
    if given[place] == kind {
        return Ok(());
    }
    Err((Some(place), format!("This is {}, but {} is needed here.", given[place].words(), kind.words())))
}

/// Returns the kind that all arguments from a place on share.
fn alike(given: &[Kind], from: usize) -> Result<Kind, Misfit> {
    let kind = given[from];
    if kind == Kind::Tags {
        return Err((Some(from), "Only contains() can look into a set of words.".to_owned()));
    }
    (from..given.len()).try_for_each(|place| must_be(given, place, kind))?;
    Ok(kind)
}
