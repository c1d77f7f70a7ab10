//! Websites of accounts: what a look at one found, and whether that is a reason to worry.

use serde::{Deserialize, Serialize};

use super::address;
use super::trouble::Trouble;
use crate::id::{AccountId, UserId, WebsiteId};
use crate::time::Timestamp;

/// Most websites of a workspace.
pub const WEBSITES_MAX: u32 = 20_000;
/// How often a website is looked at where nobody said otherwise, in minutes.
pub const EVERY_MINUTES_DEFAULT: u32 = 6 * 60;
/// How soon a website is looked at again after a first failure, in minutes.
pub const AGAIN_MINUTES: u32 = 5;
/// How often at least a website is looked at while an alert stands on it, in minutes, so that the alert ends soon after
/// what it is about was put right.
pub const ALERTED_MINUTES: u32 = 60;
/// From this many days before its end on a certificate is a warning.
pub const TLS_WARNING_DAYS: i64 = 14;
/// A slower answer is a warning, in milliseconds.
pub const SLOW_MS: u32 = 5_000;
/// How often in a row it must fail before it counts as down: one failure may be ours.
pub const FAILURES_DOWN: u32 = 2;
/// Days for which every check is kept; of older days the worst one is.
pub const CHECKS_DAYS: i64 = 7;
/// Days for which a check of each day is kept.
pub const DAYS_MAX: i64 = 400;

/// How a website is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It answers as it should.
    Up,
    /// It answers, but something needs attention soon; or it failed once.
    Warning,
    /// It does not answer, or with an error.
    Down,
}

impl Verdict {
    /// Returns the word that is stored and sent.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Warning => "warning",
            Self::Down => "down",
        }
    }

    /// Returns the verdict with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Up, Self::Warning, Self::Down].into_iter().find(|verdict| verdict.key() == key)
    }
}

/// What a look found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// When the certificate of the last host ends.
    pub tls_expires_at: Option<Timestamp>,
    /// The addresses it was sent on to, in order.
    pub hops: Vec<String>,
    /// The title of the page.
    pub title: Option<String>,
    /// Why there was no answer.
    pub trouble: Option<Trouble>,
}

/// Something that a look found and a person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// There was no answer.
    Trouble(Trouble),
    /// The answer was an error.
    Status(u16),
    /// The certificate ends in so many days; below zero it has ended.
    TlsDaysLeft(i64),
    /// It is served without encryption.
    Unencrypted,
    /// The answer took this many milliseconds.
    Slow(u32),
    /// It sends visitors to another site.
    MovedTo(String),
    /// The title of the page is another than it was.
    TitleChanged {
        /// What it was.
        from: String,
        /// What it is.
        to: String,
    },
}

/// A website that is watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Website {
    /// Identifies the website.
    pub id: WebsiteId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Where it is.
    pub url: String,
    /// How often it is looked at.
    pub every_minutes: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// Who added it; `None` for the system.
    pub created_by: Option<UserId>,
    /// When it was paused, if it is.
    pub paused_at: Option<Timestamp>,
    /// Who paused it.
    pub paused_by: Option<UserId>,
    /// When it is looked at next.
    pub next_at: Timestamp,
    /// Whether a person waits for the next look.
    #[serde(default)]
    pub asked: bool,
    /// How often in a row it failed.
    pub failures: u32,
    /// How it is.
    pub verdict: Option<Verdict>,
    /// Since when it is so.
    pub since: Option<Timestamp>,
    /// What there is to know.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What the last look found.
    pub last: Option<Check>,
}

/// A website with the name of its account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchedWebsite {
    /// The website.
    pub website: Website,
    /// What people call its account.
    pub account: String,
}

impl Website {
    /// Takes in what a look found; returns whether it is now otherwise than before.
    pub fn take(&mut self, check: Check) -> bool {
        let failed = check.trouble.is_some() || check.status.is_some_and(|status| status >= 400);
        // What was not reached this time has the certificate that it had.
        let known = self.last.as_ref().and_then(|last| last.tls_expires_at).filter(|_| check.trouble.is_some());
        let check = Check { tls_expires_at: check.tls_expires_at.or(known), ..check };
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
        let findings = findings(&check, self.last.as_ref(), &self.url);
        let verdict = match (failed, findings.is_empty()) {
            (true, _) if self.failures >= FAILURES_DOWN => Verdict::Down,
            (false, true) => Verdict::Up,
            _ => Verdict::Warning,
        };
        let same_kind = |a: &Finding, b: &Finding| std::mem::discriminant(a) == std::mem::discriminant(b);
        let ended = self.last.as_ref().and_then(|last| last.tls_expires_at);
        let changed = self.verdict != Some(verdict)
            || (self.last.is_some() && ended != check.tls_expires_at)
            || self.findings.len() != findings.len()
            || !self.findings.iter().zip(&findings).all(|(was, is)| same_kind(was, is));
        if self.verdict != Some(verdict) {
            (self.verdict, self.since) = (Some(verdict), Some(check.at));
        }
        self.findings = findings;
        // A page that was not seen has no title to compare the next one with.
        let title = check.title.clone().or_else(|| self.last.as_ref().and_then(|last| last.title.clone()));
        self.last = Some(Check { title, ..check });
        changed
    }

    /// Returns in how many minutes it is looked at again, before failures in a row double that: soon after a first one,
    /// within the hour while it is down, while its certificate ends soon, or while an alert stands on it.
    #[must_use]
    pub fn again_minutes(&self, is_alerted: bool) -> u32 {
        let ends = self.findings.iter().any(|finding| matches!(finding, Finding::TlsDaysLeft(_)));
        match self.failures {
            1 => AGAIN_MINUTES,
            _ if is_alerted || ends || self.verdict == Some(Verdict::Down) => self.every_minutes.min(ALERTED_MINUTES),
            _ => self.every_minutes,
        }
    }
}

/// Returns what there is to say about a look, gravest first.
#[must_use]
pub fn findings(check: &Check, before: Option<&Check>, url: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(check.trouble.map(Finding::Trouble));
    found.extend(check.status.filter(|status| *status >= 400).map(Finding::Status));
    let days = check.tls_expires_at.map(|ends| ends.days_since(check.at));
    found.extend(days.filter(|days| *days < TLS_WARNING_DAYS).map(Finding::TlsDaysLeft));
    let last = check.hops.last().map_or(url, String::as_str);
    if check.trouble.is_none() {
        if last.starts_with("http://") {
            found.push(Finding::Unencrypted);
        }
        if check.took_ms > SLOW_MS {
            found.push(Finding::Slow(check.took_ms));
        }
        if !address::same_site(last, url) {
            found.push(Finding::MovedTo(address::host(last).to_owned()));
        }
    }
    let was = before.and_then(|before| before.title.as_ref());
    if let (Some(from), Some(to)) = (was, &check.title)
        && from != to
    {
        found.push(Finding::TitleChanged { from: from.clone(), to: to.clone() });
    }
    found
}

/// Returns the title of a page of HTML, without its marks and in one line; at most 200 characters.
#[must_use]
pub fn title_of(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let begin = open + lower.get(open..)?.find('>')? + 1;
    let end = begin + lower.get(begin..)?.find("</title")?;
    let title = html.get(begin..end)?.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")]
        .iter()
        .fold(title, |title, (mark, plain)| title.replace(mark, plain));
    let title: String = title.chars().filter(|c| !c.is_control()).take(200).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn website() -> Website {
        Website {
            id: WebsiteId(Uuid::nil()),
            account_id: AccountId(Uuid::nil()),
            url: "https://acme.example/".into(),
            every_minutes: 60,
            created_at: Timestamp(0),
            created_by: None,
            paused_at: None,
            paused_by: None,
            next_at: Timestamp(0),
            asked: false,
            failures: 0,
            verdict: None,
            since: None,
            findings: Vec::new(),
            last: None,
        }
    }

    fn check(hour: i64) -> Check {
        Check {
            at: Timestamp(hour * 3_600_000),
            took_ms: 200,
            status: Some(200),
            tls_expires_at: Some(Timestamp(0).plus_days(80)),
            hops: Vec::new(),
            title: Some("Acme".into()),
            trouble: None,
        }
    }

    #[test]
    fn one_failure_is_a_warning_and_two_are_down() {
        let mut site = website();
        assert!(site.take(check(0)));
        assert_eq!((site.verdict, site.since), (Some(Verdict::Up), Some(Timestamp(0))));
        assert!(!site.take(check(1)), "the same again is no news");
        let dead = |hour| Check { status: None, title: None, trouble: Some(Trouble::TimedOut), ..check(hour) };
        assert!(site.take(dead(2)));
        assert_eq!(site.verdict, Some(Verdict::Warning));
        assert!(site.take(dead(3)));
        assert_eq!((site.verdict, site.since), (Some(Verdict::Down), Some(Timestamp(3 * 3_600_000))));
        assert!(!site.take(dead(4)));
        assert!(site.take(check(5)));
        assert_eq!((site.verdict, site.findings.len()), (Some(Verdict::Up), 0), "the title is still known");
    }

    #[test]
    fn a_certificate_is_known_while_the_website_does_not_answer() {
        let mut site = website();
        let ends = Some(Timestamp(0).plus_days(9));
        site.take(Check { tls_expires_at: ends, ..check(0) });
        site.take(Check { tls_expires_at: None, status: None, trouble: Some(Trouble::TimedOut), ..check(1) });
        assert_eq!(site.last.as_ref().and_then(|last| last.tls_expires_at), ends);
        assert_eq!(site.findings, [Finding::Trouble(Trouble::TimedOut), Finding::TlsDaysLeft(8)]);
        site.take(Check { tls_expires_at: None, ..check(2) });
        assert_eq!(site.last.as_ref().and_then(|last| last.tls_expires_at), None, "it answers without one");
    }

    #[test]
    fn what_may_be_put_right_any_moment_is_looked_at_within_the_hour() {
        let mut site = Website { every_minutes: EVERY_MINUTES_DEFAULT, ..website() };
        site.take(check(0));
        assert_eq!((site.again_minutes(false), site.again_minutes(true)), (EVERY_MINUTES_DEFAULT, ALERTED_MINUTES));
        site.take(Check { tls_expires_at: Some(Timestamp(0).plus_days(9)), ..check(1) });
        assert_eq!(site.again_minutes(false), ALERTED_MINUTES, "the certificate ends soon");
        assert!(site.take(check(2)), "another certificate is news");
        assert_eq!(site.again_minutes(false), EVERY_MINUTES_DEFAULT);
        let dead = |hour| Check { status: None, title: None, trouble: Some(Trouble::TimedOut), ..check(hour) };
        site.take(dead(3));
        assert_eq!(site.again_minutes(true), AGAIN_MINUTES, "one failure may be ours");
        site.take(dead(4));
        assert_eq!(site.again_minutes(false), ALERTED_MINUTES);
        site.every_minutes = 15;
        assert_eq!(site.again_minutes(true), 15, "never less often than it was to be");
    }

    #[test]
    fn what_a_look_found_is_named() {
        let found = |change: fn(&mut Check)| {
            let mut check = check(0);
            change(&mut check);
            findings(&check, Some(&self::check(0)), "https://acme.example/")
        };
        assert_eq!(found(|_| {}), []);
        assert_eq!(found(|check| check.status = Some(503)), [Finding::Status(503)]);
        assert_eq!(found(|check| check.status = Some(304)), []);
        assert_eq!(found(|check| check.tls_expires_at = Some(Timestamp(0).plus_days(9))), [Finding::TlsDaysLeft(9)]);
        assert_eq!(
            found(|check| {
                check.tls_expires_at = Some(Timestamp(0).plus_days(-3));
                check.trouble = Some(Trouble::Certificate);
            }),
            [Finding::Trouble(Trouble::Certificate), Finding::TlsDaysLeft(-3)]
        );
        assert_eq!(found(|check| check.took_ms = 5_001), [Finding::Slow(5_001)]);
        assert_eq!(
            found(|check| check.hops = vec!["http://parked.example/".into()]),
            [Finding::Unencrypted, Finding::MovedTo("parked.example".into())]
        );
        assert_eq!(found(|check| check.hops = vec!["https://www.acme.example/en".into()]), []);
        assert_eq!(
            found(|check| check.title = Some("Domain for sale".into())),
            [Finding::TitleChanged { from: "Acme".into(), to: "Domain for sale".into() }]
        );
    }

    #[test]
    fn the_title_of_a_page_is_plain_text() {
        for (html, title) in [
            ("<html><head><TITLE lang=en>\n Acme &amp;\n Co </TITLE>", Some("Acme & Co")),
            ("<title></title>", None),
            ("<title>never closed", None),
            ("no title", None),
            ("<title>\u{7}&lt;script&gt;</title>", Some("<script>")),
            ("ÄÖÜ<title>ß</title>", Some("ß")),
        ] {
            assert_eq!(title_of(html).as_deref(), title, "{html}");
        }
    }
}
