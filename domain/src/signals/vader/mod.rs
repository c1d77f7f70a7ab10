//! How a message, a note or a comment sounds: the VADER method (Hutto & Gilbert, 2014).
//!
//! Words carry a mean rating of ten people from −4 to 4; what stands before them strengthens, weakens or turns
//! them; capitals, exclamation marks and "but" count. The sum x becomes x / √(x² + 15), between −1 and 1. The
//! reference is vaderSentiment 3.3.2, which this follows in every rule, its oddities included. It is made for what
//! people write to each other; for news there is [`super::headline`].

mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use words::{NEGATIONS, SPECIAL_CASES, booster};

use super::Tone;

/// How much a word in capitals among words that are not is stronger.
const CAPITALS: f64 = 0.733;
/// What a negation multiplies a rating with.
const NEGATED: f64 = -0.74;
/// About the largest sum that is expected, squared sums are compared with it.
const ALPHA: f64 = 15.0;
/// From here on a text is called positive, and from its negative on negative, as the authors advise.
const THRESHOLD: f64 = 0.05;
/// Longest text that is read, in characters; what follows is not.
const CHARS_MAX: usize = 10_000;

static LEXICON: LazyLock<HashMap<&'static str, f64>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/vader_lexicon.tsv").lines();
    lines.filter_map(|line| line.split_once('\t')).filter_map(|(word, mean)| Some((word, mean.parse().ok()?))).collect()
});

static EMOJI: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/vader_emoji.tsv").lines();
    lines.filter_map(|line| line.split_once('\t')).filter_map(|(one, text)| Some((one.chars().next()?, text))).collect()
});

/// Returns how a text sounds as one of three words.
#[must_use]
pub fn tone(text: &str) -> Tone {
    match compound(text) {
        score if score >= THRESHOLD => Tone::Positive,
        score if score <= -THRESHOLD => Tone::Negative,
        _ => Tone::Neutral,
    }
}

/// Returns how a text sounds, from −1 to 1, with four digits.
#[must_use]
pub fn compound(text: &str) -> f64 {
    let text: String = text.chars().take(CHARS_MAX).collect();
    let text = spelled_out(&text);
    let text = text.trim();
    let tokens = Tokens::of(text);
    let mut ratings: Vec<f64> = (0..tokens.words.len()).map(|place| tokens.rating(place)).collect();
    if ratings.is_empty() {
        return 0.0;
    }
    weigh_but(&tokens.lower, &mut ratings);
    let mut sum: f64 = ratings.iter().sum();
    if sum > 0.0 {
        sum += emphasis(text);
    } else if sum < 0.0 {
        sum -= emphasis(text);
    }
    let normal = (sum / (sum * sum + ALPHA).sqrt()).clamp(-1.0, 1.0);
    (normal * 10_000.0).round() / 10_000.0
}

/// Returns the text with a description in the place of each emoji.
fn spelled_out(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut after_space = true;
    for c in text.chars() {
        if let Some(description) = EMOJI.get(&c) {
            if !after_space {
                spelled.push(' ');
            }
            spelled.push_str(description);
            after_space = false;
        } else {
            spelled.push(c);
            after_space = c == ' ';
        }
    }
    spelled
}

struct Tokens<'a> {
    words: Vec<&'a str>,
    lower: Vec<String>,
    /// Whether some words are in capitals and some are not.
    mixed_case: bool,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        let bare = |token: &'a str| {
            let stripped = token.trim_matches(|c: char| c.is_ascii_punctuation());
            // What is left of ":)" is no word.
            if stripped.chars().count() <= 2 { token } else { stripped }
        };
        let words: Vec<&str> = text.split_whitespace().map(bare).collect();
        let capitals = words.iter().filter(|word| is_upper(word)).count();
        let lower = words.iter().map(|word| word.to_lowercase()).collect();
        Self { mixed_case: capitals > 0 && capitals < words.len(), lower, words }
    }

    fn at(&self, place: usize) -> &str {
        self.lower.get(place).map_or("", String::as_str)
    }

    fn rating(&self, place: usize) -> f64 {
        let word = self.at(place);
        let kind_of = word == "kind" && self.at(place + 1) == "of";
        let Some(&mean) = LEXICON.get(word).filter(|_| !kind_of && booster(word).is_none()) else { return 0.0 };
        let mut rating = mean;
        if word == "no" && LEXICON.contains_key(self.at(place + 1)) {
            rating = 0.0;
        }
        let no = |back: usize| place >= back && self.at(place - back) == "no";
        if no(1) || no(2) || (no(3) && ["or", "nor"].contains(&self.at(place - 1))) {
            rating = mean * NEGATED;
        }
        if self.mixed_case && is_upper(self.words[place]) {
            rating += if rating > 0.0 { CAPITALS } else { -CAPITALS };
        }
        for back in 1..=3.min(place) {
            if !LEXICON.contains_key(self.at(place - back)) {
                rating += self.strength(place - back, rating) * [1.0, 0.95, 0.9][back - 1];
                rating = self.negated(rating, place, back);
                if back == 3 {
                    rating = self.idioms(rating, place);
                }
            }
        }
        self.least(rating, place)
    }

    /// Returns what a word before a rated one adds to its rating.
    fn strength(&self, place: usize, rating: f64) -> f64 {
        let Some(mut added) = booster(self.at(place)) else { return 0.0 };
        if rating < 0.0 {
            added = -added;
        }
        if self.mixed_case && is_upper(self.words[place]) {
            added += if rating > 0.0 { CAPITALS } else { -CAPITALS };
        }
        added
    }

    fn negated(&self, rating: f64, place: usize, back: usize) -> f64 {
        let (before, one, two) = (self.at(place - back), self.at(place - 1), self.at(place.saturating_sub(2)));
        let so = |word: &str| word == "so" || word == "this";
        let stressed = match back {
            2 => before == "never" && so(one),
            3 => (before == "never" && so(two)) || so(one),
            _ => false,
        };
        let without_doubt = match back {
            2 => before == "without" && one == "doubt",
            3 => before == "without" && (two == "doubt" || one == "doubt"),
            _ => false,
        };
        match (stressed, without_doubt, is_negation(before)) {
            (true, ..) => rating * 1.25,
            (false, false, true) => rating * NEGATED,
            _ => rating,
        }
    }

    /// Rates known phrases as a whole; asked where three words stand before the rated one.
    fn idioms(&self, mut rating: f64, place: usize) -> f64 {
        let phrase = |from: usize, to: usize| self.lower.get(from..=to).map(|words| words.join(" "));
        let special = |phrase: Option<String>| {
            phrase
                .and_then(|phrase| SPECIAL_CASES.iter().find(|(known, _)| *known == phrase).map(|(_, rating)| *rating))
        };
        let before = [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2)];
        let found = before.into_iter().find_map(|(from, to)| special(phrase(place - from, place - to)));
        rating = found.unwrap_or(rating);
        rating = special(phrase(place, place + 1)).unwrap_or(rating);
        rating = special(phrase(place, place + 2)).unwrap_or(rating);
        for (from, to) in [(3, 1), (3, 2), (2, 1)] {
            rating += phrase(place - from, place - to).and_then(|phrase| booster(&phrase)).unwrap_or(0.0);
        }
        rating
    }

    fn least(&self, rating: f64, place: usize) -> f64 {
        let is_least = place > 0 && self.at(place - 1) == "least" && !LEXICON.contains_key("least");
        let is_fixed = place > 1 && ["at", "very"].contains(&self.at(place - 2));
        if is_least && !is_fixed { rating * NEGATED } else { rating }
    }
}

/// Halves what stands before the first "but" and strengthens what stands behind it.
///
/// The reference looks ratings up by value, so the first of several equal ones changes in the place of the others.
fn weigh_but(lower: &[String], ratings: &mut [f64]) {
    let Some(but) = lower.iter().position(|word| word == "but") else { return };
    for place in 0..ratings.len() {
        let rating = ratings[place];
        let Some(first) = ratings.iter().position(|other| *other == rating) else { continue };
        match first.cmp(&but) {
            std::cmp::Ordering::Less => ratings[first] = rating * 0.5,
            std::cmp::Ordering::Greater => ratings[first] = rating * 1.5,
            std::cmp::Ordering::Equal => {}
        }
    }
}

/// Returns what exclamation and question marks add.
fn emphasis(text: &str) -> f64 {
    let count = |mark: char| text.chars().filter(|c| *c == mark).count();
    let exclaimed = count('!').min(4) as f64 * 0.292;
    let asked = match count('?') {
        0 | 1 => 0.0,
        marks @ 2..=3 => marks as f64 * 0.18,
        _ => 0.96,
    };
    exclaimed + asked
}

fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.contains("n't")
}

fn is_upper(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests;
