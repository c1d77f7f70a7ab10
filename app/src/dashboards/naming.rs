//! Renaming, sharing, doubling and deleting a dashboard.

use domain::dashboards::{Dashboard, DashboardDraft};
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::PATH;
use super::server_fns::{add_dashboard, remove_dashboard, restore_dashboard};
use super::stage::Stage;
use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::question::{Inquiry, Question};

/// What the dialog asks, and what the menu does.
#[derive(Clone, Copy)]
pub(super) struct Naming {
    stage: Stage,
    open: RwSignal<bool>,
    name: RwSignal<String>,
    shared: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
    /// Goes to another page.
    go: Callback<String>,
}

impl Naming {
    /// Returns the dialog, closed.
    pub(super) fn new(stage: Stage) -> Self {
        let navigate = use_navigate();
        Self {
            stage,
            open: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            shared: RwSignal::new(false),
            problem: RwSignal::new(None),
            go: Callback::new(move |href: String| navigate(&href, NavigateOptions::default())),
        }
    }

    fn ask(self) {
        let DashboardDraft { name, shared, .. } = self.stage.dashboard.with_untracked(Dashboard::draft);
        self.name.set(name);
        self.shared.set(shared);
        self.problem.set(None);
        self.open.set(true);
    }

    fn submit(self) {
        let (name, shared) = (self.name.get_untracked().trim().to_owned(), self.shared.get_untracked());
        self.stage.change(|draft| (draft.name, draft.shared) = (name, shared));
        self.open.set(false);
    }

    fn duplicate(self) {
        let mut draft = self.stage.dashboard.with_untracked(Dashboard::draft);
        let locale = self.stage.language.get_untracked();
        draft.name = td_string!(locale, dashboards.copy_of, name = draft.name.clone());
        draft.shared = false;
        spawn_local(async move {
            match add_dashboard(draft).await {
                Ok(made) => self.go.run(format!("{PATH}/{}", made.id)),
                Err(error) => self.stage.toasts.error(&error),
            }
        });
    }

    fn remove(self) {
        let Stage { id, toasts, language, .. } = self.stage;
        let name = self.stage.dashboard.with_untracked(|dashboard| dashboard.name.clone());
        self.stage.gone.set(true);
        spawn_local(async move {
            match remove_dashboard(id).await {
                Ok(batch) => {
                    let locale = language.get_untracked();
                    let back = move || {
                        spawn_local(async move {
                            // The list follows the change by itself.
                            if let Err(error) = restore_dashboard(batch).await {
                                toasts.error(&error);
                            }
                        });
                    };
                    let text = td_string!(locale, dashboards.was_deleted, name = name);
                    toasts.offer(text, td_string!(locale, common.undo), back);
                    self.go.run(PATH.to_owned());
                }
                Err(error) => {
                    self.stage.gone.try_set(false);
                    toasts.error(&error);
                }
            }
        });
    }
}

/// What can be done with the dashboard; everybody may have a copy.
#[component]
pub(super) fn Menu(naming: Naming) -> impl IntoView {
    let may = move || naming.stage.may_change();
    view! {
        <details class="menu">
            <summary class="icon-button" aria-label=text!(dashboards.menu)><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <Show when=may>
                    <button class="menu-item" type="button" on:click=move |_| naming.ask()>
                        <Pic icon=Icon::Pencil/>{text!(dashboards.rename)}</button>
                </Show>
                <button class="menu-item" type="button" on:click=move |_| naming.duplicate()>
                    <Pic icon=Icon::Star/>{text!(dashboards.duplicate)}</button>
                <Show when=may>
                    <hr class="menu-line"/>
                    <button class="menu-item" data-tone="bad" type="button" on:click=move |_| naming.remove()>
                        <Pic icon=Icon::Trash/>{text!(dashboards.delete)}</button>
                </Show>
            </div>
        </details>
    }
}

/// Asks for the name, and whether everybody sees the dashboard.
#[component]
pub(super) fn NamingDialog(naming: Naming) -> impl IntoView {
    let language = naming.stage.language;
    let manages = boot::may(Role::Manager);
    let title = Signal::derive(move || td_string!(language.get(), dashboards.rename).to_owned());
    let cancel = Callback::new(move |()| naming.open.set(false));
    let of = Inquiry { busy: RwSignal::new(false), problem: naming.problem, cancel };
    let submit = Callback::new(move |()| naming.submit());
    view! {
        <Dialog open=naming.open title>
            <Question of submit>
                <div class="field">
                    <label class="field-label" for="dashboard-name">{text!(dashboards.name)}</label>
                    <input class="input" id="dashboard-name" required autofocus maxlength="200" autocomplete="off"
                        prop:value=move || naming.name.get() on:input=move |event| naming.name.set(event_target_value(&event))/>
                </div>
                {if manages {
                    view! {
                        <label class="check">
                            <input type="checkbox" class="checkbox" prop:checked=move || naming.shared.get()
                                on:change=move |event| naming.shared.set(event_target_checked(&event))/>
                            <span>{text!(dashboards.share)}</span>
                        </label>
                    }.into_any()
                } else {
                    view! { <p class="field-hint">{text!(dashboards.share_refused)}</p> }.into_any()
                }}
            </Question>
        </Dialog>
    }
}
