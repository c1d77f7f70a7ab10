//! One run: as it goes on, and what came of it.

use std::time::Duration;

use domain::identity::Role;
use domain::lab::run::Run;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::findings::Found;
use super::server_fns::stop_lab;
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// How long to wait before asking again.
const REST: Duration = Duration::from_millis(700);

/// Asks for a run again until it has ended, and then calls `ended`.
pub(super) fn watch(run: Resource<Result<Option<Run>>>, asked: RwSignal<u32>, ended: Callback<()>) {
    let was_running = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(Ok(Some(state))) = run.get() else { return };
        if state.ended_at.is_none() {
            was_running.set_value(true);
            // The signal is gone once the page is left; the run goes on without it.
            let again = move || {
                let _ = asked.try_update(|asked| *asked += 1);
            };
            set_timeout(again, REST);
        } else if was_running.get_value() {
            was_running.set_value(false);
            ended.run(());
        }
    });
}

/// A run as it stands.
#[component]
pub(super) fn Shown(
    /// Which.
    run: Run,
) -> impl IntoView {
    match (run.ended_at, run.found.clone(), run.refused.clone()) {
        (None, ..) => view! { <Running run/> }.into_any(),
        (Some(_), Some(found), _) => view! { <Found run found/> }.into_any(),
        (Some(_), None, sentence) => view! { <Ended sentence/> }.into_any(),
    }
}

#[component]
fn Running(run: Run) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let (id, done, total) = (run.id, run.done, run.total);
    let words = move || {
        let (done, total) = (format::integer(i64::from(done)), format::integer(i64::from(total)));
        td_string!(language.get(), lab.running_text, done = done, total = total)
    };
    let share = if total == 0 { 0.0 } else { 100.0 * f64::from(done) / f64::from(total) };
    let stop = move |_| {
        spawn_local(async move {
            if let Err(error) = stop_lab(id).await {
                toasts.error(&error);
            }
        });
    };
    view! {
        <section class="card" aria-busy="true" aria-labelledby="lab-running">
            <header class="card-head"><h2 class="card-title" id="lab-running">{text!(lab.running)}</h2></header>
            <div class="card-body stack">
                <p role="status">{words}</p>
                <progress class="progress" max="100" aria-label=text!(lab.running) value=share></progress>
                <p class="muted">{text!(lab.may_leave)}</p>
            </div>
            {boot::may(Role::Manager).then(|| view! {
                <footer class="card-foot"><button class="button" type="button" on:click=stop>{text!(lab.stop)}</button></footer>
            })}
        </section>
    }
}

#[component]
fn Ended(sentence: Option<String>) -> impl IntoView {
    view! {
        <section class="card">
            <div class="card-body">
                <div class="notice" role="status" data-tone="info">
                    <Pic icon=Icon::Info/>
                    <div><p class="notice-title">{text!(lab.ended)}</p>{sentence.map(|sentence| view! { <p>{sentence}</p> })}</div>
                </div>
            </div>
        </section>
    }
}
