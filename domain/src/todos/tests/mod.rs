mod quick;
mod repeats;
mod steps;

use uuid::Uuid;

use super::*;
use crate::id::TodoId;
use crate::time::{DAY_MS, Timestamp};

/// 2026-11-21, a Saturday, nine o'clock.
const NOW: Timestamp = Timestamp(20_778 * DAY_MS + 9 * 3_600_000);

fn here() -> Here {
    Here::utc(NOW)
}

fn day(text: &str) -> Timestamp {
    Timestamp::from_date(text.parse().unwrap())
}

fn todo(change: impl FnOnce(&mut TodoDraft)) -> Todo {
    let mut draft = TodoDraft { title: "Call Ada".into(), ..TodoDraft::default() };
    change(&mut draft);
    moments::settled(draft.checked(here().today).unwrap().written(TodoId(Uuid::from_u128(7)), None, NOW), "UTC")
}
