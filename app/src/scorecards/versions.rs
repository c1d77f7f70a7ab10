//! The versions of a card: who published which, what differs between any two, and the way back.

use domain::health::{CardState, ScorecardVersion, VersionHead};
use domain::id::UserId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::use_bench;
use super::publish::{Differences, run};
use super::server_fns::{History, load_pair, retire_card, roll_back_card};
use super::shadow::Report;
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Loaded, Problem, Skeleton};

/// What the page has loaded of the versions.
#[derive(Clone, Copy)]
pub(super) struct Loading(pub Resource<Result<History>>);

/// The list of versions with the comparison below it.
#[component]
pub(super) fn Versions() -> impl IntoView {
    let Loading(history) = expect_context::<Loading>();
    view! {
        <Loaded resource=history lines=6 children=move |history| view! {
            {history.shadow.map(|report| view! { <Report report/> })}
            <List versions=history.versions/>
        }/>
    }
}

#[component]
fn List(versions: Vec<VersionHead>) -> impl IntoView {
    let bench = use_bench();
    let numbers: Vec<u32> = versions.iter().map(|version| version.version).collect();
    let rolling = RwSignal::new(None::<u32>);
    let retiring = RwSignal::new(false);
    let is_live = versions.iter().any(|version| version.state == CardState::Published);
    view! {
        <section class="card" aria-labelledby="card-versions">
            <header class="card-head">
                <h2 class="card-title" id="card-versions">{text!(scorecards.versions)}</h2>
                {(bench.may_edit && is_live).then(|| view! {
                    <button class="button" data-size="small" type="button" on:click=move |_| retiring.set(true)>{text!(scorecards.retire)}</button>
                })}
            </header>
            <div class="card-body" data-flush>
                <div class="table-scroll" tabindex="0" role="group" aria-label=text!(scorecards.versions)>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(scorecards.version)}</th>
                            <th scope="col">{text!(scorecards.state)}</th>
                            <th scope="col">{text!(scorecards.by)}</th>
                            <th scope="col">{text!(scorecards.note)}</th>
                            <th scope="col"><span class="visually-hidden">{text!(scorecards.change)}</span></th>
                        </tr></thead>
                        <tbody>{versions.into_iter().map(|version| view! { <Line version rolling/> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </section>
        <Comparison numbers/>
        <RollBack rolling/>
        <Retire open=retiring/>
    }
}

#[component]
fn Line(version: VersionHead, rolling: RwSignal<Option<u32>>) -> impl IntoView {
    let bench = use_bench();
    let number = version.version;
    let (state, tone) = (version.state, tone(version.state));
    let when = version.published_at.unwrap_or(version.created_at);
    let can_return = bench.may_edit && version.state == CardState::Retired && version.published_at.is_some();
    view! {
        <tr data-version=number.to_string()>
            <th scope="row">{number}</th>
            <td><span class="badge" data-tone=tone>{move || state_word(state, bench.language.get())}</span></td>
            <td>{person(version.created_by, bench.language.get_untracked())}<br/><span class="faint">{format::date_time(when)}</span></td>
            <td class="scorecard-note">{version.note}</td>
            <td>{can_return.then(|| view! {
                <button class="button" data-size="small" type="button" on:click=move |_| rolling.set(Some(number))>
                    <Pic icon=Icon::Undo/>{text!(scorecards.roll_back)}
                </button>
            })}</td>
        </tr>
    }
}

/// Returns a state in a word.
pub(super) fn state_word(state: CardState, locale: Locale) -> &'static str {
    match state {
        CardState::Draft => td_string!(locale, scorecards.state_draft),
        CardState::Shadow => td_string!(locale, scorecards.state_shadow),
        CardState::Published => td_string!(locale, scorecards.state_live),
        CardState::Retired => td_string!(locale, scorecards.state_retired),
    }
}

/// Returns the tone of a state.
pub(super) fn tone(state: CardState) -> Option<&'static str> {
    match state {
        CardState::Published => Some("good"),
        CardState::Shadow => Some("info"),
        CardState::Draft => Some("warn"),
        CardState::Retired => None,
    }
}

fn person(id: Option<UserId>, locale: Locale) -> String {
    let Some(id) = id else { return td_string!(locale, scorecards.system).to_owned() };
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let found = people.into_iter().find(|user| user.id == id).map(|user| user.name);
    found.unwrap_or_else(|| td_string!(locale, scorecards.somebody).to_owned())
}

/// Two versions, the earlier choice first.
type Pair = (ScorecardVersion, ScorecardVersion);

/// What differs between two versions.
#[component]
fn Comparison(numbers: Vec<u32>) -> impl IntoView {
    let bench = use_bench();
    if numbers.len() < 2 {
        return ().into_any();
    }
    let (before, after) = (RwSignal::new(numbers[1]), RwSignal::new(numbers[0]));
    let pair = RwSignal::new(None::<Result<Pair>>);
    let load = Callback::new(move |()| {
        let wanted = (before.get_untracked(), after.get_untracked());
        spawn_local(async move {
            let answer = load_pair(bench.id, wanted.0, wanted.1).await;
            // Meanwhile two others may have been chosen.
            if before.try_get_untracked().zip(after.try_get_untracked()) == Some(wanted) {
                pair.set(Some(answer));
            }
        });
    });
    Effect::new(move |_| {
        before.track();
        after.track();
        load.run(());
    });
    let numbers = StoredValue::new(numbers);
    let choice = move |id: &'static str, label: fn(Locale) -> &'static str, chosen: RwSignal<u32>| {
        view! {
            <div class="field">
                <label class="field-label" for=id>{move || label(bench.language.get())}</label>
                <select class="select" id=id on:change=move |event| if let Ok(number) = event_target_value(&event).parse() { chosen.set(number) }>
                    {numbers.get_value().into_iter().map(|number| view! {
                        <option value=number.to_string() selected=move || chosen.get() == number>{number}</option>
                    }).collect_view()}
                </select>
            </div>
        }
    };
    view! {
        <section class="card" aria-labelledby="compare">
            <header class="card-head"><h2 class="card-title" id="compare">{text!(scorecards.compare)}</h2></header>
            <div class="card-body stack">
                <div class="form-row">
                    {choice("compare-before", |locale| td_string!(locale, scorecards.before), before)}
                    {choice("compare-after", |locale| td_string!(locale, scorecards.after), after)}
                </div>
                {move || match pair.get() {
                    None => view! { <Skeleton lines=3/> }.into_any(),
                    Some(Ok((before, after))) => view! { <Differences before=before.card after=after.card/> }.into_any(),
                    Some(Err(error)) => view! { <Problem error retry=load/> }.into_any(),
                }}
            </div>
        </section>
    }
    .into_any()
}

/// Rolls back, after asking.
#[component]
fn RollBack(rolling: RwSignal<Option<u32>>) -> impl IntoView {
    let bench = use_bench();
    let open = open_while(rolling);
    let number = move || rolling.get().unwrap_or_default();
    let title = Signal::derive(move || td_string!(bench.language.get(), scorecards.roll_back_to, version = number()));
    let go = move |_| {
        let Some(to) = rolling.get_untracked() else { return };
        open.set(false);
        run(bench, async move { roll_back_card(bench.id, to).await }, move || {
            bench.toasts.say(td_string!(bench.language.get_untracked(), scorecards.rolled_back, version = to));
        });
    };
    view! {
        <Dialog open title>
            <div class="dialog-body"><p>{text!(scorecards.roll_back_text)}</p></div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="primary" type="button" on:click=go>{text!(scorecards.roll_back)}</button>
            </footer>
        </Dialog>
    }
}

/// Takes the card out of force, after asking.
#[component]
fn Retire(open: RwSignal<bool>) -> impl IntoView {
    let bench = use_bench();
    let title = Signal::derive(move || td_string!(bench.language.get(), scorecards.retire).to_owned());
    let go = move |_| {
        open.set(false);
        run(bench, async move { retire_card(bench.id).await }, move || {
            bench.toasts.say(td_string!(bench.language.get_untracked(), scorecards.retired));
        });
    };
    view! {
        <Dialog open title>
            <div class="dialog-body"><p>{text!(scorecards.retire_text)}</p></div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="danger" type="button" on:click=go>{text!(scorecards.retire)}</button>
            </footer>
        </Dialog>
    }
}
