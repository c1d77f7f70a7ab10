//! What a headline says happened, and how good that is for the company it is about.
//!
//! A general list of friendly and unfriendly words does not know business news: "shares", "debt" and "agreement" are
//! friendly or unfriendly words there, and "profit fell" is a friendly one. So the kind of event decides first, by
//! patterns; then directions ("profit rose", "loss narrowed") with the good or bad thing they are about; then
//! comparisons of figures ("5.2 mln from 6.1 mln"); then words that are good or bad in business. Every part that
//! counted is named.

mod compare;
mod directions;
mod events;
mod pattern;
mod tokens;
mod words;

use serde::{Deserialize, Serialize};

use super::{Event, Tone};
use tokens::Token;

/// From this sum of effects on news is good, and from its negative on bad.
const THRESHOLD: f64 = 0.5;
/// An event with at least this effect, good or bad, decides alone.
const DECISIVE: f64 = 1.5;
/// Longest headline that is read, in characters.
const CHARS_MAX: usize = 600;

/// What kind of thing decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The event itself.
    Event,
    /// Something went up or down.
    Direction,
    /// A figure beside an earlier one.
    Comparison,
    /// A word that is good or bad in business.
    Word,
}

/// A part of a headline that decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The part, as it is written there.
    pub words: String,
    /// Why it counts.
    pub kind: Kind,
    /// How much: good above zero, bad below; zero where it only names the event.
    pub effect: f64,
}

/// What was read in a headline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What happened.
    pub event: Event,
    /// How good that is.
    pub tone: Tone,
    /// The sum of all effects.
    pub score: f64,
    /// What decided, in the order of the headline.
    pub reasons: Vec<Reason>,
}

/// A part that counts, by the places of its tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    from: usize,
    to: usize,
    kind: Kind,
    effect: f64,
}

/// Reads a headline.
#[must_use]
pub fn read(headline: &str) -> Reading {
    let end = headline.char_indices().nth(CHARS_MAX).map_or(headline.len(), |(end, _)| end);
    let headline = &headline[..end];
    let tokens = tokens::of(headline);
    let (event, mut marks) = events::find(&tokens);
    let decided = marks.first().filter(|mark| mark.effect.abs() >= DECISIVE).copied();
    marks.extend(compare::find(&tokens));
    marks.extend(directions::find(&tokens, &marks));
    marks.extend(words::find(&tokens, &marks));
    // Where the event says it all, figures beside it do not turn it: "cuts 200 jobs as sales fall less than feared".
    let score: f64 = decided.map_or_else(|| marks.iter().map(|mark| mark.effect).sum(), |mark| mark.effect);
    if decided.is_some() {
        marks.truncate(1);
    }
    marks.retain(|mark| mark.effect != 0.0 || mark.kind == Kind::Event);
    marks.sort_by_key(|mark| mark.from);
    let reasons = marks.iter().map(|mark| reason(headline, &tokens, mark)).collect();
    let tone = match score {
        score if score >= THRESHOLD => Tone::Positive,
        score if score <= -THRESHOLD => Tone::Negative,
        _ => Tone::Neutral,
    };
    Reading { event, tone, score: (score * 100.0).round() / 100.0, reasons }
}

fn reason(headline: &str, tokens: &[Token<'_>], mark: &Mark) -> Reason {
    let from = tokens.get(mark.from).map_or(0, |token| token.start);
    let to = tokens.get(mark.to).map_or(headline.len(), |token| token.end);
    Reason { words: headline.get(from..to).unwrap_or_default().to_owned(), kind: mark.kind, effect: mark.effect }
}

#[cfg(test)]
mod tests;
