//! What a list of notices is shown as: many of one kind within a short time as one entry, the others by account.

use super::{Event, Notice};
use crate::id::AccountId;

/// From how many notices of one kind on they are one entry.
pub const STORM_MIN: usize = 6;
/// Within how long, counted back from the newest of them.
pub const STORM_MS: i64 = 10 * 60_000;

/// What notices are shown under.
#[derive(Clone, Debug, PartialEq)]
pub enum Heading {
    /// Many of one kind within a short time.
    Storm(Event),
    /// The account that they are about.
    Account(AccountId, String),
    /// They are about no account.
    Nothing,
}

/// Notices that are shown together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they are shown under.
    pub heading: Heading,
    /// The notices, newest first.
    pub notices: Vec<Notice>,
}

/// Puts notices, newest first, together: many of one kind within a short time as one entry that lists them, the others
/// by account. What has the newest notice comes first.
#[must_use]
pub fn grouped(notices: Vec<Notice>) -> Vec<Group> {
    let entries = entries(&notices);
    let mut groups: Vec<(Option<usize>, Group)> = Vec::new();
    for (notice, entry) in notices.into_iter().zip(entries) {
        let storm = entry.is_storm.then_some(entry.number);
        let account = |group: &Group| group.notices.first().and_then(|first| first.account);
        let same = |(of, group): &&mut (Option<usize>, Group)| {
            *of == storm && (storm.is_some() || account(group) == notice.account)
        };
        if let Some((_, group)) = groups.iter_mut().find(same) {
            group.notices.push(notice);
            continue;
        }
        let heading = match notice.account {
            _ if storm.is_some() => Heading::Storm(notice.what.event()),
            Some(id) => Heading::Account(id, notice.account_name.clone().unwrap_or_default()),
            None => Heading::Nothing,
        };
        groups.push((storm, Group { heading, notices: vec![notice] }));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Returns how many of these notices, newest first, a page of so many entries shows: no entry that begins on it is cut.
/// Nothing where older notices have to be seen first; `is_all` says that there are none.
#[must_use]
pub fn enough(notices: &[Notice], limit: usize, is_all: bool) -> Option<usize> {
    let entries = entries(notices);
    let mut last = None;
    let mut youngest = limit.checked_sub(1)?;
    // What lies between the notices of an entry is shown, too, and so is all that belongs to that.
    loop {
        let reach = entries.iter().rposition(|entry| entry.number <= youngest);
        if reach == last {
            break;
        }
        last = reach;
        youngest = entries.iter().take(reach? + 1).map(|entry| entry.number).max()?;
    }
    let shown = last.map_or(0, |last| last + 1);
    if is_all {
        return Some(shown);
    }
    // An older notice belongs to an entry only if it is not too old for it.
    let first = entries.iter().position(|entry| entry.number == youngest)?;
    let is_settled = notices[first].at.0 - notices.last()?.at.0 > STORM_MS;
    (is_settled && shown < notices.len()).then_some(shown)
}

/// Which entry a notice belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// Its place, counted from the newest.
    number: usize,
    is_storm: bool,
}

/// Returns the entry of each notice. A storm begins with its newest notice.
fn entries(notices: &[Notice]) -> Vec<Entry> {
    let mut found: Vec<Option<Entry>> = vec![None; notices.len()];
    let mut number = 0;
    for (place, first) in notices.iter().enumerate() {
        if found[place].is_some() {
            continue;
        }
        let belongs = |(other, notice): &(usize, &Notice)| {
            found[*other].is_none()
                && notice.what.event() == first.what.event()
                && (first.at.0 - notice.at.0).abs() <= STORM_MS
        };
        let members: Vec<usize> =
            notices.iter().enumerate().skip(place).filter(belongs).map(|(other, _)| other).collect();
        let is_storm = members.len() >= STORM_MIN;
        let members = if is_storm { members } else { vec![place] };
        members.into_iter().for_each(|member| found[member] = Some(Entry { number, is_storm }));
        number += 1;
    }
    found.into_iter().flatten().collect()
}
