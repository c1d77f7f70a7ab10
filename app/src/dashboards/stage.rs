//! What the parts of one dashboard share, and how a change is saved.

use domain::dashboards::{Dashboard, DashboardDraft, Widget};
use domain::id::DashboardId;
use domain::identity::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{Board, Told, save_dashboard};
use crate::boot;
use crate::error::Error;
use crate::language::{Language, use_language};
use crate::reports::Peeking;
use crate::ui::toast::{Toasts, use_toasts};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    /// Which dashboard it is.
    pub(super) id: DashboardId,
    /// The dashboard, with what was changed and is not saved yet.
    pub(super) dashboard: RwSignal<Dashboard>,
    /// What its widgets say.
    pub(super) told: RwSignal<Vec<Told>>,
    /// Why it could not be read again.
    pub(super) problem: RwSignal<Option<Error>>,
    /// Whether it was deleted: then there is nothing to read again.
    pub(super) gone: RwSignal<bool>,
    /// What was just done, for those who hear it.
    pub(super) said: RwSignal<String>,
    /// Grows when the numbers are wanted again.
    pub(super) again: RwSignal<u32>,
    /// Which widget is being dragged.
    pub(super) dragged: RwSignal<Option<u32>>,
    /// Which number somebody looks behind.
    pub(super) peeking: Peeking,
    /// The language of the page.
    pub(super) language: Language,
    /// The messages.
    pub(super) toasts: Toasts,
    /// Whether a change is on its way, and whether another came since.
    saving: StoredValue<(bool, bool)>,
}

impl Stage {
    /// Returns the stage of a dashboard.
    pub(super) fn new(board: Board) -> Self {
        Self {
            id: board.dashboard.id,
            dashboard: RwSignal::new(board.dashboard),
            told: RwSignal::new(board.told),
            problem: RwSignal::new(None),
            gone: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            again: RwSignal::new(0),
            dragged: RwSignal::new(None),
            peeking: Peeking::new(),
            language: use_language(),
            toasts: use_toasts(),
            saving: StoredValue::new((false, false)),
        }
    }

    /// Takes in what the server says now; what the person just changed stays until it is saved.
    pub(super) fn take(self, board: Board) {
        self.problem.set(None);
        self.told.set(board.told);
        if !self.saving.get_value().0 {
            self.dashboard.set(board.dashboard);
        }
    }

    /// Returns whether the person may change the dashboard.
    pub(super) fn may_change(self) -> bool {
        let me = boot::me().map(|me| me.user.id);
        let manages = boot::may(Role::Manager);
        self.dashboard.with(|dashboard| Some(dashboard.owner_id) == me || dashboard.shared && manages)
    }

    /// Returns a widget.
    pub(super) fn widget(self, id: u32) -> Option<Widget> {
        self.dashboard.with(|dashboard| dashboard.widgets.iter().find(|widget| widget.id == id).cloned())
    }

    /// Changes the dashboard and saves it.
    pub(super) fn change<T>(self, change: impl FnOnce(&mut DashboardDraft) -> T) -> T {
        let before = self.dashboard.with_untracked(Dashboard::draft);
        let mut draft = before.clone();
        let done = change(&mut draft);
        if draft != before {
            self.dashboard.update(|dashboard| {
                dashboard.name.clone_from(&draft.name);
                (dashboard.shared, dashboard.widgets) = (draft.shared, draft.widgets);
            });
            self.save();
        }
        done
    }

    /// Saves what is there: one request at a time, and one more for all that was changed meanwhile.
    fn save(self) {
        let (is_saving, _) = self.saving.get_value();
        self.saving.set_value((true, is_saving));
        if is_saving {
            return;
        }
        spawn_local(async move {
            loop {
                let Some(present) = self.dashboard.try_get_untracked() else { return };
                match save_dashboard(self.id, present.version, present.draft()).await {
                    Ok(saved) => {
                        self.dashboard.try_update(|dashboard| dashboard.version = saved.version);
                    }
                    Err(error) => {
                        self.toasts.error(&error);
                        break;
                    }
                }
                if self.saving.try_get_value() != Some((true, true)) {
                    break;
                }
                self.saving.try_set_value((true, false));
            }
            self.saving.try_set_value((false, false));
            // After a refusal this brings back what is stored.
            self.again.try_update(|again| *again += 1);
        });
    }
}
