//! One task in a list: how much it matters, what, why it stands there, and what can be done with it.

use domain::todos::{Standing, Todo, TodoRow, TodoStep};
use leptos::prelude::*;

use super::hand::{Asked, Hand, Targets};
use super::words;
use crate::alerts::row::PriorityMark;
use crate::alerts::words::person;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};

/// The address that opens a task.
#[must_use]
pub fn href(todo: &Todo) -> String {
    format!("/tasks?task={}", todo.id)
}

/// The lines of a task: title, why it stands there, and what else there is to know.
#[component]
pub fn Lines(
    /// The task and the name of its account.
    row: TodoRow,
    /// Whether the account is named.
    #[prop(default = true)]
    with_account: bool,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let todo = &row.todo;
    let account = todo.account_id.filter(|_| with_account && !row.account.is_empty());
    let name = row.account.clone();
    let is_late = matches!(row.standing, Standing::Overdue { .. } | Standing::Reminded);
    view! {
        <div class="queue-title">
            <PriorityMark priority=todo.priority locale/>
            <a class="todo-title" data-done=todo.done_at.map(|_| "") href=href(todo)>{todo.title.clone()}</a>
            {account.map(|id| view! { <a href=format!("/accounts/{id}")>{name}</a> })}
        </div>
        <p class="queue-reason" data-late=is_late.then_some("")>{words::reason(&row, locale)}</p>
        <Meta todo=todo.clone() locale/>
    }
}

#[component]
fn Meta(todo: Todo, locale: Locale) -> impl IntoView {
    /// Characters of a note that a line shows.
    const EXCERPT: usize = 120;
    let who = person(todo.assignee).unwrap_or_else(|| match todo.account_id {
        Some(_) => td_string!(locale, todos.owners).to_owned(),
        None => td_string!(locale, todos.nobody).to_owned(),
    });
    let repeat = todo.repeat.as_ref().map(|repeat| words::repeat(repeat, locale));
    let alert = todo.alert_id.map(|id| format!("/alerts/{id}"));
    let note: String = todo.note.chars().take(EXCERPT).collect();
    view! {
        <div class="queue-meta">
            <span>{who}</span>
            {repeat.map(|repeat| view! { <span>{repeat}</span> })}
            {alert.map(|href| view! { <a href=href>{td_string!(locale, todos.from_alert)}</a> })}
            {(!note.is_empty()).then(|| view! { <span>{note}</span> })}
        </div>
    }
}

/// What can be done with a task: it is done at once, or put on another day; the others are in a menu.
#[component]
pub fn Actions(
    /// The task and the name of its account.
    row: TodoRow,
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    if !Hand::may() {
        return ().into_any();
    }
    let locale = hand.language.get_untracked();
    let (targets, is_done) = (StoredValue::new(Targets::one(&row)), row.todo.done_at.is_some());
    let repeats = row.todo.repeat.is_some();
    let name = row.todo.title.clone();
    let label = td_string!(locale, todos.more, name = name.clone());
    let row = StoredValue::new(row);
    let take = move |step: TodoStep| move |_: leptos::ev::MouseEvent| hand.take(targets.get_value(), step.clone());
    let item = |label: &'static str, press: Callback<leptos::ev::MouseEvent>| {
        view! { <button class="menu-item" type="button" on:click=move |event| press.run(event)>{label}</button> }
    };
    if is_done {
        let text = td_string!(locale, todos.reopen);
        return view! {
            <button class="button" data-size="small" type="button" on:click=take(TodoStep::Reopen)>{text}</button>
        }
        .into_any();
    }
    let complete = td_string!(locale, todos.complete_task, name = name.clone());
    let postpone = td_string!(locale, todos.postpone_task, name = name);
    view! {
        <button class="icon-button" type="button" aria-label=complete title=td_string!(locale, todos.complete)
            on:click=take(TodoStep::Complete)><Pic icon=Icon::Check/></button>
        <button class="icon-button" type="button" aria-label=postpone title=td_string!(locale, todos.postpone)
            on:click=move |_| hand.ask(Asked::Postpone(targets.get_value()))><Pic icon=Icon::Clock/></button>
        <details class="menu">
            <summary class="icon-button" aria-label=label><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                {item(td_string!(locale, todos.edit), Callback::new(move |_| hand.edit(&row.get_value())))}
                {item(td_string!(locale, todos.assign), Callback::new(move |_| hand.ask(Asked::Assign(targets.get_value()))))}
                {repeats.then(|| item(td_string!(locale, todos.skip), Callback::new(take(TodoStep::Skip))))}
                {item(td_string!(locale, todos.remove), Callback::new(move |_| hand.remove(targets.get_value())))}
            </div>
        </details>
    }
    .into_any()
}
