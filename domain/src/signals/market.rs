//! What the outside amounts to as facts of an account.

use super::website::Verdict;
use super::{Event, Tone};
use crate::health::{Facts, keys};
use crate::time::Timestamp;

/// Days of headlines that make the sentiment.
const NEWS_DAYS: i64 = 30;
/// Days of headlines in which growth is looked for.
const GROWTH_DAYS: i64 = 90;
/// Events that say a company grows.
const GROWTH: [Event; 4] = [Event::Funding, Event::Hiring, Event::Acquisition, Event::Partnership];

/// What counts of a headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// When it was published.
    pub published_at: Timestamp,
    /// When Keepwell first saw it; before that nobody knew.
    pub seen_at: Timestamp,
    /// What happened.
    pub event: Event,
    /// How good that is.
    pub tone: Tone,
}

/// What counts of a look at a website.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// How it was.
    pub verdict: Verdict,
    /// How long the answer took, in milliseconds.
    pub took_ms: u32,
    /// When the certificate ends.
    pub tls_expires_at: Option<Timestamp>,
}

impl News {
    /// Returns whether it says that a company grows.
    #[must_use]
    pub fn is_growth(&self) -> bool {
        self.tone == Tone::Positive && GROWTH.contains(&self.event)
    }
}

/// Returns how the headlines of 30 days speak, from 0 (all bad) over 50 (neither) to 100 (all good); nothing where
/// there are none.
///
/// 50 + 50 × (good − bad) ÷ (headlines + 1), so that one headline alone does not make an extreme.
#[must_use]
pub fn sentiment(news: &[News], now: Timestamp) -> Option<f64> {
    let known =
        |one: &&News| one.seen_at <= now && one.published_at <= now && one.published_at > now.plus_days(-NEWS_DAYS);
    let tones: Vec<f64> = news.iter().filter(known).map(|one| one.tone.sign()).collect();
    (!tones.is_empty()).then(|| 50.0 + 50.0 * tones.iter().sum::<f64>() / (tones.len() as f64 + 1.0))
}

/// Adds the facts of the market as they were known at `now`; nothing recorded is no fact.
pub fn add_facts(facts: &mut Facts, news: &[News], looks: &[Look], now: Timestamp) {
    let known = |days: i64| {
        let since = now.plus_days(-days);
        news.iter().filter(move |one| one.seen_at <= now && one.published_at <= now && one.published_at > since)
    };
    let count = |tone: Tone| known(NEWS_DAYS).filter(|one| one.tone == tone).count() as f64;
    if let Some(sentiment) = sentiment(news, now) {
        facts.observe(keys::MARKET_SENTIMENT_30D, now, sentiment);
        facts.observe(keys::GOOD_NEWS_30D, now, count(Tone::Positive));
        facts.observe(keys::BAD_NEWS_30D, now, count(Tone::Negative));
    }
    if news.iter().any(|one| one.seen_at <= now) {
        facts.observe(keys::GROWTH_NEWS_90D, now, known(GROWTH_DAYS).filter(|one| one.is_growth()).count() as f64);
    }
    let Some(last) = looks.iter().filter(|look| look.at <= now).max_by_key(|look| look.at) else { return };
    facts.observe(keys::WEBSITE_OK, last.at, last.verdict != Verdict::Down);
    if last.verdict != Verdict::Down {
        facts.observe(keys::WEBSITE_MS, last.at, f64::from(last.took_ms));
    }
    if let Some(ends) = last.tls_expires_at {
        facts.observe(keys::TLS_DAYS_LEFT, now, ends.days_since(now) as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::FactValue;

    fn news(ago: i64, event: Event, tone: Tone) -> News {
        let at = Timestamp(0).plus_days(100 - ago);
        News { published_at: at, seen_at: at, event, tone }
    }

    fn number(facts: &Facts, key: &str, now: Timestamp) -> Option<f64> {
        facts.value_at(key, now).and_then(FactValue::number)
    }

    #[test]
    fn headlines_of_thirty_days_make_the_sentiment() {
        let now = Timestamp(0).plus_days(100);
        let mut facts = Facts::default();
        let told = [
            news(1, Event::Layoffs, Tone::Negative),
            news(5, Event::Other, Tone::Neutral),
            news(29, Event::Lawsuit, Tone::Negative),
            news(31, Event::Breach, Tone::Negative),
            news(40, Event::Funding, Tone::Positive),
            News { seen_at: now.plus_days(1), ..news(2, Event::Funding, Tone::Positive) },
        ];
        add_facts(&mut facts, &told, &[], now);
        assert_eq!(number(&facts, keys::MARKET_SENTIMENT_30D, now), Some(25.0));
        assert_eq!(number(&facts, keys::BAD_NEWS_30D, now), Some(2.0));
        assert_eq!(number(&facts, keys::GOOD_NEWS_30D, now), Some(0.0));
        assert_eq!(number(&facts, keys::GROWTH_NEWS_90D, now), Some(1.0));
        assert_eq!(number(&facts, keys::WEBSITE_OK, now), None);
    }

    #[test]
    fn the_last_look_at_the_website_counts() {
        let now = Timestamp(0).plus_days(100);
        let look = |ago: i64, verdict| Look {
            at: now.plus_days(-ago),
            verdict,
            took_ms: 300,
            tls_expires_at: Some(now.plus_days(9)),
        };
        let mut facts = Facts::default();
        add_facts(&mut facts, &[], &[look(2, Verdict::Down), look(1, Verdict::Warning), look(-1, Verdict::Down)], now);
        assert_eq!(number(&facts, keys::WEBSITE_OK, now), Some(1.0));
        assert_eq!(number(&facts, keys::TLS_DAYS_LEFT, now), Some(9.0));
        assert_eq!(number(&facts, keys::MARKET_SENTIMENT_30D, now), None);
        let mut facts = Facts::default();
        add_facts(&mut facts, &[], &[look(1, Verdict::Down)], now);
        assert_eq!(number(&facts, keys::WEBSITE_OK, now), Some(0.0));
    }
}
