//! The imports so far: what they did, who made them, and the way back.

use domain::changes::{Batch, UndoReport};
use domain::identity::Role;
use leptos::prelude::*;
use serde_json::Value;

use super::parts::count;
use super::undo::{UndoButton, Undone};
use super::wizard::{Undoable, Wizard};
use crate::boot;
use crate::error::Result;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// The list of imports.
#[component]
pub fn History(
    /// The number of ended imports grows with each undo.
    wizard: Wizard,
    /// The imports.
    history: Resource<Result<Vec<Batch>>>,
) -> impl IntoView {
    let undone = RwSignal::new(None::<UndoReport>);
    view! {
        <section class="card" aria-labelledby="history-heading">
            <header class="card-head"><h2 class="card-title" id="history-heading">{text!(imports.history_title)}</h2></header>
            {move || undone.get().map(|report| view! { <div class="card-body"><Undone report/></div> })}
            <div class="card-body" data-flush>
                <Loaded resource=history let:batches><List wizard batches undone/></Loaded>
            </div>
        </section>
    }
}

#[component]
fn List(wizard: Wizard, batches: Vec<Batch>, undone: RwSignal<Option<UndoReport>>) -> impl IntoView {
    if batches.is_empty() {
        return view! {
            <div class="empty">
                <Pic icon=Icon::Inbox/>
                <p class="empty-title">{text!(imports.history_empty)}</p>
                <p class="empty-text">{text!(imports.history_empty_text)}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-labelledby="history-heading">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(imports.file)}</th>
                    <th scope="col">{text!(imports.when)}</th>
                    <th scope="col">{text!(imports.who)}</th>
                    <th scope="col" class="number">{text!(imports.created)}</th>
                    <th scope="col" class="number">{text!(imports.updated)}</th>
                    <th scope="col" class="number">{text!(imports.unchanged)}</th>
                    <th scope="col" class="number">{text!(imports.invalid)}</th>
                    <th scope="col"><span class="visually-hidden">{text!(imports.undo_this)}</span></th>
                </tr></thead>
                <tbody>{batches.into_iter().map(|batch| view! { <Line wizard batch undone/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Line(wizard: Wizard, batch: Batch, undone: RwSignal<Option<UndoReport>>) -> impl IntoView {
    let me = boot::me();
    let who = me.as_ref().and_then(|me| me.people.iter().find(|person| Some(person.id) == batch.created_by));
    let who = who.map_or_else(|| "–".to_owned(), |person| person.name.clone());
    let is_mine = me.as_ref().is_some_and(|me| batch.created_by == Some(me.user.id));
    let may_undo = boot::may(Role::Manager) || (is_mine && boot::may(Role::Csm));
    let number = |key: &str| numbers(&batch.counts, key, wizard.language.get_untracked());
    let failed = ["conflict", "invalid"].iter().filter_map(|key| batch.counts.get(*key)?.as_u64()).sum::<u64>();
    let undoable = Undoable { batch: batch.id, label: batch.label.clone() };
    let end = match batch.undone_at {
        Some(at) => {
            let when = format::date_time(at);
            view! { <span class="badge" data-tone="neutral">{move || td_string!(wizard.language.get(), imports.was_undone, when = when.clone())}</span> }.into_any()
        }
        None if may_undo => view! {
            <UndoButton ended=wizard.ended batch=undoable label=|l| td_string!(l, common.undo)
                done=Callback::new(move |report| undone.set(Some(report)))/>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        <tr>
            <td>{batch.label.clone()}</td>
            <td class="nowrap">{format::date_time(batch.created_at)}</td>
            <td>{who}</td>
            <td class="number">{number("created")}</td>
            <td class="number">{number("updated")}</td>
            <td class="number">{number("unchanged")}</td>
            <td class="number">{count(failed)}</td>
            <td>{end}</td>
        </tr>
    }
}

/// Returns a number of an import; of one with two subjects, that of each in a line.
fn numbers(counts: &Value, key: &str, locale: Locale) -> AnyView {
    let number = |counts: &Value| count(counts.get(key).and_then(Value::as_u64).unwrap_or_default());
    match (counts.get("accounts"), counts.get("contacts")) {
        (Some(accounts), Some(contacts)) => view! {
            <div class="nowrap">{td_string!(locale, imports.of_accounts, count = number(accounts))}</div>
            <div class="nowrap">{td_string!(locale, imports.of_contacts, count = number(contacts))}</div>
        }
        .into_any(),
        _ => number(counts).into_any(),
    }
}
