//! What a push message says, as the service worker reads it.

use db::notices::Outgoing;
use domain::notices::{Notice, Parcel};
use serde_json::json;

use super::words::{Words, words};
use crate::format;
use crate::i18n::{Locale, td_string};

/// Longest title and text of a push message, in characters: the whole must fit one record, and screens are small.
const CHARS_MAX: usize = 200;

/// Returns what a push message says, and whether it cannot wait.
#[must_use]
pub fn message(outgoing: &Outgoing) -> (String, bool) {
    let locale = Locale::default();
    let critical = outgoing.notices.iter().any(|notice| notice.what.is_critical());
    let (title, body, url) = match (outgoing.delivery.parcel, outgoing.notices.as_slice()) {
        (Parcel::Test, _) => (
            td_string!(locale, notices.mail_test).to_owned(),
            td_string!(locale, notices.test_text).to_owned(),
            "/settings/notifications".to_owned(),
        ),
        (_, [one]) => {
            let Words { title, text } = words(one, locale);
            (title, text, one.href())
        }
        (_, many) => {
            let n = format::integer(i64::try_from(many.len()).unwrap_or(i64::MAX));
            let titles: Vec<String> = many.iter().take(3).map(|notice: &Notice| words(notice, locale).title).collect();
            (td_string!(locale, notices.push_many, n = n), titles.join("\n"), "/notifications".to_owned())
        }
    };
    let short = |text: String| text.chars().take(CHARS_MAX).collect::<String>();
    let message = json!({
        "title": short(title),
        "body": short(body),
        "url": url,
        "tag": outgoing.delivery.id,
        "unread": outgoing.unread,
        "critical": critical,
    });
    (message.to_string(), critical)
}
