//! Compiles a filter to SQL that holds keywords, column names of a closed list and `$n`, and nothing else.
//!
//! Every value that a person typed is a parameter, also the keys of custom fields.

use std::fmt::Write;

use uuid::Uuid;

use super::meaning::{self, Amount, Check, Part, Place, Source, Stored};
use super::{Comparison, Filter, Scope};

/// The database that the SQL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite: JSON in text columns, ids in blobs.
    Sqlite,
    /// PostgreSQL: JSONB and UUID columns.
    Postgres,
}

/// A value to bind to a `$n`.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// A text.
    Text(String),
    /// A floating point number.
    Number(f64),
    /// A whole number: minor units, millionths of a point, milliseconds.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// An id.
    Id(Uuid),
}

/// A piece of SQL and what is bound to its placeholders.
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    /// The SQL; the accounts have the alias `a`.
    pub text: String,
    /// In order, the first for `$first_parameter`.
    pub params: Vec<Param>,
}

/// Compiles a filter to a condition that is true or false, never `NULL`.
#[must_use]
pub fn compile(filter: &Filter, scope: &Scope<'_>, engine: Engine, first_parameter: usize) -> Sql {
    let mut writer = Writer::new(engine, first_parameter);
    writer.check(&meaning::of(filter, scope));
    writer.done()
}

/// Writes SQL and collects its parameters.
pub(super) struct Writer {
    engine: Engine,
    first: usize,
    text: String,
    params: Vec<Param>,
}

impl Writer {
    pub(super) fn new(engine: Engine, first: usize) -> Self {
        Self { engine, first, text: String::new(), params: Vec::new() }
    }

    pub(super) fn done(self) -> Sql {
        Sql { text: self.text, params: self.params }
    }

    pub(super) fn push(&mut self, keyword: &'static str) {
        self.text.push_str(keyword);
    }

    /// Writes a placeholder for a value.
    pub(super) fn bind(&mut self, param: Param) {
        let at = self.first + self.params.len();
        let cast = match &param {
            Param::Text(_) => "::text",
            Param::Number(_) => "::float8",
            Param::Integer(_) => "::bigint",
            Param::Bool(_) => "::boolean",
            Param::Id(_) => "::uuid",
        };
        self.params.push(param);
        self.placeholder(at, cast);
    }

    /// Writes the expression that yields a value of the stored type, or `NULL` where there is none.
    pub(super) fn value(&mut self, source: Source<'_>) {
        let key = match source.place {
            Place::Field(expression) => {
                return self.push(match self.engine {
                    Engine::Sqlite => expression.sqlite,
                    Engine::Postgres => expression.postgres,
                });
            }
            Place::Memory => {
                return self.push(match (self.engine, source.stored) {
                    (Engine::Sqlite, _) => "NULL",
                    (Engine::Postgres, Stored::Bool) => "NULL::boolean",
                    (Engine::Postgres, _) => "NULL::float8",
                });
            }
            Place::Custom(key) => self.custom_key(key),
        };
        // A value of another type, from before the field's type was changed, counts as none.
        let (sqlite, postgres) = match source.stored {
            Stored::Text | Stored::Id => ("= 'text' THEN json_extract(a.doc, ", "= 'string' THEN a.custom ->> "),
            Stored::Real | Stored::Integer => {
                ("IN ('integer', 'real') THEN json_extract(a.doc, ", "= 'number' THEN (a.custom ->> ")
            }
            Stored::Bool => ("IN ('true', 'false') THEN json_extract(a.doc, ", "= 'boolean' THEN (a.custom ->> "),
            Stored::Tags => ("= 'array' THEN json_extract(a.doc, ", "= 'array' THEN (a.custom -> "),
        };
        let tail = match (self.engine, source.stored) {
            (Engine::Postgres, Stored::Text | Stored::Id) => " END",
            (Engine::Postgres, Stored::Real | Stored::Integer) => ")::float8 END",
            (Engine::Postgres, Stored::Bool) => ")::boolean END",
            _ => ") END",
        };
        let (head, then) = match self.engine {
            Engine::Sqlite => ("CASE WHEN json_type(a.doc, ", sqlite),
            Engine::Postgres => ("CASE WHEN jsonb_typeof(a.custom -> ", postgres),
        };
        self.push(head);
        self.placeholder(key, "::text");
        self.push(") ");
        self.push(then);
        self.placeholder(key, "::text");
        self.push(tail);
    }

    /// Writes the text of a source with A to Z in lower case, and no other letter changed.
    pub(super) fn folded(&mut self, source: Source<'_>) {
        self.push("lower((");
        self.value(source);
        self.push(match self.engine {
            Engine::Sqlite => "))",
            Engine::Postgres => ") COLLATE \"C\")",
        });
    }

    fn check(&mut self, check: &Check<'_>) {
        match check {
            Check::All(items) => self.join(items, " AND ", "TRUE"),
            Check::Any(items) => self.join(items, " OR ", "FALSE"),
            Check::Not(item) => {
                self.push("NOT ");
                self.check(item);
            }
            Check::Never => self.push("FALSE"),
            Check::Empty(source) => self.empty(*source),
            Check::Texts(_, texts) if texts.is_empty() => self.push("FALSE"),
            Check::Numbers(_, amounts) if amounts.is_empty() => self.push("FALSE"),
            Check::Ids(_, ids) if ids.is_empty() => self.push("FALSE"),
            Check::Tags(_, tags) if tags.is_empty() => self.push("FALSE"),
            test => {
                self.push("COALESCE(");
                self.test(test);
                self.push(", FALSE)");
            }
        }
    }

    fn join(&mut self, items: &[Check<'_>], word: &'static str, of_none: &'static str) {
        if items.is_empty() {
            return self.push(of_none);
        }
        self.push("(");
        for (place, item) in items.iter().enumerate() {
            self.push(if place == 0 { "" } else { word });
            self.check(item);
        }
        self.push(")");
    }

    fn test(&mut self, check: &Check<'_>) {
        match check {
            Check::Texts(source, texts) => {
                self.folded(*source);
                self.list(texts.iter().map(|text| Param::Text(clean(text))));
            }
            Check::Part(source, part, text) => {
                self.folded(*source);
                self.push(" LIKE ");
                self.bind(Param::Text(pattern(*part, &clean(text))));
                self.push(" ESCAPE '\\'");
            }
            Check::Number(source, comparison, amount) => {
                self.value(*source);
                self.push(symbol(*comparison));
                self.bind(number(*amount));
            }
            Check::Numbers(source, amounts) => {
                self.value(*source);
                self.list(amounts.iter().map(|amount| number(*amount)));
            }
            Check::Ids(source, ids) => {
                self.value(*source);
                self.list(ids.iter().map(|id| Param::Id(*id)));
            }
            Check::Flag(source, flag) => {
                self.value(*source);
                self.push(" = ");
                self.bind(Param::Bool(*flag));
            }
            Check::Tags(source, tags) => self.tags(*source, tags),
            other => self.check(other),
        }
    }

    fn tags(&mut self, source: Source<'_>, tags: &[String]) {
        match self.engine {
            Engine::Sqlite => {
                self.push("EXISTS (SELECT 1 FROM json_each((");
                self.value(source);
                self.push(")) WHERE json_each.value");
                self.list(tags.iter().map(|tag| Param::Text(clean(tag))));
                self.push(")");
            }
            // Containment is what an index over the tags can answer.
            Engine::Postgres => {
                for (place, tag) in tags.iter().enumerate() {
                    self.push(if place == 0 { "" } else { " OR " });
                    self.value(source);
                    self.push(" @> to_jsonb(");
                    self.bind(Param::Text(clean(tag)));
                    self.push(")");
                }
            }
        }
    }

    fn empty(&mut self, source: Source<'_>) {
        let (head, tail) = match (source.stored, self.engine) {
            (Stored::Text, _) => ("COALESCE(", ", '') = ''"),
            (Stored::Tags, Engine::Sqlite) => ("COALESCE(json_array_length(", "), 0) = 0"),
            (Stored::Tags, Engine::Postgres) => ("COALESCE(jsonb_array_length(", "), 0) = 0"),
            _ => ("(", ") IS NULL"),
        };
        self.push("(");
        self.push(head);
        self.value(source);
        self.push(tail);
        self.push(")");
    }

    fn list(&mut self, params: impl Iterator<Item = Param>) {
        self.push(" IN (");
        for (place, param) in params.enumerate() {
            self.push(if place == 0 { "" } else { ", " });
            self.bind(param);
        }
        self.push(")");
    }

    /// Adds the parameter that names a custom field, and returns its number.
    fn custom_key(&mut self, key: &str) -> usize {
        let at = self.first + self.params.len();
        self.params.push(Param::Text(match self.engine {
            Engine::Sqlite => format!("$.custom.\"{key}\""),
            Engine::Postgres => key.to_owned(),
        }));
        at
    }

    fn placeholder(&mut self, at: usize, cast: &'static str) {
        let cast = if self.engine == Engine::Postgres { cast } else { "" };
        // Writing to a String cannot fail.
        let _written = write!(self.text, "${at}{cast}");
    }
}

fn symbol(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::NotEqual => " <> ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
    }
}

fn number(amount: Amount) -> Param {
    match amount {
        Amount::Integer(number) => Param::Integer(number),
        Amount::Real(number) => Param::Number(number),
    }
}

/// Returns the text as PostgreSQL takes it, without the one character that it refuses.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// Returns a `LIKE` pattern in which the text stands for itself.
fn pattern(part: Part, text: &str) -> String {
    let mut pattern = String::from(if part == Part::Start { "" } else { "%" });
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if part != Part::End {
        pattern.push('%');
    }
    pattern
}
