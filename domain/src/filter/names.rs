//! Finds the field that a word means, or the one it was probably meant to be.

use crate::fields::{Catalogue, Field};

/// Endings that say how a field is stored, which people need not type.
const SUFFIXES: [&str; 5] = ["_minor", "_id", "_at", "_pct", "_score"];

/// Returns the field with this key, short key or own custom key, in that order.
pub(super) fn find<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c Field> {
    let word = word.to_lowercase();
    let first = |is: &dyn Fn(&Field) -> bool| catalogue.fields.iter().find(|field| is(field));
    first(&|field| field.key == word)
        .or_else(|| first(&|field| field.key.to_lowercase() == word))
        .or_else(|| first(&|field| short(field) == Some(&word)))
        .or_else(|| first(&|field| field.custom_key().is_some_and(|key| key.to_lowercase() == word)))
}

/// Returns the field that [`find`] finds, else the first with this label or synonym, `_` for the spaces.
pub(super) fn find_any<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c Field> {
    find(catalogue, word).or_else(|| {
        let word = word.to_lowercase();
        let is = |name: &str| name.to_lowercase().replace(' ', "_") == word;
        catalogue.fields.iter().find(|field| is(&field.label) || field.synonyms.iter().any(|name| is(name)))
    })
}

/// Returns the key of the field whose name is nearest to a word, if one is near.
pub(super) fn nearest<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c str> {
    let names = catalogue.fields.iter().flat_map(|field| {
        let names = [Some(field.key.as_str()), short(field), field.custom_key()];
        let synonyms = field.synonyms.iter().map(String::as_str);
        names.into_iter().flatten().chain(synonyms).map(|name| (name, field.key.as_str()))
    });
    nearest_of(names, word)
}

/// Returns what stands beside the name that is nearest to a word, if one is near.
pub(super) fn nearest_of<'c>(names: impl Iterator<Item = (&'c str, &'c str)>, word: &str) -> Option<&'c str> {
    // A longer word is no slip of the finger, and comparing it would cost time.
    const WORD_CHARS_MAX: usize = 40;
    let word: Vec<char> = word.to_lowercase().chars().take(WORD_CHARS_MAX + 1).collect();
    if word.len() > WORD_CHARS_MAX {
        return None;
    }
    let slips_max = (word.len() / 3).clamp(1, 3);
    names
        .map(|(name, beside)| (edit_distance(&name.to_lowercase().replace(' ', "_"), &word), beside))
        .filter(|(slips, _)| *slips <= slips_max)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, beside)| beside)
}

/// Returns the key without the ending that says how it is stored.
fn short(field: &Field) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| field.key.strip_suffix(suffix)).filter(|_| field.custom_key().is_none())
}

/// Counts the letters to insert, delete, change or swap with their neighbour to get from one word to another.
fn edit_distance(from: &str, to: &[char]) -> usize {
    let from: Vec<char> = from.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let change = above[j] + usize::from(a != b);
            let mut least = change.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}
