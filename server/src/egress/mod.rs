//! The egress client: the only way out.
//!
//! Every request to the outside goes through [`Egress::send`]. A host's name is resolved once, its addresses are
//! judged, and the connection goes to exactly those; a redirect is judged like a new request. Everything has a limit:
//! time, bytes before and after unpacking, headers, redirects, requests of a workspace at once and in a minute, and a
//! pause between two requests to one host. No proxies of the environment, no cookies, one user agent. What is refused
//! looks like a host that does not answer.

mod address;
mod hop;
mod names;
mod tls;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::WorkspaceId;
use domain::signals::trouble::Trouble;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, COOKIE, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use hyper::body::Bytes;
use rustls::pki_types::CertificateDer;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout};

pub use address::Allow;
use address::Target;
pub use names::Names;
pub use tls::Certificate;
use tls::Trust;

/// Who asks.
const AGENT: &str = concat!("Keepwell/", env!("CARGO_PKG_VERSION"), " (self-hosted; feeds and website checks)");
/// Requests of one workspace that run at the same time.
const AT_ONCE: usize = 5;
/// Requests of one workspace in a minute.
const PER_MINUTE: u32 = 300;
/// Hosts whose last request is remembered before old ones are forgotten.
const HOSTS_MAX: usize = 10_000;

/// How the client is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Private networks that requests may go to.
    pub allow: Allow,
    /// Who knows names.
    pub names: Names,
    /// Certificates that are trusted besides the well-known ones.
    pub roots: Vec<CertificateDer<'static>>,
    /// Where Keepwell itself is reached, `host:port`, which it does not ask.
    pub own: Option<String>,
    /// The pause between two requests to one host.
    pub pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow: Allow::default(),
            names: Names::default(),
            roots: Vec::new(),
            own: None,
            pause: Duration::from_secs(1),
        }
    }
}

/// What to do with an answer that is larger than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Fail.
    Refuse,
    /// Use what came so far.
    Cut,
}

/// How much a request may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until there is a connection, and again until it is encrypted.
    pub connect: Duration,
    /// Until the answer begins.
    pub first_byte: Duration,
    /// Until everything is done, redirects included; waiting for one's turn is not.
    pub total: Duration,
    /// Bytes of the answer's headers.
    pub header_bytes: usize,
    /// Bytes of the answer, packed and unpacked.
    pub body_bytes: usize,
    /// What to do with more.
    pub over: Over,
    /// How often the request may be sent on.
    pub redirects: usize,
    /// Whether the request keeps the pause between two to one host; push services of many people are one host.
    pub apart: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(8),
            total: Duration::from_secs(10),
            header_bytes: 32 * 1_024,
            body_bytes: 1 << 20,
            over: Over::Refuse,
            redirects: 0,
            apart: true,
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status of the last answer.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, unpacked.
    pub body: Bytes,
    /// The way there.
    pub way: Way,
}

/// The way of a request, also of one that failed.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// The addresses it was sent on to, in order.
    pub hops: Vec<String>,
    /// The certificate of the last host that had one.
    pub certificate: Option<Certificate>,
    /// How long it took.
    pub took: Duration,
}

/// A request that brought nothing.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Why.
    pub trouble: Trouble,
    /// How far it came.
    pub way: Way,
}

/// The client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Egress {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    trust: Trust,
    workspaces: Mutex<HashMap<WorkspaceId, Share>>,
    hosts: Mutex<HashMap<String, Instant>>,
}

/// What a workspace has used.
#[derive(Clone, Debug)]
struct Share {
    slots: Arc<Semaphore>,
    minute: Instant,
    requests: u32,
}

impl Egress {
    /// Makes a client.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let trust = Trust::new(&settings.roots)?;
        let (workspaces, hosts) = (Mutex::default(), Mutex::default());
        Ok(Self { inner: Arc::new(Inner { settings, trust, workspaces, hosts }) })
    }

    /// Sends a request for a workspace and returns what came back. Redirects of GET and HEAD are followed as far as
    /// the limits say; an answer of any status is an answer.
    pub async fn send(
        &self,
        workspace: WorkspaceId,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Answer, Failure> {
        let slots = self.slots(workspace).await;
        let _slot = slots.acquire().await;
        let mut way = Way::default();
        match self.follow(request, limits, &mut way).await {
            Ok((status, headers, body)) => Ok(Answer { status, headers, body, way }),
            Err(trouble) => Err(Failure { trouble, way }),
        }
    }

    /// Waits until the workspace may send another request this minute, and returns its slots.
    async fn slots(&self, workspace: WorkspaceId) -> Arc<Semaphore> {
        const MINUTE: Duration = Duration::from_secs(60);
        loop {
            let next = {
                let mut shares = self.inner.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
                let share = shares.entry(workspace).or_insert_with(|| Share {
                    slots: Arc::new(Semaphore::new(AT_ONCE)),
                    minute: Instant::now(),
                    requests: 0,
                });
                if share.minute.elapsed() >= MINUTE {
                    (share.minute, share.requests) = (Instant::now(), 0);
                }
                share.requests += 1;
                if share.requests <= PER_MINUTE {
                    return share.slots.clone();
                }
                share.minute + MINUTE
            };
            sleep_until(next).await;
        }
    }

    async fn follow(
        &self,
        mut request: Request<Bytes>,
        limits: &Limits,
        way: &mut Way,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Trouble> {
        let mut target = address::target(&request.uri().to_string())?;
        prepare(&mut request);
        loop {
            let began = Instant::now();
            let addresses = timeout(limits.connect, self.addresses(&target)).await.unwrap_or(Err(Trouble::TimedOut))?;
            way.took += began.elapsed();
            if limits.apart {
                self.take_turn(&target).await;
            }
            let began = Instant::now();
            let trust = (&self.inner.trust, limits);
            let asked = hop::ask(&target, &addresses, request.clone(), trust, &mut way.certificate);
            let asked = timeout(limits.total.saturating_sub(way.took), asked).await;
            way.took += began.elapsed();
            let hop = asked.unwrap_or(Err(Trouble::TimedOut))?;
            let follows = [Method::GET, Method::HEAD].contains(request.method()) && limits.redirects > 0;
            let Some(next) = next(&target, &hop).filter(|_| follows) else {
                return Ok((hop.status, hop.headers, hop.body));
            };
            let next = address::target(&next).map_err(|_| Trouble::Redirects)?;
            let known = way.hops.iter().any(|hop| *hop == next.url.as_str());
            if known || way.hops.len() >= limits.redirects || (target.is_tls && !next.is_tls) {
                return Err(Trouble::Redirects);
            }
            way.hops.push(next.url.to_string());
            if next.host != target.host || next.port != target.port {
                request.headers_mut().remove(AUTHORIZATION);
            }
            target = next;
        }
    }

    /// Returns the addresses of a host that may be connected to; none of them is the same as no answer.
    async fn addresses(&self, target: &Target) -> Result<Vec<IpAddr>, Trouble> {
        let settings = &self.inner.settings;
        let asked = format!("{}:{}", target.host, target.port);
        if settings.own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&asked)) {
            return Err(Trouble::Unreachable);
        }
        let mut addresses = settings.names.resolve(&target.host).await?;
        addresses.retain(|address| address::may_reach(*address, target.port, &settings.allow));
        if addresses.is_empty() { Err(Trouble::Unreachable) } else { Ok(addresses) }
    }

    /// Waits until a host may be asked again.
    async fn take_turn(&self, target: &Target) {
        let turn = {
            let now = Instant::now();
            let mut hosts = self.inner.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            if hosts.len() >= HOSTS_MAX {
                hosts.retain(|_, next| *next > now);
            }
            let next = hosts.entry(format!("{}:{}", target.host, target.port)).or_insert(now);
            let turn = (*next).max(now);
            *next = turn + self.inner.settings.pause;
            turn
        };
        sleep_until(turn).await;
    }
}

/// Sets what every request says, whatever the caller wrote.
fn prepare(request: &mut Request<Bytes>) {
    let headers = request.headers_mut();
    headers.remove(COOKIE);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}

/// Returns where an answer sends the request on to, if it does.
fn next(target: &Target, hop: &hop::Hop) -> Option<String> {
    if !matches!(hop.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = hop.headers.get(LOCATION)?.to_str().ok()?.trim();
    // An address in full is judged as it is written; only what is relative is put together here. The `://` behind a
    // path or a question mark belongs to the path or the question.
    let is_full = location.split(['/', '?', '#', '\\']).next().is_some_and(|start| start.ends_with(':'));
    if is_full { Some(location.to_owned()) } else { target.url.join(location).ok().map(Into::into) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_where_it_says() {
        let leads = |location: &'static str| {
            let target = address::target("https://acme.example/en/home").unwrap();
            let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(location))]);
            let hop = hop::Hop { status: StatusCode::FOUND, headers, body: Bytes::new() };
            next(&target, &hop).unwrap()
        };
        for (location, leads_to) in [
            ("https://www.acme.example/", "https://www.acme.example/"),
            ("/login?back=https://acme.example/en", "https://acme.example/login?back=https://acme.example/en"),
            ("?back=https://acme.example/", "https://acme.example/en/home?back=https://acme.example/"),
            ("//www.acme.example/", "https://www.acme.example/"),
            // What is written in full stays as it is written, to be judged as such.
            ("http://127.1/", "http://127.1/"),
            ("file:///etc/passwd", "file:///etc/passwd"),
        ] {
            assert_eq!(leads(location), leads_to, "{location}");
        }
    }
}
