//! Who is let in through a link, and what is written down of it.

use std::net::{IpAddr, Ipv4Addr};

use app::settings::device_name;
use app::shares::page::{Locked, Nothing};
use axum::response::Response;
use db::shares::{Opened, Opening};
use domain::id::{ShareId, WorkspaceId};
use domain::shares::{Access, Outcome, network};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};

use crate::client;
use crate::state::AppState;

/// The cookie by which a browser proves that it gave the password; it is sent to this one link alone.
pub(super) const COOKIE: &str = "keepwell-shared";

/// Somebody with a link.
pub(super) struct Visit {
    pub(super) state: AppState,
    pub(super) address: IpAddr,
    token: String,
    program: String,
    grant: Option<String>,
}

impl Visit {
    pub(super) fn new(state: &AppState, parts: &Parts, token: String) -> Self {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Self {
            address: client::address(parts, &state.config.trusted_proxies).unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
            program: device_name(agent),
            grant: cookie(&parts.headers),
            // Only what a token is made of gets into an address that we write.
            token: token.chars().filter(char::is_ascii_hexdigit).collect(),
            state: state.clone(),
        }
    }

    /// Returns the address of the link.
    pub(super) fn path(&self) -> String {
        format!("/shared/{}", self.token)
    }

    /// Returns the link, if it works. What does not exist and what has ended are answered alike, and as fast: what
    /// became of the second is written down behind the answer.
    pub(super) async fn opened(&self) -> Result<Box<Opened>, Box<Response>> {
        match db::shares::open(&self.state.db, &self.token).await {
            Ok(Opening::Open(opened)) => Ok(opened),
            Ok(Opening::Unknown) => Err(Box::new(self.nothing(StatusCode::NOT_FOUND, Nothing::Gone))),
            Ok(Opening::Ended(workspace, share)) => {
                let (db, access) = (self.state.db.clone(), self.access(Outcome::Ended));
                tokio::spawn(async move { note(&db, workspace, share, &access).await });
                Err(Box::new(self.nothing(StatusCode::NOT_FOUND, Nothing::Gone)))
            }
            Err(error) => Err(Box::new(self.failed(&error))),
        }
    }

    fn access(&self, outcome: Outcome) -> Access {
        let at = self.state.db.clock().now();
        Access { at, network: network(self.address), program: self.program.clone(), outcome }
    }

    pub(super) async fn note(&self, opened: &Opened, outcome: Outcome) {
        note(&self.state.db, opened.workspace, opened.share.id, &self.access(outcome)).await;
    }
}

/// Lets somebody in whose link works, who gave its password, and whose host may still show what they share.
pub(super) async fn admit(visit: &Visit) -> Result<Box<Opened>, Box<Response>> {
    let opened = visit.opened().await?;
    if !db::shares::check_grant(&opened, visit.grant.as_deref(), visit.state.db.clock().now()) {
        return Err(Box::new(visit.ask(StatusCode::OK, Locked::Ask)));
    }
    if opened.actor().is_none() {
        visit.note(&opened, Outcome::Denied).await;
        return Err(Box::new(visit.nothing(StatusCode::FORBIDDEN, Nothing::Denied)));
    }
    Ok(opened)
}

/// A look that could not be written down is no reason to send somebody away.
async fn note(db: &db::Db, workspace: WorkspaceId, share: ShareId, access: &Access) {
    if let Err(error) = db::shares::note(db, workspace, share, access).await {
        tracing::error!(%share, %error, "a look at a share link could not be written down");
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}
