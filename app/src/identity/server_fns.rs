//! Signing in and setting up; both answer a form that was sent without JavaScript as well.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use leptos::prelude::*;

use crate::error::Result;

/// Signs in and returns where to go; wrong addresses and wrong passwords get the same answer.
#[server]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<String> {
    let (db, guard) = (crate::session::database()?, server::Guard::take(&email)?);
    let session = db::sessions::sign_in(&db, &email, &password, &server::device()).await?;
    guard.give_back();
    crate::session::set_cookie(&session.token);
    Ok(server::leave_for(&next))
}

/// Makes the first administrator with the token from the server's terminal, signs them in and returns where to go.
#[server]
pub async fn set_up(token: String, name: String, email: String, password: String) -> Result<String> {
    let (db, guard) = (crate::session::database()?, server::Guard::take("setup token")?);
    let user = db::identity::NewUser {
        email: email.clone(),
        name,
        role: domain::identity::Role::Admin,
        password: password.clone(),
    };
    db::identity::set_up(&db, &token, user).await?;
    guard.give_back();
    let session = db::sessions::sign_in(&db, &email, &password, &server::device()).await?;
    crate::session::set_cookie(&session.token);
    Ok(server::leave_for("/"))
}

#[cfg(feature = "ssr")]
pub(crate) use server::{Guard, leave_for};

#[cfg(feature = "ssr")]
mod server {
    use std::net::{IpAddr, Ipv4Addr};

    use db::limits::Limiter;
    use db::sessions::Device;
    use http::header;
    use http::request::Parts;
    use leptos::prelude::*;

    use crate::error::{Error, Result};
    use crate::identity::next_path;
    use crate::session::Peer;

    /// A try that was taken from the limiter, to be given back when it succeeds.
    pub(crate) struct Guard {
        limiter: Limiter,
        ip: IpAddr,
        account: String,
    }

    impl Guard {
        /// Takes a try, or refuses. Without a limiter nobody gets in.
        pub(crate) fn take(account: &str) -> Result<Self> {
            let limiter = use_context::<Limiter>().ok_or_else(|| Error::failed(&"no limiter in context"))?;
            let now = crate::session::database()?.clock().now();
            limiter.take(peer(), account, now)?;
            Ok(Self { limiter, ip: peer(), account: account.to_owned() })
        }

        pub(crate) fn give_back(self) {
            self.limiter.give_back(self.ip, &self.account);
        }
    }

    /// Returns where the request came from; requests of unknown origin count together.
    fn peer() -> IpAddr {
        use_context::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
    }

    pub(super) fn device() -> Device {
        let agent = header_of(&header::USER_AGENT);
        Device { user_agent: agent.unwrap_or_default(), ip: peer().to_string() }
    }

    /// Returns the path to go to. A browser without JavaScript is sent there by the answer itself; elsewhere the
    /// page leaves by itself, because only a full load brings who is signed in.
    pub(crate) fn leave_for(next: &str) -> String {
        let next = next_path(next);
        if header_of(&header::ACCEPT).is_some_and(|accept| accept.contains("text/html")) {
            leptos_axum::redirect(&next);
        }
        next
    }

    fn header_of(name: &header::HeaderName) -> Option<String> {
        let parts = use_context::<Parts>()?;
        Some(parts.headers.get(name)?.to_str().ok()?.to_owned())
    }
}
