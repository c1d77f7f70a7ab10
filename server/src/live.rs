//! The live feed: a reader of the change log that tells every open screen what changed.
//!
//! A frame is serialised once for all sockets of a workspace. A socket that falls behind is told to load anew.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::session::token;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use db::Db;
use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::id::WorkspaceId;
use domain::identity::Actor;
use domain::live::{Frame, NOTES_MAX, Note, Resume};
use futures::stream::{self, Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, Interval, interval_at, timeout};

use crate::security;
use crate::state::AppState;

/// Frames a slow socket may fall behind before it is told to load anew.
const FRAMES_MAX: usize = 256;
/// Largest message a client may send.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// How long a client may take to say how far it has come.
const HELLO: Duration = Duration::from_secs(10);
/// How long one message may take to be written.
const SEND: Duration = Duration::from_secs(10);
/// How often an idle socket is pinged, and its session looked at.
const PING: Duration = Duration::from_secs(30);
/// How often a stream of events says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What goes to the sockets of one workspace.
#[derive(Clone, Debug)]
enum Broadcast {
    /// A frame of what happened after `from`, up to and with `seq`.
    Frame { from: i64, seq: i64, text: Utf8Bytes },
    /// Somebody's access changed: every socket proves itself again.
    CheckAccess,
}

/// The hub all sockets hang on.
#[derive(Clone)]
pub struct Hub {
    db: Db,
    rooms: Arc<Mutex<HashMap<WorkspaceId, broadcast::Sender<Broadcast>>>>,
    stop: watch::Receiver<bool>,
}

impl Hub {
    /// Starts the hub; it ends when `stop` turns true.
    pub fn start(db: &Db, stop: watch::Receiver<bool>) -> Self {
        let hub = Self { db: db.clone(), rooms: Arc::default(), stop };
        // Listening starts here and not in the task, so that nothing rings unheard until the task runs.
        tokio::spawn(hub.clone().run(db.listen()));
        hub
    }

    fn room(&self, workspace: WorkspaceId) -> broadcast::Sender<Broadcast> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.entry(workspace).or_insert_with(|| broadcast::channel(FRAMES_MAX).0).clone()
    }

    async fn run(self, mut bell: broadcast::Receiver<WorkspaceId>) {
        let mut stop = self.stop.clone();
        let mut seen: HashMap<WorkspaceId, i64> = HashMap::new();
        loop {
            let rung = tokio::select! {
                rung = bell.recv() => rung,
                _ = stop.changed() => return,
            };
            let workspaces = match rung {
                Ok(workspace) => vec![workspace],
                // Too many rings to count: look everywhere.
                Err(broadcast::error::RecvError::Lagged(_)) => seen.keys().copied().collect(),
                Err(broadcast::error::RecvError::Closed) => return,
            };
            for workspace in workspaces {
                if let Err(error) = self.publish(workspace, &mut seen).await {
                    tracing::error!(%error, "live feed could not read the change log");
                }
            }
        }
    }

    /// Sends what the log has gained since the last frame.
    async fn publish(&self, workspace: WorkspaceId, seen: &mut HashMap<WorkspaceId, i64>) -> db::Result<()> {
        let mut tx = self.db.read(&Actor::system(workspace)).await?;
        let last = match seen.get(&workspace) {
            Some(last) => *last,
            None => db::log::last_seq(&mut tx).await? - 1,
        };
        let (frame, check) = frame_after(&mut tx, last).await?;
        seen.insert(workspace, frame.seq());
        let room = self.room(workspace);
        if let Ok(text) = serde_json::to_string(&frame) {
            // Nobody in the room is fine.
            let _ = room.send(Broadcast::Frame { from: last, seq: frame.seq(), text: text.into() });
        }
        if check {
            let _ = room.send(Broadcast::CheckAccess);
        }
        Ok(())
    }
}

/// Returns the frame that brings a client from `last` to the end of the log, and whether anybody's access changed.
async fn frame_after(tx: &mut db::Tx, last: i64) -> db::Result<(Frame, bool)> {
    let (end, at) = (db::log::last_seq(tx).await?, tx.now());
    let entries = db::log::after(tx, last, i64::try_from(NOTES_MAX).unwrap_or(i64::MAX) + 1).await?;
    let check = entries.len() > NOTES_MAX || entries.iter().any(|entry| entry.subject == Subject::User);
    if entries.len() > NOTES_MAX || last > end {
        return Ok((Frame::Resync { seq: end, at }, check));
    }
    let seq = entries.last().map_or(end.max(last), |entry| entry.seq);
    let notes = entries.iter().filter(|entry| is_shown(entry)).map(Note::from).collect();
    Ok((Frame::Changes { seq, at, notes }, check))
}

/// Who signs in when, and who takes what out, is nobody else's business.
fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.change, Change::SignedIn | Change::SignedOut | Change::Exported)
}

/// Opens a socket for somebody who has signed in, on a page of ours.
pub async fn socket(State(state): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !security::is_same_origin(&headers, &state.config.public_url) {
        return (StatusCode::FORBIDDEN, "Open Keepwell under its own address.").into_response();
    }
    let Some(token) = token(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(who) = db::sessions::whoami(&state.db, &token).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    upgrade
        // The defaults reserve 128 KiB for every socket, far more than a frame ever needs.
        .read_buffer_size(2_048)
        .write_buffer_size(0)
        .max_message_size(MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| serve(state, socket, who.actor, token))
}

async fn serve(state: AppState, mut socket: WebSocket, actor: Actor, token: String) {
    let Some(resume) = hello(&mut socket).await else { return };
    // Listening starts before catching up, so that nothing falls between the two.
    let mut room = state.hub.room(actor.workspace).subscribe();
    let Ok(first) = catch_up(&state.db, &actor, resume).await else { return };
    let mut seq = first.seq();
    if !send_frame(&mut socket, &first).await {
        return;
    }
    let mut stop = state.hub.stop.clone();
    let mut ping = interval_at(Instant::now() + PING, PING);
    loop {
        tokio::select! {
            news = room.recv() => match news {
                Ok(Broadcast::Frame { from, seq: end, text }) if end > seq => {
                    let Ok((end, text)) = without_gap(&state.db, &actor, seq, (from, end, text)).await else { return };
                    seq = end;
                    if !send(&mut socket, Message::Text(text)).await { return; }
                }
                Ok(Broadcast::Frame { .. }) => {}
                Ok(Broadcast::CheckAccess) => if !still_welcome(&state.db, &token, &mut socket).await { return; },
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let Ok(frame) = resync(&state.db, &actor).await else { return };
                    seq = frame.seq();
                    if !send_frame(&mut socket, &frame).await { return; }
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            _ = ping.tick() => {
                if !still_welcome(&state.db, &token, &mut socket).await { return; }
                if !send(&mut socket, Message::Ping(Default::default())).await { return; }
            }
            _ = stop.changed() => {
                close(&mut socket, close_code::RESTART, "The server restarts.").await;
                return;
            }
        }
    }
}

async fn hello(socket: &mut WebSocket) -> Option<Resume> {
    match timeout(HELLO, socket.recv()).await {
        Ok(Some(Ok(Message::Text(text)))) => serde_json::from_str(&text).ok(),
        _ => None,
    }
}

async fn catch_up(db: &Db, actor: &Actor, resume: Resume) -> db::Result<Frame> {
    let mut tx = db.read(actor).await?;
    match resume.last {
        Some(last) => Ok(frame_after(&mut tx, last.max(0)).await?.0),
        None => Ok(Frame::Hello { seq: db::log::last_seq(&mut tx).await?, at: tx.now() }),
    }
}

/// Returns the frame for a client that has come to `seq`: as it is where it begins there or before, and otherwise
/// one that begins where the client is. The first frame after a start begins at the end of the log.
async fn without_gap(
    db: &Db,
    actor: &Actor,
    seq: i64,
    (from, end, text): (i64, i64, Utf8Bytes),
) -> db::Result<(i64, Utf8Bytes)> {
    if from <= seq {
        return Ok((end, text));
    }
    let frame = catch_up(db, actor, Resume { last: Some(seq) }).await?;
    Ok((frame.seq(), serde_json::to_string(&frame)?.into()))
}

async fn resync(db: &Db, actor: &Actor) -> db::Result<Frame> {
    let mut tx = db.read(actor).await?;
    Ok(Frame::Resync { seq: db::log::last_seq(&mut tx).await?, at: tx.now() })
}

async fn still_welcome(db: &Db, token: &str, socket: &mut WebSocket) -> bool {
    match db::sessions::whoami(db, token).await {
        Err(db::Error::Refused(_)) => {
            close(socket, close_code::POLICY, "The session has ended.").await;
            false
        }
        // A database that does not answer is no reason to throw people out.
        _ => true,
    }
}

async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    send(socket, Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))).await;
}

async fn send_frame(socket: &mut WebSocket, frame: &Frame) -> bool {
    match serde_json::to_string(frame) {
        Ok(text) => send(socket, Message::Text(text.into())).await,
        Err(_) => false,
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(SEND, socket.send(message)).await, Ok(Ok(())))
}

/// Where a stream of events starts.
#[derive(Debug, Deserialize)]
pub struct Since {
    last: Option<i64>,
}

/// The same feed as server-sent events; `Last-Event-ID` resumes it.
pub async fn events(State(state): State<AppState>, Query(since): Query<Since>, headers: HeaderMap) -> Response {
    let Some(token) = token(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(who) = db::sessions::whoami(&state.db, &token).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let room = state.hub.room(who.actor.workspace).subscribe();
    let resume = Resume { last: resumed.or(since.last) };
    let Ok(first) = catch_up(&state.db, &who.actor, resume).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (stop, check) = (state.hub.stop.clone(), interval_at(Instant::now() + PING, PING));
    let feed = Feed { state, room, stop, check, actor: who.actor, token, seq: first.seq() };
    Sse::new(feed.after(&first)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// A stream of events: where it has come to, and whose it is.
struct Feed {
    state: AppState,
    room: broadcast::Receiver<Broadcast>,
    stop: watch::Receiver<bool>,
    check: Interval,
    actor: Actor,
    token: String,
    seq: i64,
}

impl Feed {
    /// Returns the next event; nothing when the stream is over, and the client comes back with the last id it saw.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let news = tokio::select! {
                news = self.room.recv() => news.ok()?,
                _ = self.check.tick() => Broadcast::CheckAccess,
                _ = self.stop.changed() => return None,
            };
            match news {
                Broadcast::Frame { from, seq, text } if seq > self.seq => {
                    let frame = (from, seq, text);
                    let (end, text) = without_gap(&self.state.db, &self.actor, self.seq, frame).await.ok()?;
                    self.seq = end;
                    return Some(Event::default().id(end.to_string()).data(text.as_str()));
                }
                Broadcast::Frame { .. } => {}
                Broadcast::CheckAccess => drop(db::sessions::whoami(&self.state.db, &self.token).await.ok()?),
            }
        }
    }

    fn after(self, first: &Frame) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
        let tail = stream::unfold(self, |mut feed| async move { Some((feed.next().await?, feed)) });
        stream::iter(event(first)).chain(tail).map(Ok)
    }
}

fn event(frame: &Frame) -> Option<Event> {
    let text = serde_json::to_string(frame).ok()?;
    Some(Event::default().id(frame.seq().to_string()).data(text))
}
