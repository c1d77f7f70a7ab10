//! What the scorer reads of headlines and looks at websites.

use domain::id::AccountId;
use domain::signals::market::{Look, News};
use domain::signals::website::Verdict;
use domain::signals::{Event, Tone};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

/// A headline as the scorer reads it.
#[derive(FromRow)]
pub(crate) struct NewsRow {
    account_id: Uuid,
    published_at: i64,
    seen_at: i64,
    event: String,
    tone: String,
}

impl NewsRow {
    pub(crate) fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    pub(crate) fn news(&self) -> Option<News> {
        let (event, tone) = (Event::from_key(&self.event)?, Tone::from_key(&self.tone)?);
        Some(News { published_at: Timestamp(self.published_at), seen_at: Timestamp(self.seen_at), event, tone })
    }
}

/// A look at a website as the scorer reads it.
#[derive(FromRow)]
pub(crate) struct LookRow {
    account_id: Uuid,
    at: i64,
    rank: i64,
    took_ms: i64,
    tls_expires_at: Option<i64>,
}

impl LookRow {
    pub(crate) fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    pub(crate) fn look(&self) -> Look {
        Look {
            at: Timestamp(self.at),
            verdict: verdict(self.rank),
            took_ms: u32::try_from(self.took_ms).unwrap_or(u32::MAX),
            tls_expires_at: self.tls_expires_at.map(Timestamp),
        }
    }
}

pub(super) fn rank(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Up => 0,
        Verdict::Warning => 1,
        Verdict::Down => 2,
    }
}

fn verdict(rank: i64) -> Verdict {
    match rank {
        0 => Verdict::Up,
        1 => Verdict::Warning,
        _ => Verdict::Down,
    }
}
