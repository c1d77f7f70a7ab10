//! The live feed in the browser: one socket per tab, resumed without gaps, and what pages do with it.

use std::sync::Arc;
use std::time::Duration;

use domain::live::{Frame, Note};
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::boot::Boot;

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Changes arrive as they happen.
    Live,
    /// The person has paused; changes are counted and come on resume.
    Paused,
    /// The connection is being made.
    Connecting,
    /// There is none; the next try comes by itself.
    Offline,
}

impl State {
    /// Returns the word by which the styles know it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Connecting => "connecting",
            Self::Offline => "offline",
        }
    }
}

/// What just happened, for pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// These changes.
    Notes(Arc<Vec<Note>>),
    /// So much that everything on the screen should be loaded again.
    Everything,
}

/// The live feed of this tab; get it with [`use_live`].
#[derive(Clone, Copy)]
pub struct Live {
    /// How the connection stands.
    pub state: RwSignal<State>,
    /// The end of the log as far as this tab has come.
    pub seq: RwSignal<i64>,
    /// When the server was last heard of.
    pub heard_at: RwSignal<Timestamp>,
    /// How many changes wait behind a pause.
    pub waiting: RwSignal<u32>,
    event: RwSignal<(u64, Event)>,
    paused: RwSignal<bool>,
    held: StoredValue<Vec<Frame>>,
}

impl Live {
    /// Starts the feed where the page was rendered; on the server it stands still.
    #[must_use]
    pub fn start(boot: &Boot) -> Self {
        let live = Self {
            state: RwSignal::new(State::Connecting),
            seq: RwSignal::new(boot.seq),
            heard_at: RwSignal::new(boot.now),
            waiting: RwSignal::new(0),
            event: RwSignal::new((0, Event::Everything)),
            paused: RwSignal::new(false),
            held: StoredValue::new(Vec::new()),
        };
        #[cfg(feature = "hydrate")]
        if boot.me.is_some() {
            // What happens changes the page, which must have woken before.
            Effect::new(move |_| {
                if crate::waking::is_awake() {
                    crate::live::socket::run(live);
                }
            });
        }
        live
    }

    /// Returns a number that grows whenever something happens that `concerns` the page, so that a resource
    /// that reads it loads again.
    pub fn version(self, concerns: impl Fn(&Note) -> bool + Send + Sync + 'static) -> Signal<u64> {
        let count = RwSignal::new(0u64);
        Effect::watch(
            move || self.event.get(),
            move |(number, event), _, _| {
                let hit = match event {
                    Event::Notes(notes) => notes.iter().any(&concerns),
                    Event::Everything => *number > 0,
                };
                if hit {
                    count.update(|count| *count += 1);
                }
            },
            false,
        );
        count.into()
    }

    /// Calls `react` with every event from here on, in the browser.
    pub fn on_event(self, react: impl Fn(&Event) + Send + Sync + 'static) {
        Effect::watch(
            move || self.event.get(),
            move |(number, event), _, _| {
                if *number > 0 {
                    react(event);
                }
            },
            false,
        );
    }

    /// Loads everything on the screen again.
    pub fn refresh(self) {
        self.emit(Event::Everything);
    }

    /// Holds changes back, or lets those that waited through.
    pub fn set_paused(self, paused: bool) {
        self.paused.set(paused);
        if paused {
            self.state.set(State::Paused);
            return;
        }
        self.state.set(State::Live);
        self.waiting.set(0);
        let held = self.held.try_update_value(std::mem::take).unwrap_or_default();
        // Effects see only the last of several events at once, so that those that waited are one.
        let mut notes = Vec::new();
        for frame in held {
            match frame {
                Frame::Hello { .. } => {}
                Frame::Changes { notes: more, .. } => notes.extend(more),
                Frame::Resync { .. } => return self.emit(Event::Everything),
            }
        }
        if !notes.is_empty() {
            self.emit(Event::Notes(Arc::new(notes)));
        }
    }

    /// Returns whether the person has paused.
    #[must_use]
    pub fn is_paused(self) -> bool {
        self.paused.get()
    }

    /// Takes a frame from the server.
    pub fn take(self, frame: Frame) {
        /// Frames that a pause holds before it gives up and loads everything on resume.
        const HELD_MAX: usize = 500;
        self.heard_at.set(frame.at());
        self.seq.set(frame.seq());
        if self.paused.get_untracked() {
            if let Frame::Changes { notes, .. } = &frame {
                self.waiting.update(|waiting| *waiting += u32::try_from(notes.len()).unwrap_or(u32::MAX));
            }
            self.held.update_value(|held| {
                if held.len() >= HELD_MAX {
                    held.clear();
                    held.push(Frame::Resync { seq: frame.seq(), at: frame.at() });
                } else {
                    held.push(frame);
                }
            });
            return;
        }
        match frame {
            Frame::Hello { .. } => {}
            Frame::Changes { notes, .. } if notes.is_empty() => {}
            Frame::Changes { notes, .. } => self.emit(Event::Notes(Arc::new(notes))),
            Frame::Resync { .. } => self.emit(Event::Everything),
        }
    }

    fn emit(self, event: Event) {
        self.event.update(|(number, last)| {
            *number += 1;
            *last = event;
        });
    }
}

/// Returns a number that follows another, but not more often than the pace.
#[must_use]
pub fn paced(version: Signal<u64>, pace: Duration) -> Signal<u64> {
    let (slow, waiting) = (RwSignal::new(0u64), StoredValue::new(false));
    Effect::watch(
        move || version.get(),
        move |_, _, _| {
            if waiting.get_value() {
                return;
            }
            waiting.set_value(true);
            set_timeout(
                move || {
                    // The page may have been left in the meantime.
                    if waiting.try_set_value(false).is_none()
                        && let Some(version) = version.try_get_untracked()
                    {
                        let _ = slow.try_set(version);
                    }
                },
                pace,
            );
        },
        false,
    );
    slow.into()
}

/// Returns the live feed of this tab.
#[must_use]
pub fn use_live() -> Live {
    expect_context::<Live>()
}

#[cfg(feature = "hydrate")]
mod socket {
    use std::time::Duration;

    use domain::live::{Frame, Resume, backoff_ms};
    use futures::{SinkExt, StreamExt};
    use gloo_net::eventsource::futures::EventSource;
    use gloo_net::websocket::Message;
    use gloo_net::websocket::futures::WebSocket;
    use leptos::prelude::*;
    use leptos::task::spawn_local;

    use super::{Live, State};
    use crate::ui::wait::wait;

    /// After so many sockets that never opened, the feed comes as server-sent events.
    const SOCKETS_MAX: u32 = 3;

    /// Keeps the feed going for as long as the tab lives.
    pub fn run(live: Live) {
        spawn_local(async move {
            let (mut attempt, mut failed) = (0u32, 0u32);
            loop {
                let opened = if failed < SOCKETS_MAX { by_socket(live).await } else { by_events(live).await };
                (attempt, failed) = if opened { (0, 0) } else { (attempt + 1, failed + 1) };
                if !live.paused.get_untracked() {
                    live.state.set(if attempt > 1 { State::Offline } else { State::Connecting });
                }
                wait(Duration::from_millis(backoff_ms(attempt, js_sys::Math::random()).into())).await;
            }
        });
    }

    /// Returns whether the connection had stood before it ended.
    async fn by_socket(live: Live) -> bool {
        let location = window().location();
        let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return false };
        let scheme = if protocol == "https:" { "wss" } else { "ws" };
        let Ok(mut socket) = WebSocket::open(&format!("{scheme}://{host}/ws")) else { return false };
        let resume = Resume { last: Some(live.seq.get_untracked()) };
        let Ok(first) = serde_json::to_string(&resume) else { return false };
        if socket.send(Message::Text(first)).await.is_err() {
            return false;
        }
        let mut opened = false;
        while let Some(Ok(message)) = socket.next().await {
            opened = true;
            if let Message::Text(text) = message {
                take(live, &text);
            }
        }
        opened
    }

    async fn by_events(live: Live) -> bool {
        let url = format!("/events?last={}", live.seq.get_untracked());
        let Ok(mut source) = EventSource::new(&url) else { return false };
        let Ok(mut stream) = source.subscribe("message") else { return false };
        let mut opened = false;
        while let Some(Ok((_, message))) = stream.next().await {
            opened = true;
            if let Some(text) = message.data().as_string() {
                take(live, &text);
            }
        }
        opened
    }

    fn take(live: Live, text: &str) {
        let Ok(frame) = serde_json::from_str::<Frame>(text) else { return };
        if !live.paused.get_untracked() && live.state.get_untracked() != State::Live {
            live.state.set(State::Live);
        }
        live.take(frame);
    }
}
