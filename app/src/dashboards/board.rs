//! One dashboard: its name, what can be done with it, and its widgets.

use domain::changes::Change;
use domain::dashboards::WIDGETS_MAX;
use domain::fields::Subject;
use domain::live::Note;
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;

use super::PATH;
use super::add::{AddDialog, Adding};
use super::naming::{Menu, Naming, NamingDialog};
use super::server_fns::{Board, load_dashboard};
use super::stage::Stage;
use super::widget::WidgetCard;
use crate::error::Error;
use crate::live::{paced, use_live};
use crate::reports::{PACE, RowsDialog, concerns};
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;
use crate::ui::loaded::Problem;

/// The page of a dashboard; nothing where none is chosen.
#[component]
pub(super) fn Page(board: Option<Board>) -> impl IntoView {
    board.map(|board| view! { <Desk board/> })
}

#[component]
fn Desk(board: Board) -> impl IntoView {
    let stage = Stage::new(board);
    follow(stage);
    let (naming, adding) = (Naming::new(stage), Adding::new(stage));
    // The title of the window outlives the page by a moment.
    let name = move || stage.dashboard.try_with(|dashboard| dashboard.name.clone()).unwrap_or_default();
    let is_shared = move || stage.dashboard.with(|dashboard| dashboard.shared);
    let may = move || stage.may_change();
    let is_full = move || stage.dashboard.with(|dashboard| dashboard.widgets.len() >= WIDGETS_MAX);
    let problem = move || {
        let retry = Callback::new(move |()| stage.again.update(|again| *again += 1));
        stage.problem.get().map(|error| view! { <Problem error retry/> })
    };
    view! {
        <Title text=name/>
        <div class="page-head">
            <div>
                <h1 class="page-title">{name}</h1>
                <p class="page-sub">
                    <a href=PATH>{text!(dashboards.title)}</a>
                    <Show when=is_shared>" · "{text!(dashboards.shared)}</Show>
                </p>
            </div>
            <div class="page-actions">
                <Show when=may>
                    <button class="button" data-look="primary" type="button" disabled=is_full on:click=move |_| adding.ask()>
                        <Pic icon=Icon::Plus/><span>{text!(dashboards.add)}</span>
                    </button>
                </Show>
                <Menu naming/>
            </div>
        </div>
        <div class="page-body stack dashboards">
            {problem}
            <Widgets stage adding/>
            <p class="visually-hidden" role="status" aria-live="polite">{move || stage.said.get()}</p>
        </div>
        <NamingDialog naming/>
        <AddDialog adding/>
        <RowsDialog peeking=stage.peeking/>
    }
}

/// The widgets in their places, or what to do where there are none.
#[component]
fn Widgets(stage: Stage, adding: Adding) -> impl IntoView {
    let ids = move || stage.dashboard.with(|board| board.widgets.iter().map(|widget| widget.id).collect::<Vec<_>>());
    let is_empty = Memo::new(move |_| stage.dashboard.with(|board| board.widgets.is_empty()));
    view! {
        <Show when=move || is_empty.get()>
            <section class="card">
                <div class="empty">
                    <Pic icon=Icon::Tiles/>
                    <p class="empty-title">{text!(dashboards.bare)}</p>
                    <p class="empty-text">{text!(dashboards.bare_text)}</p>
                    <Show when=move || stage.may_change()>
                        <button class="button" type="button" on:click=move |_| adding.ask()>{text!(dashboards.add)}</button>
                    </Show>
                </div>
            </section>
        </Show>
        <ol class="dashboards-grid" aria-label=text!(dashboards.grid)>
            <For each=ids key=|id| *id children=move |id| view! { <WidgetCard id stage/> }/>
        </ol>
    }
}

/// Reads the dashboard again when it or its numbers may be others.
fn follow(stage: Stage) {
    let id = stage.id.0;
    let is_it = move |note: &Note| note.subject == Subject::Dashboard && note.id == id;
    let changed = use_live().version(move |note| is_it(note) && note.change != Change::Deleted);
    let deleted = use_live().version(move |note| is_it(note) && note.change == Change::Deleted);
    Effect::watch(
        move || deleted.get(),
        move |_, _, _| {
            stage.gone.set(true);
            stage.problem.set(Some(Error::Refused(Refusal::NotFound)));
        },
        false,
    );
    // A deletion may be taken back.
    Effect::watch(move || changed.get(), move |_, _, _| stage.gone.set(false), false);
    let numbers = paced(use_live().version(|note| concerns(note) || note.subject == Subject::Report), PACE);
    let fresh = later(move || {
        let is_touched = changed.get() + numbers.get() + u64::from(stage.again.get()) > 0;
        let is_asked = is_touched && !stage.gone.get();
        async move { if is_asked { Some(load_dashboard(stage.id).await) } else { None } }
    });
    Effect::new(move |_| match fresh.get().flatten() {
        Some(Ok(board)) => stage.take(board),
        // What stands there stays while the server cannot be reached.
        Some(Err(Error::Offline)) | None => {}
        Some(Err(error)) => stage.problem.set(Some(error)),
    });
}
