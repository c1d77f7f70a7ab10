//! The files that were taken out: who took what, when, and how each stands.

use domain::export::{Export, Line, Stage};
use domain::id::ExportId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::making::{CancelButton, REST, address};
use super::server_fns::{remove_export, repeat_export};
use super::words;
use crate::alerts::words::person;
use crate::i18n::td_string;
use crate::language::use_language;
use crate::ui::empty::Empty;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;
use crate::{boot, format};

/// The list, which looks again while a file of it is being made.
#[component]
pub(super) fn History(
    /// The exports, newest first.
    lines: Vec<Line>,
    /// Counts the looks.
    turn: RwSignal<u32>,
) -> impl IntoView {
    let goes_on = lines.iter().any(|line| line.export.stage() == Stage::Going);
    Effect::new(move |_| {
        if goes_on {
            let again = move || {
                let _ = turn.try_update(|turn| *turn = turn.wrapping_add(1));
            };
            set_timeout(again, REST);
        }
    });
    if lines.is_empty() {
        return view! {
            <Empty icon=Icon::Download href="/accounts?do=export" is_main=true title=|l| td_string!(l, exports.empty_title)
                words=|l| td_string!(l, exports.empty_text) action=|l| td_string!(l, exports.empty_action)/>
        }
        .into_any();
    }
    view! {
        <section class="card" aria-label=text!(exports.title)>
            <div class="table-scroll" tabindex="0" role="region" aria-label=text!(exports.title)>
                <table class="table exports-table">
                    <thead><tr>
                        <th scope="col">{text!(exports.head_what)}</th>
                        <th scope="col">{text!(exports.head_when)}</th>
                        <th scope="col">{text!(exports.head_who)}</th>
                        <th scope="col" class="number">{text!(exports.head_rows)}</th>
                        <th scope="col" class="number">{text!(exports.head_size)}</th>
                        <th scope="col">{text!(exports.head_state)}</th>
                        <th scope="col"><span class="visually-hidden">{text!(exports.head_do)}</span></th>
                    </tr></thead>
                    <tbody>{lines.into_iter().map(|line| view! { <Row line/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let language = use_language();
    let Line { export, done, total } = line;
    let stage = export.stage();
    let (id, shown) = (export.id, export.clone());
    let what = {
        let export = export.clone();
        move || words::line(&export, language.get())
    };
    let narrowed = {
        let export = export.clone();
        move || words::narrowed(&export.request, language.get())
    };
    let who = {
        let export = export.clone();
        move || person(export.by).unwrap_or_else(|| td_string!(language.get(), exports.by_command).to_owned())
    };
    let bytes = export.bytes.map_or_else(|| "–".to_owned(), words::size);
    let share = if total == 0 { 0.0 } else { f64::from(done) / f64::from(total) * 100.0 };
    view! {
        <tr data-stage=words::stage_key(stage)>
            <td>
                <span class="strong">{what}</span>
                <span class="exports-narrowed">{narrowed}</span>
            </td>
            <td class="nowrap"><time datetime=export.created_at.iso()>{format::date_time(export.created_at)}</time></td>
            <td>{who}</td>
            <td class="number">{format::integer(i64::from(export.rows))}</td>
            <td class="number nowrap">{bytes}</td>
            <td class="exports-state">
                {if stage == Stage::Going {
                    view! {
                        <span>{move || words::going(done, total, language.get())}</span>
                        <progress class="progress" max="100" aria-label=text!(exports.progress) prop:value=share></progress>
                    }.into_any()
                } else {
                    view! { <StateWords export=shown/> }.into_any()
                }}
            </td>
            <td><Deeds id stage/></td>
        </tr>
    }
}

#[component]
fn StateWords(export: Export) -> impl IntoView {
    let language = use_language();
    let stage = export.stage();
    let detail = {
        let export = export.clone();
        move || words::detail(&export, language.get())
    };
    view! {
        <span class="badge" data-tone=words::tone(stage)>{move || words::stage(stage, language.get())}</span>
        <span class="exports-narrowed">{detail}</span>
    }
}

/// What can be done with an export.
#[component]
fn Deeds(id: ExportId, stage: Stage) -> impl IntoView {
    let (language, toasts) = (use_language(), use_toasts());
    let again = move |_| {
        spawn_local(async move {
            match repeat_export(id).await {
                Ok(_) => toasts.say(td_string!(language.get_untracked(), exports.ordered)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let remove = move |_| {
        spawn_local(async move {
            match remove_export(id).await {
                Ok(()) => toasts.say(td_string!(language.get_untracked(), exports.was_deleted)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    if !boot::may(Role::Csm) {
        return ().into_any();
    }
    if stage == Stage::Going {
        return view! { <div class="exports-deeds"><CancelButton id/></div> }.into_any();
    }
    view! {
        <div class="exports-deeds">
            {(stage == Stage::Ready).then(|| view! {
                <a class="button" data-size="small" rel="external" download="" href=address(id)>
                    <Pic icon=Icon::Download/><span>{text!(exports.download)}</span>
                </a>
            })}
            <button class="icon-button" type="button" aria-label=text!(exports.again) title=text!(exports.again) on:click=again>
                <Pic icon=Icon::Redo/>
            </button>
            <button class="icon-button" type="button" aria-label=text!(exports.delete) title=text!(exports.delete) on:click=remove>
                <Pic icon=Icon::Trash/>
            </button>
        </div>
    }
    .into_any()
}
