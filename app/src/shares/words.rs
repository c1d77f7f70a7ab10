//! Links in words.

use domain::id::UserId;
use domain::shares::{Outcome, Share, ShareRow, Shown, State};
use domain::time::Timestamp;

use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns what a link shows, and how its numbers are.
pub(super) fn what(share: &Share, locale: Locale) -> String {
    let what = match share.shown {
        Shown::Report { .. } => td_string!(locale, shares.what_report),
        Shown::Account { .. } => td_string!(locale, shares.what_account),
    };
    let numbers = if share.live {
        td_string!(locale, shares.kind_live).to_owned()
    } else {
        td_string!(locale, shares.kind_kept, date = format::date(share.created_at))
    };
    let locked = share.locked.then(|| td_string!(locale, shares.locked));
    [Some(what), Some(numbers.as_str()), locked].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Returns whether a link works, as a word and its tone.
pub(super) fn state(share: &Share, now: Timestamp, locale: Locale) -> (&'static str, &'static str) {
    match share.state(now) {
        State::Active => (td_string!(locale, shares.active), "good"),
        State::Expired => (td_string!(locale, shares.expired), "neutral"),
        State::Revoked => (td_string!(locale, shares.revoked), "neutral"),
    }
}

/// Returns when a link ends or ended.
pub(super) fn end(share: &Share, locale: Locale) -> String {
    match share.revoked_at {
        Some(at) => format::date(at),
        None => td_string!(locale, shares.until, date = format::date(share.expires_at)),
    }
}

/// Returns how often a link was seen.
pub(super) fn views(row: &ShareRow, now: Timestamp, locale: Locale) -> String {
    match row.seen_at {
        Some(at) => {
            let n = format::integer(i64::from(row.views));
            td_string!(locale, shares.views_n, n = n, age = format::age(at, now))
        }
        None => td_string!(locale, shares.views_none).to_owned(),
    }
}

/// Returns who made a link, and when.
pub(super) fn maker(share: &Share, locale: Locale) -> String {
    let (name, date) = (person(share.owner_id, locale), format::date(share.created_at));
    td_string!(locale, shares.by_on, name = name, date = date)
}

fn person(id: UserId, locale: Locale) -> String {
    let found = crate::boot::people().into_iter().find(|person| person.id == id);
    found.map_or_else(|| td_string!(locale, shares.somebody).to_owned(), |person| person.name)
}

/// Returns what became of a look at a link.
pub(super) fn outcome(outcome: Outcome, locale: Locale) -> &'static str {
    match outcome {
        Outcome::Shown => td_string!(locale, shares.outcome_shown),
        Outcome::Taken => td_string!(locale, shares.outcome_taken),
        Outcome::WrongPassword => td_string!(locale, shares.outcome_wrong_password),
        Outcome::Ended => td_string!(locale, shares.outcome_ended),
        Outcome::Denied => td_string!(locale, shares.outcome_denied),
    }
}
