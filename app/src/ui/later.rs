//! What only the browser asks for, after the page stands.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::waking::is_awake;

/// Asks again whenever something changes that the question reads, and returns the newest answer.
///
/// The library's own resource for this tells every place that waits beside it never to wait: the server would then
/// send the whole of them unfinished.
pub fn later<T, F>(question: impl Fn() -> F + 'static) -> RwSignal<Option<T>>
where
    T: Send + Sync + 'static,
    F: Future<Output = T> + 'static,
{
    let (answer, newest) = (RwSignal::new(None), StoredValue::new(0_u64));
    Effect::new(move |turn: Option<u64>| {
        let turn = turn.unwrap_or_default() + 1;
        newest.set_value(turn);
        if !is_awake() {
            return turn;
        }
        let asked = question();
        spawn_local(async move {
            let told = asked.await;
            // An older answer may come after a newer one, and the page may be gone.
            if newest.try_get_value() == Some(turn) {
                answer.try_set(Some(told));
            }
        });
        turn
    });
    answer
}
