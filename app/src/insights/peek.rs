//! What drives a score, shown beside it on hover, on focus and on a long press.
//!
//! A score only names its account in `data-drivers`; one window for the whole page listens, asks when somebody
//! lingers, and keeps the answers until the change log moves. So a list of scores costs nothing more.

use std::collections::HashMap;
use std::time::Duration;

use domain::health::Cause;
use domain::id::AccountId;
use domain::insights::Drivers;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::server_fns::load_score_drivers;
use super::words;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::{Live, use_live};
use crate::ui::health::band_word;

/// How long somebody lingers before it opens; a finger, too.
const LINGER: Duration = Duration::from_millis(350);
/// How long it stays when the pointer leaves, so that the pointer can reach it.
const GRACE: Duration = Duration::from_millis(200);
/// Most answers that are kept.
const KEPT_MAX: usize = 200;
/// The space between the score and the window, in pixels.
const GAP: f64 = 6.0;
/// The id by which the score says what describes it.
const ID: &str = "drivers";

/// Which score: the account, and the moment where it is not now.
type Key = (AccountId, Option<Timestamp>);

#[derive(Clone, Copy)]
struct Window {
    /// Whose score is looked at, and the box of the score on the screen.
    shown: RwSignal<Option<(Key, [f64; 4])>>,
    answer: RwSignal<Option<Drivers>>,
    anchor: StoredValue<Option<SendWrapper<Element>>>,
    kept: StoredValue<(i64, HashMap<Key, Option<Drivers>>)>,
    timer: StoredValue<Option<TimeoutHandle>>,
    live: Live,
}

impl Window {
    /// Opens in a moment, unless something else happens until then.
    fn open_soon(self, target: Element) {
        if self.anchor.with_value(|anchor| anchor.as_deref() == Some(&target)) {
            return self.wait_no_more();
        }
        self.later(LINGER, move || self.open(&target));
    }

    fn close_soon(self) {
        if self.shown.with_untracked(Option::is_none) {
            return self.wait_no_more();
        }
        self.later(GRACE, move || self.close());
    }

    fn later(self, pause: Duration, what: impl FnOnce() + 'static) {
        self.wait_no_more();
        self.timer.set_value(set_timeout_with_handle(what, pause).ok());
    }

    fn wait_no_more(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn open(self, target: &Element) {
        let Some(key) = key_of(target) else { return };
        self.close();
        self.anchor.set_value(Some(SendWrapper::new(target.clone())));
        self.shown.set(Some((key, box_of(target))));
        let seq = self.live.seq.get_untracked();
        let known = self.kept.with_value(|(at, kept)| kept.get(&key).filter(|_| *at == seq).cloned());
        if let Some(known) = known {
            return self.take(key, known);
        }
        spawn_local(async move {
            // What cannot be loaded is not shown: the score's own page says why.
            let Ok(answer) = load_score_drivers(key.0, key.1).await else { return self.close_if(key) };
            self.kept.try_update_value(|(at, kept)| {
                if *at != seq || kept.len() >= KEPT_MAX {
                    kept.clear();
                    *at = seq;
                }
                kept.insert(key, answer.clone());
            });
            self.take(key, answer);
        });
    }

    fn take(self, key: Key, answer: Option<Drivers>) {
        if self.shown.try_get_untracked().flatten().is_none_or(|(shown, _)| shown != key) {
            return;
        }
        let Some(answer) = answer else { return self.close() };
        self.answer.set(Some(answer));
        self.anchor.with_value(|anchor| {
            if let Some(anchor) = anchor {
                let _ = anchor.set_attribute("aria-describedby", ID);
            }
        });
    }

    /// After scrolling: stays beside what has the focus, which may itself have scrolled into sight, and closes elsewhere.
    fn follow(self) {
        let Some((key, _)) = self.shown.get_untracked() else { return };
        let anchor = self.anchor.with_value(|anchor| anchor.as_deref().cloned());
        match anchor.filter(|anchor| document().active_element().as_ref() == Some(anchor)) {
            Some(anchor) => self.shown.set(Some((key, box_of(&anchor)))),
            None => self.close(),
        }
    }

    fn close_if(self, key: Key) {
        if self.shown.try_get_untracked().flatten().is_some_and(|(shown, _)| shown == key) {
            self.close();
        }
    }

    fn close(self) {
        self.wait_no_more();
        if let Some(anchor) = self.anchor.try_update_value(Option::take).flatten() {
            let _ = anchor.remove_attribute("aria-describedby");
        }
        if self.shown.try_get_untracked().flatten().is_some() {
            self.shown.set(None);
            self.answer.set(None);
        }
    }
}

/// Returns where an element is on the screen: left, top, right and bottom, in pixels.
fn box_of(element: &Element) -> [f64; 4] {
    let place = element.get_bounding_client_rect();
    [place.left(), place.top(), place.right(), place.bottom()]
}

/// Returns the account and the moment that a score names.
fn key_of(target: &Element) -> Option<Key> {
    let named = named(target)?;
    let account = named.get_attribute("data-drivers")?.parse().ok()?;
    let at = named.get_attribute("data-drivers-at").and_then(|at| at.parse().ok()).map(Timestamp);
    Some((account, at))
}

/// Returns the element that names an account: it, one around it, or one inside what has the focus.
fn named(target: &Element) -> Option<Element> {
    let around = target.closest("[data-drivers]").ok().flatten();
    around.or_else(|| target.query_selector("[data-drivers]").ok().flatten())
}

fn element(event: &ev::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The window; it stands once in the frame.
#[component]
pub fn Peek() -> impl IntoView {
    let language = use_language();
    let window = Window {
        shown: RwSignal::new(None),
        answer: RwSignal::new(None),
        anchor: StoredValue::new(None),
        kept: StoredValue::new((0, HashMap::new())),
        timer: StoredValue::new(None),
        live: use_live(),
    };
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| listen(window));
    Effect::new(move |_| {
        window.answer.track();
        if let (Some((_, place)), Some(node)) = (window.shown.get(), node.get()) {
            put(&node, place);
        }
    });
    move || {
        let (_, drivers) = window.shown.get().zip(window.answer.get())?;
        let locale = language.get();
        Some(view! {
            <div class="drivers" id=ID role="tooltip" node_ref=node
                on:pointerenter=move |_| window.wait_no_more() on:pointerleave=move |_| window.close_soon()>
                <Inside drivers locale/>
            </div>
        })
    }
}

/// Puts the window below the score, or above it where there is more room, inside what can be seen.
fn put(node: &HtmlElement, [left, top, right, bottom]: [f64; 4]) {
    let size = |read: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| read.ok().and_then(|size| size.as_f64());
    let (Some(wide), Some(high)) = (size(window().inner_width()), size(window().inner_height())) else { return };
    let place = node.get_bounding_client_rect();
    let below = bottom + GAP;
    let y = if below + place.height() <= high { below } else { (top - GAP - place.height()).max(0.0) };
    let middle = (left + right - place.width()) / 2.0;
    let x = middle.clamp(GAP, (wide - place.width() - GAP).max(GAP));
    let style = node.style();
    let _ = style.set_property("left", &format!("{x:.0}px"));
    let _ = style.set_property("top", &format!("{y:.0}px"));
}

fn listen(window_: Window) {
    let over = window_event_listener(ev::pointerover, move |event| {
        if event.pointer_type() == "touch" {
            return;
        }
        match element(&event).and_then(|target| target.closest("[data-drivers]").ok().flatten()) {
            Some(target) => window_.open_soon(target),
            None if element(&event).is_some_and(|target| target.closest(".drivers").ok().flatten().is_some()) => {}
            None => window_.close_soon(),
        }
    });
    let focus = window_event_listener(ev::focusin, move |event| match element(&event) {
        Some(target)
            if is_focused_by_keyboard(&target) && named(&target).is_some_and(|named| is_small(&target, &named)) =>
        {
            window_.open_soon(target);
        }
        _ => window_.close_soon(),
    });
    let key = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && window_.shown.get_untracked().is_some() {
            window_.close();
        }
    });
    // A long press opens it; lifting the finger or moving it before does not.
    let down = window_event_listener(ev::pointerdown, move |event| {
        let target = element(&event).and_then(|target| target.closest("[data-drivers]").ok().flatten());
        match target.filter(|_| event.pointer_type() == "touch") {
            Some(target) => window_.open_soon(target),
            None => window_.close(),
        }
    });
    let lift = move |event: ev::PointerEvent| {
        if event.pointer_type() == "touch" && window_.shown.get_untracked().is_none() {
            window_.wait_no_more();
        }
    };
    let (up, cancel) = (window_event_listener(ev::pointerup, lift), window_event_listener(ev::pointercancel, lift));
    let scroll = window_event_listener(ev::scroll, move |_| window_.follow());
    on_cleanup(move || {
        for handle in [over, focus, key, down, up, cancel, scroll] {
            handle.remove();
        }
    });
}

fn is_focused_by_keyboard(target: &Element) -> bool {
    target.matches(":focus-visible").unwrap_or_default()
}

/// Returns whether what has the focus is the score, around it or inside it, and not a whole part of the page.
fn is_small(target: &Element, named: &Element) -> bool {
    let count = target.query_selector_all("[data-drivers]").map_or(0, |list| list.length());
    target == named
        || named.contains(Some(target.as_ref()))
        || (count == 1 && target.get_bounding_client_rect().height() < 80.0)
}

#[component]
fn Inside(drivers: Drivers, locale: Locale) -> impl IntoView {
    let Drivers { score, band, coverage, up, down, exceptions, computed, by_hand, card, version, .. } = drivers;
    let score = score.map_or_else(|| "–".to_owned(), format::points);
    let share = format::percent(coverage.as_f64().round());
    // What a rule or a person decided is not what the measures lift or lower.
    let is_decided = by_hand.is_some() || !exceptions.is_empty();
    let (lifts, lowers) = if is_decided {
        (td_string!(locale, insights.measures_lift), td_string!(locale, insights.measures_lower))
    } else {
        (td_string!(locale, insights.lifts), td_string!(locale, insights.lowers))
    };
    let computed = computed.map(|computed| td_string!(locale, insights.without_hand, score = format::points(computed)));
    view! {
        <p class="drivers-head"><span class="strong">{score}</span>" "{band_word(band, locale)}</p>
        {by_hand.map(|manual| view! { <p data-by="hand">{words::by_hand(&manual, locale)}</p> })}
        {computed.map(|computed| view! { <p>{computed}</p> })}
        {exceptions.into_iter().map(|rule| view! { <p data-by="rule">{words::exception(&rule, locale)}</p> }).collect_view()}
        <Causes title=lifts causes=up tone="pos" locale/>
        <Causes title=lowers causes=down tone="neg" locale/>
        <p class="drivers-foot">{td_string!(locale, insights.drivers_foot, share = share, card = card, version = version)}</p>
    }
}

#[component]
fn Causes(title: &'static str, causes: Vec<Cause>, tone: &'static str, locale: Locale) -> impl IntoView {
    (!causes.is_empty()).then(|| {
        view! {
            <p class="drivers-title">{title}</p>
            <ul class="drivers-list" data-tone=tone>
                {causes.into_iter().map(|cause| view! { <li>{words::cause(&cause, locale)}</li> }).collect_view()}
            </ul>
        }
    })
}
