//! What is being set up: the fields of a schedule as far as they are filled in, and the button that begins one.

use domain::id::{ReportId, ScheduleId, UserId};
use domain::reports::Report;
use domain::schedules::{MAKER, Recipient, Rhythm, Schedule, ScheduleDraft};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{Ground, save_schedule, schedule_ground};
use super::times::TimingForm;
use super::words;
use crate::boot;
use crate::error::{Error, Result};
use crate::i18n::td_string;
use crate::language::{Language, use_language};
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::{Toasts, use_toasts};

/// The schedule that is being set up or changed on a page.
#[derive(Clone, Copy)]
pub struct Planner {
    pub(super) open: RwSignal<bool>,
    pub(super) name: RwSignal<String>,
    pub(super) report: RwSignal<Option<ReportId>>,
    pub(super) of: RwSignal<Option<ScheduleId>>,
    pub(super) when: TimingForm,
    pub(super) people: RwSignal<Vec<UserId>>,
    pub(super) outside: RwSignal<String>,
    pub(super) csv: RwSignal<bool>,
    pub(super) pdf: RwSignal<bool>,
    pub(super) ground: RwSignal<Option<Result<Ground>>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) problem: RwSignal<Option<Error>>,
    pub(super) saved: RwSignal<u32>,
    language: Language,
    toasts: Toasts,
}

impl Planner {
    /// Provides the planner of a page; [`ScheduleButton`] and the list find it there.
    pub fn provide() -> Self {
        let planner = Self {
            open: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            report: RwSignal::new(None),
            of: RwSignal::new(None),
            when: TimingForm::new(),
            people: RwSignal::new(Vec::new()),
            outside: RwSignal::new(String::new()),
            csv: RwSignal::new(true),
            pdf: RwSignal::new(false),
            ground: RwSignal::new(None),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            saved: RwSignal::new(0),
            language: use_language(),
            toasts: use_toasts(),
        };
        provide_context(planner);
        planner
    }

    /// Begins a schedule of a report; without one, the dialog says that only saved reports are sent.
    fn begin(self, report: Option<&Report>) {
        self.report.set(report.map(|report| report.id));
        self.name.set(report.map(|report| report.name.clone()).unwrap_or_default());
        self.of.set(None);
        self.when.begin(Rhythm::Week { weekday: 0 });
        self.people.set(boot::me().map(|me| me.user.id).into_iter().collect());
        self.outside.set(String::new());
        self.csv.set(true);
        self.pdf.set(false);
        self.show();
    }

    /// Changes a schedule.
    pub(super) fn change(self, schedule: &Schedule, name: String) {
        self.report.set(Some(schedule.report_id));
        self.name.set(name);
        self.of.set(Some(schedule.id));
        self.when.set(&schedule.timing);
        let (mut people, mut outside) = (Vec::new(), Vec::new());
        for recipient in schedule.recipients.iter().cloned() {
            match recipient {
                Recipient::User(id) => people.push(id),
                Recipient::Outside(address) => outside.push(address),
            }
        }
        self.people.set(people);
        self.outside.set(outside.join(", "));
        self.csv.set(schedule.csv);
        self.pdf.set(schedule.pdf);
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
            let ground = schedule_ground().await;
            if let Ok(ground) = &ground {
                self.when.suggest(&ground.zone);
            }
            self.ground.try_set(Some(ground));
        });
    }

    pub(super) fn submit(self) {
        let Some(report_id) = self.report.get_untracked() else { return };
        let people = self.people.get_untracked().into_iter().map(Recipient::User);
        let outside = self.outside.get_untracked();
        let outside = outside.split([',', ';', '\n']).map(str::trim).filter(|address| !address.is_empty());
        let draft = ScheduleDraft {
            report_id,
            timing: untrack(|| self.when.timing()),
            recipients: people.chain(outside.map(|address| Recipient::Outside(address.to_owned()))).collect(),
            csv: self.csv.get_untracked(),
            pdf: self.pdf.get_untracked(),
        };
        self.save(self.of.get_untracked(), draft, self.name.get_untracked());
    }

    /// Saves a schedule. The message that offers to take a deletion back outlives the dialog, and may outlive the page.
    pub(super) fn save(self, id: Option<ScheduleId>, draft: ScheduleDraft, name: String) {
        self.busy.try_set(true);
        spawn_local(async move {
            let answer = save_schedule(id, draft).await;
            self.busy.try_set(false);
            match answer {
                Ok(schedule) => {
                    let locale = self.language.get_untracked();
                    let when = words::when(&schedule.timing, locale);
                    self.toasts.say(td_string!(locale, schedules.was_saved, name = name, when = when));
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

/// A button that begins a schedule of the report that is shown; nobody sees it who may not have reports sent.
#[component]
pub fn ScheduleButton(
    /// The report, if it is saved.
    #[prop(into)]
    report: Signal<Option<Report>>,
) -> impl IntoView {
    let planner = expect_context::<Planner>();
    boot::may(MAKER).then(|| {
        view! {
            <button class="button" type="button" on:click=move |_| planner.begin(report.get_untracked().as_ref())>
                <Pic icon=Icon::Clock/><span>{text!(schedules.schedule)}</span>
            </button>
        }
    })
}
