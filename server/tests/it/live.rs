//! The live feed over a real socket: prompt, without gaps, and for those who may.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use db::Clock;
use domain::changes::Change;
use domain::id::{AccountId, SessionId};
use domain::identity::Role;
use domain::live::{Frame, Note};
use futures::{SinkExt, StreamExt};
use http::StatusCode;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::app::{Person, TestApp};

/// How soon a change is seen.
const SOON: Duration = Duration::from_secs(1);

type Socket = WebSocketStream<TcpStream>;

#[expect(clippy::disallowed_methods, reason = "the test is the browser")]
pub async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Opens a socket as a browser would, from a page of this origin.
async fn open(address: SocketAddr, token: Option<&str>, origin: &str) -> Result<Socket, StatusCode> {
    let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
    request.headers_mut().insert("origin", origin.parse().unwrap());
    if let Some(token) = token {
        request.headers_mut().insert("cookie", format!("__Host-keepwell={token}").parse().unwrap());
    }
    match client_async(request, connect(address).await).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status()),
        Err(error) => panic!("{error}"),
    }
}

/// Opens a socket and says how far the client has come.
async fn follow(address: SocketAddr, person: &Person, last: Option<i64>) -> Socket {
    let mut socket = open(address, Some(&person.token), &format!("http://{address}")).await.unwrap();
    socket.send(Message::text(json!({ "last": last }).to_string())).await.unwrap();
    socket
}

async fn frame(socket: &mut Socket) -> Frame {
    loop {
        let message = timeout(Duration::from_secs(5), socket.next()).await.expect("a frame in five seconds");
        if let Message::Text(text) = message.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

/// Returns the notes of all frames until one that is `wanted` came, or a second has passed.
async fn notes_until(socket: &mut Socket, wanted: impl Fn(&Note) -> bool) -> Vec<Note> {
    let (begin, mut seen) = (Instant::now(), Vec::new());
    while !seen.iter().any(&wanted) {
        assert!(begin.elapsed() < SOON, "nothing of it after {:?}: {seen:?}", begin.elapsed());
        if let Frame::Changes { notes, .. } = frame(socket).await {
            seen.extend(notes);
        }
    }
    seen
}

async fn edit(app: &TestApp, person: &Person, id: AccountId, name: &str) {
    let mut tx = app.db.write(&person.actor).await.unwrap();
    let version = db::accounts::get(&mut tx, id).await.unwrap().version;
    db::accounts::edit(&mut tx, id, version, "name", json!(name)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn end(app: &TestApp, person: &Person) {
    let who = db::sessions::whoami(&app.db, &person.token).await.unwrap();
    let mut tx = app.db.write(&person.actor).await.unwrap();
    db::sessions::revoke_session(&mut tx, SessionId(who.session.0)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_change_and_its_score_are_seen_within_a_second() {
    let app = TestApp::start_at(Clock::System).await;
    app.work();
    let (maya, address) = (app.signed_in_as("Maya", Role::Csm).await, app.listen().await);
    let mut socket = follow(address, &maya, None).await;
    assert!(matches!(frame(&mut socket).await, Frame::Hello { .. }));
    let id = app.account("Acme", |account| account.sentiment = Some(90.0)).await;
    notes_until(&mut socket, |note| note.change == Change::Created && note.account == Some(id)).await;
    notes_until(&mut socket, |note| note.change == Change::Scored && note.account == Some(id)).await;
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    db::accounts::edit(&mut tx, id, 1, "sentiment", json!(10)).await.unwrap();
    tx.commit().await.unwrap();
    let notes = notes_until(&mut socket, |note| note.change == Change::Scored).await;
    let edited = notes.iter().find(|note| note.change == Change::Updated).expect("the edit itself");
    assert_eq!((edited.actor, edited.fields.as_slice()), (Some(maya.id), ["sentiment".to_owned()].as_slice()));
}

#[tokio::test]
async fn the_first_frame_after_a_start_leaves_nothing_out() {
    let mut app = TestApp::start().await;
    let maya = app.signed_in_as("Maya", Role::Csm).await;
    app.restart();
    let address = app.listen().await;
    let mut socket = follow(address, &maya, None).await;
    let start = frame(&mut socket).await.seq();
    let mut tx = app.db.write(&maya.actor).await.unwrap();
    for name in ["Acme", "Beta", "Gamma"] {
        db::accounts::create(&mut tx, name).await.unwrap();
    }
    tx.commit().await.unwrap();
    let Frame::Changes { notes, .. } = frame(&mut socket).await else { panic!("changes come next") };
    assert_eq!(notes.iter().map(|note| note.seq).collect::<Vec<_>>(), [start + 1, start + 2, start + 3]);
}

#[tokio::test]
async fn who_was_away_misses_nothing() {
    let app = TestApp::start().await;
    let (maya, address) = (app.signed_in_as("Maya", Role::Csm).await, app.listen().await);
    let id = app.account("Acme", |_| {}).await;
    let mut socket = follow(address, &maya, None).await;
    let mut last = frame(&mut socket).await.seq();
    edit(&app, &maya, id, "Acme 0").await;
    last = last.max(frame(&mut socket).await.seq());
    drop(socket);
    for number in 1..=50 {
        edit(&app, &maya, id, &format!("Acme {number}")).await;
    }
    let mut socket = follow(address, &maya, Some(last)).await;
    edit(&app, &maya, id, "Acme 51").await;
    let mut seen = Vec::new();
    while seen.len() < 51 {
        match frame(&mut socket).await {
            Frame::Changes { notes, .. } => seen.extend(notes.iter().map(|note| note.seq)),
            other => panic!("{other:?} instead of changes"),
        }
    }
    assert_eq!(seen, (last + 1..=last + 51).collect::<Vec<_>>(), "in order, once, without gaps");
    let mut far = follow(address, &maya, Some(last + 10_000)).await;
    assert!(matches!(frame(&mut far).await, Frame::Resync { .. }), "a place the log never reached");
}

#[tokio::test]
async fn strangers_and_other_sites_get_no_socket() {
    let app = TestApp::start().await;
    let (maya, address) = (app.signed_in_as("Maya", Role::Viewer).await, app.listen().await);
    let own = format!("http://{address}");
    assert_eq!(open(address, None, &own).await.err(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(open(address, Some(&"0".repeat(64)), &own).await.err(), Some(StatusCode::UNAUTHORIZED));
    for origin in ["https://evil.example", "null", &format!("http://{address}.evil.example")] {
        assert_eq!(open(address, Some(&maya.token), origin).await.err(), Some(StatusCode::FORBIDDEN), "{origin}");
    }
    assert!(open(address, Some(&maya.token), crate::app::PUBLIC_URL).await.is_ok());
}

#[tokio::test]
async fn a_socket_closes_when_its_session_ends() {
    let app = TestApp::start().await;
    let (maya, address) = (app.signed_in_as("Maya", Role::Csm).await, app.listen().await);
    let other = app.signed_in_as("Vera", Role::Viewer).await;
    let (mut socket, mut stays) = (follow(address, &maya, None).await, follow(address, &other, None).await);
    frame(&mut socket).await;
    frame(&mut stays).await;
    let begin = Instant::now();
    end(&app, &maya).await;
    let code = loop {
        match timeout(Duration::from_secs(5), socket.next()).await.expect("closed within five seconds") {
            Some(Ok(Message::Close(close))) => break close.map(|close| u16::from(close.code)),
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, Some(1008), "after {:?}", begin.elapsed());
    app.account("Acme", |_| {}).await;
    notes_until(&mut stays, |note| note.change == Change::Created).await;
}

/// Reads the feed as server-sent events.
async fn events(address: SocketAddr, person: &Person, last: &str) -> Lines<BufReader<TcpStream>> {
    let mut stream = connect(address).await;
    let request = format!(
        "GET /events HTTP/1.1\r\nHost: {address}\r\nCookie: __Host-keepwell={}\r\nAccept: text/event-stream\r\n{last}\r\n",
        person.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    BufReader::new(stream).lines()
}

/// Returns the next event's id and frame; nothing when the stream is over.
async fn event(lines: &mut Lines<BufReader<TcpStream>>) -> Option<(i64, Frame)> {
    let (mut id, mut data) = (None, None);
    while let Some(line) =
        timeout(Duration::from_secs(5), lines.next_line()).await.expect("an event in five seconds").unwrap()
    {
        if let Some(text) = line.strip_prefix("id: ") {
            id = text.parse().ok();
        } else if let Some(text) = line.strip_prefix("data: ") {
            data = serde_json::from_str(text).ok();
        }
        if let (Some(id), Some(data)) = (id, data.clone()) {
            return Some((id, data));
        }
        if line == "0" {
            return None;
        }
    }
    None
}

#[tokio::test]
async fn server_sent_events_tell_the_same() {
    let app = TestApp::start().await;
    let (maya, address) = (app.signed_in_as("Maya", Role::Csm).await, app.listen().await);
    let id = app.account("Acme", |_| {}).await;
    let mut lines = events(address, &maya, "").await;
    let (last, hello) = event(&mut lines).await.unwrap();
    assert!(matches!(hello, Frame::Hello { .. }));
    edit(&app, &maya, id, "Acme 0").await;
    let (next, _) = event(&mut lines).await.unwrap();
    assert_eq!(next, last + 1);
    drop(lines);
    for number in 1..=50 {
        edit(&app, &maya, id, &format!("Acme {number}")).await;
    }
    let mut lines = events(address, &maya, &format!("Last-Event-ID: {next}\r\n")).await;
    let (end_id, frame) = event(&mut lines).await.unwrap();
    let Frame::Changes { notes, .. } = frame else { panic!("{frame:?}") };
    assert_eq!(notes.iter().map(|note| note.seq).collect::<Vec<_>>(), (next + 1..=next + 50).collect::<Vec<_>>());
    assert_eq!(end_id, next + 50);
    end(&app, &maya).await;
    while event(&mut lines).await.is_some() {}
}
