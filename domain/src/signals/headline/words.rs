//! Words that are good or bad in business, and things that are better when there is more or less of them.

use super::pattern::fits_word;
use super::tokens::Token;
use super::{Kind, Mark};

/// What a word counts.
const EFFECT: f64 = 0.7;
/// What turns a word, up to three words before it.
pub(super) const NEGATIONS: [&str; 16] = [
    "no", "not", "without", "never", "nor", "fails", "failed", "fail", "cannot", "lack", "lacks", "hardly", "unable",
    "denies", "avoid", "avoids",
];

/// Better when there is more of it.
const GOOD_THINGS: [&str; 52] = [
    "profit*",
    "sales",
    "revenue*",
    "earnings",
    "order",
    "orders",
    "income",
    "ebit",
    "ebitda",
    "margin*",
    "share",
    "shares",
    "stock",
    "stocks",
    "demand",
    "turnover",
    "dividend*",
    "volume*",
    "traffic",
    "customers",
    "subscribers",
    "users",
    "outlook",
    "guidance",
    "forecast*",
    "result",
    "results",
    "eps",
    "passenger*",
    "deliveries",
    "shipments",
    "production",
    "exports",
    "output",
    "backlog",
    "bookings",
    "efficiency",
    "productivity",
    "capacity",
    "market",
    "cash",
    "return",
    "value",
    "price",
    "business",
    "growth",
    "index",
    "performance",
    "quality",
    "rating",
    "surplus",
    "activity",
];
/// Better when there is less of it.
const BAD_THINGS: [&str; 25] = [
    "loss",
    "losses",
    "cost",
    "costs",
    "debt",
    "debts",
    "expense*",
    "deficit",
    "unemployment",
    "churn",
    "complaints",
    "impairment*",
    "write-down*",
    "writedown*",
    "indebtedness",
    "emissions",
    "defaults",
    "charges",
    "liabilities",
    "delays",
    "risk",
    "risks",
    "burden",
    "consumption",
    "errors",
];

const GOOD: [&str; 73] = [
    "award",
    "awards",
    "awarded",
    "won",
    "win",
    "wins",
    "winning",
    "record",
    "upgrade*",
    "strong",
    "stronger",
    "strongest",
    "strongly",
    "profitable",
    "profitability",
    "success*",
    "breakthrough",
    "approv*",
    "benefit*",
    "efficient",
    "recover*",
    "outperform*",
    "positive",
    "positively",
    "optimis*",
    "saving",
    "savings",
    "secures",
    "secured",
    "solid",
    "robust",
    "favourabl*",
    "favorabl*",
    "healthy",
    "best",
    "better",
    "good",
    "excellent",
    "pleased",
    "satisfied",
    "happy",
    "great",
    "enhanc*",
    "opportunit*",
    "attractive",
    "leading",
    "bullish",
    "upbeat",
    "confident",
    "confidence",
    "thriv*",
    "milestone",
    "praise*",
    "turnaround",
    "all-time",
    "surpass*",
    "outpac*",
    "upside",
    "promising",
    "boom*",
    "brisk",
    "well-positioned",
    "competitive",
    "support",
    "supports",
    "enable*",
    "enabling",
    "easier",
    "honor*",
    "honour*",
    "accretive",
    "cost-effective",
    "synerg*",
];
const BAD: [&str; 66] = [
    "loss",
    "losses",
    "bankrupt*",
    "insolven*",
    "default*",
    "fraud*",
    "recall*",
    "warn",
    "warns",
    "warned",
    "warning",
    "weak",
    "weaker",
    "weakness",
    "delay*",
    "suspend*",
    "terminat*",
    "penalt*",
    "strike",
    "strikes",
    "downgrade*",
    "impairment*",
    "write-down*",
    "writedown*",
    "cancel*",
    "crisis",
    "difficult*",
    "shut",
    "shuts",
    "shutdown",
    "closure",
    "closures",
    "close-down",
    "negative*",
    "poor",
    "disappoint*",
    "worse",
    "worst",
    "worsen*",
    "recession",
    "slowdown",
    "problem*",
    "threat*",
    "concern*",
    "fear*",
    "bearish",
    "struggl*",
    "scandal*",
    "halt*",
    "abandon*",
    "unprofitable",
    "uncertain*",
    "challeng*",
    "hurt*",
    "hit",
    "harm*",
    "damag*",
    "blow",
    "fail*",
    "unfavo*",
    "deficit",
    "sell-off",
    "tough*",
    "victim*",
    "death*",
    "accident*",
];

/// Returns 1 for what is better when there is more of it, −1 for what is worse; "loss per share" is about the loss.
pub(super) fn thing(tokens: &[Token<'_>], at: usize) -> Option<f64> {
    let is_measure = at > 0 && tokens[at - 1].word == "per";
    tokens.get(at).filter(|_| !is_measure).and_then(|token| good_or_bad(&token.word))
}

fn good_or_bad(word: &str) -> Option<f64> {
    if BAD_THINGS.iter().any(|listed| fits_word(listed, word)) {
        Some(-1.0)
    } else if GOOD_THINGS.iter().any(|listed| fits_word(listed, word)) {
        Some(1.0)
    } else {
        None
    }
}

/// Returns the words that are good or bad by themselves, as far as nothing else has used them.
pub(super) fn find(tokens: &[Token<'_>], used: &[Mark]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let is_used = |mark: &Mark| match mark.kind {
            // A direction uses its own two words, not all between them.
            Kind::Direction => mark.from == place || mark.to == place,
            _ => mark.effect != 0.0 && (mark.from..=mark.to).contains(&place),
        };
        let effect = if BAD.iter().any(|listed| fits_word(listed, &token.word)) {
            -EFFECT
        } else if GOOD.iter().any(|listed| fits_word(listed, &token.word)) {
            EFFECT
        } else {
            continue;
        };
        let repeated = marks.iter().any(|mark| tokens[mark.from].word == token.word);
        if repeated || used.iter().any(is_used) {
            continue;
        }
        let near = tokens.get(place.saturating_sub(3)..place).unwrap_or_default();
        let negated = near.iter().any(|token| NEGATIONS.contains(&token.word.as_str()) || token.word.ends_with("n't"));
        marks.push(Mark { from: place, to: place, kind: Kind::Word, effect: if negated { -effect } else { effect } });
    }
    marks
}
