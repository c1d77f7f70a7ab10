//! Who is asking: the session cookie, turned into an actor.

use domain::identity::User;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;

/// What every page knows about the person who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub user: User,
    /// The workspace's name.
    pub workspace: String,
    /// The workspace's currency code.
    pub currency: String,
    /// Everybody who can own an account, for pickers and names.
    pub people: Vec<User>,
    /// The program's version.
    pub version: String,
}

/// Returns who is signed in, or `None`.
#[server]
pub async fn me() -> Result<Option<Me>> {
    let Ok((db, who)) = signed_in().await else { return Ok(None) };
    let mut tx = db.read(&who.actor).await?;
    let (workspace, currency) = db::identity::workspace(&mut tx).await?;
    let people = db::identity::users(&mut tx).await?;
    Ok(Some(Me { user: who.user, workspace, currency, people, version: env!("CARGO_PKG_VERSION").to_owned() }))
}

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(feature = "ssr")]
mod server {
    use std::path::PathBuf;

    use db::Db;
    use db::identity::Whoami;
    use domain::refusal::Refusal;
    use http::HeaderMap;
    use leptos::prelude::*;

    use crate::error::{Error, Result};

    /// The cookie of a server that is reached over TLS.
    pub const COOKIE_SECURE: &str = "__Host-keepwell";
    /// The cookie of a server on the person's own machine, where there is no TLS.
    pub const COOKIE_LOCAL: &str = "keepwell";

    /// What server functions need besides the database.
    #[derive(Clone, Debug)]
    pub struct Settings {
        /// Whether the public address is https, so that cookies are only sent there.
        pub secure: bool,
        /// Where uploaded files wait until they are imported.
        pub uploads: PathBuf,
    }

    /// Returns the database and the person behind the request's cookie, or refuses.
    pub async fn signed_in() -> Result<(Db, Whoami)> {
        let db = database()?;
        let Some(parts) = use_context::<http::request::Parts>() else { return Err(Refusal::SignedOut.into()) };
        let Some(token) = token(&parts.headers) else { return Err(Refusal::SignedOut.into()) };
        let who = db::sessions::whoami(&db, &token).await?;
        Ok((db, who))
    }

    /// Returns the database that the server provides to every request.
    pub fn database() -> Result<Db> {
        use_context::<Db>().ok_or_else(|| Error::failed(&"no database in context"))
    }

    /// Returns the session token from the cookies, whichever of the two names it has.
    #[must_use]
    pub fn token(headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| *name == COOKIE_SECURE || *name == COOKIE_LOCAL)
            .map(|(_, token)| token.to_owned())
            .filter(|token| token.len() == 64)
    }

    /// Returns the header that sets or (with an empty token) removes the session cookie.
    #[must_use]
    pub fn cookie(token: &str, secure: bool) -> String {
        let age = if token.is_empty() { "; Max-Age=0" } else { "" };
        if secure {
            format!("{COOKIE_SECURE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure{age}")
        } else {
            format!("{COOKIE_LOCAL}={token}; Path=/; HttpOnly; SameSite=Lax{age}")
        }
    }
}
