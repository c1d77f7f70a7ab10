//! What crosses from the server to the browser when something did not work.

use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why a server function did not answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The answer is no, and the reason may be read.
    #[error("{0}")]
    Refused(Refusal),
    /// The server failed; the reference finds the line in its log.
    #[error("failed ({reference})")]
    Failed {
        /// What the person can quote.
        reference: String,
    },
    /// The server could not be reached.
    #[error("offline")]
    Offline,
}

/// The result of every server function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Refused(Refusal::Conflict(
                    "This page is older than the server. Reload it, then try again.".to_owned(),
                ))
            }
            _ => Self::Failed { reference: "transport".to_owned() },
        }
    }
}

#[cfg(feature = "ssr")]
impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Refused(refusal) => Self::Refused(refusal),
            other => Self::failed(&other),
        }
    }
}

#[cfg(feature = "ssr")]
impl Error {
    /// Logs a failure once, with a reference that the person can quote.
    pub fn failed(cause: &dyn std::fmt::Display) -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let reference = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        tracing::error!(%reference, %cause, "request failed");
        Self::Failed { reference }
    }
}
