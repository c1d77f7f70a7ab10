//! Proposes what can be typed next.

use serde::{Deserialize, Serialize};

use super::error::count;
use super::names;
use super::parse::{Parser, join_suggestions};
use super::token::{Kind, Token, scan};
use super::{Filter, TEXT_CHARS_MAX};
use crate::fields::Catalogue;

/// Most proposals at a time.
const SUGGESTIONS_MAX: usize = 50;

/// Something that could stand where the cursor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What is inserted.
    pub text: String,
    /// What it is, in English; a field's own label.
    pub label: String,
    /// The characters it takes the place of, from the first to behind the last.
    pub replaces: (u32, u32),
}

/// Returns what could stand where the cursor is: fields, operators or values, the likeliest first.
#[must_use]
pub fn complete(text: &str, cursor_char: u32, catalogue: &Catalogue) -> Vec<Suggestion> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let cursor = cursor_char.min(count(text.chars().count()));
    let before: String = text.chars().take(usize::try_from(cursor).unwrap_or(usize::MAX)).collect();
    let mut tokens = scan(&before).tokens;
    let touches = |token: &Token| token.end() == cursor && matches!(token.kind, Kind::Word | Kind::Quoted);
    let current = tokens.pop_if(|token| touches(token));
    let typed = current.as_ref().map_or("", |token| token.text.as_str());
    let from = current.as_ref().map_or(cursor, |token| token.at);
    // A word is replaced as a whole, also where the cursor stands inside it.
    let whole = current.as_ref().and_then(|_| scan(&text).tokens.into_iter().find(|token| token.at == from));
    let until = whole.map_or(cursor, |token| token.end().max(cursor));

    let typed = typed.to_lowercase();
    let mut ranked: Vec<(u8, Suggestion)> = candidates(tokens, cursor, catalogue)
        .into_iter()
        .filter_map(|candidate| Some((rank(&candidate, &typed, catalogue)?, candidate)))
        .map(|(rank, candidate)| (rank, Suggestion { replaces: (from, until), ..candidate }))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, suggestion)| suggestion).take(SUGGESTIONS_MAX).collect()
}

/// Returns a proposal whose place is not known yet.
pub(super) fn insert(text: &str, label: &str) -> Suggestion {
    Suggestion { text: text.to_owned(), label: label.to_owned(), replaces: (0, 0) }
}

/// Returns what can follow these tokens. The parser knows: it says what it misses at the end.
fn candidates(tokens: Vec<Token>, end: u32, catalogue: &Catalogue) -> Vec<Suggestion> {
    let mut parser = Parser::new(tokens, end, catalogue);
    parser.is_completing = true;
    let read = parser.whole();
    if let Some(missing) = parser.missing {
        return missing;
    }
    match read {
        Ok(filter) => {
            let mut next = join_suggestions();
            if ends_in_search(&filter) {
                next.extend(parser.term_suggestions());
            }
            next
        }
        Err(_) => Vec::new(),
    }
}

/// Returns whether a condition can follow without an `and`.
fn ends_in_search(filter: &Filter) -> bool {
    match filter {
        Filter::All(items) | Filter::Any(items) => items.last().is_some_and(ends_in_search),
        Filter::Search(_) => true,
        Filter::Not(_) | Filter::Field(_) => false,
    }
}

fn rank(candidate: &Suggestion, typed: &str, catalogue: &Catalogue) -> Option<u8> {
    let has_synonym = || {
        let field = names::find(catalogue, &candidate.text);
        field.is_some_and(|field| has_synonym(&field.synonyms, typed))
    };
    fit(&candidate.text, &candidate.label, typed, has_synonym)
}

/// Returns whether another name of a field begins with what was typed.
pub(crate) fn has_synonym(synonyms: &[String], typed: &str) -> bool {
    synonyms.iter().any(|name| name.replace(' ', "_").starts_with(typed))
}

/// Returns how well a proposal fits what was typed in lower case, 0 best, or `None` where it does not.
pub(crate) fn fit(text: &str, label: &str, typed: &str, has_synonym: impl FnOnce() -> bool) -> Option<u8> {
    let text = text.trim_start_matches('"').to_lowercase();
    let label = label.to_lowercase();
    if text.starts_with(typed) {
        Some(0)
    } else if label.starts_with(typed) {
        Some(1)
    } else if label.split(' ').chain(text.split(['_', '.'])).any(|word| word.starts_with(typed)) {
        Some(2)
    } else if has_synonym() {
        Some(3)
    } else {
        None
    }
}
