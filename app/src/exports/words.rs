//! Exports in words.

use domain::export::{Export, Format, KEPT_DAYS, Request, Stage, What};
use domain::reports::State;

use super::choice::{Choice, Whose};
use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns what the rows of a file are.
pub(crate) fn what(what: What, locale: Locale) -> &'static str {
    match what {
        What::Accounts => td_string!(locale, exports.accounts),
        What::Contacts => td_string!(locale, exports.contacts),
        What::Alerts => td_string!(locale, exports.alerts),
        What::Tasks => td_string!(locale, exports.tasks),
        What::Usage => td_string!(locale, exports.usage),
    }
}

/// Returns the name of the dialog.
pub(super) fn title(what: What, locale: Locale) -> &'static str {
    match what {
        What::Accounts => td_string!(locale, exports.take_accounts),
        What::Contacts => td_string!(locale, exports.take_contacts),
        What::Alerts => td_string!(locale, exports.take_alerts),
        What::Tasks => td_string!(locale, exports.take_tasks),
        What::Usage => td_string!(locale, exports.take_usage),
    }
}

/// Returns whose rows go out; `total` is how many are selected.
pub(super) fn whose(whose: Whose, choice: Choice, total: &str, locale: Locale) -> String {
    let own = choice.is_the_pages();
    match whose {
        Whose::Listed if own => td_string!(locale, exports.listed).to_owned(),
        Whose::Listed => td_string!(locale, exports.of_listed).to_owned(),
        Whose::Selected if own => td_string!(locale, exports.selected, total = total.to_owned()),
        Whose::Selected => td_string!(locale, exports.of_selected, total = total.to_owned()),
        Whose::All => td_string!(locale, exports.everything).to_owned(),
    }
}

/// Returns which of the alerts or tasks.
pub(super) fn state(state: State, locale: Locale) -> &'static str {
    match state {
        State::All => td_string!(locale, exports.state_all),
        State::Risks => td_string!(locale, exports.state_risks),
        State::Opportunities => td_string!(locale, exports.state_opportunities),
        State::Snoozed => td_string!(locale, exports.state_snoozed),
        State::Closed => td_string!(locale, exports.state_closed),
        State::Open => td_string!(locale, exports.state_open),
        State::Overdue => td_string!(locale, exports.state_overdue),
        State::Done => td_string!(locale, exports.state_done),
    }
}

/// Returns what a kind of file is good for.
pub(super) fn format(format: Format, locale: Locale) -> &'static str {
    match format {
        Format::Csv => td_string!(locale, exports.csv),
        Format::Xlsx => td_string!(locale, exports.xlsx),
        Format::Json => td_string!(locale, exports.json),
        Format::Pdf => td_string!(locale, exports.pdf),
    }
}

/// Returns which day the two days are about.
pub(super) fn days(what: What, locale: Locale) -> &'static str {
    match what {
        What::Tasks => td_string!(locale, exports.days_due),
        What::Alerts => td_string!(locale, exports.days_raised),
        What::Accounts | What::Contacts | What::Usage => td_string!(locale, exports.days),
    }
}

/// Says how a file is made.
pub(super) fn how(is_long: bool, locale: Locale) -> String {
    if is_long {
        td_string!(locale, exports.made_later, days = KEPT_DAYS)
    } else {
        td_string!(locale, exports.made_now).to_owned()
    }
}

/// Returns what the button says.
pub(super) fn verb(is_long: bool, locale: Locale) -> &'static str {
    if is_long { td_string!(locale, exports.make) } else { td_string!(locale, exports.download) }
}

/// Says how far a file is.
pub(super) fn going(done: u32, total: u32, locale: Locale) -> String {
    if total == 0 {
        return td_string!(locale, exports.waiting).to_owned();
    }
    let count = |number: u32| format::integer(i64::from(number));
    td_string!(locale, exports.going, done = count(done), total = count(total))
}

/// Returns the word for where an export stands.
pub(super) fn stage(stage: Stage, locale: Locale) -> &'static str {
    match stage {
        Stage::Going => td_string!(locale, exports.stage_going),
        Stage::Ready => td_string!(locale, exports.stage_ready),
        Stage::Sent => td_string!(locale, exports.stage_sent),
        Stage::Removed => td_string!(locale, exports.stage_removed),
        Stage::Cancelled => td_string!(locale, exports.stage_cancelled),
        Stage::Failed => td_string!(locale, exports.stage_failed),
    }
}

/// Returns the word by which pages know where an export stands.
pub(super) fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Going => "going",
        Stage::Ready => "ready",
        Stage::Sent => "sent",
        Stage::Removed => "removed",
        Stage::Cancelled => "cancelled",
        Stage::Failed => "failed",
    }
}

/// Returns the tone of a stage.
pub(super) fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Ready => "good",
        Stage::Failed => "bad",
        Stage::Going | Stage::Sent | Stage::Removed | Stage::Cancelled => "neutral",
    }
}

/// Says more about how an export ended.
pub(super) fn detail(export: &Export, locale: Locale) -> String {
    match (export.stage(), export.kept_until, &export.why) {
        (Stage::Ready, Some(until), _) => td_string!(locale, exports.kept_until, day = format::date(until)),
        (Stage::Failed, _, Some(why)) => why.clone(),
        _ => String::new(),
    }
}

/// Says in a sentence how an export ended.
pub(super) fn ended(stage: Stage, export: Option<&Export>, locale: Locale) -> String {
    match (stage, export) {
        (Stage::Ready, Some(export)) => {
            let (rows, size) = (format::integer(i64::from(export.rows)), size(export.bytes.unwrap_or_default()));
            td_string!(locale, exports.is_ready, rows = rows, size = size)
        }
        (Stage::Failed, Some(export)) => export.why.clone().unwrap_or_default(),
        (Stage::Cancelled, _) => td_string!(locale, exports.is_cancelled).to_owned(),
        (stage, _) => self::stage(stage, locale).to_owned(),
    }
}

/// Returns what an export is, in the list.
pub(super) fn line(export: &Export, locale: Locale) -> String {
    let kind = export.request.format.key().to_uppercase();
    format!("{} ({kind})", what(export.request.what, locale))
}

/// Says what the rows of an export are narrowed to.
pub(super) fn narrowed(request: &Request, locale: Locale) -> String {
    let mut parts = Vec::new();
    if request.state != State::All {
        parts.push(state(request.state, locale).to_owned());
    }
    if !request.filter.is_empty() {
        parts.push(request.filter.clone());
    }
    if !request.accounts.is_empty() {
        let total = i64::try_from(request.accounts.len()).unwrap_or(i64::MAX);
        parts.push(td_string!(locale, exports.of_chosen, total = format::integer(total)));
    }
    match (request.from, request.to) {
        (Some(from), Some(to)) => parts.push(format!("{} – {}", format::date(from), format::date(to))),
        (Some(from), None) => parts.push(td_string!(locale, exports.since, day = format::date(from))),
        (None, Some(to)) => parts.push(td_string!(locale, exports.until, day = format::date(to))),
        (None, None) => {}
    }
    parts.join(" · ")
}

/// Returns how long a file is, in a unit that a person reads.
pub(super) fn size(bytes: u64) -> String {
    const STEP: f64 = 1_000.0;
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < STEP => format!("{bytes} B"),
        _ if bytes < STEP * STEP => format!("{:.1} kB", bytes / STEP),
        _ => format!("{:.1} MB", bytes / STEP / STEP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Timestamp;

    #[test]
    fn a_size_has_the_unit_that_fits() {
        for (bytes, text) in [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_250_000, "1.2 MB")] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn what_an_export_is_narrowed_to_is_said_in_one_line() {
        let request = Request {
            what: What::Tasks,
            state: State::Open,
            filter: "arr > 10k".to_owned(),
            from: Some(Timestamp(0)),
            ..Request::default()
        };
        let words = narrowed(&request, Locale::default());
        assert!(words.starts_with("To be done · arr > 10k · From "), "{words}");
        assert_eq!(narrowed(&Request::default(), Locale::default()), "");
    }
}
