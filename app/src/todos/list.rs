//! The list: the line for a new task, whose tasks, what is chosen, the rows by their day, and the pages.

use domain::alerts::Priority;
use domain::id::{TodoId, UserId};
use domain::todos::{Section, Standing, TodoPage, TodoRow, TodoStep};
use leptos::prelude::*;

use super::address::{Address, PAGE_ROWS, Tab};
use super::ask::Asking;
use super::board::Board;
use super::hand::{Asked, Hand};
use super::keyboard;
use super::quick_box::QuickBox;
use super::row::{Actions, Lines};
use super::server_fns::load_todos;
use super::words;
use crate::alerts::words::person as whose;
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Loaded, Problem};
use crate::ui::picking::{Pickable, Picked};

/// Loads the list and shows it.
#[component]
pub(super) fn TodoList(
    /// What the address says.
    address: Memo<Address>,
) -> impl IntoView {
    let start = Resource::new(|| (), move |()| load_todos(address.get_untracked().query()));
    view! { <Loaded resource=start lines=10 children=move |page| view! { <Listed page address/> }/> }
}

#[component]
fn Listed(page: TodoPage, address: Memo<Address>) -> impl IntoView {
    let board = Board::new(page, address);
    keyboard::listen(board);
    let retry = Callback::new(move |()| board.load());
    let is_empty = Memo::new(move |_| board.picking.rows.with(Vec::is_empty));
    view! {
        <div class="stack">
            <QuickBox hand=board.hand/>
            <Whose board/>
            <Selection board/>
            {move || board.problem.get().map(|error| view! { <Problem error retry/> })}
            <section class="card" aria-label=text!(todos.list)>
                <Show when=move || !is_empty.get() fallback=move || view! { <Nothing board/> }>
                    {Section::ALL.into_iter().map(|section| view! { <Part section board/> }).collect_view()}
                </Show>
                <Pages board/>
            </section>
            <p class="field-hint only-wide">{text!(todos.keys_hint)}</p>
        </div>
        <Asking hand=board.hand/>
    }
}

/// Chooses between one's own tasks and everybody's; a link may ask for those of one person.
#[component]
fn Whose(board: Board) -> impl IntoView {
    let is_mine = Memo::new(move |_| board.address.with(|address| address.mine));
    let person = Memo::new(move |_| board.address.with(|address| address.person.filter(|_| !address.mine)));
    let mine = move |wanted: bool| {
        move |_: leptos::ev::MouseEvent| {
            board.turn(|address| (address.mine, address.person, address.page) = (wanted, None, 0));
        }
    };
    view! {
        <div class="button-group" role="group" aria-label=text!(todos.whose)>
            <button class="button" type="button" aria-pressed=move || is_mine.get().to_string() on:click=mine(true)>{text!(todos.mine)}</button>
            <button class="button" type="button" aria-pressed=move || (!is_mine.get() && person.get().is_none()).to_string() on:click=mine(false)>{text!(todos.everyone)}</button>
            <Show when=move || person.get().is_some()>
                <button class="button" type="button" aria-pressed="true" on:click=mine(false)>{move || whose(person.get())}</button>
            </Show>
        </div>
    }
}

/// A part of the list with its heading; nothing where it has no row.
#[component]
fn Part(section: Section, board: Board) -> impl IntoView {
    let language = board.hand.language;
    let rows = Memo::new(move |_| {
        board
            .picking
            .rows
            .with(|rows| rows.iter().filter(|row| row.standing.section() == section).cloned().collect::<Vec<_>>())
    });
    let id = format!("tasks-{}", section.key());
    let labelled = id.clone();
    let count = move || format::integer(i64::try_from(rows.with(Vec::len)).unwrap_or(0));
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <section class="todo-part" data-part=section.key() aria-labelledby=labelled.clone()>
                <h2 class="todo-part-title" id=id.clone()>
                    {move || words::section(section, language.get())}" "<span class="muted">{count}</span>
                </h2>
                <ol class="queue">
                    <For each=move || rows.get() key=what_it_shows let:row><Row row board/></For>
                </ol>
            </section>
        </Show>
    }
}

/// A row is drawn anew when one of these is another.
fn what_it_shows(row: &TodoRow) -> (TodoId, i64, String, Option<UserId>, Priority, String) {
    let todo = &row.todo;
    let standing = match row.standing {
        Standing::Overdue { days } => format!("late {days}"),
        other => format!("{other:?}"),
    };
    (todo.id, todo.version, row.account.clone(), todo.assignee, todo.priority, standing)
}

#[component]
fn Row(row: TodoRow, board: Board) -> impl IntoView {
    let language = board.hand.language;
    let id = row.todo.id;
    let name = row.todo.title.clone();
    let label = move || td_string!(language.get(), todos.select, name = name.clone());
    let (lines, actions) = (row.clone(), row);
    view! {
        <Pickable id picking=board.picking label=Signal::derive(label)>
            {move || view! { <Lines row=lines.clone() locale=language.get()/> }}
            <div class="queue-actions">{move || { language.get(); view! { <Actions row=actions.clone() hand=board.hand/> } }}</div>
        </Pickable>
    }
}

/// What can be done with all chosen tasks at once.
#[component]
fn Selection(board: Board) -> impl IntoView {
    let take = move |step: TodoStep| {
        move |_: leptos::ev::MouseEvent| {
            if let Some(targets) = board.targets() {
                board.hand.take(targets, step.clone());
            }
        }
    };
    let remove = move |_| {
        if let Some(targets) = board.targets() {
            board.hand.remove(targets);
        }
    };
    let is_open = move || board.address.with(|address| address.tab == Tab::Open);
    view! {
        <Picked picking=board.picking label=Signal::derive(move || td_string!(board.hand.language.get(), todos.selection).to_owned())>
            {Hand::may().then(|| view! {
                <Show when=is_open fallback=move || view! {
                    <button class="button" data-size="small" type="button" on:click=take(TodoStep::Reopen)>{text!(todos.reopen)}</button>
                }>
                    <button class="button" data-size="small" type="button" on:click=take(TodoStep::Complete)>{text!(todos.complete)}</button>
                    <button class="button" data-size="small" type="button" on:click=move |_| board.ask(Asked::Postpone)>{text!(todos.postpone)}</button>
                    <button class="button" data-size="small" type="button" on:click=move |_| board.ask(Asked::Assign)>{text!(todos.assign)}</button>
                </Show>
                <button class="button" data-size="small" type="button" on:click=remove>{text!(todos.remove)}</button>
            })}
        </Picked>
    }
}

/// Says why there is no row.
#[component]
fn Nothing(board: Board) -> impl IntoView {
    let words = move || {
        let locale = board.hand.language.get();
        match board.address.with(|address| (address.tab, address.mine)) {
            (Tab::Open, true) => (td_string!(locale, todos.empty_mine), td_string!(locale, todos.empty_mine_text)),
            (Tab::Open, false) => (td_string!(locale, todos.empty_open), td_string!(locale, todos.empty_open_text)),
            (Tab::Done, _) => (td_string!(locale, todos.empty_done), td_string!(locale, todos.empty_done_text)),
        }
    };
    view! {
        <div class="empty">
            <Pic icon=Icon::Check/>
            <p class="empty-title">{move || words().0}</p>
            <p class="empty-text">{move || words().1}</p>
        </div>
    }
}

/// How many there are, and the way to the others.
#[component]
fn Pages(board: Board) -> impl IntoView {
    let page = Memo::new(move |_| board.address.with(|address| address.page));
    let last = Memo::new(move |_| board.total.get().saturating_sub(1) / PAGE_ROWS);
    let words = move || {
        let (locale, total) = (board.hand.language.get(), board.total.get());
        match total {
            1 => td_string!(locale, todos.single_task).to_owned(),
            total => td_string!(locale, todos.total_tasks, total = format::integer(i64::from(total))),
        }
    };
    view! {
        <footer class="card-foot" data-spread="">
            <span role="status">{words}</span>
            <Show when={move || last.get() > 0}>
                <nav class="row push" aria-label=text!(todos.pages)>
                    <button class="button" data-size="small" type="button" disabled=move || page.get() == 0
                        on:click=move |_| board.open_page(page.get_untracked().saturating_sub(1))>{text!(todos.page_back)}</button>
                    <button class="button" data-size="small" type="button" disabled={move || page.get() >= last.get()}
                        on:click=move |_| board.open_page(page.get_untracked() + 1)>{text!(todos.page_next)}</button>
                </nav>
            </Show>
        </footer>
    }
}
