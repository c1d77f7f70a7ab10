//! The questions before a step: to which day, who, and all of a task in a form.

use domain::id::UserId;
use domain::time::Timestamp;
use domain::todos::{TodoRow, TodoStep};
use leptos::prelude::*;

use super::form::TodoForm;
use super::hand::{Asked, Hand, Targets};
use super::row::Lines;
use crate::boot;
use crate::i18n::td_string;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::question::Question;

/// Days of the quick choices of another day.
const QUICK_DAYS: [i64; 4] = [1, 3, 7, 30];

/// The dialog of a page; open while something is asked.
#[component]
pub fn Asking(
    /// The hand of the page.
    hand: Hand,
) -> impl IntoView {
    let open = open_while(hand.asking);
    let title = Signal::derive(move || {
        let locale = hand.language.get();
        let about = |what: &'static str, targets: Targets| match targets.ids.len() {
            1 => format!("{what}: {}", targets.name),
            total => td_string!(locale, todos.done_several, what = what, total = total),
        };
        match hand.asking.get() {
            None => String::new(),
            Some(Asked::Postpone(targets)) => about(td_string!(locale, todos.postpone), targets),
            Some(Asked::Assign(targets)) => about(td_string!(locale, todos.assign), targets),
            Some(Asked::Form(form)) if form.id.is_some() => td_string!(locale, todos.edit_title).to_owned(),
            Some(Asked::Form(_)) => td_string!(locale, todos.new_task).to_owned(),
            Some(Asked::Look(row)) => row.todo.title,
        }
    });
    view! {
        <Dialog open title>
            {move || hand.asking.get_untracked().map(|asked| match asked {
                Asked::Postpone(targets) => view! { <Postpone hand targets/> }.into_any(),
                Asked::Assign(targets) => view! { <Assign hand targets/> }.into_any(),
                Asked::Form(form) => view! { <TodoForm hand form=*form/> }.into_any(),
                Asked::Look(row) => view! { <Look row=*row hand/> }.into_any(),
            })}
        </Dialog>
    }
}

/// What a task says.
#[component]
fn Look(row: TodoRow, hand: Hand) -> impl IntoView {
    let locale = hand.language.get_untracked();
    let note = row.todo.note.clone();
    view! {
        <div class="dialog-body stack">
            <Lines row locale/>
            {(!note.is_empty()).then(|| view! { <p class="prose">{note}</p> })}
        </div>
    }
}

#[component]
fn Postpone(hand: Hand, targets: Targets) -> impl IntoView {
    let today = hand.here.get_untracked().today;
    let day = RwSignal::new(today.plus_days(1).iso_date());
    let submit = Callback::new(move |()| {
        // A day that was not typed to its end is refused by the server, with words.
        let to = day.get_untracked().trim().parse().map_or(Timestamp(0), Timestamp::from_date);
        hand.take(targets.clone(), TodoStep::Postpone { to });
    });
    let label = move |days: i64| {
        let locale = hand.language.get();
        match days {
            1 => td_string!(locale, todos.in_1),
            3 => td_string!(locale, todos.in_3),
            7 => td_string!(locale, todos.in_7),
            _ => td_string!(locale, todos.in_30),
        }
    };
    view! {
        <Question of=hand.inquiry() submit>
            <div class="row" role="group" aria-label=text!(todos.postpone_quick)>
                {QUICK_DAYS.into_iter().map(|days| {
                    let date = today.plus_days(days).iso_date();
                    let is_chosen = { let date = date.clone(); move || (day.get() == date).to_string() };
                    view! {
                        <button class="chip" type="button" aria-pressed=is_chosen autofocus={days == 1}
                            on:click=move |_| day.set(date.clone())>{move || label(days)}</button>
                    }
                }).collect_view()}
            </div>
            <div class="field">
                <label class="field-label" for="postpone-to">{text!(todos.postpone_to)}</label>
                <input class="input" id="postpone-to" type="date" prop:value=move || day.get()
                    on:input=move |event| day.set(event_target_value(&event))/>
                <p class="field-hint">{text!(todos.postpone_hint)}</p>
            </div>
        </Question>
    }
}

#[component]
fn Assign(hand: Hand, targets: Targets) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let submit = Callback::new(move |()| {
        let to = chosen.get_untracked().parse::<UserId>().ok();
        hand.take(targets.clone(), TodoStep::Assign { to });
    });
    view! {
        <Question of=hand.inquiry() submit>
            <div class="field">
                <label class="field-label" for="task-assign-to">{text!(todos.assignee)}</label>
                <PersonSelect id="task-assign-to" chosen/>
            </div>
        </Question>
    }
}

/// Chooses one of the people, or nobody.
#[component]
pub(super) fn PersonSelect(id: &'static str, chosen: RwSignal<String>) -> impl IntoView {
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let people = people.into_iter().filter(|person| person.deactivated_at.is_none());
    view! {
        <select class="select" id=id on:change=move |event| chosen.set(event_target_value(&event))>
            <option value="" prop:selected=move || chosen.read().is_empty()>{text!(todos.nobody_or_owner)}</option>
            {people.map(|person| {
                let id = person.id.to_string();
                let value = id.clone();
                view! { <option value=value prop:selected=move || *chosen.read() == id>{person.name}</option> }
            }).collect_view()}
        </select>
    }
}
