//! What is being set up: the fields of a scheduled import as far as they are filled in.

use domain::fields::Subject;
use domain::id::{ImportScheduleId, PresetId};
use domain::import::kind::Kind;
use domain::import::plan::Mode;
use domain::import_schedules::{ImportSchedule, ImportScheduleDraft, Source};
use domain::schedules::Rhythm;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{Ground, import_schedule_ground, save_import_schedule};
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::schedules::{TimingForm, when};
use crate::ui::toast::{Toasts, use_toasts};

/// The scheduled import that is being set up or changed.
#[derive(Clone, Copy)]
pub(super) struct Planner {
    pub(super) open: RwSignal<bool>,
    pub(super) of: RwSignal<Option<ImportScheduleId>>,
    pub(super) name: RwSignal<String>,
    /// Whether the file comes from the web, and not from the folder.
    pub(super) is_web: RwSignal<bool>,
    pub(super) url: RwSignal<String>,
    pub(super) file: RwSignal<String>,
    pub(super) kind: RwSignal<Kind>,
    pub(super) mode: RwSignal<Mode>,
    pub(super) preset: RwSignal<Option<PresetId>>,
    pub(super) when: TimingForm,
    pub(super) ground: RwSignal<Option<Result<Ground>>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) problem: RwSignal<Option<Error>>,
    pub(super) saved: RwSignal<u32>,
    language: Language,
    toasts: Toasts,
}

impl Planner {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            of: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            is_web: RwSignal::new(true),
            url: RwSignal::new(String::new()),
            file: RwSignal::new(String::new()),
            kind: RwSignal::new(Subject::Account.into()),
            mode: RwSignal::new(Mode::Upsert),
            preset: RwSignal::new(None),
            when: TimingForm::new(),
            ground: RwSignal::new(None),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            saved: RwSignal::new(0),
            language: use_language(),
            toasts: use_toasts(),
        }
    }

    /// Begins a scheduled import.
    pub(super) fn begin(self) {
        self.of.set(None);
        self.name.set(String::new());
        self.is_web.set(true);
        self.url.set(String::new());
        self.file.set(String::new());
        self.kind.set(Subject::Account.into());
        self.mode.set(Mode::Upsert);
        self.preset.set(None);
        self.when.begin(Rhythm::Day);
        self.show();
    }

    /// Changes a scheduled import.
    pub(super) fn change(self, schedule: &ImportSchedule) {
        self.of.set(Some(schedule.id));
        self.name.set(schedule.name.clone());
        let (is_web, url, file) = match &schedule.source {
            Source::Web(url) => (true, url.clone(), String::new()),
            Source::File(file) => (false, String::new(), file.clone()),
        };
        self.is_web.set(is_web);
        self.url.set(url);
        self.file.set(file);
        self.kind.set(schedule.kind);
        self.mode.set(schedule.mode);
        self.preset.set(schedule.preset_id);
        self.when.set(&schedule.timing);
        self.show();
    }

    fn show(self) {
        self.problem.set(None);
        self.open.set(true);
        self.look_around();
    }

    /// Asks what there is to choose from.
    pub(super) fn look_around(self) {
        self.ground.set(None);
        spawn_local(async move {
            let ground = import_schedule_ground().await;
            if let Ok(ground) = &ground {
                self.when.suggest(&ground.zone);
            }
            self.ground.try_set(Some(ground));
        });
    }

    pub(super) fn submit(self) {
        let source = if self.is_web.get_untracked() {
            Source::Web(self.url.get_untracked())
        } else {
            Source::File(self.file.get_untracked())
        };
        let draft = ImportScheduleDraft {
            name: self.name.get_untracked(),
            source,
            kind: self.kind.get_untracked(),
            mode: self.mode.get_untracked(),
            preset_id: self.preset.get_untracked(),
            timing: untrack(|| self.when.timing()),
        };
        self.save(self.of.get_untracked(), draft);
    }

    /// Saves a scheduled import. The message that offers to take a deletion back outlives the dialog, and may outlive
    /// the page.
    pub(super) fn save(self, id: Option<ImportScheduleId>, draft: ImportScheduleDraft) {
        self.busy.try_set(true);
        spawn_local(async move {
            let answer = save_import_schedule(id, draft).await;
            self.busy.try_set(false);
            match answer {
                Ok(schedule) => {
                    let locale = self.language.get_untracked();
                    let (name, when) = (schedule.name, when(&schedule.timing, locale));
                    self.toasts.say(td_string!(locale, import_schedules.was_saved, name = name, when = when));
                    self.open.try_set(false);
                    self.saved.try_update(|saved| *saved += 1);
                }
                Err(error) if self.open.try_get_untracked() == Some(true) => {
                    self.problem.try_set(Some(error));
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }
}
