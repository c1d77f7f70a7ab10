//! How a document is written, whatever it says.

use domain::chart::{Size, Words};
use domain::identity::User;
use domain::money::{Currency, Money};
use domain::report::{Block, Chapter, Look, Report};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::boot::People;
use crate::format;
use crate::i18n::{Locale, td_string};

/// How wide charts are laid out; on paper they are made as wide as the page.
pub const WIDE: f64 = 720.0;

/// In which language, as of when, and where the names lead.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The moment the document is made.
    pub at: Timestamp,
    /// The public address of Keepwell, without a slash at the end.
    pub public: String,
    /// The language.
    pub locale: Locale,
}

impl Paper {
    /// Writes something where the names of people are known, as they are on a page, in the language of the document.
    pub fn written<T>(&self, people: &[User], write: impl FnOnce() -> T) -> T {
        let owner = Owner::new();
        let written = owner.with(|| {
            provide_context(People(people.to_vec()));
            format::in_language(self.locale, write)
        });
        owner.cleanup();
        written
    }

    /// Binds chapters under a title; call it while the document is written.
    #[must_use]
    pub fn bound(&self, kind: &str, title: String, chapters: Vec<Chapter>) -> Report {
        Report {
            title,
            language: self.locale.as_str().to_owned(),
            head: kind.to_owned(),
            foot: td_string!(self.locale, report.as_of, when = format::date_time(self.at)),
            at: self.at,
            chapters,
        }
    }

    /// Returns the address of an account.
    #[must_use]
    pub fn account(&self, id: domain::id::AccountId) -> Option<String> {
        Some(format!("{}/accounts/{id}", self.public))
    }
}

/// Returns a heading without a remark.
#[must_use]
pub fn heading(text: &str) -> Block {
    noted(text, String::new())
}

/// Returns a heading with a remark beside it.
#[must_use]
pub fn noted(text: &str, note: String) -> Block {
    Block::Heading { text: text.to_owned(), note }
}

/// Returns a remark.
#[must_use]
pub fn muted(text: impl Into<String>) -> Block {
    Block::Text { text: text.into(), look: Look::Muted }
}

/// Returns the size of a chart as wide as the page.
#[must_use]
pub fn wide(height: f64) -> Size {
    Size { width: WIDE, height }
}

/// Returns the words of a chart that a document says in a sentence of its own.
#[must_use]
pub fn says<'a>(
    title: &'a str,
    headings: &[&str],
    value: &'a dyn Fn(f64) -> String,
    describe: &'a dyn Fn(&[domain::chart::Summary]) -> String,
) -> Words<'a> {
    let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
    Words { title, empty: "", missing: "–", headings, value, describe }
}

/// Returns a number of whole units as a short amount.
#[must_use]
pub fn amount(units: f64, currency: Currency) -> String {
    format::money_short(Money::of(units, currency))
}
