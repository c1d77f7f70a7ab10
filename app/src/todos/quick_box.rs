//! The line in which a task is written down, with what has been understood of it so far.

use domain::id::AccountId;
use domain::todos::quick::{self, LINE_CHARS_MAX, Quick};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::hand::Hand;
use super::server_fns::add_todo;
use super::words;
use crate::boot;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The id of the line.
pub const ID: &str = "new-task";

/// The line; nothing for those who only look on.
#[component]
pub fn QuickBox(
    /// The hand of the page.
    hand: Hand,
    /// The account that a task is about unless the line names one.
    #[prop(optional, into)]
    account: Option<Signal<Option<AccountId>>>,
) -> impl IntoView {
    Hand::may().then(|| view! { <Line hand account/> })
}

#[component]
fn Line(hand: Hand, account: Option<Signal<Option<AccountId>>>) -> impl IntoView {
    let (line, busy, problem) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(None::<String>));
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let heard = Memo::new(move |_| line.with(|line| quick::read(line, hand.here.get(), &people)));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let about = account.and_then(|account| account.get_untracked());
        spawn_local(async move {
            let answer = add_todo(line.get_untracked(), about).await;
            busy.try_set(false);
            match answer {
                Ok(added) => {
                    line.try_set(String::new());
                    let locale = hand.language.get_untracked();
                    let text = td_string!(locale, todos.added_named, name = added.todo.title);
                    hand.offer(text, Some(added.batch));
                }
                Err(error) => {
                    let words = crate::ui::loaded::words(&error, hand.language.get_untracked()).1;
                    problem.try_set(Some(words));
                }
            }
        });
    };
    view! {
        <form class="todo-quick" on:submit=add>
            <label class="visually-hidden" for=ID>{text!(todos.new_task)}</label>
            <input class="input" id=ID autocomplete="off" maxlength=LINE_CHARS_MAX placeholder=text!(todos.quick_hint)
                aria-describedby="new-task-heard" prop:value=move || line.get()
                on:input=move |event| { problem.set(None); line.set(event_target_value(&event)); }
                on:keydown=move |event| if event.key() == "Escape" { line.set(String::new()); }/>
            <button class="button" data-look="primary" type="submit" aria-busy=move || busy.get().then_some("true")>
                <Pic icon=Icon::Plus/><span>{text!(todos.add)}</span>
            </button>
            <div class="todo-heard" id="new-task-heard">
                {move || problem.get().map(|problem| view! { <p class="field-error" role="alert">{problem}</p> })}
                <Show when=move || !line.read().trim().is_empty()><Heard heard hand/></Show>
            </div>
        </form>
    }
}

/// What has been understood.
#[component]
fn Heard(heard: Memo<Quick>, hand: Hand) -> impl IntoView {
    let title = move || {
        let (title, locale) = (heard.with(|heard| heard.title.clone()), hand.language.get());
        if title.is_empty() { td_string!(locale, todos.quick_untitled).to_owned() } else { title }
    };
    let chips = move || heard.with(|heard| words::understood(heard, hand.language.get()));
    view! {
        <p class="row" data-gap="small">
            <span class="strong">{title}</span>
            {move || chips().into_iter().map(|chip| view! { <span class="tag">{chip}</span> }).collect_view()}
        </p>
    }
}
