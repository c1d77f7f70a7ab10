//! What a formula comes to for one account.

use serde_json::{Map, Value as Json};

use super::{Formula, Function, Kind, Node, Operator, Value};
use crate::accounts;
use crate::fields::{self, TEXT_CHARS_MAX};
use crate::money::Currency;
use crate::time::{DAY_MS, Timestamp};

/// Most digits that a number is rounded to, on either side of the point.
const DIGITS_MAX: i32 = 9;

impl Formula {
    /// Returns the value for an account's document at a moment as it is stored; `Null` where it is unknown.
    #[must_use]
    pub fn evaluate(&self, doc: &Map<String, Json>, now: Timestamp) -> Json {
        match value(&self.root, &Account { doc, now }) {
            Some(Value::Number(number)) => whole(number),
            Some(Value::Text(text)) if text.trim().is_empty() => Json::Null,
            Some(Value::Text(text)) => text.into(),
            Some(Value::Date(at)) => at.0.into(),
            Some(Value::Bool(yes)) => yes.into(),
            Some(Value::Tags(_)) | None => Json::Null,
        }
    }
}

/// Returns a number as documents spell it: whole ones as integers.
fn whole(number: f64) -> Json {
    /// Largest whole number that a 64-bit float holds exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        // Checked to be whole and exact just above.
        return (number as i64).into();
    }
    number.into()
}

struct Account<'a> {
    doc: &'a Map<String, Json>,
    now: Timestamp,
}

fn value(node: &Node, account: &Account<'_>) -> Option<Value> {
    match node {
        Node::Known(value) => Some(value.clone()),
        Node::Field { key, kind, is_money } => account.field(key, *kind, *is_money),
        Node::Negative(inner) => Some(Value::Number(-number(inner, account)?)),
        Node::Not(inner) => Some(Value::Bool(!truth(inner, account)?)),
        Node::Binary(Operator::And, left, right) => both(left, right, account, false),
        Node::Binary(Operator::Or, left, right) => both(left, right, account, true),
        Node::Binary(operator, left, right) => binary(*operator, value(left, account)?, value(right, account)?),
        Node::Call(function, arguments) => call(*function, arguments, account),
    }
}

impl Account<'_> {
    fn field(&self, key: &str, kind: Kind, is_money: bool) -> Option<Value> {
        let value = accounts::value(self.doc, key);
        match kind {
            Kind::Number => {
                let number = value.as_f64().filter(|number| number.is_finite())?;
                if !is_money {
                    return Some(Value::Number(number));
                }
                let currency = fields::get(self.doc, "currency").as_str().and_then(|code| code.parse().ok());
                let currency: Currency = currency.unwrap_or(Currency::USD);
                Some(Value::Number(number / power_of_ten(currency.digits().cast_signed())))
            }
            Kind::Text => value.as_str().map(|text| Value::Text(text.to_owned())),
            Kind::Date => value.as_i64().map(|at| Value::Date(Timestamp(at))),
            Kind::Bool => value.as_bool().map(Value::Bool),
            Kind::Tags => {
                let words = value.as_array()?.iter().filter_map(|word| word.as_str().map(str::to_owned));
                Some(Value::Tags(words.collect()))
            }
        }
    }
}

/// `no and unknown` is no, `yes or unknown` is yes: one side alone can decide.
fn both(left: &Node, right: &Node, account: &Account<'_>, decides: bool) -> Option<Value> {
    let (left, right) = (truth(left, account), truth(right, account));
    if left == Some(decides) || right == Some(decides) {
        return Some(Value::Bool(decides));
    }
    (left.is_some() && right.is_some()).then_some(Value::Bool(!decides))
}

fn binary(operator: Operator, left: Value, right: Value) -> Option<Value> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => match operator {
            Operator::Add => known(a + b),
            Operator::Subtract => known(a - b),
            Operator::Multiply => known(a * b),
            Operator::Divide => known(a / b),
            _ => Some(Value::Bool(compare(operator, a.partial_cmp(&b)?))),
        },
        (Value::Date(at), Value::Number(days)) => {
            let days = if operator == Operator::Subtract { -days } else { days };
            // The cast saturates, which is far outside the years that dates can express.
            let moved = at.0.checked_add((days * DAY_MS as f64).round() as i64)?;
            Timestamp(moved).date().map(|_| Value::Date(Timestamp(moved)))
        }
        (Value::Date(a), Value::Date(b)) => match operator {
            Operator::Subtract => known((a.0 as f64 - b.0 as f64) / DAY_MS as f64),
            _ => Some(Value::Bool(compare(operator, a.cmp(&b)))),
        },
        (Value::Text(a), Value::Text(b)) => match operator {
            Operator::Add => Some(Value::Text(a.chars().chain(b.chars()).take(TEXT_CHARS_MAX).collect())),
            _ => Some(Value::Bool(same_text(&a, &b) == (operator == Operator::Equal))),
        },
        (Value::Bool(a), Value::Bool(b)) => Some(Value::Bool((a == b) == (operator == Operator::Equal))),
        _ => None,
    }
}

fn compare(operator: Operator, order: std::cmp::Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::Different => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::AtLeast => order.is_ge(),
        _ => false,
    }
}

/// Texts are the same but for case and surrounding space, as in filters.
fn same_text(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn call(function: Function, arguments: &[Node], account: &Account<'_>) -> Option<Value> {
    let first = arguments.first()?;
    match function {
        Function::If => {
            let branch = if truth(first, account)? { 1 } else { 2 };
            value(arguments.get(branch)?, account)
        }
        Function::Coalesce => arguments.iter().find_map(|argument| value(argument, account)),
        Function::Min | Function::Max => extreme(function == Function::Max, arguments, account),
        Function::Round => {
            let digits = arguments.get(1).map_or(Some(0.0), |digits| number(digits, account))?;
            // The cast saturates, and the digits are few.
            let factor = power_of_ten((digits.round() as i32).clamp(-DIGITS_MAX, DIGITS_MAX));
            known((number(first, account)? * factor).round() / factor)
        }
        Function::DaysSince => Some(Value::Number(account.now.days_since(date(first, account)?) as f64)),
        Function::DaysUntil => {
            let until = date(first, account)?.day_start().days_since(account.now.day_start());
            Some(Value::Number(until as f64))
        }
        Function::Lower => match value(first, account)? {
            Value::Text(text) => Some(Value::Text(text.to_lowercase())),
            _ => None,
        },
        Function::Contains => {
            let Value::Text(part) = value(arguments.get(1)?, account)? else { return None };
            match value(first, account)? {
                Value::Text(text) => Some(Value::Bool(text.to_lowercase().contains(&part.to_lowercase()))),
                Value::Tags(words) => Some(Value::Bool(words.iter().any(|word| same_text(word, &part)))),
                _ => None,
            }
        }
    }
}

/// Returns the smallest or largest of what is known.
fn extreme(largest: bool, arguments: &[Node], account: &Account<'_>) -> Option<Value> {
    let order = |value: &Value| match value {
        Value::Number(number) => *number,
        Value::Date(at) => at.0 as f64,
        _ => 0.0,
    };
    let known = arguments.iter().filter_map(|argument| value(argument, account));
    known.reduce(|best, next| if (order(&next) > order(&best)) == largest { next } else { best })
}

fn known(number: f64) -> Option<Value> {
    number.is_finite().then_some(Value::Number(number))
}

fn number(node: &Node, account: &Account<'_>) -> Option<f64> {
    match value(node, account)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn truth(node: &Node, account: &Account<'_>) -> Option<bool> {
    match value(node, account)? {
        Value::Bool(yes) => Some(yes),
        _ => None,
    }
}

fn date(node: &Node, account: &Account<'_>) -> Option<Timestamp> {
    match value(node, account)? {
        Value::Date(at) => Some(at),
        _ => None,
    }
}

fn power_of_ten(exponent: i32) -> f64 {
    10f64.powi(exponent)
}
