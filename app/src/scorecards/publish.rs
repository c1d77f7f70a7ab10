//! What can be done with a draft as a whole: publish it, test it in the shadow, throw it away.

use domain::health::{CardChange, Scorecard, diff};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::{Bench, Saving, use_bench};
use super::effect::Figures;
use super::preview::use_engine;
use super::server_fns::{discard_card_draft, publish_card, shadow_card};
use super::words;
use crate::error::Result;
use crate::i18n::td_string;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::text_area::TextArea;

/// The buttons above the editor.
#[component]
pub(super) fn DraftActions() -> impl IntoView {
    let bench = use_bench();
    let (publishing, discarding) = (RwSignal::new(false), RwSignal::new(false));
    let has_draft = move || bench.head.with(|head| head.draft.is_some());
    let is_saved = move || bench.saving.get() == Saving::Saved && has_draft();
    let shadow = move |on: bool| {
        let Some(version) = bench.head.with_untracked(|head| head.draft) else { return };
        run(bench, async move { shadow_card(bench.id, version, on).await }, move || {
            let locale = bench.language.get_untracked();
            bench.toasts.say(if on {
                td_string!(locale, scorecards.shadow_began)
            } else {
                td_string!(locale, scorecards.shadow_ended)
            });
        });
    };
    view! {
        <button class="icon-button" type="button" aria-label=text!(scorecards.undo) title=text!(scorecards.undo_keys)
            disabled=move || !bench.can_undo() on:click=move |_| bench.undo()><Pic icon=Icon::Undo/></button>
        <button class="icon-button" type="button" aria-label=text!(scorecards.redo) title=text!(scorecards.redo_keys)
            disabled=move || !bench.can_redo() on:click=move |_| bench.redo()><Pic icon=Icon::Redo/></button>
        <details class="menu">
            <summary class="button">{text!(scorecards.draft_menu)}<Pic icon=Icon::Down/></summary>
            <div class="menu-list">
                <button class="menu-item" type="button" disabled=move || !is_saved() on:click=move |_| shadow(!bench.head.with_untracked(|head| head.shadow.is_some()))>
                    <Pic icon=Icon::Moon/>{move || if bench.is_tested() {
                        td_string!(bench.language.get(), scorecards.shadow_stop)
                    } else {
                        td_string!(bench.language.get(), scorecards.shadow_start)
                    }}
                </button>
                <button class="menu-item" data-tone="bad" type="button" disabled=move || !has_draft() on:click=move |_| discarding.set(true)>
                    <Pic icon=Icon::Trash/>{text!(scorecards.discard)}
                </button>
            </div>
        </details>
        <button class="button" data-look="primary" type="button" disabled=move || !is_saved() on:click=move |_| publishing.set(true)>
            <Pic icon=Icon::Check/>{text!(scorecards.publish)}
        </button>
        <PublishDialog open=publishing/>
        <DiscardDialog open=discarding/>
    }
}

/// Says that the draft is tested and stays as it is meanwhile.
#[component]
pub(super) fn ShadowNotice() -> impl IntoView {
    let bench = use_bench();
    let stop = move |_| {
        let Some(version) = bench.head.with_untracked(|head| head.draft) else { return };
        run(bench, async move { shadow_card(bench.id, version, false).await }, move || {
            bench.toasts.say(td_string!(bench.language.get_untracked(), scorecards.shadow_ended));
        });
    };
    view! {
        <Show when=move || bench.is_tested()>
            <div class="notice" data-tone="info" role="status">
                <Pic icon=Icon::Moon/>
                <div><p class="notice-title">{text!(scorecards.shadow_title)}</p><p>{text!(scorecards.shadow_text)}</p></div>
                <div class="row">
                    <a class="button" data-size="small" href=format!("/scorecards/{}/versions", bench.id)>{text!(scorecards.shadow_report)}</a>
                    {bench.may_edit.then(|| view! {
                        <button class="button" data-size="small" type="button" on:click=stop>{text!(scorecards.shadow_stop)}</button>
                    })}
                </div>
            </div>
        </Show>
    }
}

/// Asks the server for something about the whole card, then shows where the card stands now.
pub(super) fn run(bench: Bench, work: impl Future<Output = Result<()>> + 'static, done: impl FnOnce() + 'static) {
    spawn_local(async move {
        match work.await {
            Ok(()) => {
                done();
                bench.reload(false);
            }
            Err(error) => bench.toasts.error(&error),
        }
    });
}

/// The differences between two cards, one line each.
#[component]
pub(super) fn Differences(before: Scorecard, after: Scorecard) -> impl IntoView {
    let bench = use_bench();
    let changes = diff(&before, &after);
    if changes.is_empty() {
        return view! { <p class="muted">{text!(scorecards.no_differences)}</p> }.into_any();
    }
    let line = |change: CardChange| view! { <li>{move || words::change(&change, bench, bench.language.get())}</li> };
    view! { <ul class="list differences">{changes.into_iter().map(line).collect_view()}</ul> }.into_any()
}

/// Publishes the draft: what differs, what it does to the portfolio, and why.
#[component]
fn PublishDialog(open: RwSignal<bool>) -> impl IntoView {
    let bench = use_bench();
    let note = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let title = Signal::derive(move || td_string!(bench.language.get(), scorecards.publish_title).to_owned());
    let is_sound = move || bench.problems.with(Vec::is_empty);
    let publish = Callback::new(move |()| {
        let Some(version) = bench.head.with_untracked(|head| head.draft) else { return };
        busy.set(true);
        let note_text = note.get_untracked();
        spawn_local(async move {
            match publish_card(bench.id, version, note_text).await {
                Ok(()) => {
                    open.try_set(false);
                    note.try_set(String::new());
                    let locale = bench.language.get_untracked();
                    bench.toasts.say(td_string!(locale, scorecards.published, version = version));
                    bench.reload(true);
                }
                Err(error) => bench.toasts.error(&error),
            }
            busy.try_set(false);
        });
    });
    view! {
        <Dialog open title>
            <form class="form" on:submit=move |event| { event.prevent_default(); publish.run(()); }>
                <div class="dialog-body stack">
                    <PublishReview/>
                    <div class="field">
                        <label class="field-label" for="publish-note">{text!(scorecards.note)}</label>
                        <TextArea id="publish-note" value=note max=1_000/>
                        <p class="field-hint">{text!(scorecards.note_hint)}</p>
                    </div>
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit" disabled=move || busy.get() || !is_sound()
                        aria-busy=move || busy.get().then_some("true")>{text!(scorecards.publish_now)}</button>
                </footer>
            </form>
        </Dialog>
    }
}

/// What would change: the card, and the portfolio.
#[component]
fn PublishReview() -> impl IntoView {
    let (bench, engine) = (use_bench(), use_engine());
    let before = bench.live.get_untracked().map(|live| live.card).unwrap_or_default();
    let after = bench.card.get_untracked();
    let problems = bench.problems.get_untracked();
    view! {
        {(!problems.is_empty()).then(|| view! {
            <div class="notice" role="alert" data-tone="bad">
                <Pic icon=Icon::Warning/>
                <div>
                    <p class="notice-title">{text!(scorecards.not_sound)}</p>
                    <ul>{problems.into_iter().map(|problem| view! { <li>{problem.message}</li> }).collect_view()}</ul>
                </div>
            </div>
        })}
        <h3 class="field-label">{text!(scorecards.against_live)}</h3>
        <Differences before after/>
        <h3 class="field-label">{text!(scorecards.effect)}</h3>
        {engine.result.get_untracked().map(|result| view! { <Figures result locale=bench.language.get_untracked()/> })}
    }
}

/// Throws the draft away, after asking.
#[component]
fn DiscardDialog(open: RwSignal<bool>) -> impl IntoView {
    let bench = use_bench();
    let title = Signal::derive(move || td_string!(bench.language.get(), scorecards.discard).to_owned());
    let discard = move |_| {
        spawn_local(async move {
            match discard_card_draft(bench.id).await {
                Ok(()) => {
                    open.try_set(false);
                    bench.toasts.say(td_string!(bench.language.get_untracked(), scorecards.discarded));
                    bench.reload(true);
                }
                Err(error) => bench.toasts.error(&error),
            }
        });
    };
    view! {
        <Dialog open title>
            <div class="dialog-body"><p>{text!(scorecards.discard_text)}</p></div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                <button class="button" data-look="danger" type="button" on:click=discard>{text!(scorecards.discard)}</button>
            </footer>
        </Dialog>
    }
}
