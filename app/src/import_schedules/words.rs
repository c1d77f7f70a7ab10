//! Scheduled imports in words.

use domain::import_schedules::{Imported, Outcome, Run, Trouble};
use domain::signals::trouble::Trouble as Outside;

use crate::format;
use crate::i18n::{Locale, td_string};
use crate::imports::count;

/// Returns what came of the newest run in a few words, and its tone.
pub(super) fn last(run: Option<&Run>, locale: Locale) -> (String, &'static str) {
    match run {
        None => (td_string!(locale, import_schedules.last_none).to_owned(), "neutral"),
        Some(run) => outcome(run, locale),
    }
}

/// Returns what came of a run, and its tone.
pub(super) fn outcome(run: &Run, locale: Locale) -> (String, &'static str) {
    match (&run.outcome, run.ended_at) {
        (None, _) => (td_string!(locale, import_schedules.going).to_owned(), "info"),
        (Some(Outcome::Unchanged), _) => (td_string!(locale, import_schedules.nothing_new).to_owned(), "neutral"),
        (Some(Outcome::Imported(imported)), _) => {
            (self::imported(imported, locale), if imported.left_out > 0 { "warn" } else { "good" })
        }
        (Some(Outcome::Failed(_)), Some(_)) => (td_string!(locale, import_schedules.failed).to_owned(), "bad"),
        (Some(Outcome::Failed(_)), None) => {
            let n = format::integer(i64::from(run.attempts));
            (td_string!(locale, import_schedules.again, n = n), "warn")
        }
    }
}

fn imported(imported: &Imported, locale: Locale) -> String {
    let left_out = count(imported.left_out);
    let Some(both) = imported.both else {
        let (created, updated, unchanged) =
            (count(imported.created), count(imported.updated), count(imported.unchanged));
        return td_string!(
            locale,
            import_schedules.imported,
            created = created,
            updated = updated,
            unchanged = unchanged,
            left_out = left_out
        );
    };
    let [accounts, contacts] = [both.accounts, both.contacts].map(|made| {
        let (created, updated, unchanged) = (count(made.created), count(made.updated), count(made.unchanged));
        td_string!(locale, import_schedules.made, created = created, updated = updated, unchanged = unchanged)
    });
    td_string!(locale, import_schedules.imported_both, accounts = accounts, contacts = contacts, left_out = left_out)
}

/// Returns why nothing was imported, if that is so.
pub(super) fn reason(run: &Run, locale: Locale) -> Option<String> {
    match &run.outcome {
        Some(Outcome::Failed(trouble)) => Some(self::trouble(trouble, locale)),
        _ => None,
    }
}

/// Returns why nothing was imported, and what to do.
fn trouble(trouble: &Trouble, locale: Locale) -> String {
    match trouble {
        Trouble::OwnerLeft => td_string!(locale, import_schedules.trouble_owner).to_owned(),
        Trouble::PresetGone => td_string!(locale, import_schedules.trouble_preset_gone).to_owned(),
        Trouble::PresetUnfit => td_string!(locale, import_schedules.trouble_preset_unfit).to_owned(),
        Trouble::Fetch(outside) => fetch(*outside, locale),
        Trouble::Page => td_string!(locale, import_schedules.trouble_page).to_owned(),
        Trouble::NoFile => td_string!(locale, import_schedules.trouble_no_file).to_owned(),
        Trouble::Unreadable => td_string!(locale, import_schedules.trouble_unreadable).to_owned(),
        Trouble::Refused(words) => words.clone(),
        Trouble::House => td_string!(locale, import_schedules.trouble_house).to_owned(),
    }
}

fn fetch(outside: Outside, locale: Locale) -> String {
    let words = match outside {
        Outside::NoName => td_string!(locale, import_schedules.fetch_no_name),
        Outside::TimedOut => td_string!(locale, import_schedules.fetch_timed_out),
        Outside::Certificate => td_string!(locale, import_schedules.fetch_certificate),
        Outside::Redirects => td_string!(locale, import_schedules.fetch_redirects),
        Outside::Status(401 | 403) => td_string!(locale, import_schedules.fetch_forbidden),
        Outside::Status(404 | 410) => td_string!(locale, import_schedules.fetch_missing),
        Outside::Status(status) => return td_string!(locale, import_schedules.fetch_status, status = status),
        Outside::TooLarge | Outside::Garbled | Outside::NotAFeed => {
            td_string!(locale, import_schedules.fetch_garbled)
        }
        Outside::Unreachable => td_string!(locale, import_schedules.fetch_unreachable),
    };
    words.to_owned()
}
