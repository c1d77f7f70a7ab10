//! Figures beside earlier ones: "to 5.2 mln from 6.1 mln", "a profit of 2 mln compared to a loss of 1 mln".

use super::tokens::{Token, Unit};
use super::words::thing;
use super::{Kind, Mark};

/// What a comparison counts.
const EFFECT: f64 = 1.5;
/// How far apart two figures may stand, in words.
const APART_MAX: usize = 14;
/// How far before a figure the thing it measures may stand.
const REACH: usize = 12;
/// Words that stand before the earlier figure.
const EARLIER: [&str; 8] = ["from", "compared", "versus", "vs", "against", "than", "over", "comparison"];

/// Returns the comparison of a headline, if it has one.
pub(super) fn find(tokens: &[Token<'_>]) -> Option<Mark> {
    let figures: Vec<usize> = (0..tokens.len()).filter(|at| is_comparable(&tokens[*at])).collect();
    for (nth, &first) in figures.iter().enumerate() {
        for &second in figures.iter().skip(nth + 1) {
            if second - first > APART_MAX || !same_unit(&tokens[first], &tokens[second]) {
                continue;
            }
            if let Some(mark) = judge(tokens, first, second) {
                return Some(mark);
            }
        }
    }
    None
}

fn is_comparable(token: &Token<'_>) -> bool {
    token.figure.is_some_and(|figure| figure.unit != Unit::Year)
}

fn same_unit(a: &Token<'_>, b: &Token<'_>) -> bool {
    let unit = |token: &Token<'_>| token.figure.map(|figure| figure.unit);
    unit(a) == unit(b)
}

fn judge(tokens: &[Token<'_>], first: usize, second: usize) -> Option<Mark> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.word.as_str());
    let value = |at: usize| tokens[at].figure.map_or(0.0, |figure| figure.value);
    let between = tokens.get(first + 1..second)?;
    let link = between.iter().position(|token| EARLIER.contains(&token.word.as_str())).map(|at| at + first + 1);
    let is_from = |at: usize| (1..=2).any(|back| at >= back && word(at - back) == "from");
    let (new, old, link) = match link {
        Some(link) => (value(first), value(second), link),
        // "From 5 to 7": the earlier one stands first.
        None if is_from(first) && between.iter().any(|token| token.word == "to") => {
            (value(second), value(first), first)
        }
        None => return None,
    };
    let about = |to: usize, from: usize| (from..to).rev().find_map(|at| thing(tokens, at).map(|good| (at, good)));
    let (place, good) = about(first, first.saturating_sub(REACH))?;
    let turned = about(second, link).is_some_and(|(_, other)| other != good);
    let effect = if turned {
        good
    } else if (new - old).abs() < f64::EPSILON {
        return None;
    } else {
        (new - old).signum() * good
    };
    Some(Mark { from: place.min(first), to: second, kind: Kind::Comparison, effect: effect * EFFECT })
}
