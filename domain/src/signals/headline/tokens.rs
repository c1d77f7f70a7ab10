//! The words and figures of a headline.

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Money, or a figure in millions.
    Amount,
    /// A share of a hundred.
    Percent,
    /// Anything else.
    Count,
    /// A year, which is compared with nothing.
    Year,
}

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    pub value: f64,
    pub unit: Unit,
}

/// A word or a figure with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    /// The word in lower case; for a figure its digits.
    pub word: String,
    /// As it is written.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Which part of the sentence it is in.
    pub clause: u16,
    /// What it counts, where it is a figure.
    pub figure: Option<Figure>,
}

/// Words that begin another part of the sentence, which has a subject of its own.
const JOINTS: [&str; 8] = ["but", "while", "whereas", "although", "though", "despite", "as", "after"];
/// Words for money before a figure.
const CURRENCIES: [&str; 14] =
    ["eur", "euro", "usd", "gbp", "sek", "nok", "dkk", "chf", "jpy", "inr", "us", "euros", "dollars", "rs"];

/// Returns the words and figures of a headline.
pub(super) fn of(headline: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut clause = 0u16;
    for (start, raw) in pieces(headline) {
        let text = raw.trim_matches(|c: char| !is_inner(c));
        if text.is_empty() {
            clause += u16::from(raw.contains([';', ':', '—', '–']) || raw == "-" || raw == "--");
            note_percent(&mut tokens, raw);
            continue;
        }
        let begin = start + raw.find(text).unwrap_or(0);
        let word = text.to_lowercase().replace('’', "'");
        clause += u16::from(JOINTS.contains(&word.as_str()));
        let figure = figure(text).map(|value| Figure { value, unit: unit(&tokens, raw, text, value) });
        match (scale(&word), tokens.last_mut().and_then(|last| last.figure.as_mut().zip(Some(&mut last.end)))) {
            // "5.2 mln" is one figure.
            (Some(times), Some((last, end))) if figure.is_none() => {
                last.value *= times;
                let is_percent = last.unit == Unit::Percent || word.starts_with('p');
                last.unit = if is_percent { Unit::Percent } else { Unit::Amount };
                *end = begin + text.len();
            }
            _ => tokens.push(Token { word, text, start: begin, end: begin + text.len(), clause, figure }),
        }
        note_percent(&mut tokens, raw.get(begin - start + text.len()..).unwrap_or_default());
        clause += u16::from(raw.ends_with([';', ':']));
    }
    tokens
}

/// Returns what stands between spaces, with its place.
fn pieces(headline: &str) -> impl Iterator<Item = (usize, &str)> {
    headline.split_whitespace().map(|piece| (piece.as_ptr().addr() - headline.as_ptr().addr(), piece))
}

/// Returns whether a word may begin or end with this.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric()
}

fn note_percent(tokens: &mut [Token<'_>], raw: &str) {
    if let Some(figure) = tokens.last_mut().and_then(|token| token.figure.as_mut()).filter(|_| raw.starts_with('%')) {
        figure.unit = Unit::Percent;
    }
}

/// Returns the figure that a word is: `1,250.5`, `20m`, `$3bn`.
fn figure(text: &str) -> Option<f64> {
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let (number, tail) = text.split_at(digits);
    let value: f64 = number.replace(',', "").parse().ok()?;
    if tail.is_empty() { Some(value) } else { scale(&tail.to_lowercase()).map(|times| value * times) }
}

fn scale(word: &str) -> Option<f64> {
    match word {
        "k" | "thousand" => Some(1e3),
        "m" | "mn" | "mln" | "mio" | "million" | "mill" => Some(1e6),
        "b" | "bn" | "bln" | "billion" => Some(1e9),
        "pct" | "percent" | "percentage" => Some(1.0),
        _ => None,
    }
}

fn unit(before: &[Token<'_>], raw: &str, text: &str, value: f64) -> Unit {
    let is_money = raw.contains(['$', '€', '£', '¥'])
        || before.last().is_some_and(|token| CURRENCIES.contains(&token.word.as_str()))
        || !text.ends_with(|c: char| c.is_ascii_digit());
    let is_year = (1900.0..2100.0).contains(&value) && text.len() == 4 && !text.contains(['.', ',']);
    match (is_money, is_year) {
        (true, _) => Unit::Amount,
        (false, true) => Unit::Year,
        (false, false) => Unit::Count,
    }
}
