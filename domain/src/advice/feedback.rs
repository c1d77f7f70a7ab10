//! What people say of recommendations, and how it moves them in the list.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, AlertId, FeedbackId, UserId};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Longest reason in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// How many opinions what is known one level up weighs as much as.
pub const STRENGTH: f64 = 4.0;
/// The share that is assumed to be useful before anybody said anything.
pub const PRIOR: f64 = 0.5;
/// How many opinions "wrong" counts as: what is wrong is worse than what is no use.
const WRONG: f64 = 2.0;

/// What somebody thinks of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It helped.
    Useful,
    /// It is right and does not help.
    NotUseful,
    /// What it follows from is not so.
    Wrong,
}

impl Verdict {
    /// All verdicts, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Useful, Self::NotUseful, Self::Wrong];

    /// Returns the word stored in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Useful => "useful",
            Self::NotUseful => "not_useful",
            Self::Wrong => "wrong",
        }
    }

    /// Returns the verdict with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.key() == key)
    }
}

/// What somebody says of a recommendation, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The account that it was for.
    pub account: AccountId,
    /// The alert that it stood on, where it did.
    pub alert: Option<AlertId>,
    /// The key of the action.
    pub action: String,
    /// What they think.
    pub verdict: Verdict,
    /// Why; must say something where it is wrong.
    pub reason: String,
}

impl Opinion {
    /// Returns the reason as it is stored, or says what is wrong with the opinion.
    pub fn check(&self) -> Result<String, Refusal> {
        if super::action::find(&self.action).is_none() {
            return Err(Refusal::NotFound);
        }
        let reason = self.reason.trim();
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(Refusal::field("reason", "Use at most 500 characters."));
        }
        if reason.is_empty() && self.verdict == Verdict::Wrong {
            return Err(Refusal::field("reason", "Write what is wrong, so that others can see it."));
        }
        Ok(reason.to_owned())
    }
}

/// What a person said of a recommendation for an account: one for each person, account and action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Identifies it.
    pub id: FeedbackId,
    /// Counts its changes.
    pub version: i64,
    /// The account.
    pub account_id: AccountId,
    /// The alert that it stood on, where it did.
    pub alert_id: Option<AlertId>,
    /// The key of the action.
    pub action: String,
    /// The account's segment when it was said.
    pub segment: Option<String>,
    /// What they think.
    pub verdict: Verdict,
    /// Why; may be empty.
    pub reason: String,
    /// Who.
    pub given_by: Option<UserId>,
    /// When.
    pub given_at: Timestamp,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// How many opinions there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Those that say useful.
    pub useful: u32,
    /// Those that say not useful.
    pub not_useful: u32,
    /// Those that say wrong.
    pub wrong: u32,
}

impl Counts {
    /// Returns how many there are.
    #[must_use]
    pub fn total(self) -> u32 {
        self.useful + self.not_useful + self.wrong
    }

    /// Adds opinions of one kind.
    pub fn add(&mut self, verdict: Verdict, count: u32) {
        *match verdict {
            Verdict::Useful => &mut self.useful,
            Verdict::NotUseful => &mut self.not_useful,
            Verdict::Wrong => &mut self.wrong,
        } += count;
    }

    /// Returns the share that is useful, given what was expected before.
    fn shrunk(self, expected: f64) -> f64 {
        let against = f64::from(self.not_useful) + WRONG * f64::from(self.wrong);
        let useful = f64::from(self.useful);
        (STRENGTH * expected + useful) / (STRENGTH + useful + against)
    }
}

/// What people said of an action, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usefulness {
    /// What the value of the action is multiplied with: 1 where nobody said anything, between 0 and 2.
    pub factor: f64,
    /// The share that is expected to be useful here, 0 to 1.
    pub share: f64,
    /// What was said on accounts of other segments.
    pub elsewhere: Counts,
    /// What was said on other accounts of this segment.
    pub segment: Counts,
    /// What was said on this account.
    pub account: Counts,
}

impl Usefulness {
    /// Returns what follows from opinions elsewhere, in the segment and on the account. Each opinion is in one of them.
    ///
    /// A chain of Beta-binomial models: the mean of one level is the prior of the next, weighing as much as
    /// [`STRENGTH`] opinions, `m' = (k·m + useful) ÷ (k + useful + not useful + 2·wrong)`, beginning with [`PRIOR`]
    /// (the m-estimate of Cestnik, *Estimating probabilities: a crucial task in machine learning*, ECAI 1990, level by
    /// level). The factor is the last mean ÷ [`PRIOR`]. It rises with every "useful" and falls with every other word.
    #[must_use]
    pub fn new(elsewhere: Counts, segment: Counts, account: Counts) -> Self {
        let share = account.shrunk(segment.shrunk(elsewhere.shrunk(PRIOR)));
        Self { factor: share / PRIOR, share, elsewhere, segment, account }
    }

    /// Returns how many opinions there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.elsewhere.total() + self.segment.total() + self.account.total()
    }
}
