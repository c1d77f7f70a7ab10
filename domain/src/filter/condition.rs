//! Reads one condition: the operators that a kind of field has and the values it takes.

use super::complete::insert;
use super::error::FilterError;
use super::kinds::{self, Operator};
use super::literal::read_literal;
use super::parse::Parser;
use super::token::{Kind, Token};
use super::{Comparison, Condition, DAYS_MAX, Filter, LIST_MAX, Literal, Test};
use crate::fields::{Field, FieldType};

/// The words that begin an operator, and what each is.
const OPERATOR_WORDS: [(&str, Operator); 10] = [
    ("is", Operator::Is),
    ("in", Operator::In),
    ("contains", Operator::Contains),
    ("starts", Operator::Starts),
    ("ends", Operator::Ends),
    ("has", Operator::Has),
    ("within", Operator::Within),
    ("older", Operator::Older),
    ("before", Operator::Compare(Comparison::Less)),
    ("after", Operator::Compare(Comparison::Greater)),
];

impl Parser<'_> {
    /// Returns whether the present token begins an operator, so that the one before it was a field.
    pub(super) fn is_at_operator(&self) -> bool {
        let Some(token) = self.peek() else { return false };
        let is_negated = token.is("not") && self.peek_second().is_some_and(|next| operator_word(next).is_some());
        matches!(token.kind, Kind::Compare(_)) || operator_word(token).is_some() || is_negated
    }

    /// Reads the operator and the values behind a field.
    pub(super) fn condition(&mut self, field: &Field) -> Result<Filter, FilterError> {
        let is_negated = self.eat("not");
        let operator = self.operator(field)?;
        let (test, is_not) = match operator {
            Operator::Compare(comparison) => (Test::Compare(comparison, self.literal(field)?), false),
            Operator::Is => self.identity(field)?,
            Operator::In => (Test::In(self.list(field)?), false),
            Operator::Contains => (Test::Contains(self.text(field)?), false),
            Operator::Has => (Test::Has(self.text(field)?), false),
            Operator::Starts | Operator::Ends => {
                // `starts with "x"`; but in `starts with` at the end, `with` is the text.
                let is_value = |token: &Token| matches!(token.kind, Kind::Word | Kind::Quoted);
                let has_value = self.peek_second().is_some_and(|token| is_value(token) && !is_connective(token));
                if has_value {
                    self.eat("with");
                }
                let text = self.text(field)?;
                (if operator == Operator::Starts { Test::Starts(text) } else { Test::Ends(text) }, false)
            }
            Operator::Within => (self.within()?, false),
            Operator::Older => {
                self.eat("than");
                (Test::OlderThan(self.days("30 days")?), false)
            }
        };
        let condition = Filter::Field(Condition { field: field.key.clone(), test });
        Ok(if is_negated != is_not { condition.negated() } else { condition })
    }

    /// Reads an operator that the field's kind has.
    fn operator(&mut self, field: &Field) -> Result<Operator, FilterError> {
        let found = self.peek().and_then(|token| match token.kind {
            Kind::Compare(comparison) => Some(Operator::Compare(comparison)),
            _ => operator_word(token),
        });
        // People say that tags contain a word; the language calls it `has`.
        let found = match found {
            Some(Operator::Contains) if field.kind == FieldType::Tags => Some(Operator::Has),
            other => other,
        };
        if let Some(operator) = found.filter(|operator| kinds::has_operator(&field.kind, *operator)) {
            self.next_token();
            return Ok(operator);
        }
        let message = format!(
            "{} is {}. Write, for instance, {}.",
            field.label,
            kinds::kind_words(&field.kind),
            kinds::example(field)
        );
        self.fail(message, kinds::operator_suggestions(field))
    }

    /// Reads what follows `is`: `empty`, `not empty`, a value, `not` and a value.
    fn identity(&mut self, field: &Field) -> Result<(Test, bool), FilterError> {
        let is_not = self.eat("not");
        if self.eat("empty") {
            return Ok((if is_not { Test::Filled } else { Test::Empty }, false));
        }
        if self.eat("in") {
            return Ok((Test::In(self.list(field)?), is_not));
        }
        let takes_value = kinds::has_operator(&field.kind, Operator::Compare(Comparison::Equal));
        if self.peek().is_none() || !takes_value {
            let mut could_be = vec![insert("empty", "has no value")];
            if !is_not {
                could_be.push(insert("not", "is not"));
            }
            could_be.extend(kinds::value_suggestions(field));
            return self.fail("Say what it is: a value, “empty” or “not empty”.", could_be);
        }
        let comparison = if is_not { Comparison::NotEqual } else { Comparison::Equal };
        Ok((Test::Compare(comparison, self.literal(field)?), false))
    }

    /// Reads `(value, value)`.
    fn list(&mut self, field: &Field) -> Result<Vec<Literal>, FilterError> {
        let is = |parser: &Self, kind: Kind| parser.peek().is_some_and(|token| token.kind == kind);
        if !is(self, Kind::Open) {
            return self.fail("Put the values in parentheses: in (one, two).", vec![insert("(", "a list of values")]);
        }
        self.next_token();
        let mut values = vec![self.literal(field)?];
        while is(self, Kind::Comma) {
            self.next_token();
            if values.len() >= LIST_MAX {
                return self.fail("Use at most 200 values in one list.", Vec::new());
            }
            values.push(self.literal(field)?);
        }
        if !is(self, Kind::Close) {
            let could_be = vec![insert(",", "one more value"), insert(")", "end of the list")];
            return self.fail("Put a comma between the values and ) behind the last.", could_be);
        }
        self.next_token();
        Ok(values)
    }

    /// Reads `90 days`, `next 90 days` or `last 14 days`.
    fn within(&mut self) -> Result<Test, FilterError> {
        self.eat("the");
        if self.eat("last") {
            return Ok(Test::WithinLast(self.days("14 days")?));
        }
        if self.eat("next") || self.peek().is_some() {
            return Ok(Test::WithinNext(self.days("90 days")?));
        }
        let could_be = ["30 days", "90 days", "last 30 days"].map(|period| insert(period, "a period from today"));
        self.fail("Say how long, such as 90 days or last 14 days.", could_be.into())
    }

    /// Reads a number of days, weeks, months of 30 days or years of 365.
    fn days(&mut self, example: &str) -> Result<u32, FilterError> {
        let message = format!("Write a number of days, such as {example}.");
        let Some(token) = self.peek().filter(|token| token.kind == Kind::Word).cloned() else {
            return self.fail(message, vec![insert(example, "a period from today")]);
        };
        let digits = token.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let Some(number) = digits.parse::<u32>().ok().filter(|_| !digits.starts_with('+')) else {
            return self.fail(message, vec![insert(example, "a period from today")]);
        };
        let glued = &token.text[digits.len()..];
        if glued.is_empty() {
            self.next_token();
        }
        // The unit stands behind a space or directly behind the number, as in 90d.
        let unit = if glued.is_empty() { self.peek().map(|unit| unit.text.as_str()) } else { Some(glued) };
        let Some(unit_days) = unit.and_then(unit_days) else {
            let units = ["days", "weeks", "months", "years"].map(|unit| insert(unit, "how long a unit is"));
            return self.fail(message, units.into());
        };
        match number.checked_mul(unit_days).filter(|days| *days <= DAYS_MAX) {
            Some(days) => {
                self.next_token();
                Ok(days)
            }
            None => Err(FilterError::new(token.at, token.len, "Use at most 36,500 days.")),
        }
    }

    /// Reads a text that is not empty.
    fn text(&mut self, field: &Field) -> Result<String, FilterError> {
        let token = self.value(field)?;
        Ok(token.text)
    }

    /// Reads a value of the field's kind.
    fn literal(&mut self, field: &Field) -> Result<Literal, FilterError> {
        let token = self.value(field)?;
        read_literal(field, &token)
    }

    /// Reads the token of a value: any quoted text, or a word that does not join conditions.
    fn value(&mut self, field: &Field) -> Result<Token, FilterError> {
        let is_value = |token: &&Token| match token.kind {
            Kind::Quoted => true,
            Kind::Word => !is_connective(token),
            _ => false,
        };
        let Some(token) = self.peek().filter(is_value).cloned() else {
            let message = format!("Add a value to compare {} with; {}.", field.label, kinds::kind_words(&field.kind));
            return self.fail(message, kinds::value_suggestions(field));
        };
        if token.text.is_empty() {
            return self
                .fail("Write “is empty” to find rows without a value.", vec![insert("is empty", "has no value")]);
        }
        self.next_token();
        Ok(token)
    }

    fn next_token(&mut self) {
        let _stepped_over = self.take();
    }
}

fn operator_word(token: &Token) -> Option<Operator> {
    OPERATOR_WORDS.iter().find(|(word, _)| token.is(word)).map(|(_, operator)| *operator)
}

fn is_connective(token: &Token) -> bool {
    ["and", "or", "not", "is"].iter().any(|word| token.is(word))
}

fn unit_days(word: &str) -> Option<u32> {
    Some(match word.to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => 1,
        "w" | "week" | "weeks" => 7,
        "month" | "months" => 30,
        "y" | "year" | "years" => 365,
        _ => return None,
    })
}
