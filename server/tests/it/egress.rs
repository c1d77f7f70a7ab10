//! The egress client against servers that misbehave: nothing hangs, and nothing reaches a forbidden address.

use std::collections::HashMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::id::WorkspaceId;
use domain::signals::trouble::Trouble;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Request;
use hyper::body::Bytes;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use server::egress::{Allow, Answer, Egress, Failure, Limits, Names, Over, Settings};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::app::uuid;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server on a port of its own that answers every connection with the same bytes.
struct Rogue {
    address: SocketAddr,
    /// How often somebody connected.
    visits: Arc<AtomicUsize>,
}

/// How a rogue behaves after it has read the request.
#[derive(Clone)]
enum Manner {
    /// Says this and closes.
    Says(Vec<u8>),
    /// Says this and then nothing, and keeps the connection.
    Stalls(Vec<u8>),
    /// Says this and then the second part again and again.
    Floods(Vec<u8>, Vec<u8>),
    /// Sends the request on to itself, each time under another address.
    Leads,
}

async fn rogue(manner: Manner) -> Rogue {
    let listener = TcpListener::bind((HERE, 0)).await.unwrap();
    let (address, visits) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = visits.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let visit = counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(behave(stream, manner.clone(), visit, address.port()));
        }
    });
    Rogue { address, visits }
}

async fn behave<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, manner: Manner, visit: usize, port: u16) {
    let _ = stream.read(&mut [0; 4_096]).await;
    match manner {
        Manner::Says(bytes) => drop(stream.write_all(&bytes).await),
        Manner::Stalls(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
        Manner::Floods(head, more) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&more).await.is_ok() {}
        }
        Manner::Leads => {
            let on =
                format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{port}/{visit}\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(on.as_bytes()).await;
        }
    }
    let _ = stream.shutdown().await;
}

fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn to(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 301 Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

/// A client that may reach these servers and nothing else on this machine.
fn client(rogues: &[&Rogue]) -> Egress {
    let ports: Vec<String> = rogues.iter().map(|rogue| rogue.address.to_string()).collect();
    let names = [
        ("good.test", HERE),
        ("expired.test", HERE),
        ("other.test", HERE),
        ("rebound.test", HERE),
        ("keepwell.test", HERE),
    ];
    let names = names.map(|(name, address)| (name.to_owned(), vec![address]));
    let root = CertificateDer::from_pem_slice(include_bytes!("certificates/ca.pem")).unwrap();
    let settings = Settings {
        allow: Allow::parse(&ports.join(",")).unwrap(),
        names: Names::Listed(HashMap::from(names)),
        roots: vec![root],
        own: Some("keepwell.test:443".into()),
        pause: Duration::ZERO,
    };
    Egress::new(settings).unwrap()
}

/// Short enough for a test, long enough for a machine with much to do.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(3),
        first_byte: Duration::from_millis(600),
        total: Duration::from_secs(4),
        body_bytes: 10_000,
        redirects: 5,
        ..Limits::default()
    }
}

async fn get(client: &Egress, url: &str, limits: &Limits) -> Result<Answer, Failure> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let began = Instant::now();
    let answer = client.send(uuid::<WorkspaceId>("one"), request, limits).await;
    assert!(began.elapsed() < Duration::from_secs(60), "{url} took {:?}", began.elapsed());
    answer
}

async fn trouble(client: &Egress, url: &str) -> Trouble {
    match get(client, url, &limits()).await {
        Ok(answer) => panic!("{url} answered {}", answer.status),
        Err(failure) => failure.trouble,
    }
}

async fn says(bytes: Vec<u8>) -> (Rogue, Egress, String) {
    met(Manner::Says(bytes)).await
}

async fn met(manner: Manner) -> (Rogue, Egress, String) {
    let rogue = rogue(manner).await;
    let (client, url) = (client(&[&rogue]), format!("http://{}/", rogue.address));
    (rogue, client, url)
}

#[tokio::test]
async fn an_answer_comes_back_with_its_status_headers_and_body() {
    let (_rogue, client, url) = says(ok("hello")).await;
    let answer = get(&client, &url, &limits()).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"hello"[..]));
    assert_eq!(answer.headers["content-length"], "5");
    assert!(answer.way.hops.is_empty() && answer.way.certificate.is_none());
    let (_rogue, client, url) = says(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    assert_eq!(get(&client, &url, &limits()).await.unwrap().status, 503);
}

#[tokio::test]
async fn nothing_private_is_reached_without_leave() {
    let rogue = rogue(Manner::Says(ok("secret"))).await;
    let (stranger, port) = (client(&[]), rogue.address.port());
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "good.test", "0.0.0.0", "2130706433", "0x7f.1", "127.1"] {
        assert_eq!(trouble(&stranger, &format!("http://{host}:{port}/")).await, Trouble::Unreachable, "{host}");
    }
    for url in ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00::1]/", "ftp://good.test/"]
    {
        assert_eq!(trouble(&stranger, url).await, Trouble::Unreachable, "{url}");
    }
    assert_eq!(trouble(&stranger, "https://keepwell.test/").await, Trouble::Unreachable);
    assert_eq!(trouble(&stranger, "http://unknown.test/").await, Trouble::NoName);
    assert_eq!(rogue.visits.load(Ordering::SeqCst), 0, "nobody was let in");
}

#[tokio::test]
async fn a_redirect_is_judged_like_a_new_request() {
    let inside = rogue(Manner::Says(ok("secret"))).await;
    for location in [
        format!("http://127.0.0.1:{}/", inside.address.port()),
        format!("http://rebound.test:{}/", inside.address.port()),
        format!("//127.0.0.1:{}/", inside.address.port()),
        "http://169.254.169.254/".to_owned(),
        "http://0x7f.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
    ] {
        let (_rogue, client, url) = says(to(&location)).await;
        let trouble = trouble(&client, &url).await;
        assert!([Trouble::Unreachable, Trouble::Redirects].contains(&trouble), "{location}: {trouble:?}");
    }
    assert_eq!(inside.visits.load(Ordering::SeqCst), 0, "nobody was let in");
}

#[tokio::test]
async fn redirects_end() {
    let (rogue, client, url) = met(Manner::Leads).await;
    assert_eq!(trouble(&client, &url).await, Trouble::Redirects);
    assert_eq!(rogue.visits.load(Ordering::SeqCst), 6, "five redirects and no more");
    let (rogue, client, url) = says(to("/")).await;
    assert_eq!(trouble(&client, &url).await, Trouble::Redirects);
    assert!(rogue.visits.load(Ordering::SeqCst) <= 3, "a circle is noticed");
    let none = Limits { redirects: 0, ..limits() };
    let (_rogue, client, url) = says(to("/else")).await;
    assert_eq!(get(&client, &url, &none).await.unwrap().status, 301, "where none may be followed, it is the answer");
    let end = self::rogue(Manner::Says(ok("end"))).await;
    let way = self::rogue(Manner::Says(to(&format!("http://{}/end", end.address)))).await;
    let answer = get(&self::client(&[&end, &way]), &format!("http://{}/", way.address), &limits()).await.unwrap();
    assert_eq!(answer.way.hops, [format!("http://{}/end", end.address)]);
}

#[tokio::test]
async fn what_is_slow_is_given_up() {
    for manner in [
        Manner::Stalls(Vec::new()),
        Manner::Stalls(b"HTTP/1.1 200 OK\r\nx: ".to_vec()),
        Manner::Stalls(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nab".to_vec()),
    ] {
        let (_rogue, client, url) = met(manner).await;
        assert_eq!(trouble(&client, &url).await, Trouble::TimedOut);
    }
}

#[tokio::test]
async fn what_is_huge_is_refused_or_cut() {
    let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let flood = Manner::Floods(head, chunk);
    let (_rogue, client, url) = met(flood.clone()).await;
    assert_eq!(trouble(&client, &url).await, Trouble::TooLarge);
    let cut = Limits { over: Over::Cut, ..limits() };
    assert_eq!(get(&client, &url, &cut).await.unwrap().body.len(), 10_000);
    let header = [b"x: ".as_slice(), &[b'y'; 1_000], b"\r\n"].concat();
    let (_rogue, client, url) = met(Manner::Floods(b"HTTP/1.1 200 OK\r\n".to_vec(), header)).await;
    assert_eq!(trouble(&client, &url).await, Trouble::Garbled);
}

#[tokio::test]
async fn a_small_parcel_that_unpacks_to_much_is_refused() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![0; 5_000_000]).unwrap();
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 10_000);
    let answer = |body: &[u8], encoding: &str| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    let (_rogue, client, url) = says(answer(&bomb, "gzip")).await;
    assert_eq!(trouble(&client, &url).await, Trouble::TooLarge);
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(b"plain words").unwrap();
    let (_rogue, client, url) = says(answer(&packer.finish().unwrap(), "gzip")).await;
    assert_eq!(&get(&client, &url, &limits()).await.unwrap().body[..], b"plain words");
    for (body, encoding) in [(&b"not packed"[..], "gzip"), (b"x", "br")] {
        let (_rogue, client, url) = says(answer(body, encoding)).await;
        assert_eq!(trouble(&client, &url).await, Trouble::Garbled, "{encoding}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_none() {
    for bytes in
        [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x16\x03\x01\x02\x00", b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"]
    {
        let (_rogue, client, url) = says(bytes.to_vec()).await;
        assert_eq!(trouble(&client, &url).await, Trouble::Garbled);
    }
    let (_rogue, client, url) = says(Vec::new()).await;
    assert_eq!(trouble(&client, &url).await, Trouble::Unreachable);
}

async fn tls_rogue(certificate: &[u8], manner: Manner) -> Rogue {
    let certificate = CertificateDer::from_pem_slice(certificate).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("certificates/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let listener = TcpListener::bind((HERE, 0)).await.unwrap();
    let (address, visits) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let (acceptor, counted) = (TlsAcceptor::from(Arc::new(config)), visits.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, manner, counted) = (acceptor.clone(), manner.clone(), counted.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let visit = counted.fetch_add(1, Ordering::SeqCst);
                    behave(stream, manner, visit, 0).await;
                }
            });
        }
    });
    Rogue { address, visits }
}

#[tokio::test]
async fn a_certificate_is_looked_at_even_where_it_is_refused() {
    let good = tls_rogue(include_bytes!("certificates/good.pem"), Manner::Says(ok("hello"))).await;
    let expired = tls_rogue(include_bytes!("certificates/expired.pem"), Manner::Says(ok("secret"))).await;
    let client = client(&[&good, &expired]);
    let (good_port, expired_port) = (good.address.port(), expired.address.port());
    let answer = get(&client, &format!("https://good.test:{good_port}/"), &limits()).await.unwrap();
    let certificate = answer.way.certificate.unwrap();
    assert_eq!((certificate.expires_at.iso_date().as_str(), certificate.is_valid), ("2120-01-01", true));

    let failure = get(&client, &format!("https://expired.test:{expired_port}/"), &limits()).await.unwrap_err();
    let certificate = failure.way.certificate.unwrap();
    assert_eq!(failure.trouble, Trouble::Certificate);
    assert_eq!((certificate.expires_at.iso_date().as_str(), certificate.is_valid), ("2021-01-01", false));
    assert_eq!(expired.visits.load(Ordering::SeqCst), 0, "nothing was asked");

    assert_eq!(trouble(&client, &format!("https://other.test:{good_port}/")).await, Trouble::Certificate);
    assert_eq!(trouble(&client, &format!("https://127.0.0.1:{good_port}/")).await, Trouble::Certificate);
}

#[tokio::test]
async fn what_was_encrypted_is_not_sent_on_in_the_clear() {
    let plain = rogue(Manner::Says(ok("plain"))).await;
    let tls =
        tls_rogue(include_bytes!("certificates/good.pem"), Manner::Says(to(&format!("http://{}/", plain.address))))
            .await;
    let client = client(&[&plain, &tls]);
    assert_eq!(trouble(&client, &format!("https://good.test:{}/", tls.address.port())).await, Trouble::Redirects);
    assert_eq!(plain.visits.load(Ordering::SeqCst), 0);
    let (_rogue, client, url) = says(ok("no TLS here")).await;
    assert_eq!(trouble(&client, &url.replace("http:", "https:")).await, Trouble::Unreachable);
}

#[tokio::test]
async fn one_host_is_asked_at_a_distance() {
    let rogue = rogue(Manner::Says(ok("hello"))).await;
    let settings = Settings {
        allow: Allow::parse(&rogue.address.to_string()).unwrap(),
        pause: Duration::from_millis(300),
        ..Settings::default()
    };
    let (client, url, began) = (Egress::new(settings).unwrap(), format!("http://{}/", rogue.address), Instant::now());
    for _ in 0..3 {
        get(&client, &url, &limits()).await.unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn the_request_says_who_asks_and_carries_no_cookie() {
    let listener = TcpListener::bind((HERE, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4_096];
        let length = stream.read(&mut bytes).await.unwrap();
        stream.write_all(&ok("")).await.unwrap();
        String::from_utf8_lossy(&bytes[..length]).to_lowercase()
    });
    let settings = Settings { allow: Allow::parse(&address.to_string()).unwrap(), ..Settings::default() };
    let request = Request::post(format!("http://{address}/push?x=1"))
        .header("cookie", "a=b")
        .header("user-agent", "somebody else")
        .header("ttl", "60")
        .body(Bytes::from_static(b"sealed"))
        .unwrap();
    let client = Egress::new(settings).unwrap();
    client.send(uuid::<WorkspaceId>("one"), request, &limits()).await.unwrap();
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("post /push?x=1 http/1.1\r\n"), "{heard}");
    assert!(heard.contains(&format!("host: {address}")) && heard.contains("ttl: 60"), "{heard}");
    assert!(heard.contains("user-agent: keepwell/") && heard.ends_with("sealed"), "{heard}");
    assert!(!heard.contains("cookie") && !heard.contains("somebody else"), "{heard}");
}
