//! Ups and downs, and the good or bad thing they are about.

use super::pattern::fits_word;
use super::tokens::Token;
use super::words::{self, NEGATIONS};
use super::{Kind, Mark};

const UP: [&str; 51] = [
    "rise",
    "rises",
    "rose",
    "risen",
    "rising",
    "increas*",
    "grow",
    "grows",
    "grew",
    "grown",
    "growing",
    "climb*",
    "jump",
    "jumps",
    "jumped",
    "surg*",
    "soar*",
    "gain",
    "gains",
    "gained",
    "up",
    "higher",
    "improv*",
    "expand*",
    "doubl*",
    "tripl*",
    "exceed*",
    "beat",
    "beats",
    "boost*",
    "accelerat*",
    "strengthen*",
    "widen*",
    "rebound*",
    "rall*",
    "top",
    "tops",
    "topped",
    "swell*",
    "swelled",
    "advanc*",
    "skyrocket*",
    "upped",
    "lift",
    "lifts",
    "lifted",
    "above",
    "growth",
    "raise",
    "raises",
    "raised",
];

const DOWN: [&str; 67] = [
    "fall",
    "falls",
    "fell",
    "fallen",
    "falling",
    "drop",
    "drops",
    "dropped",
    "dropping",
    "declin*",
    "decreas*",
    "down",
    "slump*",
    "plung*",
    "plummet*",
    "tumbl*",
    "slid",
    "slide",
    "slides",
    "sliding",
    "shrink*",
    "shrank",
    "shrunk",
    "lower",
    "lowered",
    "lowers",
    "lowering",
    "smaller",
    "cut",
    "cuts",
    "cutting",
    "reduc*",
    "weaken*",
    "narrow*",
    "slow",
    "slows",
    "slowed",
    "slowing",
    "miss",
    "misses",
    "missed",
    "halv*",
    "sink",
    "sinks",
    "sank",
    "dip",
    "dips",
    "dipped",
    "below",
    "contracted",
    "contracts",
    "contraction",
    "deteriorat*",
    "eroded",
    "downturn",
    "trim",
    "trims",
    "trimmed",
    "slash*",
    "collaps*",
    "shed",
    "sheds",
    "crash*",
    "nosediv*",
    "retreat*",
    "wane*",
    "under",
];

/// How far a direction may stand from what it is about, in words: before it, and after it.
const REACH: (usize, usize) = (12, 5);
/// What a direction counts with its thing, and without one.
const EFFECT: (f64, f64) = (1.0, 0.6);

/// Returns the ups and downs with what they are about.
pub(super) fn find(tokens: &[Token<'_>], decided: &[Mark]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Some(sign) = sign(&token.word) else { continue };
        let compared =
            decided.iter().any(|mark| mark.kind == Kind::Comparison && (mark.from..=mark.to).contains(&place));
        if compared || is_idle(tokens, place) {
            continue;
        }
        let about = thing(tokens, place);
        let turned = if is_negated(tokens, place) { -0.5 } else { 1.0 };
        let effect = about.map_or(EFFECT.1, |(_, good)| EFFECT.0 * good) * sign * turned;
        let other = about.map_or(place, |(at, _)| at);
        marks.push(Mark { from: place.min(other), to: place.max(other), kind: Kind::Direction, effect });
    }
    // "Sales and profit rose": one direction is said once.
    marks.dedup_by_key(|mark| (mark.from, mark.effect.to_bits()));
    marks
}

/// Returns 1 for up and −1 for down.
fn sign(word: &str) -> Option<f64> {
    if UP.iter().any(|listed| fits_word(listed, word)) {
        Some(1.0)
    } else if DOWN.iter().any(|listed| fits_word(listed, word)) {
        Some(-1.0)
    } else {
        None
    }
}

/// Returns whether a word that may be a direction is none here: "up to 200", "set up", "down payment".
fn is_idle(tokens: &[Token<'_>], place: usize) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.word.as_str());
    let before = if place > 0 { word(place - 1) } else { "" };
    match word(place) {
        "up" => word(place + 1) == "to" || ["set", "sets", "start", "made", "make", "take", "follow"].contains(&before),
        "top" | "above" | "under" | "below" => before == "the" || !matches!(word(place), "below"),
        "growing" | "growth" => {
            ["fast", "fastest"].contains(&before) || ["strategy", "company"].contains(&word(place + 1))
        }
        _ => false,
    }
}

/// Returns the nearest good or bad thing of the same part of the sentence, and 1 for good or −1 for bad.
fn thing(tokens: &[Token<'_>], place: usize) -> Option<(usize, f64)> {
    let clause = tokens[place].clause;
    let same = |at: &usize| tokens[*at].clause == clause;
    let good = |at: usize| words::thing(tokens, at).map(|good| (at, good));
    let before = (place.saturating_sub(REACH.0)..place).rev().take_while(same).find_map(good);
    let after = (place + 1..tokens.len().min(place + 1 + REACH.1)).take_while(same).find_map(good);
    // "Cut costs", "lower sales": what follows at once is meant rather than what stood before.
    match (before, after) {
        (Some(before), Some(after)) => Some(if after.0 - place <= 2 && place - before.0 > 1 { after } else { before }),
        (before, after) => before.or(after),
    }
}

fn is_negated(tokens: &[Token<'_>], place: usize) -> bool {
    let near = tokens.get(place.saturating_sub(3)..place).unwrap_or_default();
    near.iter().any(|token| NEGATIONS.contains(&token.word.as_str()) || token.word.ends_with("n't"))
}
