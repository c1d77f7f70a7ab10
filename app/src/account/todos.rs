//! The open tasks of the account, with a line for a new one.

use domain::fields::Subject;
use domain::time::Timestamp;
use domain::todos::{Here, TodoRow};
use leptos::prelude::*;

use super::desk::{Desk, known, may_edit};
use super::parts::Panel;
use crate::error::Result;
use crate::i18n::{Locale, td_string};
use crate::todos::hand::Hand;
use crate::todos::row::{Actions, Lines};
use crate::todos::{AccountTodos, QuickBox, todos_of_account};
use crate::ui::icon::{Icon, Pic};

/// Tasks that the card shows.
const FEW: usize = 8;

/// What the card shows.
#[derive(Clone, Copy)]
struct Open {
    todos: Resource<Result<AccountTodos>>,
    hand: Hand,
    desk: Desk,
}

/// Begins to load the open tasks; call it once on the page.
pub(super) fn open(desk: Desk) -> Hand {
    let hand = Hand::new();
    let version = desk.watch(&[Subject::Todo]);
    let todos = Resource::new(
        move || (desk.id.get(), desk.in_past.get(), version.get(), hand.own.get()),
        |(id, in_past, ..)| async move {
            // What is to be done is about now.
            if in_past {
                Ok(AccountTodos { rows: Vec::new(), here: Here::utc(Timestamp(0)) })
            } else {
                todos_of_account(known(id)?).await
            }
        },
    );
    provide_context(Open { todos, hand, desk });
    hand
}

/// The open tasks with what can be done about them; nothing in the past.
#[component]
pub(super) fn Tasks() -> impl IntoView {
    let Open { todos, hand, desk } = expect_context::<Open>();
    Effect::new(move |_| {
        if let Some(Ok(loaded)) = todos.get() {
            hand.here.set(loaded.here);
        }
    });
    let list = move |loaded: AccountTodos, locale: Locale| view! { <Rows rows=loaded.rows hand locale/> };
    (!desk.in_past.get_untracked()).then(|| {
        view! {
            <section class="card" aria-labelledby="account-tasks">
                <header class="card-head"><h2 class="card-title" id="account-tasks">{text!(todos.panel)}</h2></header>
                <div class="card-body stack">
                    {may_edit().then(|| view! { <QuickBox hand account=desk.id/> })}
                    <Panel resource=todos lines=2 children=list/>
                </div>
            </section>
        }
    })
}

#[component]
fn Rows(rows: Vec<TodoRow>, hand: Hand, locale: Locale) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="muted">{td_string!(locale, todos.panel_empty)}</p> }.into_any();
    }
    view! {
        <ul class="queue todo-inset">
            {rows.into_iter().take(FEW).map(|row| view! {
                <li class="queue-item alert-item">
                    <span class="queue-kind"><Pic icon=Icon::Tasks/></span>
                    <Lines row=row.clone() with_account=false locale/>
                    <div class="queue-actions"><Actions row hand/></div>
                </li>
            }).collect_view()}
        </ul>
    }
    .into_any()
}
