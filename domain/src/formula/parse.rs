//! Understands a formula: reads it from left to right, and knows the kind of every part at once.

use super::functions::NEEDS_ORDER;
use super::token::{self, Token, scan};
use super::{CHARS_MAX, DEPTH_MAX, Formula, FormulaError, Function, Kind, NODES_MAX, Node, Operator, Value, count};
use crate::fields::{Catalogue, Field, FieldType};
use crate::time::Timestamp;

/// Fields that follow from others in ways of their own, so that a formula cannot look at them.
const OUT_OF_REACH: [&str; 9] =
    ["score", "band", "coverage", "trend_7d", "trend_30d", "trend_90d", "rollup", "notice_at", "updated_at"];
/// Endings that may be left out of a built-in field's name.
const SUFFIXES: [&str; 3] = ["_minor", "_at", "_pct"];

/// Understands a formula over the fields of an account.
///
/// # Errors
/// Returns what is wrong first, with its place in characters.
pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Formula, FormulaError> {
    let chars = text.chars().count();
    if chars > CHARS_MAX {
        return Err(error(CHARS_MAX, chars - CHARS_MAX, "Keep the formula to 2,000 characters."));
    }
    let tokens = scan(text)?;
    let mut parser = Parser { tokens, next: 0, catalogue, nodes: 0, depth: 0, end: count(chars) };
    let whole = parser.expression(0)?;
    if let Some(token) = parser.tokens.get(parser.next) {
        let message = "Nothing was expected here. Put an operator such as + before it, or remove it.";
        return Err(error(token.at as usize, (token.end - token.at) as usize, message));
    }
    if whole.kind == Kind::Tags {
        return Err(whole.error("Only contains() can look into a set of words."));
    }
    Ok(Formula { kind: whole.kind, root: whole.node })
}

/// A part with its kind and its place.
struct Part {
    node: Node,
    kind: Kind,
    at: u32,
    end: u32,
}

impl Part {
    fn error(&self, message: impl Into<String>) -> FormulaError {
        FormulaError { at: self.at, len: self.end - self.at, message: message.into() }
    }

    fn must_be(&self, kind: Kind) -> Result<(), FormulaError> {
        if self.kind == kind {
            return Ok(());
        }
        Err(self.error(format!("This is {}, but {} is needed here.", self.kind.words(), kind.words())))
    }
}

struct Parser<'c> {
    tokens: Vec<Token>,
    next: usize,
    catalogue: &'c Catalogue,
    nodes: usize,
    depth: usize,
    end: u32,
}

impl Parser<'_> {
    /// Reads operations that bind at least as strongly as `least`.
    fn expression(&mut self, least: u8) -> Result<Part, FormulaError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let (at, end) = self.here();
            return Err(error(
                at as usize,
                (end - at) as usize,
                "This is nested too deeply. Use a second computed field.",
            ));
        }
        let mut left = self.operand()?;
        while let Some(operator) = self.operator().filter(|operator| operator.strength() >= least) {
            self.next += 1;
            let right = self.expression(operator.strength() + 1)?;
            left = self.binary(operator, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Part, FormulaError> {
        let (at, end) = self.here();
        let Some(token) = self.tokens.get(self.next).cloned() else {
            return Err(error(at as usize, 0, "Something is missing here: a field, a number, a text or a function."));
        };
        self.next += 1;
        match token.kind {
            token::Kind::Number(number) => self.part(Node::Known(Value::Number(number)), Kind::Number, at, end),
            token::Kind::Text(text) => self.part(Node::Known(Value::Text(text)), Kind::Text, at, end),
            token::Kind::Bracketed(label) => self.field(label.trim(), at, end),
            token::Kind::Word(word) => self.word(&word, at, end),
            token::Kind::Open => {
                let inner = self.expression(0)?;
                let end = self.close()?;
                Ok(Part { at, end, ..inner })
            }
            token::Kind::Sign(Operator::Subtract) => {
                let inner = self.expression(Operator::Multiply.strength() + 1)?;
                inner.must_be(Kind::Number)?;
                let end = inner.end;
                self.part(Node::Negative(Box::new(inner.node)), Kind::Number, at, end)
            }
            _ => {
                let message = "Something is missing before this: a field, a number, a text or a function.";
                Err(error(at as usize, (end - at) as usize, message))
            }
        }
    }

    fn word(&mut self, word: &str, at: u32, end: u32) -> Result<Part, FormulaError> {
        let is_call = matches!(self.tokens.get(self.next), Some(Token { kind: token::Kind::Open, .. }));
        match word.to_lowercase().as_str() {
            "yes" | "true" => return self.part(Node::Known(Value::Bool(true)), Kind::Bool, at, end),
            "no" | "false" => return self.part(Node::Known(Value::Bool(false)), Kind::Bool, at, end),
            "not" => {
                let inner = self.expression(Operator::Equal.strength())?;
                inner.must_be(Kind::Bool)?;
                let end = inner.end;
                return self.part(Node::Not(Box::new(inner.node)), Kind::Bool, at, end);
            }
            "date" if is_call => return self.date(at),
            _ => {}
        }
        match Function::named(word) {
            Some(function) if is_call => self.call(function, at, end),
            None if is_call => {
                let message = "There is no such function. Use if, min, max, round, coalesce, days_since, days_until, \
                    lower, contains or date.";
                Err(error(at as usize, (end - at) as usize, message))
            }
            _ => self.field(word, at, end),
        }
    }

    fn call(&mut self, function: Function, at: u32, name_end: u32) -> Result<Part, FormulaError> {
        self.next += 1;
        let mut arguments = Vec::new();
        if !matches!(self.tokens.get(self.next), Some(Token { kind: token::Kind::Close, .. })) {
            loop {
                arguments.push(self.expression(0)?);
                if !matches!(self.tokens.get(self.next), Some(Token { kind: token::Kind::Comma, .. })) {
                    break;
                }
                self.next += 1;
            }
        }
        let end = self.close()?;
        let kinds: Vec<Kind> = arguments.iter().map(|argument| argument.kind).collect();
        let kind =
            function.kind(&kinds).map_err(|(place, message)| match place.and_then(|place| arguments.get(place)) {
                Some(argument) => argument.error(message),
                None => error(at as usize, (name_end - at) as usize, message),
            })?;
        self.part(Node::Call(function, arguments.into_iter().map(|argument| argument.node).collect()), kind, at, end)
    }

    /// Reads `date("2026-11-21")`, a day that stands still.
    fn date(&mut self, at: u32) -> Result<Part, FormulaError> {
        self.next += 1;
        let inner = self.expression(0)?;
        let end = self.close()?;
        let Node::Known(Value::Text(text)) = &inner.node else {
            return Err(inner.error("Write the day in quotes, such as date(\"2026-11-21\")."));
        };
        let day =
            text.trim().parse().map_err(|_| inner.error("Write the day as year-month-day, such as 2026-11-21."))?;
        self.part(Node::Known(Value::Date(Timestamp::from_date(day))), Kind::Date, at, end)
    }

    fn field(&mut self, name: &str, at: u32, end: u32) -> Result<Part, FormulaError> {
        let refuse = |message: String| Err(FormulaError { at, len: end - at, message });
        let Some(field) = find(self.catalogue, name) else {
            return refuse(format!(
                "There is no field “{name}”. Put texts in quotes, and labels with spaces in [brackets]."
            ));
        };
        let kind = kind_of(field);
        let Some(kind) = kind else {
            return refuse(format!("“{}” cannot be used in a formula. Choose another field.", field.label));
        };
        let (key, is_money) = (field.key.clone(), field.kind == FieldType::Money);
        self.part(Node::Field { key, kind, is_money }, kind, at, end)
    }

    fn binary(&mut self, operator: Operator, left: Part, right: Part) -> Result<Part, FormulaError> {
        use Kind::{Bool, Date, Number, Text};
        use Operator::{Add, And, AtLeast, AtMost, Different, Divide, Equal, Greater, Less, Multiply, Or, Subtract};
        let kind = match (operator, left.kind, right.kind) {
            (Add, Text, Text) => Text,
            (Add | Subtract, Date, Number) => Date,
            (Subtract, Date, Date) => Number,
            (Add | Subtract | Multiply | Divide, _, _) => {
                left.must_be(Number)?;
                right.must_be(Number)?;
                Number
            }
            (And | Or, _, _) => {
                left.must_be(Bool)?;
                right.must_be(Bool)?;
                Bool
            }
            (Less | AtMost | Greater | AtLeast, kind, _) => {
                if !matches!(kind, Number | Date) {
                    return Err(left.error(NEEDS_ORDER));
                }
                right.must_be(kind)?;
                Bool
            }
            (Equal | Different, Kind::Tags, _) => {
                return Err(left.error("Only contains() can look into a set of words."));
            }
            (Equal | Different, kind, _) => {
                right.must_be(kind)?;
                Bool
            }
        };
        let (at, end) = (left.at, right.end);
        self.part(Node::Binary(operator, Box::new(left.node), Box::new(right.node)), kind, at, end)
    }

    fn part(&mut self, node: Node, kind: Kind, at: u32, end: u32) -> Result<Part, FormulaError> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(error(
                at as usize,
                (end - at) as usize,
                "This formula has too many parts. Use a second computed field.",
            ));
        }
        Ok(Part { node, kind, at, end })
    }

    fn operator(&self) -> Option<Operator> {
        match &self.tokens.get(self.next)?.kind {
            token::Kind::Sign(operator) => Some(*operator),
            token::Kind::Word(word) if word.eq_ignore_ascii_case("and") => Some(Operator::And),
            token::Kind::Word(word) if word.eq_ignore_ascii_case("or") => Some(Operator::Or),
            _ => None,
        }
    }

    fn close(&mut self) -> Result<u32, FormulaError> {
        match self.tokens.get(self.next) {
            Some(Token { kind: token::Kind::Close, end, .. }) => {
                self.next += 1;
                Ok(*end)
            }
            Some(token) => {
                let message = "A comma or a closing parenthesis is missing before this.";
                Err(error(token.at as usize, (token.end - token.at) as usize, message))
            }
            None => Err(error(self.end as usize, 0, "A closing parenthesis is missing.")),
        }
    }

    fn here(&self) -> (u32, u32) {
        self.tokens.get(self.next).map_or((self.end, self.end), |token| (token.at, token.end))
    }
}

impl Operator {
    /// Returns how strongly it binds.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::Different | Self::Less | Self::AtMost | Self::Greater | Self::AtLeast => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide => 5,
        }
    }
}

/// Returns the kind of a field's values; `None` where a formula cannot look at it.
pub(super) fn kind_of(field: &Field) -> Option<Kind> {
    match field.kind {
        _ if OUT_OF_REACH.contains(&field.key.as_str()) => None,
        FieldType::Number | FieldType::Money | FieldType::Percent => Some(Kind::Number),
        FieldType::Text | FieldType::Choice(_) => Some(Kind::Text),
        FieldType::Date => Some(Kind::Date),
        FieldType::Bool => Some(Kind::Bool),
        FieldType::Tags => Some(Kind::Tags),
        FieldType::User | FieldType::Account => None,
    }
}

/// Returns the shortest word that means a field, to be typed into a formula.
pub(super) fn word_for(catalogue: &Catalogue, field: &Field) -> String {
    let own = field.custom_key().unwrap_or(&field.key);
    let short = SUFFIXES.iter().find_map(|suffix| field.key.strip_suffix(suffix));
    let is_word = |word: &&str| word.starts_with(|c: char| c == '_' || c.is_alphabetic());
    let means_it = |word: &&str| is_word(word) && find(catalogue, word).is_some_and(|found| found.key == field.key);
    let words = [short.filter(|_| field.custom_key().is_none()), Some(own)];
    words.into_iter().flatten().find(means_it).unwrap_or(&field.key).to_owned()
}

/// Finds a field by its key, its key without ending, its own key, or its label.
pub(super) fn find<'c>(catalogue: &'c Catalogue, name: &str) -> Option<&'c Field> {
    let name = name.to_lowercase();
    let first = |is: &dyn Fn(&Field) -> bool| catalogue.fields.iter().find(|field| is(field));
    let short = |field: &Field| {
        let is_own = field.custom_key().is_none();
        is_own && SUFFIXES.iter().any(|suffix| field.key.strip_suffix(suffix) == Some(&name))
    };
    first(&|field| field.key.to_lowercase() == name)
        .or_else(|| first(&short))
        .or_else(|| first(&|field| field.custom_key().is_some_and(|key| key.to_lowercase() == name)))
        .or_else(|| first(&|field| field.label.to_lowercase() == name))
}

fn error(at: usize, len: usize, message: impl Into<String>) -> FormulaError {
    FormulaError { at: count(at), len: count(len), message: message.into() }
}
