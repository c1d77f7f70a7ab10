//! A line in the filter language: what can come next, the mistake where it is, and when it is meant.

use std::sync::Arc;
use std::time::Duration;

use domain::fields::Catalogue;
use domain::filter::{self, Filter, FilterError};
use leptos::html;
use leptos::prelude::*;

use crate::ui::assist::{Assist, AssistedLine, Mistake};
use crate::ui::icon::Icon;

/// How long nobody types before the text is read.
const PAUSE: Duration = Duration::from_millis(250);

/// The fields that a filter can name; none while they are on their way.
pub type Known = Signal<Option<Arc<Catalogue>>>;

/// What a person said in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The text after a key, with its mistakes.
    Typed(String),
    /// A whole filter, after a pause in which no word was left half.
    Paused(String),
    /// A whole filter, and Enter.
    Entered(String),
}

/// What the line knows; the parts of the screen around it share it.
#[derive(Clone, Copy)]
pub struct FilterText {
    line: Assist,
    known: Known,
    said: Callback<Said>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl FilterText {
    /// Sets a line up: `shown` is the filter that counts, and `said` hears what a person makes of it.
    #[must_use]
    pub fn new(id: &'static str, known: Known, shown: Memo<String>, said: Callback<Said>) -> Self {
        let complete = move |text: &str, cursor: u32| {
            known.with(|known| known.as_ref().map(|known| filter::complete(text, cursor, known)).unwrap_or_default())
        };
        let line = Assist::new(id, shown.get_untracked(), complete);
        let text = Self { line, known, said, timer: StoredValue::new(None) };
        text.check();
        Effect::watch(move || shown.get(), move |filter, _, _| text.show(filter), false);
        Effect::watch(move || known.track(), move |_, _, _| text.check(), false);
        on_cleanup(move || text.wait_no_more());
        text
    }

    /// The box.
    #[must_use]
    pub fn input(self) -> NodeRef<html::Input> {
        self.line.input
    }

    /// Takes the text as it stands, or marks its mistake.
    pub fn apply(self) {
        self.wait_no_more();
        self.line.close();
        let text = self.line.text.get_untracked();
        match self.read(&text) {
            // Without the fields only the server can judge it.
            None => self.said.run(Said::Entered(text.trim().to_owned())),
            Some(Ok(filter)) => {
                self.line.mistake.set(None);
                self.said.run(Said::Entered(filter.to_string()));
            }
            Some(Err(error)) => self.line.mistake.set(Some(error.into())),
        }
    }

    fn read(self, text: &str) -> Option<Result<Filter, FilterError>> {
        self.known.with_untracked(|known| known.as_ref().map(|known| filter::parse(text, known)))
    }

    /// Shows a filter that came from elsewhere; what is being typed and means the same stays as it is.
    fn show(self, filter: &str) {
        let text = self.line.text.get_untracked();
        let is_same = || self.read(&text).and_then(Result::ok).is_some_and(|parsed| parsed.to_string() == filter);
        if text == filter || is_same() {
            return;
        }
        self.line.text.set(filter.to_owned());
        self.check();
    }

    fn check(self) {
        let read = self.read(&self.line.text.read_untracked());
        self.line.mistake.set(read.and_then(Result::err).map(Mistake::from));
    }

    fn typed(self) {
        self.wait_no_more();
        let handle = set_timeout_with_handle(move || self.paused(), PAUSE).ok();
        self.timer.set_value(handle);
        self.said.run(Said::Typed(self.line.text.get_untracked()));
    }

    fn wait_no_more(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// After a pause: what is whole is said; a word that may become a field's name is left alone.
    fn paused(self) {
        self.check();
        let suggestions = self.line.suggestions;
        let is_half = suggestions.with_untracked(|list| list.iter().any(|next| next.replaces.0 < next.replaces.1));
        if let Some(Ok(filter)) = self.read(&self.line.text.read_untracked())
            && !is_half
        {
            self.said.run(Said::Paused(filter.to_string()));
        }
    }
}

/// The line with its mistake and its proposals.
#[component]
pub fn FilterLine(
    /// What it knows.
    text: FilterText,
    /// What it is called, where no label stands beside it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// What stands in it while it is empty.
    #[prop(into)]
    placeholder: Signal<String>,
    /// Whether nobody may type.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let (typed, entered) = (Callback::new(move |()| text.typed()), Callback::new(move |()| text.apply()));
    view! {
        <AssistedLine line=text.line label placeholder icon=Icon::Funnel max=filter::TEXT_CHARS_MAX disabled typed entered/>
    }
}
