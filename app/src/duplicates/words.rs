//! The words of duplicates.

use domain::duplicates::Reason;
use domain::fields::Subject;

use super::group::Why;
use crate::i18n::{Locale, td_string};

/// Returns what each reason says.
pub(super) fn reasons(reasons: Vec<(Reason, String)>, say: fn(Reason, &str, Locale) -> String) -> Vec<Why> {
    let why = |(reason, shared): (Reason, String)| -> Why { Box::new(move |locale| say(reason, &shared, locale)) };
    reasons.into_iter().map(why).collect()
}

/// Returns why accounts may be one customer.
pub(super) fn reason(reason: Reason, shared: &str, locale: Locale) -> String {
    match reason {
        Reason::Domain => td_string!(locale, duplicates.same_domain, shared = shared.to_owned()),
        Reason::Email => td_string!(locale, duplicates.same_email, shared = shared.to_owned()),
        Reason::Name => td_string!(locale, duplicates.same_name).to_owned(),
    }
}

/// Returns why contacts may be one person.
pub(super) fn contact_reason(reason: Reason, shared: &str, locale: Locale) -> String {
    match reason {
        Reason::Email => td_string!(locale, duplicates.same_address, shared = shared.to_owned()),
        other => self::reason(other, shared, locale),
    }
}

/// Returns what records of a subject are called, many of them.
pub(super) fn records(subject: &str, locale: Locale) -> &'static str {
    match Subject::from_key(subject) {
        Some(Subject::Contact) => td_string!(locale, duplicates.contacts),
        Some(Subject::Ticket) => td_string!(locale, duplicates.tickets),
        Some(Subject::Invoice) => td_string!(locale, duplicates.invoices),
        Some(Subject::Survey) => td_string!(locale, duplicates.surveys),
        Some(Subject::Activity) => td_string!(locale, duplicates.activities),
        Some(Subject::Override) => td_string!(locale, duplicates.overrides),
        Some(Subject::Alert) => td_string!(locale, duplicates.alerts),
        Some(Subject::Todo) => td_string!(locale, duplicates.tasks),
        _ => td_string!(locale, duplicates.feedback),
    }
}
