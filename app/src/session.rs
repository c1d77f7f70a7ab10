//! Who is asking: the session cookie, turned into an actor.

use domain::identity::User;
use serde::{Deserialize, Serialize};

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

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(feature = "ssr")]
mod server {
    use std::net::IpAddr;
    use std::path::PathBuf;

    use db::Db;
    use db::sessions::Whoami;
    use domain::refusal::Refusal;
    use http::HeaderMap;
    use leptos::prelude::*;

    use super::Me;
    use crate::boot::Boot;
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
        /// The address that mail comes from; `None` where no mail server is set up.
        pub mail_from: Option<String>,
        /// The public address of Keepwell, without a slash at the end.
        pub public_url: String,
    }

    /// The network address a request came from; the server provides it to every request.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Peer(pub IpAddr);

    /// Returns the database and the person behind the request's cookie, or refuses.
    pub async fn signed_in() -> Result<(Db, Whoami)> {
        let db = database()?;
        let Some(parts) = use_context::<http::request::Parts>() else { return Err(Refusal::SignedOut.into()) };
        let Some(token) = token(&parts.headers) else { return Err(Refusal::SignedOut.into()) };
        let who = db::sessions::whoami(&db, &token).await?;
        Ok((db, who))
    }

    /// Returns what a page knows from its start: who the cookie belongs to and how they like the screen.
    pub async fn load_boot(db: &Db, headers: &HeaderMap) -> Result<Boot> {
        let mut boot = Boot {
            theme: cookie_value(headers, "theme").filter(|theme| theme == "light" || theme == "dark"),
            density: cookie_value(headers, "density").filter(|density| density == "compact"),
            now: db.clock().now(),
            ..Boot::default()
        };
        let Some(token) = token(headers) else { return Ok(boot) };
        let who = match db::sessions::whoami(db, &token).await {
            Ok(who) => who,
            Err(db::Error::Refused(_)) => return Ok(boot),
            Err(error) => return Err(error.into()),
        };
        // Before the rest is read: what changes in between is told by the live feed.
        boot.seq = db::log::last_seq(&mut db.read(&who.actor).await?).await?;
        boot.me = Some(present(db, who).await?);
        Ok(boot)
    }

    /// Returns what every page knows about the person.
    pub async fn present(db: &Db, who: Whoami) -> Result<Me> {
        let mut tx = db.read(&who.actor).await?;
        let (workspace, currency) = db::identity::workspace(&mut tx).await?;
        let people = db::identity::users(&mut tx).await?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Me { user: who.user, workspace, currency, people, version })
    }

    /// Returns the database that the server provides to every request.
    pub fn database() -> Result<Db> {
        use_context::<Db>().ok_or_else(|| Error::failed(&"no database in context"))
    }

    /// Returns the session token from the cookies, whichever of the two names it has.
    #[must_use]
    pub fn token(headers: &HeaderMap) -> Option<String> {
        cookie_value(headers, COOKIE_SECURE)
            .or_else(|| cookie_value(headers, COOKIE_LOCAL))
            .filter(|token| token.len() == 64)
    }

    fn cookie_value(headers: &HeaderMap, wanted: &str) -> Option<String> {
        let cookies = headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
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

    /// Sets the session cookie on the answer; an empty token removes it.
    pub fn set_cookie(token: &str) {
        let secure = use_context::<Settings>().is_some_and(|settings| settings.secure);
        append_cookie(&cookie(token, secure));
    }

    /// Keeps the look of the screen for a year; only the known words are kept.
    pub fn set_appearance_cookies(theme: &str, density: &str) {
        for (name, value, known) in [("theme", theme, &["light", "dark"][..]), ("density", density, &["compact"][..])] {
            let (value, age) = if known.contains(&value) { (value, 31_536_000) } else { ("", 0) };
            append_cookie(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={age}"));
        }
    }

    fn append_cookie(value: &str) {
        let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
        if let Ok(value) = http::HeaderValue::from_str(value) {
            response.append_header(http::header::SET_COOKIE, value);
        }
    }
}
