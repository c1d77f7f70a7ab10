//! Waiting in the browser without holding it up.

use std::time::Duration;

use leptos::prelude::set_timeout;

/// Waits; with no time at all, as long as the page needs to draw and to take what was pressed.
pub async fn wait(time: Duration) {
    let (sender, receiver) = futures::channel::oneshot::channel::<()>();
    set_timeout(move || drop(sender), time);
    // Nobody sends: that the sender is gone is the message.
    let _ = receiver.await;
}
