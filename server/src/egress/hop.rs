//! One request to one address: connect, ask, and read no more than is allowed.

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use domain::signals::trouble::Trouble;
use flate2::read::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, HOST};
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Host;

use super::address::Target;
use super::tls::{Certificate, Trust};
use super::{Limits, Over};

/// Most addresses of a host that are tried.
const TRIES_MAX: usize = 3;
/// Most headers of an answer.
const HEADERS_MAX: usize = 100;

/// What one address answered.
pub(super) struct Hop {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Asks the first of these addresses that can be connected to. What is learned of the certificate stays, also where
/// the connection fails for it.
pub(super) async fn ask(
    target: &Target,
    addresses: &[IpAddr],
    request: Request<Bytes>,
    (trust, limits): (&Trust, &Limits),
    certificate: &mut Option<Certificate>,
) -> Result<Hop, Trouble> {
    let stream = dial(addresses, target.port, limits).await?;
    let request = addressed(request, target)?;
    if !target.is_tls {
        return exchange(stream, request, limits).await;
    }
    let (config, inspector) = trust.connection().map_err(|_| Trouble::Certificate)?;
    let name = match &target.host {
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| Trouble::Certificate)?,
        Host::Ipv4(address) => ServerName::from(IpAddr::V4(*address)),
        Host::Ipv6(address) => ServerName::from(IpAddr::V6(*address)),
    };
    let shaken = timeout(limits.connect, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    *certificate = inspector.certificate();
    let stream = match shaken {
        Err(_) => return Err(Trouble::TimedOut),
        // Without a certificate that was refused, there was no TLS to speak of.
        Ok(Err(_)) if certificate.as_ref().is_none_or(|certificate| certificate.is_valid) => {
            return Err(Trouble::Unreachable);
        }
        Ok(Err(_)) => return Err(Trouble::Certificate),
        Ok(Ok(stream)) => stream,
    };
    exchange(stream, request, limits).await
}

#[expect(clippy::disallowed_methods, reason = "this is the egress client; the addresses were judged before")]
async fn dial(addresses: &[IpAddr], port: u16, limits: &Limits) -> Result<TcpStream, Trouble> {
    let mut trouble = Trouble::Unreachable;
    for address in addresses.iter().take(TRIES_MAX) {
        match timeout(limits.connect, TcpStream::connect(SocketAddr::new(*address, port))).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => {}
            Err(_) => trouble = Trouble::TimedOut,
        }
    }
    Err(trouble)
}

/// Returns the request as it is written to the host itself.
fn addressed(request: Request<Bytes>, target: &Target) -> Result<Request<Full<Bytes>>, Trouble> {
    let (mut parts, body) = request.into_parts();
    let url = &target.url;
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    parts.uri = Uri::try_from(path).map_err(|_| Trouble::Unreachable)?;
    let host = url.port().map_or_else(|| target.host.to_string(), |port| format!("{}:{port}", target.host));
    parts.headers.insert(HOST, HeaderValue::from_str(&host).map_err(|_| Trouble::Unreachable)?);
    Ok(Request::from_parts(parts, Full::new(body)))
}

/// Ends what drives a connection when nobody waits for it any more.
struct Driven(AbortHandle);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>, limits: &Limits) -> Result<Hop, Trouble>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let shaken = http1::Builder::new()
        .max_buf_size(limits.header_bytes)
        .max_headers(HEADERS_MAX)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await;
    let (mut sender, connection) = shaken.map_err(|_| Trouble::Garbled)?;
    let _driven = Driven(tokio::spawn(connection).abort_handle());
    let answer = timeout(limits.first_byte, sender.send_request(request)).await.map_err(|_| Trouble::TimedOut)?;
    let answer =
        answer.map_err(|error| if error.is_incomplete_message() { Trouble::Unreachable } else { Trouble::Garbled })?;
    let (parts, body) = answer.into_parts();
    let body = unpacked(&parts.headers, collect(body, limits).await?, limits)?;
    Ok(Hop { status: parts.status, headers: parts.headers, body })
}

/// Reads a body up to the limit.
async fn collect(mut body: Incoming, limits: &Limits) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Trouble::Garbled)?.into_data() else { continue };
        bytes.extend_from_slice(&data);
        if bytes.len() > limits.body_bytes {
            return limits.over(bytes);
        }
    }
    Ok(bytes)
}

/// Unpacks a body up to the limit.
fn unpacked(headers: &HeaderMap, bytes: Vec<u8>, limits: &Limits) -> Result<Bytes, Trouble> {
    let encoding = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
    match encoding {
        None | Some(b"" | b"identity") => Ok(bytes.into()),
        Some(b"gzip" | b"x-gzip") => {
            let most = limits.body_bytes as u64 + 1;
            let mut plain = Vec::new();
            let read = MultiGzDecoder::new(&bytes[..]).take(most).read_to_end(&mut plain);
            if plain.len() > limits.body_bytes {
                plain = limits.over(plain)?;
            } else if read.is_err() && limits.over == Over::Refuse {
                return Err(Trouble::Garbled);
            }
            Ok(plain.into())
        }
        Some(_) => Err(Trouble::Garbled),
    }
}

impl Limits {
    fn over(&self, mut bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        match self.over {
            Over::Refuse => Err(Trouble::TooLarge),
            Over::Cut => {
                bytes.truncate(self.body_bytes);
                Ok(bytes)
            }
        }
    }
}
