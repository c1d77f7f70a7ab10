//! Numbers that light up when they change before one's eyes.

use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;

/// How long a changed number is lit.
const LIT: Duration = Duration::from_secs(2);

/// What stood on the screen, to tell what has changed.
#[derive(Clone, Copy)]
pub(super) struct Seen(StoredValue<HashMap<String, Shown>>);

struct Shown {
    seq: i64,
    text: String,
    lit: bool,
}

/// How the page is looked at: whose accounts, as of which change, and what stood there before.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Whether only the asking person's accounts are shown.
    pub(super) mine: bool,
    /// The end of the change log when the numbers were read.
    pub(super) seq: i64,
    /// What stood on the screen.
    pub(super) seen: Seen,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(HashMap::new()))
    }

    /// Returns whether the text differs from what stood there at an earlier change. Drawing the same state
    /// twice gives the same answer twice.
    fn differs(self, key: String, seq: i64, text: &str) -> bool {
        self.0
            .try_update_value(|shown| match shown.get_mut(&key) {
                Some(last) if last.seq == seq => last.lit,
                Some(last) => {
                    let lit = last.text != text;
                    *last = Shown { seq, text: text.to_owned(), lit };
                    lit
                }
                None => {
                    shown.insert(key, Shown { seq, text: text.to_owned(), lit: false });
                    false
                }
            })
            .unwrap_or_default()
    }
}

/// A number that is lit for a moment when it differs from what stood there before.
#[component]
pub(super) fn Figure(
    /// How the page is looked at.
    look: Look,
    /// What the number is about.
    #[prop(into)]
    key: String,
    /// The number as people read it.
    text: String,
) -> impl IntoView {
    let lit = RwSignal::new(look.seen.differs(format!("{key}/{}", look.mine), look.seq, &text));
    Effect::new(move |_| {
        if lit.get_untracked() {
            let dim = move || {
                let _ = lit.try_set(false);
            };
            set_timeout(dim, LIT);
        }
    });
    view! { <span class:highlight=move || lit.get()>{text}</span> }
}
