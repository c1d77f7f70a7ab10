//! What each row of a file is: one thing, or an account and a contact of it.

use serde::{Deserialize, Serialize};

use crate::fields::Subject;

/// What each row of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An account and a contact of it.
    AccountWithContact,
    /// One thing.
    #[serde(untagged)]
    One(Subject),
}

impl Kind {
    /// What the rows of a file can be.
    pub const ALL: [Self; 7] = [
        Self::One(Subject::Account),
        Self::One(Subject::Contact),
        Self::AccountWithContact,
        Self::One(Subject::Usage),
        Self::One(Subject::Ticket),
        Self::One(Subject::Invoice),
        Self::One(Subject::Survey),
    ];

    /// Returns the word used in tables, URLs and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AccountWithContact => "accounts-with-contacts",
            Self::One(subject) => subject.key(),
        }
    }

    /// Returns the kind with this word, if files can have such rows.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Returns what each row is before all else.
    #[must_use]
    pub fn subject(self) -> Subject {
        match self {
            Self::AccountWithContact => Subject::Account,
            Self::One(subject) => subject,
        }
    }
}

impl From<Subject> for Kind {
    fn from(subject: Subject) -> Self {
        Self::One(subject)
    }
}
