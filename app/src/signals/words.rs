//! The words of signals.

use domain::signals::feeds::{FeedKind, Outcome};
use domain::signals::trouble::Trouble;
use domain::signals::website::{Finding, Verdict};
use domain::signals::{Event, Tone};

use crate::format;
use crate::i18n::{Locale, td_string};

/// Returns what happened in a word or two.
pub(super) fn event(event: Event, locale: Locale) -> &'static str {
    match event {
        Event::Funding => td_string!(locale, signals.event_funding),
        Event::Hiring => td_string!(locale, signals.event_hiring),
        Event::Leadership => td_string!(locale, signals.event_leadership),
        Event::Layoffs => td_string!(locale, signals.event_layoffs),
        Event::Lawsuit => td_string!(locale, signals.event_lawsuit),
        Event::Breach => td_string!(locale, signals.event_breach),
        Event::Acquisition => td_string!(locale, signals.event_acquisition),
        Event::Product => td_string!(locale, signals.event_product),
        Event::Results => td_string!(locale, signals.event_results),
        Event::Outage => td_string!(locale, signals.event_outage),
        Event::Partnership => td_string!(locale, signals.event_partnership),
        Event::Other => td_string!(locale, signals.event_other),
    }
}

/// Returns how good news is.
pub(super) fn tone(tone: Tone, locale: Locale) -> &'static str {
    match tone {
        Tone::Negative => td_string!(locale, signals.tone_negative),
        Tone::Neutral => td_string!(locale, signals.tone_neutral),
        Tone::Positive => td_string!(locale, signals.tone_positive),
    }
}

/// Returns the colour of a badge for news; a word stands beside it.
pub(super) fn tone_colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Negative => "bad",
        Tone::Neutral => "neutral",
        Tone::Positive => "good",
    }
}

/// Returns whose headlines a feed brings.
pub(super) fn kind(kind: FeedKind, locale: Locale) -> &'static str {
    match kind {
        FeedKind::Account => td_string!(locale, signals.kind_account),
        FeedKind::Market => td_string!(locale, signals.kind_market),
        FeedKind::Competitor => td_string!(locale, signals.kind_competitor),
    }
}

/// Returns what came of a look at a feed.
pub(super) fn outcome(outcome: Outcome, locale: Locale) -> String {
    match outcome {
        Outcome::Read { entries, new } => td_string!(locale, signals.outcome_read, entries = entries, new = new),
        Outcome::Unchanged => td_string!(locale, signals.outcome_unchanged).to_owned(),
        Outcome::Failed(why) => trouble(why, locale),
    }
}

/// Returns why an address gave nothing.
pub(super) fn trouble(trouble: Trouble, locale: Locale) -> String {
    let words = match trouble {
        Trouble::NoName => td_string!(locale, signals.trouble_no_name),
        Trouble::Unreachable => td_string!(locale, signals.trouble_unreachable),
        Trouble::TimedOut => td_string!(locale, signals.trouble_timed_out),
        Trouble::Certificate => td_string!(locale, signals.trouble_certificate),
        Trouble::TooLarge => td_string!(locale, signals.trouble_too_large),
        Trouble::Redirects => td_string!(locale, signals.trouble_redirects),
        Trouble::Garbled => td_string!(locale, signals.trouble_garbled),
        Trouble::NotAFeed => td_string!(locale, signals.trouble_not_a_feed),
        Trouble::Status(status) => return td_string!(locale, signals.trouble_status, status = status),
    };
    words.to_owned()
}

/// Returns how a website is, and the colour of its badge.
pub(super) fn verdict(verdict: Option<Verdict>, locale: Locale) -> (&'static str, &'static str) {
    match verdict {
        None => ("neutral", td_string!(locale, signals.verdict_none)),
        Some(Verdict::Up) => ("good", td_string!(locale, signals.verdict_up)),
        Some(Verdict::Warning) => ("warn", td_string!(locale, signals.verdict_warning)),
        Some(Verdict::Down) => ("bad", td_string!(locale, signals.verdict_down)),
    }
}

/// Returns one thing that a look at a website found.
pub(super) fn finding(finding: &Finding, locale: Locale) -> String {
    match finding {
        Finding::Trouble(why) => trouble(*why, locale),
        Finding::Status(status) => td_string!(locale, signals.trouble_status, status = *status),
        Finding::TlsDaysLeft(days) if *days < 0 => td_string!(locale, signals.finding_tls_over, days = -days),
        Finding::TlsDaysLeft(days) => td_string!(locale, signals.finding_tls, days = *days),
        Finding::Unencrypted => td_string!(locale, signals.finding_unencrypted).to_owned(),
        Finding::Slow(ms) => {
            td_string!(locale, signals.finding_slow, seconds = format::number(f64::from(*ms) / 1_000.0))
        }
        Finding::MovedTo(host) => td_string!(locale, signals.finding_moved, host = host.clone()),
        Finding::TitleChanged { from, to } => {
            td_string!(locale, signals.finding_title, from = from.clone(), to = to.clone())
        }
    }
}
