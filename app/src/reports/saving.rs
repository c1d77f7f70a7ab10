//! Saving a report, renaming, sharing, doubling and deleting it, and taking it out as a file.

use domain::id::{BatchId, ReportId};
use domain::identity::Role;
use domain::reports::{Group, Report, ReportDraft, Spec, csv, file_name};
use domain::shares::Shown;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::Address;
use super::result::plain_title;
use super::server_fns::{remove_report, restore_report, save_report, take_report};
use super::{Desk, words};
use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::paper::{Kind, Offer, PaperButton};
use crate::schedules::ScheduleButton;
use crate::shares::ShareButton;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::question::{Inquiry, Question};
use crate::ui::save::save_text;
use crate::ui::toast::{Toasts, use_toasts};

/// What the dialog asks: the name of a new report, or another one for a saved one.
#[derive(Clone, Copy)]
pub(super) struct Naming {
    desk: Desk,
    of: RwSignal<Option<Report>>,
    open: RwSignal<bool>,
    name: RwSignal<String>,
    shared: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
    toasts: Toasts,
}

impl Naming {
    /// Returns the dialog of the page, closed.
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            of: RwSignal::new(None),
            open: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            shared: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            toasts: use_toasts(),
        }
    }

    /// Asks for the name of a new report.
    fn ask(self, name: String) {
        self.of.set(None);
        self.name.set(name);
        self.shared.set(false);
        self.problem.set(None);
        self.open.set(true);
    }

    fn ask_again(self, report: &Report) {
        self.of.set(Some(report.clone()));
        self.name.set(report.name.clone());
        self.shared.set(report.shared);
        self.problem.set(None);
        self.open.set(true);
    }

    fn submit(self) {
        let (name, shared) = (self.name.get_untracked(), self.shared.get_untracked());
        match self.of.get_untracked() {
            // What the address says beyond the saved one stays unsaved.
            Some(report) => self.save(Some(report.id), ReportDraft { name, shared, spec: report.spec }, false),
            None => self.save(None, ReportDraft { name, shared, spec: self.shown() }, true),
        }
    }

    fn shown(self) -> Spec {
        self.desk.address.with_untracked(|address| address.spec.clone())
    }

    fn update(self, report: &Report) {
        self.save(Some(report.id), ReportDraft { spec: self.shown(), ..report.draft() }, true);
    }

    /// Saves a report and, where it is what is shown now, goes to it. The message that offers to take a deletion back
    /// outlives the page.
    fn save(self, id: Option<ReportId>, draft: ReportDraft, goes: bool) {
        self.busy.try_set(true);
        spawn_local(async move {
            let answer = save_report(id, draft).await;
            self.busy.try_set(false);
            let is_open = self.open.try_get_untracked();
            match answer {
                Ok(report) => {
                    let locale = self.desk.language.get_untracked();
                    self.toasts.say(td_string!(locale, reports.was_saved, name = report.name.clone()));
                    if is_open.is_some() {
                        self.saved(&report, goes);
                    }
                }
                Err(error) if is_open == Some(true) => {
                    self.problem.try_set(Some(error));
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }

    fn saved(self, report: &Report, goes: bool) {
        self.open.set(false);
        if goes {
            self.desk.go.run(Address::of_saved(report.id, &report.spec).href());
        }
        self.desk.saved.refetch();
    }

    fn restore(self, batch: BatchId) {
        spawn_local(async move {
            match restore_report(batch).await {
                Ok(report) if self.open.try_get_untracked().is_some() => self.saved(&report, true),
                Ok(_) => {}
                Err(error) => self.toasts.error(&error),
            }
        });
    }

    fn remove(self, report: Report) {
        let desk = self.desk;
        spawn_local(async move {
            match remove_report(report.id).await {
                Ok(batch) => {
                    let locale = desk.language.get_untracked();
                    let text = td_string!(locale, reports.was_deleted, name = report.name.clone());
                    let again = move || self.restore(batch);
                    self.toasts.offer(text, td_string!(locale, common.undo), again);
                    if self.open.try_get_untracked().is_some() {
                        desk.go.run(Address::default().href());
                        desk.saved.refetch();
                    }
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }

    /// Hands the table to the browser as a file; who takes what is in the log.
    fn take(self) {
        let (desk, spec) = (self.desk, self.shown());
        spawn_local(async move {
            match take_report(spec).await {
                Ok(answer) => {
                    let (locale, spec) = (desk.language.get_untracked(), answer.spec.clone());
                    let heading = |measure| words::measure(measure, spec.about, locale).to_owned();
                    let name = |group: &Group| words::group(group, spec.by, locale);
                    let text = csv(&answer, words::dimension(spec.by, locale), &heading, &name);
                    save_text(&text, "text/csv", &file_name(boot::now()));
                }
                Err(error) => self.toasts.error(&error),
            }
        });
    }
}

/// What can be done with the report that is shown.
#[component]
pub(super) fn Actions(desk: Desk, naming: Naming) -> impl IntoView {
    let (may_take, language) = (boot::may(Role::Csm), desk.language);
    let save = move |_| {
        let name = desk.report().map(|report| report.name);
        naming.ask(
            name.map_or_else(String::new, |name| td_string!(language.get_untracked(), reports.copy_of, name = name)),
        );
    };
    // A saved report as it is becomes two; whatever else is shown gets a name.
    let word = move || {
        let is_saved = desk.report().is_some_and(|report| desk.address.with(|address| address.spec == report.spec));
        let locale = language.get();
        if is_saved { td_string!(locale, reports.duplicate) } else { td_string!(locale, reports.save_as) }
    };
    let shared = Signal::derive(move || {
        let spec = desk.address.with(|address| address.spec.clone());
        Some((plain_title(desk, language.get()), Shown::Report { spec }))
    });
    let kept = Signal::derive(move || desk.report());
    view! {
        <div class="page-actions">
            {may_take.then(|| view! {
                <button class="button" type="button" on:click=move |_| naming.take()>
                    <Pic icon=Icon::Download/><span>{text!(reports.download)}</span>
                </button>
                <OnPaper desk/>
            })}
            <ShareButton of=shared/>
            <ScheduleButton report=kept/>
            <button class="button" data-look="primary" type="button" on:click=save>
                <Pic icon=Icon::Star/><span>{word}</span>
            </button>
            <Menu desk naming/>
        </div>
    }
}

/// Takes the report that is shown as a document.
#[component]
fn OnPaper(desk: Desk) -> impl IntoView {
    let language = desk.language;
    let label = Signal::derive(move || td_string!(language.get(), paper.take).to_owned());
    let offer = move |()| Offer {
        documents: vec![(Kind::Report, "/api/v1/reports/report.pdf".to_owned())],
        fixed: desk.address.with_untracked(super::address::Address::pairs),
        ..Offer::default()
    };
    view! { <PaperButton offer label/> }
}

/// What can be done with a saved report that is shown, if it may be changed.
#[component]
fn Menu(desk: Desk, naming: Naming) -> impl IntoView {
    let (me, manages) = (boot::me().map(|me| me.user.id), boot::may(Role::Manager));
    let shown = Memo::new(move |_| {
        let report = desk.report()?;
        (Some(report.owner_id) == me || report.shared && manages).then_some(report)
    });
    let item = move |report: Report| {
        let spec = report.spec.clone();
        let is_same = move || desk.address.with(|address| address.spec == spec);
        let reset = Address::of_saved(report.id, &report.spec).href();
        let (update, rename, remove) = (report.clone(), report.clone(), report);
        view! {
            <details class="menu">
                <summary class="icon-button" aria-label=text!(reports.menu)><Pic icon=Icon::Dots/></summary>
                <div class="menu-list">
                    <button class="menu-item" type="button" disabled=is_same on:click=move |_| naming.update(&update)>
                        <Pic icon=Icon::Check/>{text!(reports.update)}</button>
                    <a class="menu-item" href=reset><Pic icon=Icon::Undo/>{text!(reports.reset)}</a>
                    <button class="menu-item" type="button" on:click=move |_| naming.ask_again(&rename)>
                        <Pic icon=Icon::Pencil/>{text!(reports.rename)}</button>
                    <hr class="menu-line"/>
                    <button class="menu-item" data-tone="bad" type="button" on:click=move |_| naming.remove(remove.clone())>
                        <Pic icon=Icon::Trash/>{text!(reports.delete)}</button>
                </div>
            </details>
        }
    };
    move || shown.get().map(item)
}

/// Asks for the name, and whether everybody sees the report.
#[component]
pub(super) fn NamingDialog(naming: Naming) -> impl IntoView {
    let language = naming.desk.language;
    let manages = boot::may(Role::Manager);
    let title = Signal::derive(move || {
        let is_new = naming.of.with(Option::is_none);
        let locale = language.get();
        let title = if is_new { td_string!(locale, reports.save_as) } else { td_string!(locale, reports.rename) };
        title.to_owned()
    });
    let cancel = Callback::new(move |()| naming.open.set(false));
    let of = Inquiry { busy: naming.busy, problem: naming.problem, cancel };
    let submit = Callback::new(move |()| naming.submit());
    view! {
        <Dialog open=naming.open title>
            <Question of submit>
                <div class="field">
                    <label class="field-label" for="report-name">{text!(reports.name)}</label>
                    <input class="input" id="report-name" required autofocus maxlength="200" autocomplete="off"
                        prop:value=move || naming.name.get() on:input=move |event| naming.name.set(event_target_value(&event))/>
                </div>
                {manages.then(|| view! {
                    <label class="check">
                        <input type="checkbox" class="checkbox" prop:checked=move || naming.shared.get()
                            on:change=move |event| naming.shared.set(event_target_checked(&event))/>
                        <span>{text!(reports.share)}</span>
                    </label>
                })}
            </Question>
        </Dialog>
    }
}
