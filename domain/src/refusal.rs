//! The answer is no, and here is why: the errors that are safe to show to a person.

use serde::{Deserialize, Serialize};

/// What is wrong with one field of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's key, as in [`crate::fields`].
    pub field: String,
    /// One sentence that says what to do.
    pub message: String,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The thing is not there, or belongs to another workspace: the two are told apart to nobody.
    #[error("That does not exist any more, or it never did.")]
    NotFound,
    /// Nobody is signed in.
    #[error("Sign in to continue.")]
    SignedOut,
    /// The role does not allow it.
    #[error("Your role does not allow this. Ask an administrator.")]
    Forbidden,
    /// What was sent does not make sense; every field that is wrong is listed.
    #[error("Some values need a change before this can be saved.")]
    Invalid(Vec<FieldError>),
    /// Somebody was faster, or the state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries; wait this many seconds.
    #[error("Too many tries. Wait {0} seconds, then try again.")]
    TooMany(u32),
}

impl Refusal {
    /// Returns a refusal about a single field.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }
}
