//! Decides what a filter means: the one step between its tree and both the SQL and the predicate.

use uuid::Uuid;

use super::{Comparison, Condition, Filter, Literal, Scope, Test};
use crate::alerts::facts;
use crate::fields::{Field, FieldType};
use crate::time::Timestamp;

/// Fields that a free text is searched in.
pub(crate) const SEARCHED: [&str; 3] = ["name", "external_id", "domain"];

/// Points of a score are stored as millionths.
const MICRO: f64 = 1_000_000.0;
/// Amounts are typed in whole units and stored as hundredths.
const MINOR: f64 = 100.0;

/// A filter with its values as they are stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check<'a> {
    All(Vec<Check<'a>>),
    Any(Vec<Check<'a>>),
    Not(Box<Check<'a>>),
    /// Holds for no row.
    Never,
    /// The text, its A to Z in lower case, is one of these.
    Texts(Source<'a>, Vec<String>),
    /// The text in lower case has this at the place.
    Part(Source<'a>, Part, String),
    /// The number compares so.
    Number(Source<'a>, Comparison, Amount),
    /// The number is one of these.
    Numbers(Source<'a>, Vec<Amount>),
    /// The id is one of these.
    Ids(Source<'a>, Vec<Uuid>),
    /// The yes or no is this.
    Flag(Source<'a>, bool),
    /// At least one of these is among the tags.
    Tags(Source<'a>, Vec<String>),
    /// There is no value; an empty text and an empty list are none.
    Empty(Source<'a>),
}

/// Where in a text another is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Start,
    Anywhere,
    End,
}

/// A number as it is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Amount {
    Integer(i64),
    Real(f64),
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Source<'a> {
    /// The field's key, under which the predicate asks a row.
    pub(super) key: &'a str,
    pub(super) place: Place<'a>,
    pub(super) stored: Stored,
}

/// Where the database keeps a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place<'a> {
    /// As a built-in field, in the table alias `a`.
    Field(Expression),
    /// Under a key of the JSON object of custom values.
    Custom(&'a str),
    /// Nowhere: a fact of the rules, which only a row in memory has.
    Memory,
}

/// How each engine writes the value of a built-in field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

/// How a value is stored. Every number in JSON is a real, every id in JSON a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Text,
    Integer,
    Real,
    Bool,
    Id,
    Tags,
}

/// Returns the meaning of a filter.
pub(super) fn of<'a>(filter: &'a Filter, scope: &Scope<'a>) -> Check<'a> {
    match filter {
        Filter::All(items) => Check::All(items.iter().map(|item| of(item, scope)).collect()),
        Filter::Any(items) => Check::Any(items.iter().map(|item| of(item, scope)).collect()),
        Filter::Not(item) => Check::Not(Box::new(of(item, scope))),
        Filter::Search(text) => {
            let sources = SEARCHED.iter().filter_map(|key| source(scope.catalogue.get(key)?));
            Check::Any(sources.map(|source| Check::Part(source, Part::Anywhere, fold(text))).collect())
        }
        Filter::Field(condition) => of_condition(condition, scope).unwrap_or(Check::Never),
    }
}

/// Returns where a field's values come from; `None` for a field that the database does not keep.
pub(super) fn source(field: &Field) -> Option<Source<'_>> {
    let key = field.key.as_str();
    let Some(custom) = field.custom_key() else {
        if let Some((expression, stored)) = expression(key) {
            return Some(Source { key, place: Place::Field(expression), stored });
        }
        let stored = if field.kind == FieldType::Bool { Stored::Bool } else { Stored::Real };
        return facts::is_fact(key).then_some(Source { key, place: Place::Memory, stored });
    };
    // The path `$."key"` of SQLite has no way to write these.
    if custom.contains(['"', '\\']) || custom.chars().any(char::is_control) {
        return None;
    }
    let stored = match field.kind {
        FieldType::Text | FieldType::Choice(_) | FieldType::User | FieldType::Account => Stored::Text,
        FieldType::Number | FieldType::Percent | FieldType::Money | FieldType::Date => Stored::Real,
        FieldType::Bool => Stored::Bool,
        FieldType::Tags => Stored::Tags,
    };
    Some(Source { key, place: Place::Custom(custom), stored })
}

/// Lowers A to Z, as SQLite's `lower()` and PostgreSQL's under the collation "C" do.
pub(super) fn fold(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// A field that is a column on both engines.
macro_rules! column {
    ($name:literal) => {
        Expression { sqlite: concat!("a.", $name), postgres: concat!("a.", $name) }
    };
}

/// A field that is a column on PostgreSQL, and looked up in the document on SQLite, where every column that is
/// derived from it is worked out anew with each row that is written.
macro_rules! within {
    ($document:literal, $name:literal) => {
        Expression {
            sqlite: concat!("json_extract(a.", $document, ", '$.", $name, "')"),
            postgres: concat!("a.", $name),
        }
    };
}

/// Returns how a built-in field is written: the closed list of words that can reach the SQL.
fn expression(key: &str) -> Option<(Expression, Stored)> {
    use Stored::{Id, Integer, Real, Tags, Text};
    let notice_at = Expression {
        sqlite: "(a.renewal_at - json_extract(a.doc, '$.notice_days') * 86400000)",
        postgres: "a.notice_at",
    };
    let churn_pct = Expression { sqlite: "json_extract(a.churn, '$.pct')", postgres: "a.churn_pct" };
    Some(match key {
        "name" => (column!("name"), Text),
        "external_id" => (column!("external_id"), Text),
        "domain" => (column!("domain"), Text),
        "parent_id" => (column!("parent_id"), Id),
        "tier" => (within!("doc", "tier"), Text),
        "stage" => (column!("stage"), Text),
        "churn_reason" => (within!("doc", "churn_reason"), Text),
        "category" => (column!("category"), Text),
        "country" => (within!("doc", "country"), Text),
        "owner_id" => (column!("owner_id"), Id),
        "currency" => (column!("currency"), Text),
        // Twelve times MRR where only that is known, as everywhere.
        "arr_minor" => (column!("annual_minor"), Integer),
        "mrr_minor" => (within!("doc", "mrr_minor"), Integer),
        "contract_start" => (within!("doc", "contract_start"), Integer),
        "renewal_at" => (column!("renewal_at"), Integer),
        "notice_days" => (within!("doc", "notice_days"), Real),
        "seats" => (within!("doc", "seats"), Real),
        "risk_level" => (within!("doc", "risk_level"), Text),
        "sentiment" => (within!("doc", "sentiment"), Real),
        "engagement_score" => (within!("doc", "engagement_score"), Real),
        "satisfaction_score" => (within!("doc", "satisfaction_score"), Real),
        "adoption_pct" => (within!("doc", "adoption_pct"), Real),
        "churn_risk_pct" => (within!("doc", "churn_risk_pct"), Real),
        "ticket_count" => (within!("doc", "ticket_count"), Real),
        "last_login_at" => (within!("doc", "last_login_at"), Integer),
        "last_activity_at" => (within!("doc", "last_activity_at"), Integer),
        "tags" => (within!("doc", "tags"), Tags),
        "score" => (column!("score"), Integer),
        "band" => (column!("band"), Text),
        "coverage" => (within!("health", "coverage"), Integer),
        "trend_7d" => (column!("trend_7d"), Integer),
        "trend_30d" => (within!("health", "trend_30d"), Integer),
        "trend_90d" => (within!("health", "trend_90d"), Integer),
        "rollup" => (column!("rollup"), Integer),
        "churn_pct" => (churn_pct, Integer),
        "notice_at" => (notice_at, Integer),
        "created_at" => (within!("doc", "created_at"), Integer),
        "updated_at" => (within!("doc", "updated_at"), Integer),
        _ => return None,
    })
}

/// Returns the meaning of a condition; `None` where field and test do not fit each other.
fn of_condition<'a>(condition: &'a Condition, scope: &Scope<'a>) -> Option<Check<'a>> {
    let field = scope.catalogue.get(&condition.field)?;
    let source = source(field)?;
    let today = scope.now.day_start();
    let part = |part, text: &str| (source.stored == Stored::Text).then(|| Check::Part(source, part, fold(text)));
    match &condition.test {
        Test::Compare(Comparison::NotEqual, literal) => {
            let equal = compare(field, source, Comparison::Equal, literal, scope);
            Some(Check::Not(Box::new(equal.unwrap_or(Check::Never))))
        }
        Test::Compare(comparison, literal) => compare(field, source, *comparison, literal, scope),
        Test::In(list) => one_of(field, source, list, scope),
        Test::Contains(text) => part(Part::Anywhere, text),
        Test::Starts(text) => part(Part::Start, text),
        Test::Ends(text) => part(Part::End, text),
        Test::Has(tag) => (source.stored == Stored::Tags).then(|| Check::Tags(source, vec![tag.clone()])),
        Test::Empty => Some(Check::Empty(source)),
        Test::Filled => Some(Check::Not(Box::new(Check::Empty(source)))),
        Test::WithinNext(_) | Test::WithinLast(_) | Test::OlderThan(_) if field.kind != FieldType::Date => None,
        Test::WithinNext(days) => Some(days_between(source, today, today.plus_days(i64::from(*days)))),
        Test::WithinLast(days) => Some(days_between(source, today.plus_days(-i64::from(*days)), today)),
        Test::OlderThan(days) => {
            Some(Check::Number(source, Comparison::Less, moment(source, today.plus_days(-i64::from(*days)))))
        }
    }
}

fn compare<'a>(
    field: &Field,
    source: Source<'a>,
    comparison: Comparison,
    literal: &Literal,
    scope: &Scope<'_>,
) -> Option<Check<'a>> {
    let is_equal = comparison == Comparison::Equal;
    match (&field.kind, literal) {
        (FieldType::Number | FieldType::Percent | FieldType::Money, Literal::Number(number)) => {
            Some(Check::Number(source, comparison, amount(field, source, *number)))
        }
        (FieldType::Date, Literal::Date(day)) => Some(compare_day(source, comparison, day.day_start())),
        (FieldType::Date, Literal::Today) => Some(compare_day(source, comparison, scope.now.day_start())),
        (FieldType::Bool, Literal::Bool(flag)) if is_equal => Some(Check::Flag(source, *flag)),
        (_, literal) if is_equal => one_of(field, source, std::slice::from_ref(literal), scope),
        _ => None,
    }
}

fn one_of<'a>(field: &Field, source: Source<'a>, list: &[Literal], scope: &Scope<'_>) -> Option<Check<'a>> {
    let texts = || list.iter().filter_map(|literal| if let Literal::Text(text) = literal { Some(text) } else { None });
    match &field.kind {
        FieldType::Text | FieldType::Choice(_) => Some(Check::Texts(source, texts().map(|text| fold(text)).collect())),
        FieldType::Tags => Some(Check::Tags(source, texts().cloned().collect())),
        FieldType::Number | FieldType::Percent | FieldType::Money => {
            let numbers = list.iter().filter_map(|literal| match literal {
                Literal::Number(number) => Some(amount(field, source, *number)),
                _ => None,
            });
            Some(Check::Numbers(source, numbers.collect()))
        }
        FieldType::User | FieldType::Account => {
            let ids = list.iter().filter_map(|literal| match literal {
                Literal::Id(id) => Some(*id),
                Literal::Me => scope.me.map(|user| user.0),
                _ => None,
            });
            Some(match source.stored {
                Stored::Id => Check::Ids(source, ids.collect()),
                _ => Check::Texts(source, ids.map(|id| id.to_string()).collect()),
            })
        }
        FieldType::Date | FieldType::Bool => None,
    }
}

/// Compares with a whole day: the first moment that is in it, and the first that is behind it.
fn compare_day(source: Source<'_>, comparison: Comparison, day: Timestamp) -> Check<'_> {
    let next = day.plus_days(1);
    let check = |comparison, at| Check::Number(source, comparison, moment(source, at));
    match comparison {
        Comparison::Equal | Comparison::NotEqual => days_between(source, day, day),
        Comparison::Less => check(Comparison::Less, day),
        Comparison::LessOrEqual => check(Comparison::Less, next),
        Comparison::Greater => check(Comparison::GreaterOrEqual, next),
        Comparison::GreaterOrEqual => check(Comparison::GreaterOrEqual, day),
    }
}

/// Holds from the first moment of one day to the last of another.
fn days_between(source: Source<'_>, first: Timestamp, last: Timestamp) -> Check<'_> {
    Check::All(vec![
        Check::Number(source, Comparison::GreaterOrEqual, moment(source, first)),
        Check::Number(source, Comparison::Less, moment(source, last.plus_days(1))),
    ])
}

fn moment(source: Source<'_>, at: Timestamp) -> Amount {
    match source.stored {
        Stored::Integer => Amount::Integer(at.0),
        _ => Amount::Real(at.0 as f64),
    }
}

/// Returns a number as the field stores it.
fn amount(field: &Field, source: Source<'_>, number: f64) -> Amount {
    let scaled = match field.key.as_str() {
        "score" | "coverage" | "rollup" | "churn_pct" | "trend_7d" | "trend_30d" | "trend_90d" => {
            (number * MICRO).round()
        }
        _ if field.kind == FieldType::Money => (number * MINOR).round(),
        _ => number,
    };
    match source.stored {
        // The cast stops at the ends of the range, where no stored number is.
        Stored::Integer => Amount::Integer(scaled as i64),
        _ => Amount::Real(scaled),
    }
}
