//! The configurations that were brought in, and the way back.

use domain::changes::{Batch, UndoReport};
use leptos::prelude::*;

use super::Desk;
use super::server_fns::load_configurations;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::ui::dialog::{Dialog, open_while};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::Loaded;

/// The list, the latest first.
#[component]
pub(super) fn History(desk: Desk) -> impl IntoView {
    let asked = RwSignal::new(None::<Batch>);
    let batches = Resource::new(move || desk.ended.get(), |_| load_configurations());
    view! {
        <section class="card" aria-labelledby="configuration-history">
            <header class="card-head"><h2 class="card-title" id="configuration-history">{text!(configuration.history)}</h2></header>
            {move || desk.undone.get().map(|report| view! { <div class="card-body"><Conflicts desk report/></div> })}
            <div class="card-body" data-flush>
                <Loaded resource=batches let:batches><List desk batches asked/></Loaded>
            </div>
        </section>
        <Confirm desk asked/>
    }
}

#[component]
fn Conflicts(desk: Desk, report: UndoReport) -> impl IntoView {
    let count = format::integer(i64::from(report.conflicts));
    view! {
        <div class="notice" data-tone="warn" role="status">
            <Pic icon=Icon::Undo/>
            <div>
                <p class="notice-title">{move || td_string!(desk.language.get(), configuration.conflicts, count = count.clone())}</p>
                <ul>{report.examples.into_iter().take(20).map(|conflict| view! {
                    <li><strong>{conflict.name}</strong>" – "{conflict.reason}</li>
                }).collect_view()}</ul>
            </div>
        </div>
    }
}

#[component]
fn List(desk: Desk, batches: Vec<Batch>, asked: RwSignal<Option<Batch>>) -> impl IntoView {
    if batches.is_empty() {
        return view! {
            <div class="empty">
                <Pic icon=Icon::Inbox/>
                <p class="empty-title">{text!(configuration.history_empty)}</p>
                <p class="empty-text">{text!(configuration.history_empty_text)}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="configuration-history">
            <table class="table">
                <thead><tr>
                    <th scope="col">{text!(configuration.file)}</th>
                    <th scope="col">{text!(configuration.when)}</th>
                    <th scope="col">{text!(configuration.who)}</th>
                    <th scope="col">{text!(configuration.did)}</th>
                    <th scope="col"><span class="visually-hidden">{text!(common.undo)}</span></th>
                </tr></thead>
                <tbody>{batches.into_iter().map(|batch| view! { <Line desk batch asked/> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Line(desk: Desk, batch: Batch, asked: RwSignal<Option<Batch>>) -> impl IntoView {
    let who = boot::me().and_then(|me| {
        let person = me.people.iter().find(|person| Some(person.id) == batch.created_by);
        person.map(|person| person.name.clone())
    });
    let number = |key: &str| {
        let count = batch.counts.get(key).and_then(serde_json::Value::as_i64);
        count.map(format::integer)
    };
    let did = match (number("undone"), number("added"), number("changed"), number("removed")) {
        (Some(undone), ..) => td_string!(desk.language.get_untracked(), configuration.did_undo, count = undone),
        (None, added, changed, removed) => {
            let text = |count: Option<String>| count.unwrap_or_else(|| "0".to_owned());
            let (added, changed, removed) = (text(added), text(changed), text(removed));
            td_string!(
                desk.language.get_untracked(),
                configuration.did_bring,
                added = added,
                changed = changed,
                removed = removed
            )
        }
    };
    let name = batch.label.clone();
    let end = match batch.undone_at {
        Some(at) => {
            let when = format::date_time(at);
            let text = move || td_string!(desk.language.get(), configuration.was_undone, when = when.clone());
            view! { <span class="badge" data-tone="neutral">{text}</span> }.into_any()
        }
        None => {
            let of = batch.clone();
            view! {
                <button class="button" data-size="small" type="button" on:click=move |_| asked.set(Some(of.clone()))>
                    <Pic icon=Icon::Undo/>{text!(common.undo)}<span class="visually-hidden">" "{name}</span>
                </button>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{batch.label}</th>
            <td class="nowrap">{format::date_time(batch.created_at)}</td>
            <td>{who.unwrap_or_else(|| "–".to_owned())}</td>
            <td>{did}</td>
            <td>{end}</td>
        </tr>
    }
}

/// Asks before a configuration is taken back.
#[component]
fn Confirm(desk: Desk, asked: RwSignal<Option<Batch>>) -> impl IntoView {
    let open = open_while(asked);
    let title = Signal::derive(move || td_string!(desk.language.get(), configuration.undo_title).to_owned());
    let name = move || asked.with(|asked| asked.as_ref().map(|batch| batch.label.clone()).unwrap_or_default());
    let undo = move |_| {
        if let Some(batch) = asked.get_untracked() {
            desk.undo(batch.id);
        }
        asked.set(None);
    };
    view! {
        <Dialog open title>
            <div class="dialog-body">
                <p>{move || td_string!(desk.language.get(), configuration.undo_question, name = name())}</p>
                <p class="muted">{text!(configuration.undo_hint)}</p>
            </div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| asked.set(None)>{text!(common.cancel)}</button>
                <button class="button" data-look="danger" type="button" on:click=undo>{text!(configuration.undo_confirm)}</button>
            </footer>
        </Dialog>
    }
}
