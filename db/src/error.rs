//! Two kinds of "no": refused, which a person may read, and failed, which is logged and hidden.

use domain::refusal::Refusal;

/// Why a verb did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The answer is no, and the reason is safe to show.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
    /// What the database holds does not make sense to this version of the program.
    #[error("stored data could not be read: {0}")]
    Stored(String),
    /// The database cannot be opened as asked.
    #[error("{0}")]
    Open(String),
}

/// The result of every verb in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::Refused(Refusal::NotFound),
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Self::Refused(Refusal::Conflict(
                "Something with the same key exists already. Choose another key or open the existing one.".to_owned(),
            )),
            _ => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Stored(error.to_string())
    }
}
