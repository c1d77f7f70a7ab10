//! The effect of the draft on the portfolio, computed in the browser with the code that the server scores with.

use std::sync::Arc;
use std::time::Duration;

use domain::health::{Measure, Mode, PortfolioColumns, Preview, Scale, Scorecard, preview};
use domain::refusal::FieldError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::{Bench, fact_of};
use super::server_fns::{card_columns, preview_card};
use crate::error::{Error, Result};
use crate::live::{Event, use_live};

/// Every change within this time is scored at once.
const FRAME: Duration = Duration::from_millis(40);
/// How long nobody edits before the server is asked for other columns, or for the preview itself.
const PAUSE: Duration = Duration::from_millis(400);
/// How long after a version was published the accounts are asked for anew: the server scores them meanwhile.
const SOON: Duration = Duration::from_secs(2);
/// How long after accounts have changed they are asked for anew.
const LATER: Duration = Duration::from_secs(15);

/// What a curve needs of the portfolio: the numbers that this kind of measure reads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    fact: String,
    mode: Mode,
    season: bool,
}

impl Look {
    /// Returns what a measure looks at.
    pub(super) fn of(measure: &Measure) -> Self {
        Self { fact: fact_of(measure).to_owned(), mode: measure.mode, season: measure.season }
    }
}

/// Keeps the preview up to date; get it with [`use_engine`].
#[derive(Clone, Copy)]
pub(super) struct Engine {
    bench: Bench,
    /// What the draft would change; nothing until it was computed for the first time.
    pub result: RwSignal<Option<Arc<Preview>>>,
    /// Why there is no preview.
    pub problem: RwSignal<Option<Error>>,
    columns: RwSignal<Option<Arc<PortfolioColumns>>>,
    frame: StoredValue<bool>,
    refreshing: StoredValue<bool>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    asked: StoredValue<u64>,
}

/// Returns what keeps the preview up to date.
pub(super) fn use_engine() -> Engine {
    expect_context::<Engine>()
}

impl Engine {
    /// Begins to follow the draft, in the browser.
    pub(super) fn start(bench: Bench) -> Self {
        let engine = Self {
            bench,
            result: RwSignal::new(None),
            problem: RwSignal::new(None),
            columns: RwSignal::new(None),
            frame: StoredValue::new(false),
            refreshing: StoredValue::new(false),
            waiting: StoredValue::new(None),
            asked: StoredValue::new(0),
        };
        engine.follow();
        Effect::new(move |_| {
            bench.card.track();
            engine.look();
        });
        engine
    }

    /// Follows the portfolio: at once when a version was published, at leisure when single accounts change.
    fn follow(self) {
        let live = self.bench.live;
        Effect::watch(
            move || live.with(|live| live.as_ref().map(|live| live.version)),
            move |_, _, _| self.refresh_in(SOON),
            false,
        );
        use_live().on_event(move |event| match event {
            Event::Everything => self.refresh_in(SOON),
            Event::Notes(notes) if notes.iter().any(|note| note.account.is_some()) => self.refresh_in(LATER),
            Event::Notes(_) => {}
        });
    }

    fn refresh_in(self, pause: Duration) {
        let waits = self.refreshing.try_update_value(|waits| std::mem::replace(waits, true)).unwrap_or(true);
        if waits {
            return;
        }
        set_timeout(
            move || {
                if self.refreshing.try_update_value(|waits| *waits = false).is_some() {
                    self.refresh();
                }
            },
            pause,
        );
    }

    /// Loads the portfolio again, as after somebody published a card.
    pub(super) fn refresh(self) {
        self.problem.set(None);
        self.after_pause(move || self.ask_columns());
    }

    fn look(self) {
        let enough = self.columns.with_untracked(|columns| {
            columns
                .as_ref()
                .filter(|columns| self.bench.card.with_untracked(|card| columns.suffice(card)))
                .map(|c| c.more)
        });
        match enough {
            Some(false) => self.score_soon(),
            Some(true) => self.after_pause(move || self.ask_preview()),
            None => self.after_pause(move || self.ask_columns()),
        }
    }

    /// Scores once per frame, however fast a slider moves.
    fn score_soon(self) {
        let waits = self.frame.try_update_value(|frame| std::mem::replace(frame, true)).unwrap_or(true);
        if waits {
            return;
        }
        set_timeout(
            move || {
                let Some(()) = self.frame.try_update_value(|frame| *frame = false) else { return };
                let Some(Some(columns)) = self.columns.try_get_untracked() else { return };
                let Some(card) = self.bench.card.try_get_untracked() else { return };
                if columns.suffice(&card) {
                    let at = columns.at;
                    self.result.set(Some(Arc::new(preview(&columns, &card, at))));
                }
            },
            FRAME,
        );
    }

    fn after_pause(self, work: impl FnOnce() + 'static) {
        let handle = set_timeout_with_handle(work, PAUSE).ok();
        let earlier = self.waiting.try_update_value(|waiting| std::mem::replace(waiting, handle)).flatten();
        if let Some(earlier) = earlier {
            earlier.clear();
        }
    }

    /// Returns a number for a question, so that an answer that was overtaken is known.
    fn ask(self) -> Option<(u64, Scorecard)> {
        let card = self.bench.card.try_get_untracked()?;
        self.asked.try_update_value(|asked| *asked += 1)?;
        Some((self.asked.get_value(), card))
    }

    fn ask_columns(self) {
        // With a mistake in the filter there is nobody to ask for; the mistake is shown at its place.
        let is_wrong = |problems: &Vec<FieldError>| problems.iter().any(|problem| problem.field == "applies_to");
        if self.bench.problems.try_with_untracked(is_wrong).unwrap_or(true) {
            return;
        }
        let Some((number, card)) = self.ask() else { return };
        spawn_local(async move {
            let answer = card_columns(self.bench.id, card).await;
            if let Some(columns) = self.take(number, answer) {
                self.columns.set(Some(Arc::new(columns)));
                self.look();
            }
        });
    }

    fn ask_preview(self) {
        let Some((number, card)) = self.ask() else { return };
        spawn_local(async move {
            let answer = preview_card(self.bench.id, card).await;
            if let Some(result) = self.take(number, answer) {
                self.result.set(Some(Arc::new(result)));
            }
        });
    }

    /// Returns the answer unless another question was asked meanwhile or it failed.
    fn take<T>(self, number: u64, answer: Result<T>) -> Option<T> {
        if self.asked.try_get_value()? != number {
            return None;
        }
        match answer {
            Ok(answer) => {
                self.problem.set(None);
                Some(answer)
            }
            Err(error) => {
                self.problem.set(Some(error));
                None
            }
        }
    }

    /// Returns the numbers of the portfolio behind a curve, least first.
    pub(super) fn values(self, look: &Look) -> Vec<f64> {
        let scale = Scale::Curve(Vec::new());
        let measure = Measure { mode: look.mode, season: look.season, ..Measure::new("", "", 0.0, &look.fact, scale) };
        let mut values = self
            .columns
            .with(|columns| columns.as_ref().and_then(|columns| columns.numbers(&measure)))
            .unwrap_or_default();
        values.sort_by(f64::total_cmp);
        values
    }
}
