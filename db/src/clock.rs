//! The one clock. Everything else is told what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Timestamp;

/// Where `now` comes from: the system, or a test that moves it by hand.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's own time.
    #[default]
    System,
    /// A time that only moves when it is told to.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// Returns a clock that stands still at `now`.
    #[must_use]
    pub fn fixed(now: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(now.0)))
    }

    /// Moves a fixed clock forward; the system's clock does not listen.
    pub fn advance(&self, ms: i64) {
        if let Self::Fixed(now) = self {
            now.fetch_add(ms, Ordering::Relaxed);
        }
    }

    /// Returns the present moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Fixed(now) => Timestamp(now.load(Ordering::Relaxed)),
            Self::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}
