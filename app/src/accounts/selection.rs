//! What can be done with all selected accounts at once.

use std::collections::BTreeSet;

use domain::accounts::STAGES;
use domain::id::UserId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::grid::Grid;
use super::labels;
use super::server_fns::{BULK_MAX, BulkChange, bulk_edit};
use crate::format;
use crate::i18n::td_string;
use crate::ui::icon::{Icon, Pic};

/// The bar above the grid while accounts are selected.
#[component]
pub fn Selection(grid: Grid) -> impl IntoView {
    let count = Memo::new(move |_| grid.selected.with(BTreeSet::len));
    let words = move || {
        let total = format::integer(i64::try_from(count.get()).unwrap_or(i64::MAX));
        td_string!(grid.language.get(), accounts.many_selected, total = total)
    };
    let clear = move |_| grid.selected.set(BTreeSet::new());
    view! {
        <Show when=move || count.get() != 0>
            <div class="grid-selection" role="group" aria-label=text!(accounts.selection)>
                <span>{words}</span>
                {grid.may_edit.then(|| view! { <Owner grid/><Stage grid/><Tag grid/> })}
                <button class="button push" data-look="quiet" data-size="small" type="button" on:click=clear>
                    <Pic icon=Icon::Cross/><span>{text!(accounts.select_none)}</span>
                </button>
            </div>
        </Show>
    }
}

#[component]
fn Owner(grid: Grid) -> impl IntoView {
    let people = grid.people.with_value(|people| {
        let active = people.iter().filter(|person| person.deactivated_at.is_none());
        active.map(|person| view! { <option value=person.id.to_string()>{person.name.clone()}</option> }).collect_view()
    });
    let choose = move |event| {
        let value = event_target_value(&event);
        let owner = value.parse::<UserId>().ok();
        if owner.is_some() || value == "nobody" {
            grid.change_selected(BulkChange::Owner(owner));
        }
    };
    view! {
        <select class="select" data-size="small" aria-label=text!(accounts.set_owner) on:change=choose>
            <option value="">{text!(accounts.set_owner)}</option>
            {people}
            <option value="nobody">{text!(accounts.nobody)}</option>
        </select>
    }
}

#[component]
fn Stage(grid: Grid) -> impl IntoView {
    let stages = STAGES.map(
        |stage| view! { <option value=stage>{move || labels::choice("stage", stage, grid.language.get())}</option> },
    );
    let choose = move |event| {
        let stage = event_target_value(&event);
        if !stage.is_empty() {
            grid.change_selected(BulkChange::Stage(stage));
        }
    };
    view! {
        <select class="select" data-size="small" aria-label=text!(accounts.set_stage) on:change=choose>
            <option value="">{text!(accounts.set_stage)}</option>
            {stages.into_iter().collect_view()}
        </select>
    }
}

#[component]
fn Tag(grid: Grid) -> impl IntoView {
    let tag = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let word = tag.get_untracked().trim().to_owned();
        if !word.is_empty() {
            grid.change_selected(BulkChange::Tag(word));
        }
    };
    view! {
        <form class="row" data-gap="small" on:submit=submit>
            <input class="input" aria-label=text!(accounts.tag) placeholder=text!(accounts.tag) maxlength="60" autocomplete="off"
                prop:value=move || tag.get() on:input=move |event| tag.set(event_target_value(&event))/>
            <button class="button" data-size="small" type="submit">{text!(accounts.add_tag)}</button>
        </form>
    }
}

impl Grid {
    /// Changes all selected accounts as one batch that can be taken back.
    fn change_selected(self, change: BulkChange) {
        let ids: Vec<_> = self.selected.with_untracked(|selected| selected.iter().copied().take(BULK_MAX).collect());
        spawn_local(async move {
            match bulk_edit(ids, change).await {
                Ok(done) => {
                    let total = format::integer(i64::from(done.accounts));
                    let text = td_string!(self.language.get_untracked(), accounts.bulk_done, total = total);
                    self.offer_undo(text, done.batch);
                    if self.selected.try_set(BTreeSet::new()).is_none() {
                        self.reload();
                    }
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }
}
