//! A score with its whole explanation, for programs: the steps that add up to it, and why it moved.

use db::{Db, Result};
use domain::health::{Band, Points, Step, explain_change, summarise_change, waterfall};
use domain::id::AccountId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde::Serialize;

use super::{gather, past, words};
use crate::format;
use crate::i18n::{Locale, td_string};

/// A score and what it is made of. Points are whole millionths.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The account.
    pub account: AccountId,
    /// When the score was made.
    pub at: Timestamp,
    /// The score; nothing where nothing is known.
    pub score: Option<Points>,
    /// Its band.
    pub band: Option<Band>,
    /// The share of the weight that is present and fresh.
    pub coverage: Points,
    /// The name of the scorecard that made it.
    pub scorecard: String,
    /// The version of that scorecard.
    pub version: u32,
    /// The steps from zero, which add up to the score exactly.
    pub steps: Vec<Step>,
    /// What costs the score most, as a sentence.
    pub sentence: Option<String>,
    /// Why it moved, where a day was asked for and there was a score then.
    pub change: Option<Moved>,
}

/// Why a score is not what it was.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// The day at whose end the comparison begins.
    pub since: Timestamp,
    /// The score then.
    pub from: Option<Points>,
    /// The steps between the two, which add up exactly.
    pub steps: Vec<Step>,
    /// The same as a sentence.
    pub sentence: String,
}

/// Returns the score of an account as it stood at a moment, now for none, and why it moved since a day.
///
/// # Errors
/// `NotFound` for an account that is not of the actor's workspace or has no score at that moment, and a refusal for a
/// day that is not before the moment.
pub async fn tell(
    db: &Db,
    actor: &Actor,
    id: AccountId,
    (since, at): (Option<Timestamp>, Option<Timestamp>),
    locale: Locale,
) -> Result<Told> {
    let mut tx = db.read(actor).await?;
    past::account(&mut tx, id, at).await?;
    let now = at.unwrap_or(tx.now());
    if since.is_some_and(|day| now < day) {
        return Err(Refusal::field("since", "Choose a day that is not after the moment the score is asked for.").into());
    }
    let stored = db::health::evaluation_at(&mut tx, id, now).await?.ok_or(Refusal::NotFound)?;
    let version = db::health::version(&mut tx, stored.scorecard, stored.version).await?;
    let evaluation = stored.evaluation;
    let change = match since {
        Some(day) => db::health::evaluation_at(&mut tx, id, day.plus_days(1)).await?.map(|before| {
            let before = before.evaluation;
            let date = format::date(day);
            let span = td_string!(locale, account.since_day, date = date.clone());
            let sentence = words::why(&summarise_change(&before, &evaluation), &span, locale);
            Moved {
                since: day,
                from: before.score,
                steps: explain_change(&before, &evaluation),
                sentence: sentence.unwrap_or_else(|| td_string!(locale, account.nothing_changed, date = date)),
            }
        }),
        None => None,
    };
    Ok(Told {
        account: id,
        at: evaluation.at,
        score: evaluation.score,
        band: evaluation.band,
        coverage: evaluation.coverage,
        scorecard: version.map(|version| version.card.name).unwrap_or_default(),
        version: stored.version,
        steps: waterfall(&evaluation),
        sentence: words::drags(&gather::drags(&evaluation), locale),
        change,
    })
}

/// Reads a day such as `2026-03-01`.
#[must_use]
pub fn day(text: &str) -> Option<Timestamp> {
    words::day(text)
}
