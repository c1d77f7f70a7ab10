//! Views: the ready ones and the saved ones as chips, and saving, renaming and deleting them.

use domain::id::ViewId;
use domain::identity::Role;
use domain::views::{READY_VIEWS, View};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::Address;
use super::grid::Grid;
use super::labels;
use super::server_fns::{Draft, remove_view, save_view};
use crate::boot;
use crate::i18n::td_string;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};

/// What the name in the dialog is for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Naming {
    New,
    Rename(ViewId),
}

/// What the parts of the bar share.
#[derive(Clone, Copy)]
struct Bar {
    grid: Grid,
    naming: RwSignal<Naming>,
    open: RwSignal<bool>,
    name: RwSignal<String>,
    shared: RwSignal<bool>,
}

/// The views, from which the grid starts.
#[component]
pub fn Views(grid: Grid) -> impl IntoView {
    let bar = Bar {
        grid,
        naming: RwSignal::new(Naming::New),
        open: RwSignal::new(false),
        name: RwSignal::new(String::new()),
        shared: RwSignal::new(false),
    };
    let current = move |key: &str| grid.look.with(|look| look.view == key).then_some("page");
    let ready = READY_VIEWS.iter().map(|ready| {
        let href = Address::of_view(ready.key).href();
        view! {
            <a class="chip" href=href aria-current=move || current(ready.key)>{move || labels::ready_view(ready.key, grid.language.get())}</a>
        }
    });
    view! {
        <div class="row" data-spread="">
            <nav class="views-list" aria-label=text!(accounts.views)>
                {ready.collect_view()}
                <For each=move || grid.views.get() key=|view| (view.id, view.version) let:saved>
                    {
                        let key = saved.id.to_string();
                        let href = Address::of_view(&key).href();
                        view! {
                            <a class="chip" href=href aria-current=move || current(&key)>
                                {saved.shared.then(|| view! { <Pic icon=Icon::People/> })}<span>{saved.name}</span>
                            </a>
                        }
                    }
                </For>
            </nav>
            <div class="row" data-gap="small">
                <Show when=move || grid.look.with(|look| look.differs)>
                    <button class="button" data-look="quiet" data-size="small" type="button" on:click=move |_| bar.name_new()>
                        <Pic icon=Icon::Star/><span>{text!(accounts.view_save_as)}</span>
                    </button>
                </Show>
                <ViewMenu bar/>
            </div>
        </div>
        <NameDialog bar/>
    }
}

/// What can be done with the saved view that is shown, if it may be changed.
#[component]
fn ViewMenu(bar: Bar) -> impl IntoView {
    let grid = bar.grid;
    let (me, manages) = (boot::me().map(|me| me.user.id), boot::may(Role::Manager));
    let shown = Memo::new(move |_| {
        let id = grid.look.with(|look| look.view.parse::<ViewId>().ok())?;
        let view = grid.views.with(|views| views.iter().find(|view| view.id == id).cloned())?;
        (Some(view.owner_id) == me || view.shared && manages).then_some(view)
    });
    let item = move |view: View| {
        let differs = move || grid.look.with(|look| look.differs);
        let (update, reset, rename, remove) = (view.clone(), view.id.to_string(), view.clone(), view);
        view! {
            <details class="menu">
                <summary class="icon-button" data-size="small" aria-label=text!(accounts.view_menu)><Pic icon=Icon::Dots/></summary>
                <div class="menu-list">
                    <button class="menu-item" type="button" disabled=move || !differs() on:click=move |_| bar.update(&update)>
                        <Pic icon=Icon::Check/>{text!(accounts.view_update)}</button>
                    <a class="menu-item" href=Address::of_view(&reset).href()><Pic icon=Icon::Undo/>{text!(accounts.view_reset)}</a>
                    <button class="menu-item" type="button" on:click=move |_| bar.name_again(&rename)>
                        <Pic icon=Icon::Pencil/>{text!(accounts.view_rename)}</button>
                    <hr class="menu-line"/>
                    <button class="menu-item" data-tone="bad" type="button" on:click=move |_| bar.remove(&remove)>
                        <Pic icon=Icon::Trash/>{text!(accounts.view_delete)}</button>
                </div>
            </details>
        }
    };
    move || shown.get().map(item)
}

#[component]
fn NameDialog(bar: Bar) -> impl IntoView {
    let language = bar.grid.language;
    let manages = boot::may(Role::Manager);
    let title = Signal::derive(move || match bar.naming.get() {
        Naming::New => td_string!(language.get(), accounts.view_save_as).to_owned(),
        Naming::Rename(_) => td_string!(language.get(), accounts.view_rename).to_owned(),
    });
    view! {
        <Dialog open=bar.open title>
            <form class="form" on:submit=move |event| { event.prevent_default(); bar.submit(); }>
                <div class="dialog-body">
                    <div class="field">
                        <label class="field-label" for="view-name">{text!(accounts.view_name)}</label>
                        <input class="input" id="view-name" required autofocus maxlength="200" autocomplete="off"
                            prop:value=move || bar.name.get() on:input=move |event| bar.name.set(event_target_value(&event))/>
                    </div>
                    {manages.then(|| view! {
                        <label class="check">
                            <input type="checkbox" class="checkbox" prop:checked=move || bar.shared.get()
                                on:change=move |event| bar.shared.set(event_target_checked(&event))/>
                            <span>{text!(accounts.view_shared)}</span>
                        </label>
                    })}
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| bar.open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit">{text!(common.save)}</button>
                </footer>
            </form>
        </Dialog>
    }
}

impl Bar {
    fn name_new(self) {
        self.naming.set(Naming::New);
        self.name.set(String::new());
        self.shared.set(false);
        self.open.set(true);
    }

    fn name_again(self, view: &View) {
        self.naming.set(Naming::Rename(view.id));
        self.name.set(view.name.clone());
        self.shared.set(view.shared);
        self.open.set(true);
    }

    fn submit(self) {
        let (name, shared) = (self.name.get_untracked(), self.shared.get_untracked());
        match self.naming.get_untracked() {
            Naming::New => self.save(None, self.draft(name, shared)),
            Naming::Rename(id) => {
                let view = self.grid.views.with_untracked(|views| views.iter().find(|view| view.id == id).cloned());
                if let Some(view) = view {
                    self.save(Some(id), Draft { name, shared, ..draft_of(&view) });
                }
            }
        }
    }

    fn update(self, view: &View) {
        self.save(Some(view.id), self.draft(view.name.clone(), view.shared));
    }

    /// Returns what is shown now as a view.
    fn draft(self, name: String, shared: bool) -> Draft {
        let look = self.grid.look.get_untracked();
        Draft { name, filter: look.filter, sort: look.sort, columns: look.columns, shared }
    }

    fn save(self, id: Option<ViewId>, draft: Draft) {
        let grid = self.grid;
        let keeps_look = matches!(self.naming.get_untracked(), Naming::Rename(_)) && self.open.get_untracked();
        spawn_local(async move {
            match save_view(id, draft).await {
                Ok(view) => {
                    self.open.try_set(false);
                    let (key, name) = (view.id.to_string(), view.name.clone());
                    grid.views.try_update(|views| {
                        views.retain(|other| other.id != view.id);
                        views.push(view);
                        views.sort_by_key(|view| view.name.to_lowercase());
                    });
                    if !keeps_look {
                        grid.go(|address, _| *address = Address::of_view(&key), true);
                    }
                    grid.toasts.say(td_string!(grid.language.get_untracked(), accounts.view_saved, name = name));
                }
                Err(error) => grid.toasts.error(&error),
            }
        });
    }

    fn remove(self, view: &View) {
        let (grid, view) = (self.grid, view.clone());
        spawn_local(async move {
            match remove_view(view.id).await {
                Ok(()) => {
                    grid.go(|address, _| *address = Address::default(), true);
                    grid.views.try_update(|views| views.retain(|other| other.id != view.id));
                    let locale = grid.language.get_untracked();
                    let text = td_string!(locale, accounts.view_deleted, name = view.name.clone());
                    let again = move || {
                        self.naming.set(Naming::New);
                        self.save(None, draft_of(&view));
                    };
                    grid.toasts.offer(text, td_string!(locale, common.undo), again);
                }
                Err(error) => grid.toasts.error(&error),
            }
        });
    }
}

fn draft_of(view: &View) -> Draft {
    let View { name, filter, sort, columns, shared, .. } = view.clone();
    Draft { name, filter, sort, columns, shared }
}
