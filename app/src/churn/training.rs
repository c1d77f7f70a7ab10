//! Where the model stands: what is in force, learning a new one, and what came of the attempts so far.

use std::time::Duration;

use domain::churn::{Came, ChurnModel, RETRAIN_DAYS, Training, Unable};
use domain::identity::Role;
use domain::lab::LOSSES_MIN;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::server_fns::{start_churn_training, stop_churn_training};
use super::steps::use_steps;
use super::{Registry, person};
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::icon::{Icon, Pic};

/// How long to wait before asking again.
const REST: Duration = Duration::from_millis(700);

/// Asks again while a model is being learnt.
pub(super) fn watch(registry: Resource<Result<Registry>>, asked: RwSignal<u32>) {
    Effect::new(move |_| {
        let Some(Ok(state)) = registry.get() else { return };
        if state.trainings.first().is_some_and(|training| training.ended_at.is_none()) {
            // The signal is gone once the page is left; learning goes on without it.
            let again = move || {
                let _ = asked.try_update(|asked| *asked += 1);
            };
            set_timeout(again, REST);
        }
    });
}

/// What is in force and what goes on.
#[component]
pub(super) fn State(
    /// The version in force.
    active: Option<ChurnModel>,
    /// The newest attempt to learn one.
    last: Option<Training>,
    /// When the next one begins by itself.
    next: Option<Timestamp>,
) -> impl IntoView {
    let language = use_language();
    let running = last.clone().filter(|training| training.ended_at.is_none());
    let unable = last.and_then(|training| match training.came {
        Some(Came::Unable(unable)) => Some(unable),
        _ => None,
    });
    let next = move || {
        let locale = language.get();
        match next {
            Some(at) => td_string!(locale, churn.next, days = RETRAIN_DAYS, date = format::date(at)),
            None => td_string!(locale, churn.next_none, days = RETRAIN_DAYS),
        }
    };
    view! {
        <section class="card" aria-labelledby="churn-state">
            <header class="card-head"><h2 class="card-title" id="churn-state">{text!(churn.in_force)}</h2></header>
            <div class="card-body stack">
                {match active {
                    Some(model) => view! { <InForce model/> }.into_any(),
                    None => view! { <p>{text!(churn.none)}</p> }.into_any(),
                }}
                {unable.map(|unable| view! { <NotLearnt unable/> })}
                {running.clone().map(|training| view! { <Running training/> })}
                <p class="muted">{next}</p>
            </div>
            {(boot::may(Role::Manager) && running.is_none()).then(|| view! { <Learn/> })}
        </section>
    }
}

#[component]
fn InForce(model: ChurnModel) -> impl IntoView {
    let language = use_language();
    let (number, horizon) = (model.number, model.fit.horizon_days);
    let evidence = model.evidence.clone();
    let sentence = move || {
        let locale = language.get();
        let (accounts, losses) = (format::integer(i64::from(evidence.accounts)), evidence.losses);
        let moments = format::integer(i64::from(evidence.moments));
        td_string!(
            locale,
            churn.learnt_from,
            months = model.fit.months,
            accounts = accounts,
            moments = moments,
            losses = losses,
            date = format::date(model.trained_at)
        )
    };
    let decided = move || {
        let locale = language.get();
        let date = model.activated_at.map(format::date_time).unwrap_or_default();
        td_string!(locale, churn.decided, date = date, person = person(model.activated_by, locale))
    };
    view! {
        <p>
            <span class="badge" data-tone="good">{text!(churn.version_n, n = number)}</span>" "
            {text!(churn.says, days = horizon)}
        </p>
        <p>{sentence}</p>
        <p class="muted">{decided}</p>
    }
}

#[component]
fn NotLearnt(unable: Unable) -> impl IntoView {
    let language = use_language();
    let least = LOSSES_MIN as u32;
    let words = move || match unable {
        Unable::NotEnough { losses } => td_string!(language.get(), churn.not_enough, losses = losses, least = least),
        Unable::NoSignal => td_string!(language.get(), churn.no_signal).to_owned(),
    };
    view! {
        <div class="notice" role="status" data-tone="info">
            <Pic icon=Icon::Info/>
            <div><p class="notice-title">{text!(churn.not_learnt)}</p><p>{words}</p></div>
        </div>
    }
}

#[component]
fn Running(training: Training) -> impl IntoView {
    let (language, steps) = (use_language(), use_steps());
    let Training { id, done, total, .. } = training;
    let words = move || {
        let (done, total) = (format::integer(i64::from(done)), format::integer(i64::from(total)));
        td_string!(language.get(), churn.learning_text, done = done, total = total)
    };
    let share = if total == 0 { 0.0 } else { 100.0 * f64::from(done) / f64::from(total) };
    view! {
        <div class="stack" aria-busy="true">
            <p role="status">{words}</p>
            <progress class="progress" max="100" aria-label=text!(churn.learning) value=share></progress>
            <p class="muted">{text!(churn.may_leave)}</p>
            {boot::may(Role::Manager).then(|| view! {
                <div><button class="button" type="button" on:click=move |_| steps.run(stop_churn_training(id))>
                    {text!(churn.stop)}
                </button></div>
            })}
        </div>
    }
}

#[component]
fn Learn() -> impl IntoView {
    let steps = use_steps();
    view! {
        <footer class="card-foot">
            <button class="button" type="button" disabled=move || steps.pending.get()
                aria-busy=move || steps.pending.get().then_some("true")
                on:click=move |_| steps.run(start_churn_training())><Pic icon=Icon::Refresh/>{text!(churn.learn)}</button>
        </footer>
    }
}

/// The attempts so far.
#[component]
pub(super) fn History(
    /// The newest ones, newest first.
    trainings: Vec<Training>,
) -> impl IntoView {
    let language = use_language();
    let lines = trainings.into_iter().map(|training| {
        let (at, by, came) = (training.started_at, training.started_by, training.came);
        view! {
            <tr>
                <th scope="row">{format::date_time(at)}</th>
                <td>{move || person(by, language.get())}</td>
                <td>{move || came_word(came.as_ref(), language.get())}</td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="churn-history">
            <header class="card-head"><h2 class="card-title" id="churn-history">{text!(churn.attempts)}</h2></header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="churn-history">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(churn.when)}</th>
                            <th scope="col">{text!(churn.by)}</th>
                            <th scope="col">{text!(churn.came)}</th>
                        </tr></thead>
                        <tbody>{lines.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

fn came_word(came: Option<&Came>, locale: Locale) -> String {
    match came {
        None => td_string!(locale, churn.learning).to_owned(),
        Some(Came::Model(_)) => td_string!(locale, churn.came_model).to_owned(),
        Some(Came::Unable(Unable::NotEnough { losses })) => td_string!(locale, churn.came_few, losses = *losses),
        Some(Came::Unable(Unable::NoSignal)) => td_string!(locale, churn.came_nothing).to_owned(),
        Some(Came::Stopped) => td_string!(locale, churn.came_stopped).to_owned(),
        Some(Came::Failed) => td_string!(locale, churn.came_failed).to_owned(),
    }
}
