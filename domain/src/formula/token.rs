//! Cuts a formula into numbers, words, texts and signs.

use super::{FormulaError, Operator, count};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    /// A field, a function, or `and`, `or`, `not`, `yes`, `no`.
    Word(String),
    /// A field in brackets, by its label.
    Bracketed(String),
    Text(String),
    Sign(Operator),
    Open,
    Close,
    Comma,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its first character.
    pub(super) at: u32,
    /// The character behind its last one.
    pub(super) end: u32,
}

/// Signs, longer ones first; those of word processors and keyboards mean the same.
const SIGNS: [(&str, Kind); 19] = [
    ("<=", Kind::Sign(Operator::AtMost)),
    (">=", Kind::Sign(Operator::AtLeast)),
    ("!=", Kind::Sign(Operator::Different)),
    ("<>", Kind::Sign(Operator::Different)),
    ("==", Kind::Sign(Operator::Equal)),
    ("≤", Kind::Sign(Operator::AtMost)),
    ("≥", Kind::Sign(Operator::AtLeast)),
    ("≠", Kind::Sign(Operator::Different)),
    ("=", Kind::Sign(Operator::Equal)),
    ("<", Kind::Sign(Operator::Less)),
    (">", Kind::Sign(Operator::Greater)),
    ("+", Kind::Sign(Operator::Add)),
    ("-", Kind::Sign(Operator::Subtract)),
    ("−", Kind::Sign(Operator::Subtract)),
    ("*", Kind::Sign(Operator::Multiply)),
    ("×", Kind::Sign(Operator::Multiply)),
    ("/", Kind::Sign(Operator::Divide)),
    ("÷", Kind::Sign(Operator::Divide)),
    (",", Kind::Comma),
];

pub(super) fn scan(text: &str) -> Result<Vec<Token>, FormulaError> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, len) = next(&chars[at..]).map_err(|(len, message)| FormulaError {
            at: count(at),
            len: count(len),
            message: message.to_owned(),
        })?;
        tokens.push(Token { kind, at: count(at), end: count(at + len) });
        at += len;
    }
    Ok(tokens)
}

fn next(chars: &[char]) -> Result<(Kind, usize), (usize, &'static str)> {
    let first = chars[0];
    let closing = match first {
        '"' => Some('"'),
        '\'' => Some('\''),
        '“' | '„' => Some('”'),
        '[' => Some(']'),
        _ => None,
    };
    if let Some(closing) = closing {
        return enclosed(chars, closing);
    }
    if first.is_ascii_digit() {
        return number(chars);
    }
    if is_word(first) {
        let len = chars.iter().take_while(|c| is_word(**c) || c.is_ascii_digit() || **c == '.').count();
        return Ok((Kind::Word(chars[..len].iter().collect()), len));
    }
    match first {
        '(' => return Ok((Kind::Open, 1)),
        ')' => return Ok((Kind::Close, 1)),
        _ => {}
    }
    let sign = SIGNS.iter().find(|(sign, _)| sign.chars().enumerate().all(|(place, c)| chars.get(place) == Some(&c)));
    sign.map(|(sign, kind)| (kind.clone(), sign.chars().count()))
        .ok_or((1, "This character means nothing in a formula. Put texts in quotes."))
}

fn enclosed(chars: &[char], closing: char) -> Result<(Kind, usize), (usize, &'static str)> {
    let end = chars[1..].iter().position(|c| *c == closing);
    let Some(end) = end else {
        return Err((
            1,
            if closing == ']' { "Close the bracket: put “]” behind the field." } else { "Close the quote." },
        ));
    };
    let inner: String = chars[1..=end].iter().collect();
    let kind = if closing == ']' { Kind::Bracketed(inner) } else { Kind::Text(inner) };
    Ok((kind, end + 2))
}

fn number(chars: &[char]) -> Result<(Kind, usize), (usize, &'static str)> {
    let len = chars.iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
    let text: String = chars[..len].iter().collect();
    let number: f64 = text.parse().map_err(|_| (len, "Write a number such as 12 or 0.5."))?;
    if number.is_finite() { Ok((Kind::Number(number), len)) } else { Err((len, "This number is too large.")) }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}
