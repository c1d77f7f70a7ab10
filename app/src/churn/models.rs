//! The versions: the one that waits for a decision, and all of them with the way back.

use domain::churn::{ChurnModel, ModelHead, ModelState};
use domain::identity::Role;
use leptos::prelude::*;

use super::person;
use super::server_fns::{activate_churn_model, retire_churn_model, roll_back_churn_model};
use super::steps::use_steps;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};

/// The version that waits for a decision.
#[component]
pub(super) fn Candidate(
    /// Which.
    candidate: ChurnModel,
) -> impl IntoView {
    let (language, steps) = (use_language(), use_steps());
    let (id, number, at, by) = (candidate.id, candidate.number, candidate.trained_at, candidate.trained_by);
    let sentence = move || {
        let locale = language.get();
        td_string!(locale, churn.candidate_text, n = number, date = format::date_time(at), person = person(by, locale))
    };
    let activate = move |_| steps.take(activate_churn_model(id), |locale| td_string!(locale, churn.activated));
    let set_aside = move |_| steps.take(retire_churn_model(id), |locale| td_string!(locale, churn.set_aside_done));
    view! {
        <section class="card" aria-labelledby="churn-candidate">
            <header class="card-head"><h2 class="card-title" id="churn-candidate">{text!(churn.candidate)}</h2></header>
            <div class="card-body"><p>{sentence}</p></div>
            {boot::may(Role::Manager).then(|| view! {
                <footer class="card-foot">
                    <button class="button" type="button" disabled=move || steps.pending.get() on:click=set_aside>{text!(churn.set_aside)}</button>
                    <button class="button" data-look="primary" type="button" disabled=move || steps.pending.get() on:click=activate>
                        <Pic icon=Icon::Check/>{text!(churn.activate)}
                    </button>
                </footer>
            })}
        </section>
    }
}

/// All versions.
#[component]
pub(super) fn Versions(
    /// The newest ones, newest first.
    versions: Vec<ModelHead>,
) -> impl IntoView {
    let retiring = RwSignal::new(false);
    let active = versions.iter().find(|head| head.state == ModelState::Active).map(|head| head.id);
    let may = boot::may(Role::Manager);
    view! {
        <section class="card" aria-labelledby="churn-versions">
            <header class="card-head">
                <h2 class="card-title" id="churn-versions">{text!(churn.versions)}</h2>
                {(may && active.is_some()).then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| retiring.set(true)>{text!(churn.retire)}</button>
                })}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="churn-versions">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(churn.version)}</th>
                            <th scope="col">{text!(churn.state)}</th>
                            <th scope="col">{text!(churn.learnt)}</th>
                            <th scope="col" class="number">{text!(churn.losses)}</th>
                            <th scope="col" class="number">{text!(churn.auc)}</th>
                            <th scope="col" class="number">{text!(churn.brier)}</th>
                            <th scope="col"><span class="visually-hidden">{text!(churn.change)}</span></th>
                        </tr></thead>
                        <tbody>{versions.into_iter().map(|head| view! { <Line head may/> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
        {active.map(|id| view! { <Retire id open=retiring/> })}
    }
}

#[component]
fn Line(head: ModelHead, may: bool) -> impl IntoView {
    let (language, steps) = (use_language(), use_steps());
    let (id, state, by) = (head.id, head.state, head.trained_by);
    let (auc, brier) = head.judged.map_or_else(dashes, |(auc, brier)| (format!("{auc:.3}"), format!("{brier:.3}")));
    let can_return = may && state == ModelState::Retired && head.activated_at.is_some();
    let back = move |_| steps.take(roll_back_churn_model(id), |locale| td_string!(locale, churn.rolled_back));
    view! {
        <tr data-version=head.number.to_string()>
            <th scope="row">{head.number}</th>
            <td><span class="badge" data-tone=tone(state)>{move || state_word(state, language.get())}</span></td>
            <td>{move || person(by, language.get())}<br/><span class="faint">{format::date_time(head.trained_at)}</span></td>
            <td class="number">{head.losses}</td>
            <td class="number">{auc}</td>
            <td class="number">{brier}</td>
            <td>{can_return.then(|| view! {
                <button class="button" data-size="small" type="button" disabled=move || steps.pending.get() on:click=back>
                    <Pic icon=Icon::Undo/>{text!(churn.roll_back)}
                </button>
            })}</td>
        </tr>
    }
}

fn dashes() -> (String, String) {
    ("–".to_owned(), "–".to_owned())
}

fn tone(state: ModelState) -> Option<&'static str> {
    match state {
        ModelState::Active => Some("good"),
        ModelState::Candidate => Some("warn"),
        ModelState::Retired => None,
    }
}

fn state_word(state: ModelState, locale: Locale) -> &'static str {
    match state {
        ModelState::Candidate => td_string!(locale, churn.state_candidate),
        ModelState::Active => td_string!(locale, churn.state_active),
        ModelState::Retired => td_string!(locale, churn.state_retired),
    }
}

/// Takes the version in force out of it, after asking.
#[component]
fn Retire(id: domain::id::ChurnModelId, open: RwSignal<bool>) -> impl IntoView {
    let (language, steps) = (use_language(), use_steps());
    let title = Signal::derive(move || td_string!(language.get(), churn.retire).to_owned());
    let go = move |_| {
        open.set(false);
        steps.take(retire_churn_model(id), |locale| td_string!(locale, churn.retired));
    };
    view! {
        <Dialog open title>
            <div class="dialog-body"><p>{text!(churn.retire_text)}</p></div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="danger" type="button" on:click=go>{text!(churn.retire)}</button>
            </footer>
        </Dialog>
    }
}
