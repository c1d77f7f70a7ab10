//! Reports: what a document says, in words already and in order, before anybody knows how large a page is.
//!
//! Whoever knows the data and the language writes a [`Report`]; whoever knows paper lays it out. Neither knows of the
//! other, and neither asks a clock.

mod steps;
mod table;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::chart::{Layout, Tone};
use crate::time::Timestamp;

pub use steps::{StepWords, steps, steps_table};
pub use table::{Align, Bar, Cell, Column, Row, RowLook, Table};

/// The languages of documents and of mails with reports by their tags, in the order in which they are offered.
pub const LANGUAGES: [&str; 3] = ["en", "de", "ar"];
/// Most accounts whose reports stand in one file.
pub const REPORTS_MAX: usize = 500;
/// Most letters of an account's name that stand in the name of a file.
const NAME_CHARS_MAX: usize = 60;

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its title, which a reader of files shows in the window.
    pub title: String,
    /// Its language as a tag of BCP 47; decides from which side pages are read.
    pub language: String,
    /// What stands at the head of each page, beside the chapter.
    pub head: String,
    /// What stands at the foot of each page, beside its number.
    pub foot: String,
    /// The moment it tells of.
    pub at: Timestamp,
    /// The chapters; each begins a page and has a bookmark.
    pub chapters: Vec<Chapter>,
}

/// A part of a document that begins a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name.
    pub name: String,
    /// What it says, from top to bottom.
    pub blocks: Vec<Block>,
}

/// One thing on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// Who it is about and how they are.
    Opening(Box<Opening>),
    /// What the next blocks are about.
    Heading {
        /// The words.
        text: String,
        /// A remark beside them; empty for none.
        note: String,
    },
    /// A paragraph.
    Text {
        /// The words.
        text: String,
        /// How they look.
        look: Look,
    },
    /// Names and values side by side.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// A picture with the same geometry as on the screen, and what it says in a sentence.
    Chart(Layout),
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// As text does.
    #[default]
    Plain,
    /// As a remark.
    Muted,
    /// As the sentence that matters.
    Marked,
}

/// A name and a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is called.
    pub label: String,
    /// The value.
    pub value: String,
    /// A remark on it; empty for none.
    pub note: String,
}

/// A few words with a colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// The words.
    pub text: String,
    /// What the colour means.
    pub tone: Tone,
}

/// What a chapter begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What kind of document this is.
    pub kicker: String,
    /// Who it is about.
    pub name: String,
    /// Where more is to be found; nothing where there is no address.
    pub href: Option<String>,
    /// What they are known by at a glance.
    pub badges: Vec<Badge>,
    /// How they are; nothing where that is not known.
    pub score: Option<Score>,
}

/// A score as it is printed large.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// What it is.
    pub label: String,
    /// The number.
    pub value: String,
    /// Its band.
    pub band: Badge,
    /// Remarks below it, each on a line of its own.
    pub notes: Vec<String>,
}

/// Returns the name of a file that holds a kind of document about somebody, or about nobody in particular: letters,
/// digits and dashes only.
#[must_use]
pub fn file_name(kind: &str, about: &str, at: Timestamp) -> String {
    let mut words = String::new();
    for letter in about.to_lowercase().chars() {
        match plain(letter) {
            "" if letter.is_ascii_alphanumeric() => words.push(letter),
            "" if words.is_empty() || words.ends_with('-') => {}
            "" => words.push('-'),
            spelled => words.push_str(spelled),
        }
        if words.len() >= NAME_CHARS_MAX {
            break;
        }
    }
    let words = words.trim_end_matches('-');
    // A name in other letters is known by its day alone.
    let dash = if words.is_empty() { "" } else { "-" };
    format!("{kind}-{words}{dash}{}.pdf", at.iso_date())
}

/// Returns how a letter with a mark is spelled without it; nothing for any other.
fn plain(letter: char) -> &'static str {
    match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ř' => "r",
        'ś' | 'š' => "s",
        'ù' | 'ú' | 'û' => "u",
        'ý' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

impl Report {
    /// Returns whether the pages are read from the right to the left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        let primary = self.language.split(['-', '_']).next().unwrap_or_default();
        matches!(primary, "ar" | "fa" | "he" | "iw" | "ur" | "yi" | "ps" | "sd")
    }
}
