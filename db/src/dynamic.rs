//! The one module that runs SQL which is put together at run time: filters and orders of the grid.
//!
//! The parts come from `domain::filter`, which writes keywords, column names from a closed list and
//! placeholders, never a person's text.

use domain::fields::Catalogue;
use domain::filter::sort::{Page, Sort};
use domain::filter::sql::{self, Engine, Sql};

use crate::accounts::Selection;
use crate::pool::Db;

/// Returns which dialect a database speaks.
pub(crate) fn engine(db: &Db) -> Engine {
    if db.is_postgres() { Engine::Postgres } else { Engine::Sqlite }
}

/// A statement under construction; `$1` is the workspace.
pub(crate) struct Statement<'a> {
    head: Vec<&'static str>,
    selection: Option<&'a Selection>,
    tail: Option<(&'a [Sort], &'a Catalogue, Page)>,
    close: &'static str,
}

/// Starts a statement that ends in a `WHERE` with the workspace.
pub(crate) fn select<'a>(head: &'static str) -> Statement<'a> {
    Statement { head: vec![head], selection: None, tail: None, close: "" }
}

impl<'a> Statement<'a> {
    /// Goes on with other words of the program, in front of everything that is put behind the head.
    pub(crate) fn then(mut self, words: &'static str) -> Self {
        self.head.push(words);
        self
    }

    /// Keeps only the rows of a selection.
    pub(crate) fn and(&mut self, selection: &'a Selection) {
        self.selection = Some(selection);
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
