//! One widget: its report, and what is done with it by pointer or by keyboard.

use domain::chart::Size;
use domain::dashboards::{HEIGHT_MAX, Shows, WIDTH_MAX, Widget};
use domain::reports::{Answer, Shape};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::server_fns::Told;
use super::stage::Stage;
use super::words;
use crate::error::Error;
use crate::format;
use crate::i18n::td_string;
use crate::reports::{ReportAddress, Sheet};
use crate::ui::focus::focus_later;
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton};

/// A widget in its place.
#[component]
pub(super) fn WidgetCard(id: u32, stage: Stage) -> impl IntoView {
    let widget = Memo::new(move |_| stage.widget(id));
    let told = Memo::new(move |_| stage.told.with(|told| told.iter().find(|told| told.widget == id).cloned()));
    let name = move || {
        let locale = stage.language.get();
        widget.with(|widget| widget.as_ref().map(|one| told.with(|told| words::widget(one, told.as_ref(), locale))))
    };
    let size = Memo::new(move |_| widget.with(|widget| widget.as_ref().map_or((1, 1), |one| (one.width, one.height))));
    let may = move || stage.may_change();
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let dragged = stage.dragged.get_untracked();
        stage.dragged.set(None);
        if let Some(dragged) = dragged {
            let place = stage.change(|draft| draft.put_at(dragged, id));
            say_place(stage, place);
        }
    };
    view! {
        <li class="card dashboards-widget" data-widget=id.to_string() aria-labelledby=format!("widget-{id}")
            data-width=move || size.get().0.to_string() data-height=move || size.get().1.to_string()
            data-dragged=move || (stage.dragged.get() == Some(id)).then_some("")
            on:dragover=move |event| { if stage.dragged.get_untracked().is_some() { event.prevent_default(); } }
            on:drop=drop>
            <header class="card-head">
                <h2 class="card-title" id=format!("widget-{id}")>{name}</h2>
                <Show when=may><Handle id stage/><Menu id stage/></Show>
            </header>
            <div class="card-body dashboards-sheet" tabindex="0" role="group" aria-labelledby=format!("widget-{id}")>
                <Says told size stage/>
            </div>
        </li>
    }
}

/// What the widget says; what went wrong stands in it alone.
#[component]
fn Says(told: Memo<Option<Told>>, size: Memo<(u8, u8)>, stage: Stage) -> impl IntoView {
    let retry = Callback::new(move |()| stage.again.update(|again| *again += 1));
    move || {
        let locale = stage.language.get();
        match told.get().map(|told| told.answer) {
            Some(Ok(answer)) => {
                let size = picture(size.get());
                view! { <Sheet answer size peeking=stage.peeking locale/> }.into_any()
            }
            Some(Err(Error::Refused(domain::refusal::Refusal::NotFound))) => {
                view! { <p class="empty-text">{td_string!(locale, dashboards.report_gone)}</p> }.into_any()
            }
            Some(Err(error)) => view! { <Problem error retry/> }.into_any(),
            None => view! { <Skeleton lines=3/> }.into_any(),
        }
    }
}

/// Returns how large a picture is in a widget of so many columns and rows.
fn picture((width, height): (u8, u8)) -> Size {
    let (width, height) = (f64::from(width), f64::from(height));
    Size { width: 290.0 * width - 20.0, height: (155.0 * height - 110.0).clamp(90.0, 360.0) }
}

/// Says where a widget now stands, for those who do not see it, and keeps the focus on its handle.
fn say_place(stage: Stage, place: Option<usize>) {
    let Some(place) = place else { return };
    let of = stage.dashboard.with_untracked(|dashboard| dashboard.widgets.len());
    let (place, of) = (format::integer(place as i64 + 1), format::integer(of as i64));
    stage.said.set(td_string!(stage.language.get_untracked(), dashboards.moved, place = place, of = of));
}

fn shift(stage: Stage, id: u32, by: i32) {
    let place = stage.change(|draft| draft.shift(id, by));
    say_place(stage, place);
    focus_later(&format!("widget-handle-{id}"));
}

fn resize(stage: Stage, id: u32, wider: i8, higher: i8) {
    let Some((width, height)) = stage.change(|draft| draft.resize(id, wider, higher)) else { return };
    let (width, height) = (format::integer(i64::from(width)), format::integer(i64::from(height)));
    stage.said.set(td_string!(stage.language.get_untracked(), dashboards.resized, width = width, height = height));
}

/// Moves the widget: dragged, or with the arrow keys; with the shift key these change its size.
#[component]
fn Handle(id: u32, stage: Stage) -> impl IntoView {
    let keydown = move |event: KeyboardEvent| {
        let is_sizing = event.shift_key();
        match (event.key().as_str(), is_sizing) {
            ("ArrowLeft" | "ArrowUp", false) => shift(stage, id, -1),
            ("ArrowRight" | "ArrowDown", false) => shift(stage, id, 1),
            ("ArrowLeft", true) => resize(stage, id, -1, 0),
            ("ArrowRight", true) => resize(stage, id, 1, 0),
            ("ArrowUp", true) => resize(stage, id, 0, -1),
            ("ArrowDown", true) => resize(stage, id, 0, 1),
            _ => return,
        }
        event.prevent_default();
    };
    let begin = move |event: web_sys::DragEvent| {
        if let Some(data) = event.data_transfer() {
            // Without data, some browsers do not begin.
            let _ = data.set_data("text/plain", &id.to_string());
            data.set_effect_allowed("move");
        }
        stage.dragged.set(Some(id));
    };
    view! {
        <button class="icon-button dashboards-handle" type="button" draggable="true" id=format!("widget-handle-{id}")
            aria-label=text!(dashboards.handle) title=text!(dashboards.handle_hint)
            on:keydown=keydown on:dragstart=begin on:dragend=move |_| stage.dragged.set(None)>
            <Pic icon=Icon::Tiles/>
        </button>
    }
}

/// All that can be done with a widget.
#[component]
fn Menu(id: u32, stage: Stage) -> impl IntoView {
    let widget = Memo::new(move |_| stage.widget(id));
    let size = move || widget.with(|widget| widget.as_ref().map_or((1, 1), |one| (one.width, one.height)));
    let (is_widest, is_narrowest) = (move || size().0 >= WIDTH_MAX, move || size().0 <= 1);
    let (is_highest, is_lowest) = (move || size().1 >= HEIGHT_MAX, move || size().1 <= 1);
    let open = move || {
        let answer = stage
            .told
            .with(|told| told.iter().find(|told| told.widget == id).and_then(|told| told.answer.clone().ok()));
        widget.with(|widget| report_href(widget.as_ref()?, answer.as_ref()))
    };
    let shape = move || widget.with(|widget| widget.as_ref().and_then(shape));
    let remove = move |_| {
        let before = stage.dashboard.with_untracked(|dashboard| dashboard.widgets.clone());
        stage.change(|draft| draft.remove(id));
        let locale = stage.language.get_untracked();
        let back = move || {
            if stage.dashboard.try_get_untracked().is_some() {
                stage.change(|draft| draft.widgets.clone_from(&before));
            }
        };
        stage.toasts.offer(td_string!(locale, dashboards.removed), td_string!(locale, common.undo), back);
    };
    let as_shape = move |of: Shape, word: &'static str| {
        let choose = move |_| {
            stage.change(|draft| {
                if let Some(Shows::Spec(spec)) = draft.widget_mut(id).map(|widget| &mut widget.shows) {
                    spec.shape = of;
                    *spec = spec.clone().fitted();
                }
            });
        };
        let is_it = move || shape().is_none_or(|shape| shape == of);
        view! { <button class="menu-item" type="button" disabled=is_it on:click=choose><Pic icon=Icon::Bars/>{word}</button> }
    };
    view! {
        <details class="menu">
            <summary class="icon-button" aria-label=text!(dashboards.widget_menu)><Pic icon=Icon::Dots/></summary>
            <div class="menu-list">
                <a class="menu-item" href=open><Pic icon=Icon::Columns/>{text!(dashboards.open)}</a>
                <Rename id stage/>
                <hr class="menu-line"/>
                <button class="menu-item" type="button" on:click=move |_| shift(stage, id, -1)><Pic icon=Icon::Left/>{text!(dashboards.earlier)}</button>
                <button class="menu-item" type="button" on:click=move |_| shift(stage, id, 1)><Pic icon=Icon::Right/>{text!(dashboards.later)}</button>
                <button class="menu-item" type="button" disabled=is_widest on:click=move |_| resize(stage, id, 1, 0)>
                    <Pic icon=Icon::Plus/>{text!(dashboards.wider)}</button>
                <button class="menu-item" type="button" disabled=is_narrowest on:click=move |_| resize(stage, id, -1, 0)>
                    <Pic icon=Icon::Cross/>{text!(dashboards.narrower)}</button>
                <button class="menu-item" type="button" disabled=is_highest on:click=move |_| resize(stage, id, 0, 1)>
                    <Pic icon=Icon::Down/>{text!(dashboards.higher)}</button>
                <button class="menu-item" type="button" disabled=is_lowest on:click=move |_| resize(stage, id, 0, -1)>
                    <Pic icon=Icon::Up/>{text!(dashboards.lower)}</button>
                <hr class="menu-line"/>
                {move || {
                    let locale = stage.language.get();
                    (as_shape(Shape::Number, td_string!(locale, dashboards.as_number)),
                        as_shape(Shape::Table, td_string!(locale, dashboards.as_table)),
                        as_shape(Shape::Bars, td_string!(locale, dashboards.as_bars)),
                        as_shape(Shape::Donut, td_string!(locale, dashboards.as_donut)))
                }}
                <hr class="menu-line"/>
                <button class="menu-item" data-tone="bad" type="button" on:click=remove><Pic icon=Icon::Trash/>{text!(dashboards.remove)}</button>
            </div>
        </details>
    }
}

/// Asks for another name, in the menu itself; without one, the widget is called as its report.
#[component]
fn Rename(id: u32, stage: Stage) -> impl IntoView {
    let name = move || stage.widget(id).map(|widget| widget.name).unwrap_or_default();
    let rename = move |event| {
        let name = event_target_value(&event).trim().to_owned();
        stage.change(|draft| {
            if let Some(widget) = draft.widget_mut(id) {
                widget.name = name;
            }
        });
    };
    view! {
        <label class="field dashboards-rename">
            <span class="field-label">{text!(dashboards.widget_name)}</span>
            <input class="input" maxlength="200" autocomplete="off" id=format!("widget-name-{id}") prop:value=name on:change=rename/>
        </label>
    }
}

/// Returns the address of the report; of a saved one as soon as it is known what it asks for.
fn report_href(widget: &Widget, answer: Option<&Answer>) -> Option<String> {
    Some(match &widget.shows {
        Shows::Spec(spec) => ReportAddress::of_spec(spec).href(),
        Shows::Report(id) => ReportAddress::of_saved(*id, &answer?.spec).href(),
    })
}

fn shape(widget: &Widget) -> Option<Shape> {
    match &widget.shows {
        Shows::Spec(spec) => Some(spec.shape),
        Shows::Report(_) => None,
    }
}
