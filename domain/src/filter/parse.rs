//! Reads a filter's text: `or` of `and` of `not`, parentheses and conditions.

use super::complete::{Suggestion, insert};
use super::error::{FilterError, count, quote};
use super::token::{Kind, Token, scan};
use super::{CONDITIONS_MAX, DEPTH_MAX, Filter, TEXT_CHARS_MAX, kinds, names, print};
use crate::fields::{Catalogue, Field};

/// Reads a filter. An empty text lets everything through.
pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Filter, FilterError> {
    const TOO_LONG: &str = "Shorten the filter to at most 2,000 characters.";
    let limit = count(TEXT_CHARS_MAX);
    // Counts no further than it must: the text may be of any size.
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(FilterError::new(limit, count(text.chars().count()) - limit, TOO_LONG));
    }
    let scan = scan(text);
    if let Some(fault) = scan.fault {
        return Err(fault);
    }
    let end = count(text.chars().count());
    let filter = Parser::new(scan.tokens, end, catalogue).whole()?;
    // What can be read can be printed and read again.
    if filter.to_string().chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(FilterError::new(0, end, TOO_LONG));
    }
    Ok(filter)
}

/// Walks the tokens from left to right.
pub(super) struct Parser<'c> {
    pub(super) catalogue: &'c Catalogue,
    /// What could stand at the end, when the text ended too early.
    pub(super) missing: Option<Vec<Suggestion>>,
    /// Whether a last word that names a field waits for an operator.
    pub(super) is_completing: bool,
    tokens: Vec<Token>,
    next: usize,
    end: u32,
    depth: u32,
    conditions: u32,
}

impl<'c> Parser<'c> {
    pub(super) fn new(tokens: Vec<Token>, end: u32, catalogue: &'c Catalogue) -> Self {
        Self { catalogue, missing: None, is_completing: false, tokens, next: 0, end, depth: 0, conditions: 0 }
    }

    /// Reads everything there is.
    pub(super) fn whole(&mut self) -> Result<Filter, FilterError> {
        if self.tokens.is_empty() {
            self.missing = Some(self.term_suggestions());
            return Ok(Filter::everything());
        }
        let filter = self.alternatives()?;
        match self.peek() {
            None => Ok(filter),
            Some(token) if token.kind == Kind::Close => {
                self.fail("Remove this parenthesis, or open one before it.", Vec::new())
            }
            Some(_) => {
                let message = "Put “and” or “or” between conditions, and quotes around text with spaces.";
                self.fail(message, join_suggestions())
            }
        }
    }

    fn alternatives(&mut self) -> Result<Filter, FilterError> {
        let mut items = vec![self.conjunction()?];
        while self.eat("or") {
            items.push(self.conjunction()?);
        }
        Ok(Filter::any(items))
    }

    fn conjunction(&mut self) -> Result<Filter, FilterError> {
        let mut items = vec![self.part()?];
        // Words typed into a search field stand side by side without an `and`.
        while self.eat("and") || (matches!(items.last(), Some(Filter::Search(_))) && self.is_at_part()) {
            items.push(self.part()?);
        }
        Ok(Filter::all(items))
    }

    fn is_at_part(&self) -> bool {
        self.peek().is_some_and(|token| match token.kind {
            Kind::Word => !token.is("or"),
            Kind::Quoted | Kind::Open => true,
            Kind::Close | Kind::Comma | Kind::Compare(_) => false,
        })
    }

    fn part(&mut self) -> Result<Filter, FilterError> {
        let Some(token) = self.peek().cloned() else {
            return self.fail("Add a condition here, such as score < 50.", self.term_suggestions());
        };
        match token.kind {
            Kind::Open => self.nested(|parser| {
                let inner = parser.alternatives()?;
                parser.close()?;
                Ok(inner)
            }),
            Kind::Word if token.is("not") => self.nested(|parser| Ok(parser.part()?.negated())),
            Kind::Word if token.is("and") || token.is("or") => {
                let message = format!("Add a condition before “{}”.", token.text);
                self.fail(message, self.term_suggestions())
            }
            Kind::Word | Kind::Quoted => self.term(&token),
            Kind::Close | Kind::Comma | Kind::Compare(_) => {
                self.fail("Start with a field, such as score, or with text to search for.", self.term_suggestions())
            }
        }
    }

    /// Reads what follows the present token, one level deeper.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Filter, FilterError>) -> Result<Filter, FilterError> {
        if self.depth >= DEPTH_MAX {
            return self.fail("Nest parentheses and “not” at most 32 deep.", Vec::new());
        }
        self.next += 1;
        self.depth += 1;
        let filter = read(self)?;
        self.depth -= 1;
        Ok(filter)
    }

    /// Reads a condition on a field, or a text to search for.
    fn term(&mut self, first: &Token) -> Result<Filter, FilterError> {
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            return self.fail("Use at most 100 conditions in one filter.", Vec::new());
        }
        self.next += 1;
        if self.is_at_operator() {
            let Some(field) = names::find_any(self.catalogue, &first.text) else { return Err(self.unknown(first)) };
            return self.condition(field);
        }
        let ends_in_field = self.is_completing && self.peek().is_none();
        let find = if ends_in_field { names::find_any } else { names::find };
        if let Some(field) = find(self.catalogue, &first.text).filter(|_| first.kind == Kind::Word) {
            return self.lone_field(field);
        }
        if first.text.trim().is_empty() {
            return Err(FilterError::new(first.at, first.len, "Put the text to search for between the quotes."));
        }
        Ok(Filter::Search(first.text.clone()))
    }

    fn lone_field(&mut self, field: &Field) -> Result<Filter, FilterError> {
        let example = kinds::example(field);
        let message = format!("Say what to compare, such as {example}. To search for the word, put it in quotes.");
        self.fail(message, kinds::operator_suggestions(field))
    }

    fn unknown(&self, word: &Token) -> FilterError {
        let name = quote(&word.text);
        let near = names::nearest(self.catalogue, &word.text).map(print::field_text);
        let advice = match &near {
            Some(near) => format!("There is no field {name}. Did you mean {near}?"),
            None => format!("There is no field {name}. Choose one from the list, or put text to search for in quotes."),
        };
        let mut error = FilterError::new(word.at, word.len, advice);
        error.expected = near.into_iter().collect();
        error
    }

    /// Returns the present token.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// Returns the token behind the present one.
    pub(super) fn peek_second(&self) -> Option<&Token> {
        self.tokens.get(self.next + 1)
    }

    /// Steps over the present token and returns it.
    pub(super) fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    /// Steps over a word if it is the present token.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let is_here = self.peek().is_some_and(|token| token.is(word));
        self.next += usize::from(is_here);
        is_here
    }

    fn close(&mut self) -> Result<(), FilterError> {
        if self.peek().is_some_and(|token| token.kind == Kind::Close) {
            self.next += 1;
            return Ok(());
        }
        let mut suggestions = join_suggestions();
        suggestions.push(insert(")", "close the parenthesis"));
        let message = match self.peek() {
            None => "Close the parenthesis with ).",
            Some(_) => "Put “and” or “or” between conditions, and quotes around text with spaces.",
        };
        self.fail(message, suggestions)
    }

    /// Fails at the present token, or at the end when there is none.
    pub(super) fn fail<T>(&mut self, message: impl Into<String>, could_be: Vec<Suggestion>) -> Result<T, FilterError> {
        let (at, len) = self.peek().map_or((self.end, 0), |token| (token.at, token.len));
        let mut error = FilterError::new(at, len, message);
        error.expected = could_be.iter().map(|suggestion| suggestion.text.clone()).collect();
        if self.peek().is_none() {
            self.missing = Some(could_be);
        }
        Err(error)
    }

    /// Returns what can start a condition.
    pub(super) fn term_suggestions(&self) -> Vec<Suggestion> {
        let fields = self.catalogue.fields.iter();
        let fields = fields.map(|field| insert(&print::field_text(&field.key), &field.label));
        fields.chain([insert("not", "is not the case"), insert("(", "a group of conditions")]).collect()
    }
}

/// Returns what can follow a whole condition.
pub(super) fn join_suggestions() -> Vec<Suggestion> {
    vec![insert("and", "both must hold"), insert("or", "one of them must hold")]
}
