//! Cuts a filter's text into words, quoted strings and symbols, each with its place.

use super::Comparison;
use super::error::{FilterError, count};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Quoted,
    Open,
    Close,
    Comma,
    Compare(Comparison),
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The word, or what the quotes enclose.
    pub(super) text: String,
    /// Its first character.
    pub(super) at: u32,
    /// How many characters it spans, quotes included.
    pub(super) len: u32,
}

impl Token {
    /// Returns whether it is this word, unquoted, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Returns the place behind its last character.
    pub(super) fn end(&self) -> u32 {
        self.at.saturating_add(self.len)
    }
}

/// All tokens of a text, and the first thing in it that is no token.
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    pub(super) fault: Option<FilterError>,
}

/// Cuts a text into tokens. A quote that is never closed still gives a token, for completion.
pub(super) fn scan(text: &str) -> Scan {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut fault, mut at) = (Vec::new(), None, 0);
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, text, len) = if let Some(close) = closing_quote(c) {
            let (text, len, closed) = quoted(&chars[at + 1..], close);
            if !closed {
                let message = "Close the quote: put the same mark at the end of the text.";
                fault.get_or_insert_with(|| FilterError::new(count(at), 1, message));
            }
            (Kind::Quoted, text, len + 1)
        } else if let Some((kind, len)) = symbol(&chars[at..]) {
            (kind, String::new(), len)
        } else {
            let word = word(&chars[at..]);
            (Kind::Word, word.iter().collect(), word.len())
        };
        if let Some(offset) = chars[at..at + len].iter().position(|c| c.is_control() && !c.is_whitespace()) {
            let message = "Remove the invisible control character here.";
            fault.get_or_insert_with(|| FilterError::new(count(at + offset), 1, message));
        }
        tokens.push(Token { kind, text, at: count(at), len: count(len) });
        at += len;
    }
    Scan { tokens, fault }
}

/// Returns the mark that closes a quote; phones and word processors write the curly ones.
fn closing_quote(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '\'' => Some('\''),
        '“' => Some('”'),
        '„' => Some('“'),
        _ => None,
    }
}

/// Returns the text up to the closing mark, the characters it took, and whether the mark was there.
fn quoted(chars: &[char], close: char) -> (String, usize, bool) {
    let (mut text, mut at) = (String::new(), 0);
    while let Some(&c) = chars.get(at) {
        if c == close {
            return (text, at + 1, true);
        }
        let escaped = chars.get(at + 1).filter(|next| c == '\\' && (**next == '\\' || **next == close));
        text.push(*escaped.unwrap_or(&c));
        at += if escaped.is_some() { 2 } else { 1 };
    }
    (text, at, false)
}

/// Returns the symbol that the text starts with and its length.
fn symbol(chars: &[char]) -> Option<(Kind, usize)> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    Some(match (chars.first()?, chars.get(1)) {
        ('(', _) => (Kind::Open, 1),
        (')', _) => (Kind::Close, 1),
        (',', _) => (Kind::Comma, 1),
        ('=', Some('=')) => (Kind::Compare(Equal), 2),
        ('=', _) => (Kind::Compare(Equal), 1),
        ('!', Some('=')) | ('<', Some('>')) => (Kind::Compare(NotEqual), 2),
        ('<', Some('=')) => (Kind::Compare(LessOrEqual), 2),
        ('>', Some('=')) => (Kind::Compare(GreaterOrEqual), 2),
        ('<', _) => (Kind::Compare(Less), 1),
        ('>', _) => (Kind::Compare(Greater), 1),
        _ => return None,
    })
}

/// Returns the characters of the word that the text starts with. An apostrophe inside belongs to it.
fn word(chars: &[char]) -> &[char] {
    let ends = |at: usize| {
        let c = chars[at];
        c.is_whitespace() || (c != '\'' && closing_quote(c).is_some()) || symbol(&chars[at..]).is_some()
    };
    let len = (1..chars.len()).find(|at| ends(*at)).unwrap_or(chars.len());
    &chars[..len]
}
