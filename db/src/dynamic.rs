//! The one module that runs SQL which is put together at run time: filters and orders of the grid.
//!
//! The parts come from `domain::filter`, which writes keywords, column names from a closed list and
//! placeholders, never a person's text.

use domain::fields::Catalogue;
use domain::filter::sort::{Page, Sort};
use domain::filter::sql::{self, Engine, Param, Sql};
use domain::time::Timestamp;

use crate::accounts::Selection;
use crate::pool::Db;

/// Returns which dialect a database speaks.
pub(crate) fn engine(db: &Db) -> Engine {
    if db.is_postgres() { Engine::Postgres } else { Engine::Sqlite }
}

/// A statement under construction; `$1` is the workspace.
pub(crate) struct Statement<'a> {
    head: Vec<&'static str>,
    /// Words that end where a number belongs, and the number.
    bounds: Vec<([&'static str; 3], i64)>,
    selection: Option<&'a Selection>,
    tail: Option<(&'a [Sort], &'a Catalogue, Page)>,
    close: &'static str,
}

/// Starts a statement that ends in a `WHERE` with the workspace.
pub(crate) fn select<'a>(head: &'static str) -> Statement<'a> {
    Statement { head: vec![head], bounds: Vec::new(), selection: None, tail: None, close: "" }
}

impl<'a> Statement<'a> {
    /// Goes on with other words of the program, in front of everything that is put behind the head.
    pub(crate) fn then(mut self, words: &'static str) -> Self {
        self.head.push(words);
        self
    }

    /// Goes on with words of the program that end where a number belongs.
    pub(crate) fn bound(&mut self, words: &'static str, number: i64) {
        self.bounds.push(([words, "", ""], number));
    }

    /// Keeps only the rows of a selection.
    pub(crate) fn and(&mut self, selection: &'a Selection) {
        self.selection = Some(selection);
    }

    /// Keeps only the rows in which a column is a moment from the first on, and before the second.
    pub(crate) fn within(&mut self, column: &'static str, from: Option<Timestamp>, before: Option<Timestamp>) {
        let moments = [(" >= ", from), (" < ", before)];
        let moments = moments.into_iter().filter_map(|(sign, moment)| Some((sign, moment?)));
        self.bounds.extend(moments.map(|(sign, moment)| ([" AND ", column, sign], moment.0)));
    }

    /// Orders the rows and keeps one page.
    pub(crate) fn order_and_page(&mut self, sorts: &'a [Sort], catalogue: &'a Catalogue, page: Page) {
        self.tail = Some((sorts, catalogue, page));
    }

    /// Ends the statement with what its head has left open.
    pub(crate) fn close(&mut self, close: &'static str) {
        self.close = close;
    }

    /// Returns the text and the parameters from `$2` on.
    pub(crate) fn compile(self, engine: Engine) -> Sql {
        let mut whole = Sql { text: self.head.concat(), params: Vec::new() };
        for (words, number) in self.bounds {
            whole.params.push(Param::Integer(number));
            whole.text.extend(words);
            whole.text.push('$');
            whole.text.push_str(&(whole.params.len() + 1).to_string());
        }
        if let Some(selection) = self.selection.filter(|selection| !selection.filter.is_everything()) {
            whole.text.push_str(" AND ");
            push(&mut whole, |first| sql::compile(&selection.filter, &selection.scope(), engine, first));
        }
        if let Some((sorts, catalogue, page)) = self.tail {
            whole.text.push_str(" ORDER BY ");
            push(&mut whole, |first| domain::filter::sort::compile(sorts, catalogue, engine, first));
            whole.text.push(' ');
            push(&mut whole, |first| page.compile(engine, first));
        }
        whole.text.push_str(self.close);
        whole
    }
}

fn push(whole: &mut Sql, part: impl FnOnce(usize) -> Sql) {
    let part = part(whole.params.len() + 2);
    whole.text.push_str(&part.text);
    whole.params.extend(part.params);
}

/// Binds the parameters of a compiled statement and runs it on either engine.
macro_rules! run {
    ($tx:expr, $c:ident, $sql:expr, $query:ident, $workspace:expr => $fetch:ident($arg:ident)) => {{
        let sql: domain::filter::sql::Sql = $sql;
        crate::tx::on!($tx, $c => {
            // The text was written by `Statement::compile` from closed lists of words.
            let mut query = sqlx::$query(sqlx::AssertSqlSafe(sql.text)).bind($workspace);
            for param in sql.params {
                use domain::filter::sql::Param;
                query = match param {
                    Param::Text(text) => query.bind(text),
                    Param::Number(number) => query.bind(number),
                    Param::Integer(integer) => query.bind(integer),
                    Param::Bool(yes) => query.bind(yes),
                    Param::Id(id) => query.bind(id),
                };
            }
            query.$fetch($arg).await
        })
    }};
}
pub(crate) use run;
