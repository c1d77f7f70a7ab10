//! Presses: what is drawn anew between finger down and finger up takes the press with it, so the drawing waits.

use std::cell::Cell;
use std::time::Duration;

use leptos::ev::{blur, pointercancel, pointerdown, pointerup};
use leptos::prelude::*;

use crate::ui::wait::wait;

/// How long a press rests before it is looked at again.
const REST: Duration = Duration::from_millis(20);
/// How often it is looked at: for ten seconds, as who marks a text for longer has lost it to a lost pointer.
const LOOKS: u32 = 500;

thread_local! {
    /// Whether a finger or a button is down; only the browser's single thread ever sets it.
    static IS_DOWN: Cell<bool> = const { Cell::new(false) };
}

/// Begins to watch for presses, in the browser, as long as whoever calls is on the screen.
pub fn listen() {
    Effect::new(|_| {
        let down = window_event_listener(pointerdown, |_| IS_DOWN.set(true));
        let up = window_event_listener(pointerup, |_| IS_DOWN.set(false));
        let taken = window_event_listener(pointercancel, |_| IS_DOWN.set(false));
        let left = window_event_listener(blur, |_| IS_DOWN.set(false));
        on_cleanup(move || {
            IS_DOWN.set(false);
            for handle in [down, up, taken, left] {
                handle.remove();
            }
        });
    });
}

/// Waits until nothing is pressed; at once where nothing is, and on the server.
pub async fn released() {
    for _ in 0..LOOKS {
        if !IS_DOWN.get() {
            return;
        }
        wait(REST).await;
    }
}
