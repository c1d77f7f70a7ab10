//! Custom columns: those whose name the dictionary knows and whose values fit become measures.

use super::dictionary::{is_service_key, meanings};
use super::meanings::{Meaning, Shape};
use super::{AvailableFact, FactKind, Placed, curves};
use crate::health::scale::Scale;
use crate::health::scorecard::Measure;
use crate::health::standard_facts::keys;

/// Returns the measures on columns that are not standard facts.
pub(super) fn measures(present: &[&AvailableFact]) -> Vec<Placed> {
    let mut placed: Vec<(f64, Placed)> = Vec::new();
    let has_tenure = present.iter().any(|fact| fact.key == keys::TENURE_MONTHS);
    let custom = present.iter().filter(|fact| fact.key.starts_with(keys::CUSTOM_PREFIX) || fact.key == keys::TIER);
    for fact in custom.filter(|fact| !(is_service_key(&fact.key) && is_yes_no(fact))) {
        if let Some((meaning, scale)) = recognise(fact).filter(|(meaning, _)| {
            // Tenure that is known from the contract is not counted twice.
            !(meaning.shape == Shape::Tenure && has_tenure)
        }) {
            let measure = Measure::new(&measure_key(&fact.key), &fact.label, meaning.weight, &fact.key, scale);
            placed.push((meaning.weight * fact.share_present, (meaning.group, measure)));
        }
    }
    placed.extend(monthly_charges(present));
    placed.sort_by(|a, b| b.0.total_cmp(&a.0));
    placed.into_iter().map(|(_, placed)| placed).collect()
}

/// Returns whether any column names a service that a customer has or has not.
pub(super) fn has_services(present: &[&AvailableFact]) -> bool {
    present.iter().any(|fact| fact.key.starts_with(keys::CUSTOM_PREFIX) && is_service_key(&fact.key) && is_yes_no(fact))
}

/// Returns the first meaning of a column whose scale fits its values.
fn recognise(fact: &AvailableFact) -> Option<(&'static Meaning, Scale)> {
    let standard = fact.key == keys::TIER;
    meanings(&fact.key)
        .filter(|meaning| !standard || meaning.shape == Shape::Term)
        .find_map(|meaning| Some((meaning, scale_of(meaning.shape, fact)?)))
}

/// Returns the monthly price as a measure where customers are priced like consumers.
// In a business portfolio a large customer is no risk; where people choose terms and ways of
// paying from a list, those who pay more than others for the same are the first to look around.
fn monthly_charges(present: &[&AvailableFact]) -> Option<(f64, Placed)> {
    let recognised =
        |shape: Shape| present.iter().any(|fact| recognise(fact).is_some_and(|(meaning, _)| meaning.shape == shape));
    let fact = present.iter().find(|fact| fact.key == keys::MRR_MINOR)?;
    if !(recognised(Shape::Payment) && recognised(Shape::Term)) {
        return None;
    }
    let measure = Measure::new(keys::MRR_MINOR, &fact.label, 20.0, keys::MRR_MINOR, curves::lower(&fact.quantiles?)?);
    Some((20.0 * fact.share_present, ("billing", measure)))
}

fn measure_key(fact: &str) -> String {
    fact.replace('.', "_")
}

/// Returns the scale of a shape for the values of a column, or `None` where they do not fit.
fn scale_of(shape: Shape, fact: &AvailableFact) -> Option<Scale> {
    let number = fact.kind == FactKind::Number;
    let quantiles = fact.quantiles.as_ref().filter(|_| number);
    match shape {
        Shape::Higher => curves::higher(quantiles?),
        Shape::Lower => curves::lower(quantiles?),
        Shape::Rating => curves::rating(quantiles?),
        Shape::Share => curves::share(quantiles?),
        Shape::Tenure if number => match quantiles {
            Some(quantiles) => curves::higher(quantiles),
            None => Some(Scale::curve(&[(0.0, 40.0), (12.0, 65.0), (24.0, 80.0), (48.0, 95.0), (72.0, 100.0)])),
        },
        Shape::Term => words(fact, |word| Some(term_points(term_months(word)?)), None),
        Shape::Payment => words(fact, |word| Some(payment_points(word)), Some(60.0)),
        Shape::YesIsGood if is_yes_no(fact) => Some(Scale::curve(&[(0.0, 35.0), (1.0, 95.0)])),
        Shape::YesIsBad if is_yes_no(fact) => Some(Scale::curve(&[(0.0, 100.0), (1.0, 20.0)])),
        Shape::Tenure | Shape::YesIsGood | Shape::YesIsBad => None,
    }
}

/// Returns whether a column's values are yes and no, in any of the ways sources write them.
fn is_yes_no(fact: &AvailableFact) -> bool {
    let yes_no = |word: &str| {
        let word = word.trim().to_lowercase();
        matches!(word.as_str(), "yes" | "no" | "true" | "false" | "none" | "0" | "1") || word.starts_with("no ")
    };
    match fact.kind {
        FactKind::Bool => true,
        FactKind::Text => !fact.choices.is_empty() && fact.choices.iter().all(|(word, _)| yes_no(word)),
        FactKind::Number => {
            fact.quantiles.is_some_and(|values| values.iter().all(|&value| value == 0.0 || value == 1.0))
        }
    }
}

/// Returns the points of a text column's words; `None` where most accounts have words that mean nothing here.
fn words(fact: &AvailableFact, points: impl Fn(&str) -> Option<f64>, otherwise: Option<f64>) -> Option<Scale> {
    if fact.kind != FactKind::Text {
        return None;
    }
    let known: Vec<(String, f64, f64)> =
        fact.choices.iter().filter_map(|(word, share)| Some((word.clone(), points(word)?, *share))).collect();
    let covered: f64 = known.iter().map(|(_, _, share)| share).sum();
    let all: f64 = fact.choices.iter().map(|(_, share)| share).sum();
    let alike = known.windows(2).all(|pair| pair[0].1 == pair[1].1);
    if known.is_empty() || alike || covered < all * 0.6 {
        return None;
    }
    Some(Scale::Choices { choices: known.into_iter().map(|(word, points, _)| (word, points)).collect(), otherwise })
}

fn term_points(months: f64) -> f64 {
    match months {
        _ if months < 1.0 => 20.0,
        _ if months < 3.0 => 30.0,
        _ if months < 6.0 => 45.0,
        _ if months < 12.0 => 60.0,
        _ if months < 24.0 => 80.0,
        _ => 100.0,
    }
}

/// Reads the length of a contract in months from words such as `Two year`, `month-to-month` or `12 months`.
fn term_months(text: &str) -> Option<f64> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let count = words.iter().find_map(|word| match *word {
        "one" | "a" | "single" => Some(1.0),
        "two" => Some(2.0),
        "three" => Some(3.0),
        "four" => Some(4.0),
        "five" => Some(5.0),
        number => number.trim_end_matches(char::is_alphabetic).parse().ok(),
    });
    let unit = words.iter().find_map(|word| {
        Some(match word.trim_start_matches(|c: char| c.is_ascii_digit()) {
            "week" | "weeks" | "weekly" => 0.25,
            "month" | "months" | "monthly" | "mo" | "mtm" => 1.0,
            "quarter" | "quarters" | "quarterly" => 3.0,
            "semiannual" | "semiannually" | "biannual" => 6.0,
            "year" | "years" | "yearly" | "annual" | "annually" | "yr" => 12.0,
            "biennial" => 24.0,
            _ => return None,
        })
    })?;
    // "Month-to-month" and "monthly" carry no number.
    Some(unit * count.unwrap_or(1.0))
}

/// Returns points for a way of paying: what happens by itself is paid, what takes an effort may not be.
fn payment_points(text: &str) -> f64 {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["automatic", "auto-pay", "autopay", "direct debit", "sepa", "standing order"]) {
        95.0
    } else if says(&["electronic check", "e-check", "electronic cheque"]) {
        35.0
    } else if says(&["check", "cheque"]) {
        55.0
    } else if says(&["card", "debit"]) {
        90.0
    } else if says(&["transfer", "wire", "ach", "paypal", "wallet"]) {
        80.0
    } else if says(&["invoice", "purchase order"]) {
        70.0
    } else if says(&["cash", "manual"]) {
        45.0
    } else {
        60.0
    }
}
