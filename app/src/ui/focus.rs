//! Moving the focus to what is about to be drawn, and back to what was drawn anew.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// How long a drawing may take before it is looked for again.
const PAUSE: Duration = Duration::from_millis(40);
/// How often it is looked for: for ten seconds, as it may have to be loaded first.
const TRIES: u32 = 250;

/// Puts the focus on an element once it is there.
pub fn focus_later(id: &str) {
    look(id.to_owned(), TRIES);
}

fn look(id: String, tries: u32) {
    let focus = move || {
        // Parts of a picture have the same method, though they are no HTML.
        match document().get_element_by_id(&id).map(JsCast::unchecked_into::<HtmlElement>) {
            Some(element) => drop(element.focus()),
            None if tries > 1 => look(id, tries - 1),
            None => {}
        }
    };
    set_timeout(focus, PAUSE);
}

/// What had the focus before something was drawn anew.
#[derive(Clone, Debug)]
pub struct Held {
    id: String,
    /// What was typed into it, and where the marked text begins and ends; the same twice is the place of the next
    /// letter.
    typed: Option<(String, u32, u32)>,
}

/// Returns what has the focus and can be found again by its id; on the server nothing has.
#[must_use]
pub fn hold() -> Option<Held> {
    if cfg!(feature = "ssr") {
        return None;
    }
    let element = document().active_element().filter(|element| !element.id().is_empty())?;
    let typed = element.dyn_ref::<HtmlInputElement>().and_then(|input| {
        Some((input.value(), input.selection_start().ok().flatten()?, input.selection_end().ok().flatten()?))
    });
    Some(Held { id: element.id(), typed })
}

impl Held {
    /// Puts the focus on what now stands in the place of what had it. Where the person has gone elsewhere meanwhile,
    /// or nothing stands there, it does nothing.
    pub fn give_back(&self) {
        if document().active_element().is_some_and(|element| element.tag_name() != "BODY") {
            return;
        }
        let Some(element) = document().get_element_by_id(&self.id) else { return };
        let _ = element.unchecked_ref::<HtmlElement>().focus();
        if let (Some((text, start, end)), Some(input)) = (&self.typed, element.dyn_ref::<HtmlInputElement>()) {
            // Its own value may come a moment later; the same text once more leaves the place where it is.
            if input.value().is_empty() {
                input.set_value(text);
            }
            let _ = input.set_selection_range(*start, *end);
        }
    }
}
