//! Proposes what can be typed next in a formula.

use super::functions::FUNCTIONS;
use super::parse::{kind_of, word_for};
use super::token::{self, scan};
use super::{CHARS_MAX, count};
use crate::fields::Catalogue;
use crate::filter::{Suggestion, fit, has_synonym};

/// Most proposals at a time.
const SUGGESTIONS_MAX: usize = 50;

/// What can stand between two values.
const OPERATORS: [(&str, &str); 12] = [
    ("+", "plus"),
    ("-", "minus"),
    ("*", "times"),
    ("/", "divided by"),
    ("=", "is"),
    ("!=", "is not"),
    ("<", "is less than"),
    ("<=", "is at most"),
    (">", "is greater than"),
    (">=", "is at least"),
    ("and", "both hold"),
    ("or", "one of both holds"),
];
/// Words that stand for a value or before one.
const WORDS: [(&str, &str); 3] = [("not", "does not hold"), ("yes", "holds"), ("no", "holds not")];

/// What stands where the cursor is.
struct Typed {
    /// The part that is there already, in lower case.
    text: String,
    /// Its first character, and the one behind its last.
    place: (u32, u32),
    /// Whether it is the label of a field, behind an opening bracket.
    in_brackets: bool,
}

/// Returns what could stand where the cursor is: fields and functions, or operators, the likeliest first.
#[must_use]
pub fn complete(text: &str, cursor_char: u32, catalogue: &Catalogue) -> Vec<Suggestion> {
    let chars: Vec<char> = text.chars().take(CHARS_MAX).collect();
    let cursor = usize::try_from(cursor_char).unwrap_or(usize::MAX).min(chars.len());
    let Some(typed) = typed(&chars, cursor) else { return Vec::new() };
    let before: String = chars[..typed.place.0 as usize].iter().collect();
    // Inside a text in quotes nothing is proposed.
    let Ok(tokens) = scan(&before) else { return Vec::new() };
    let needs_value = tokens.last().is_none_or(|token| !ends_value(&token.kind));
    let mut ranked = match (needs_value, typed.in_brackets) {
        (true, true) => labels(&typed.text, catalogue),
        (true, false) => values(&typed.text, catalogue),
        (false, true) => Vec::new(),
        (false, false) => pairs(&OPERATORS, &typed.text),
    };
    ranked.sort_by_key(|(rank, _)| *rank);
    let placed = ranked.into_iter().map(|(_, found)| Suggestion { replaces: typed.place, ..found });
    placed.take(SUGGESTIONS_MAX).collect()
}

/// Finds the word or the open bracket in which the cursor stands; a word is replaced as a whole.
fn typed(chars: &[char], cursor: usize) -> Option<Typed> {
    let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let bracket = chars[..cursor].iter().rposition(|c| matches!(c, '[' | ']')).filter(|at| chars[*at] == '[');
    let from = bracket.unwrap_or_else(|| cursor - chars[..cursor].iter().rev().take_while(|c| is_part(c)).count());
    let until = match bracket {
        Some(_) => chars[cursor..].iter().position(|c| *c == ']').map_or(cursor, |more| cursor + more + 1),
        None => cursor + chars[cursor..].iter().take_while(|c| is_part(c)).count(),
    };
    let own = from + usize::from(bracket.is_some());
    // A number needs no proposal.
    if bracket.is_none() && chars.get(own).is_some_and(char::is_ascii_digit) {
        return None;
    }
    let text: String = chars[own.min(cursor)..cursor].iter().collect();
    Some(Typed { text: text.to_lowercase(), place: (count(from), count(until)), in_brackets: bracket.is_some() })
}

/// Returns whether a value can end here, so that an operator has to follow.
fn ends_value(token: &token::Kind) -> bool {
    match token {
        token::Kind::Number(_) | token::Kind::Text(_) | token::Kind::Bracketed(_) | token::Kind::Close => true,
        token::Kind::Word(word) => !["and", "or", "not"].iter().any(|joining| word.eq_ignore_ascii_case(joining)),
        token::Kind::Sign(_) | token::Kind::Open | token::Kind::Comma => false,
    }
}

fn proposal(text: impl Into<String>, label: &str) -> Suggestion {
    Suggestion { text: text.into(), label: label.to_owned(), replaces: (0, 0) }
}

fn values(typed: &str, catalogue: &Catalogue) -> Vec<(u8, Suggestion)> {
    let usable = catalogue.fields.iter().filter(|field| kind_of(field).is_some());
    let fields = usable.filter_map(|field| {
        let word = word_for(catalogue, field);
        let rank = fit(&word, &field.label, typed, || has_synonym(&field.synonyms, typed))?;
        Some((rank, proposal(word, &field.label)))
    });
    let functions = FUNCTIONS.iter().filter_map(|(name, _, shape)| {
        let rank = fit(name, name, typed, || false)?;
        Some((rank, proposal(format!("{name}("), shape)))
    });
    fields.chain(functions).chain(pairs(&WORDS, typed)).collect()
}

fn labels(typed: &str, catalogue: &Catalogue) -> Vec<(u8, Suggestion)> {
    let usable = catalogue.fields.iter().filter(|field| kind_of(field).is_some() && !field.label.contains(']'));
    let fields = usable.filter_map(|field| {
        let rank = fit(&field.label, &field.key, typed, || has_synonym(&field.synonyms, typed))?;
        Some((rank, proposal(format!("[{}]", field.label), &field.key)))
    });
    fields.collect()
}

fn pairs(list: &[(&str, &str)], typed: &str) -> Vec<(u8, Suggestion)> {
    let fitting = list.iter().filter(|(text, _)| text.starts_with(typed));
    fitting.map(|(text, label)| (0, proposal(*text, label))).collect()
}
