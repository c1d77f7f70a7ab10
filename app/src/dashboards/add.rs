//! Adding a widget: a ready report or a saved one, as it is.

use domain::dashboards::Shows;
use domain::reports::{Keyed, READY, Report, Shape, Spec, ready};
use leptos::prelude::*;

use super::server_fns::list_reports_to_show;
use super::stage::Stage;
use crate::i18n::td_string;
use crate::reports::report_name;
use crate::ui::dialog::Dialog;
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};
use crate::ui::later::later;

/// The window that asks what a new widget shows.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    stage: Stage,
    open: RwSignal<bool>,
    shape: RwSignal<Option<Shape>>,
}

impl Adding {
    /// Returns the window, closed.
    pub(super) fn new(stage: Stage) -> Self {
        Self { stage, open: RwSignal::new(false), shape: RwSignal::new(None) }
    }

    /// Asks.
    pub(super) fn ask(self) {
        self.shape.set(None);
        self.open.set(true);
    }

    fn add(self, shows: Shows) {
        let shape = self.shape.get_untracked();
        let shows = match (shows, shape) {
            (Shows::Spec(spec), Some(shape)) => Shows::Spec(Spec { shape, ..spec }.fitted()),
            (shows, _) => shows,
        };
        let is_number = matches!(&shows, Shows::Spec(Spec { shape: Shape::Number, .. }));
        let (width, height) = if is_number { (1, 1) } else { (2, 2) };
        let id = self.stage.change(|draft| {
            draft.add(shows, String::new(), width, height);
            draft.widgets.last().map(|widget| widget.id)
        });
        self.open.set(false);
        if let Some(id) = id {
            self.stage.said.set(td_string!(self.stage.language.get_untracked(), dashboards.added).to_owned());
            focus_later(&format!("widget-handle-{id}"));
        }
    }
}

/// The window.
#[component]
pub(super) fn AddDialog(adding: Adding) -> impl IntoView {
    let language = adding.stage.language;
    let saved = later(move || {
        let is_open = adding.open.get();
        async move { if is_open { list_reports_to_show().await.unwrap_or_default() } else { Vec::new() } }
    });
    let title = Signal::derive(move || td_string!(language.get(), dashboards.add).to_owned());
    let of_ready = move |key: &'static str| {
        let spec = ready(key).unwrap_or_default();
        let name = report_name(&spec, language.get_untracked());
        view! {
            <li><button class="button" type="button" data-report=key on:click=move |_| adding.add(Shows::Spec(spec.clone()))>{name}</button></li>
        }
    };
    let of_saved = move |report: Report| {
        let id = report.id;
        view! {
            <li>
                <button class="button" type="button" on:click=move |_| adding.add(Shows::Report(id))>
                    {report.shared.then(|| view! { <Pic icon=Icon::People/> })}<span>{report.name}</span>
                </button>
            </li>
        }
    };
    view! {
        <Dialog open=adding.open title>
            <p class="muted">{text!(dashboards.add_text)}</p>
            <As adding/>
            <h3 class="field-label" id="dashboards-ready">{text!(dashboards.ready)}</h3>
            <ul class="dashboards-choices" aria-labelledby="dashboards-ready">{READY.into_iter().map(of_ready).collect_view()}</ul>
            <Show when=move || saved.with(|saved| saved.as_ref().is_some_and(|saved| !saved.is_empty()))>
                <h3 class="field-label" id="dashboards-saved">{text!(dashboards.saved)}</h3>
                <ul class="dashboards-choices" aria-labelledby="dashboards-saved">
                    {move || saved.get().unwrap_or_default().into_iter().map(of_saved).collect_view()}
                </ul>
            </Show>
            <p class="field-hint"><a href="/reports">{text!(dashboards.build)}</a></p>
        </Dialog>
    }
}

/// How a ready report is shown on the dashboard.
#[component]
fn As(adding: Adding) -> impl IntoView {
    let language = adding.stage.language;
    let choose = move |event| adding.shape.set(Shape::from_key(&event_target_value(&event)));
    view! {
        <label class="field">
            <span class="field-label">{text!(dashboards.show_as)}</span>
            <select class="select" id="dashboards-as" on:change=choose>
                <option value="">{move || td_string!(language.get(), dashboards.as_is)}</option>
                <option value=Shape::Number.key()>{move || td_string!(language.get(), dashboards.as_number)}</option>
                <option value=Shape::Table.key()>{move || td_string!(language.get(), dashboards.as_table)}</option>
                <option value=Shape::Bars.key()>{move || td_string!(language.get(), dashboards.as_bars)}</option>
                <option value=Shape::Donut.key()>{move || td_string!(language.get(), dashboards.as_donut)}</option>
            </select>
        </label>
    }
}
