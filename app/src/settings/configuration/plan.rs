//! What a file would change, thing by thing and value by value, what is wrong with it, and what may go.

use domain::configuration::{Difference, Item, Pick, Plan, Problem, Section, State};
use leptos::prelude::*;

use super::{Desk, words};
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The differences, with the button that brings them in.
#[component]
pub(super) fn Differences(desk: Desk, plan: Plan) -> impl IntoView {
    let name = desk.chosen.with_untracked(|chosen| chosen.as_ref().map(|(name, _)| name.clone()).unwrap_or_default());
    let is_ready = plan.problems.is_empty() && plan.changes();
    let (same, is_sound) = (plan.count(State::Same), plan.problems.is_empty());
    let counts = [State::Added, State::Changed, State::Removed, State::Same].map(|state| (state, plan.count(state)));
    let (left, moved): (Vec<Item>, Vec<Item>) = plan
        .items
        .into_iter()
        .filter(|item| item.state != State::Same)
        .partition(|item| matches!(item.state, State::Kept | State::Removed) && item.section != Section::Workspace);
    let nothing = moved.is_empty() && is_sound;
    view! {
        <section class="card" aria-labelledby="configuration-plan">
            <header class="card-head">
                <div>
                    <h2 class="card-title" id="configuration-plan">
                        {move || td_string!(desk.language.get(), configuration.would_change, name = name.clone())}
                    </h2>
                    <p class="row" data-gap="small">
                        {counts.into_iter().filter(|(_, count)| *count > 0).map(|(state, count)| view! {
                            <span class="badge" data-tone=words::tone(state)>
                                {format::integer(i64::from(count))}" "{move || words::state(state, desk.language.get())}
                            </span>
                        }).collect_view()}
                    </p>
                </div>
            </header>
            <div class="card-body stack">
                {(!plan.problems.is_empty()).then(|| view! { <Problems desk problems=plan.problems/> })}
                {nothing.then(|| view! {
                    <div class="notice" data-tone="info" role="status">
                        <Pic icon=Icon::Check/>
                        <div>
                            <p class="notice-title">{text!(configuration.same_title)}</p>
                            <p>{move || td_string!(desk.language.get(), configuration.same_text, count = format::integer(i64::from(same)))}</p>
                        </div>
                    </div>
                })}
                {(!moved.is_empty()).then(|| view! { <Things desk items=moved/> })}
                {(!left.is_empty()).then(|| view! { <Left desk items=left/> })}
                <div class="form-actions">
                    <button class="button" type="button" on:click=move |_| desk.forget()>{text!(configuration.other_file)}</button>
                    <button class="button" data-look="primary" type="button" aria-busy=move || desk.busy.get().then_some("true")
                        disabled=move || !is_ready || desk.busy.get() on:click=move |_| desk.apply()>
                        {text!(configuration.apply)}
                    </button>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Problems(desk: Desk, problems: Vec<Problem>) -> impl IntoView {
    let line = move |line: Option<u32>| {
        let locale = desk.language.get();
        line.map_or_else(|| "–".to_owned(), |line| td_string!(locale, configuration.line, line = line.to_string()))
    };
    view! {
        <div class="notice" data-tone="bad" role="alert">
            <Pic icon=Icon::Warning/>
            <div>
                <p class="notice-title">{text!(configuration.problems)}</p>
                <p>{text!(configuration.problems_text)}</p>
            </div>
        </div>
        <div class="table-scroll" tabindex="0" role="group" aria-label=text!(configuration.problems)>
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(configuration.place)}</th>
                    <th scope="col">{text!(configuration.thing)}</th>
                    <th scope="col">{text!(configuration.what_to_do)}</th>
                </tr></thead>
                <tbody>{problems.into_iter().map(|problem| view! {
                    <tr>
                        <td class="nowrap">{move || line(problem.line)}</td>
                        <td>{problem.name}</td>
                        <td class="configuration-message">{problem.message}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Things(desk: Desk, items: Vec<Item>) -> impl IntoView {
    let is_few = items.len() <= 3;
    view! {
        <ul class="configuration-things">
            {items.into_iter().map(|item| view! { <Thing desk item is_few/> }).collect_view()}
        </ul>
    }
}

#[component]
fn Thing(desk: Desk, item: Item, is_few: bool) -> impl IntoView {
    let Item { section, name, state, differences, more } = item;
    // What is new is read as a whole; what changed is why somebody looks.
    let is_open = is_few && state == State::Changed;
    view! {
        <li>
            <details class="configuration-thing" open=is_open>
                <summary>
                    <span class="badge" data-tone=words::tone(state)>{move || words::state(state, desk.language.get())}</span>
                    <span class="configuration-name">{name}</span>
                    <span class="muted">{move || words::section(section, desk.language.get())}</span>
                </summary>
                <div class="table-scroll" tabindex="0" role="group" aria-label=text!(configuration.differences)>
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{text!(configuration.value)}</th>
                            <th scope="col">{text!(configuration.now)}</th>
                            <th scope="col">{text!(configuration.then)}</th>
                        </tr></thead>
                        <tbody>{differences.into_iter().map(|one| view! { <Value one/> }).collect_view()}</tbody>
                    </table>
                </div>
                {(more > 0).then(|| view! {
                    <p class="muted">{move || td_string!(desk.language.get(), configuration.more, count = format::integer(i64::from(more)))}</p>
                })}
            </details>
        </li>
    }
}

#[component]
fn Value(one: Difference) -> impl IntoView {
    let side = |value: Option<String>| match value {
        Some(text) if text.is_empty() => view! { <span class="muted">{text!(configuration.empty)}</span> }.into_any(),
        Some(text) => view! { <code>{text}</code> }.into_any(),
        None => view! { <span class="muted">"–"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{one.path.join(" › ")}</th>
            <td>{side(one.before)}</td>
            <td>{side(one.after)}</td>
        </tr>
    }
}

/// What only the workspace has; it stays unless it is ticked.
#[component]
fn Left(desk: Desk, items: Vec<Item>) -> impl IntoView {
    let count = format::integer(items.len() as i64);
    view! {
        <details class="configuration-left" open=desk.left_open.get_untracked()>
            <summary on:click=move |_| desk.left_open.update(|open| *open = !*open)>{move || td_string!(desk.language.get(), configuration.left, count = count.clone())}</summary>
            <fieldset class="stack" data-gap="small">
                <legend class="muted">{text!(configuration.left_text)}</legend>
                {items.into_iter().enumerate().map(|(number, item)| {
                    let pick = Pick { section: item.section, name: item.name.clone() };
                    let section = item.section;
                    let tick = move |event| {
                        let is_on = event_target_checked(&event);
                        desk.picks.update(|picks| {
                            if is_on { picks.insert(pick.clone()) } else { picks.remove(&pick) };
                        });
                        desk.look();
                    };
                    view! {
                        <label class="check">
                            <input type="checkbox" class="checkbox" id=format!("configuration-left-{number}") prop:checked=item.state == State::Removed
                                checked=item.state == State::Removed on:change=tick/>
                            <span>
                                {move || td_string!(desk.language.get(), configuration.remove, name = item.name.clone())}
                                " "<span class="muted">{move || words::section(section, desk.language.get())}</span>
                            </span>
                        </label>
                    }
                }).collect_view()}
            </fieldset>
        </details>
    }
}
