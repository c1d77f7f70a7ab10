//! What a page knows before its first line is drawn: who is signed in and how they like it to look.
//!
//! The server puts it into the page as JSON, the browser reads it there, so that both draw the same.

use domain::identity::User;
use domain::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::session::Me;

/// The id of the element that carries it.
pub const ELEMENT: &str = "boot";

/// What a page knows from the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Who is signed in.
    pub me: Option<Me>,
    /// `light`, `dark`, or nothing to follow the system.
    pub theme: Option<String>,
    /// `compact`, or nothing for comfortable.
    pub density: Option<String>,
    /// The server's time, so that "3 days ago" reads the same on both sides.
    pub now: Timestamp,
    /// The end of the change log.
    pub seq: i64,
}

/// Returns what the page was started with.
#[must_use]
pub fn boot() -> Boot {
    if let Some(boot) = use_context::<Boot>() {
        return boot;
    }
    #[cfg(feature = "hydrate")]
    {
        let text = document().get_element_by_id(ELEMENT).and_then(|element| element.text_content());
        let boot: Boot = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        provide_context(boot.clone());
        boot
    }
    #[cfg(not(feature = "hydrate"))]
    Boot::default()
}

/// Returns who is signed in, kept up to date while the page stands open.
#[must_use]
pub fn who() -> RwSignal<Option<Me>> {
    use_context::<Who>().map_or_else(|| RwSignal::new(boot().me), |Who(who)| who)
}

/// Returns who is signed in now. Pages behind the sign-in can rely on it being somebody.
#[must_use]
pub fn me() -> Option<Me> {
    // The server draws parts of a page when its signals are out of reach, and nothing changes meanwhile.
    if cfg!(feature = "ssr") { boot().me } else { who().get_untracked() }
}

/// Returns everybody whose name a text may need.
#[must_use]
pub fn people() -> Vec<User> {
    match use_context::<People>() {
        Some(People(people)) => people,
        None => me().map(|me| me.people).unwrap_or_default(),
    }
}

/// Everybody whose name a text may need, for what is written without a page, such as a file.
#[derive(Clone)]
pub struct People(pub Vec<User>);

/// The context behind [`who`].
#[derive(Clone, Copy)]
pub struct Who(pub RwSignal<Option<Me>>);

/// Returns whether the signed-in person's role is at least this.
#[must_use]
pub fn may(role: domain::identity::Role) -> bool {
    me().is_some_and(|me| me.user.role >= role)
}

/// Returns the server's time when the page was made.
#[must_use]
pub fn now() -> Timestamp {
    boot().now
}
