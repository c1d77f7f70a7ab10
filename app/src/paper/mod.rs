//! Documents on paper beyond the report of one account: the summary of a portfolio, and lists of accounts. What they say
//! is written here, on the server, in the language that somebody chose; the dialog in which it is chosen is here, too.

mod dialog;
mod fetch;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod pen;
#[cfg(feature = "ssr")]
mod standard;
#[cfg(feature = "ssr")]
pub mod summary;

/// Returns what the standard scorecard calls something, in the language of the document; pages are in English.
#[cfg(feature = "ssr")]
pub(crate) use standard::standard;

/// Returns what the standard scorecard calls something, in the language of the document; pages are in English.
#[cfg(not(feature = "ssr"))]
pub(crate) fn standard(name: &str, _: Locale) -> String {
    name.to_owned()
}

pub use dialog::{Kind, Offer, PaperButton};
pub use domain::report::LANGUAGES;

use crate::i18n::Locale;

/// Returns what a language calls itself.
#[must_use]
pub fn language_name(tag: &str) -> &'static str {
    match tag {
        "de" => "Deutsch",
        "ar" => "العربية",
        _ => "English",
    }
}

#[cfg(feature = "ssr")]
/// Returns the language of documents with this tag, English for none; nothing for one that documents are not in.
#[must_use]
pub fn language(tag: &str) -> Option<Locale> {
    if tag.is_empty() { Some(Locale::default()) } else { tag.parse().ok() }
}
