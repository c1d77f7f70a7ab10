//! How far a running import is, shared with whoever watches or stops it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use domain::import::report::Phase;

/// Shared counters of one import; clones look at the same import.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    rows_done: AtomicU64,
    rows_total: AtomicU64,
    phase: AtomicU8,
    is_cancelled: AtomicBool,
}

const PHASES: [Phase; 6] =
    [Phase::Waiting, Phase::Writing, Phase::Saving, Phase::Done, Phase::Cancelled, Phase::Refused];

impl Progress {
    /// Returns the progress of an import that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many rows are done.
    #[must_use]
    pub fn rows_done(&self) -> u64 {
        self.0.rows_done.load(Ordering::Relaxed)
    }

    /// Returns about how many rows there are.
    #[must_use]
    pub fn rows_total(&self) -> u64 {
        self.0.rows_total.load(Ordering::Relaxed)
    }

    /// Returns what the import is doing.
    #[must_use]
    pub fn phase(&self) -> Phase {
        PHASES.get(usize::from(self.0.phase.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Waiting)
    }

    /// Asks the import to stop; it changes nothing unless it is saving already.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Returns whether somebody asked the import to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        let place = PHASES.iter().position(|known| *known == phase).unwrap_or(0);
        self.0.phase.store(u8::try_from(place).unwrap_or(0), Ordering::Relaxed);
    }

    pub(super) fn set_total(&self, rows: u64) {
        self.0.rows_total.store(rows, Ordering::Relaxed);
    }

    pub(super) fn add_done(&self, rows: usize) {
        self.0.rows_done.fetch_add(rows as u64, Ordering::Relaxed);
    }
}
