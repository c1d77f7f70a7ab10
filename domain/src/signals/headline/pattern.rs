//! Patterns of words: alternatives with `|`, any ending with `*`, a gap of a few words with `..`, money with `$`, a
//! figure with `#`.

use super::tokens::{Token, Unit};

/// Longest gap that `..` stands for, in words.
const GAP_MAX: usize = 4;

/// Returns the first place where a pattern fits, as the places of its first and last token.
pub(super) fn find(pattern: &str, tokens: &[Token<'_>]) -> Option<(usize, usize)> {
    (0..tokens.len()).find_map(|from| fits(pattern, tokens, from).map(|to| (from, to)))
}

/// Returns the last token's place where a pattern fits from a place on.
fn fits(pattern: &str, tokens: &[Token<'_>], from: usize) -> Option<usize> {
    let (head, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
    if head == ".." {
        return (from..=from + GAP_MAX).find_map(|place| fits(rest, tokens, place));
    }
    let token = tokens.get(from)?;
    if !fits_one(head, token) {
        return None;
    }
    if rest.is_empty() { Some(from) } else { fits(rest, tokens, from + 1) }
}

fn fits_one(alternatives: &str, token: &Token<'_>) -> bool {
    match alternatives {
        "$" => token.figure.is_some_and(|figure| figure.unit == Unit::Amount),
        "#" => token.figure.is_some_and(|figure| figure.unit != Unit::Year),
        _ => alternatives.split('|').any(|word| fits_word(word, &token.word)),
    }
}

/// Returns whether a word is the one of a list, or begins with it where that ends with `*`.
pub(super) fn fits_word(listed: &str, word: &str) -> bool {
    listed.strip_suffix('*').map_or(listed == word, |stem| word.starts_with(stem))
}
