//! Scorecards: what counts towards health, how much, and what overrules it.

use serde::{Deserialize, Serialize};

use super::bands::{Band, Bands};
use super::facts::{FactValue, Facts, same_word};
use super::points::Points;
use super::scale::{Scale, TenureScale};
use crate::id::ScorecardId;
use crate::time::Timestamp;

/// What counts towards health.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// What people call it.
    pub name: String,
    /// What counts, in the order people see it.
    pub groups: Vec<Group>,
    /// What overrules the weighted score, applied from first to last.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Where the bands begin.
    #[serde(default)]
    pub bands: Bands,
    /// The filter of the accounts it applies to; empty for all.
    #[serde(default)]
    pub applies_to: String,
    /// Where several apply, the highest wins.
    #[serde(default)]
    pub priority: i32,
}

/// One version of a scorecard as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScorecardVersion {
    /// The scorecard across its versions.
    pub scorecard: ScorecardId,
    /// Counts its versions from 1.
    pub version: u32,
    /// What this version says.
    pub card: Scorecard,
    /// When it was published; `None` for a draft.
    pub published_at: Option<Timestamp>,
    /// Counts every time the scorecard was saved, so that two people who edit one draft notice each other.
    #[serde(default)]
    pub revision: u32,
}

impl ScorecardVersion {
    /// Returns the priority of the card, which decides where several apply.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.card.priority
    }
}

/// Measures that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Identifies it within the card.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Its weight against the other groups.
    pub weight: f64,
    /// What it consists of.
    pub measures: Vec<Measure>,
}

/// One thing that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Identifies it within the card, across its versions.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Its weight against the other measures of its group.
    pub weight: f64,
    /// Where its value comes from.
    pub source: Source,
    /// How a raw value becomes points.
    pub scale: Scale,
    /// What of the source is looked at.
    #[serde(default)]
    pub mode: Mode,
    /// What happens where there is no value.
    #[serde(default)]
    pub null_policy: NullPolicy,
    /// For how many days an observation is fresh; `None` for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_days: Option<u32>,
    /// Scales for accounts of a certain age; the first that covers the account is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenure: Vec<TenureScale>,
    /// Whether values are compared with what the season lets expect.
    #[serde(default)]
    pub season: bool,
}

impl Measure {
    /// Returns a measure of a fact's present value, left out where there is none.
    #[must_use]
    pub fn new(key: &str, label: &str, weight: f64, fact: &str, scale: Scale) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            weight,
            source: Source::Fact(fact.to_owned()),
            scale,
            mode: Mode::Absolute,
            null_policy: NullPolicy::Exclude,
            validity_days: None,
            tenure: Vec::new(),
            season: false,
        }
    }

    /// Returns the scale for an account of this tenure.
    #[must_use]
    pub fn scale_for(&self, tenure_days: Option<i64>) -> &Scale {
        tenure_days
            .and_then(|days| self.tenure.iter().find(|special| special.covers(days)))
            .map_or(&self.scale, |special| &special.scale)
    }
}

/// Where a measure's value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A key into [`Facts`].
    Fact(String),
}

/// What of a source is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The latest value.
    #[default]
    Absolute,
    /// The change in per cent against the value some days ago; from nothing to something is 100.
    Growth {
        /// How many days ago.
        days: u32,
    },
    /// The rise of the straight line through the last days, in per cent of their mean.
    Trend {
        /// How many days the line spans.
        days: u32,
    },
    /// The latest value in per cent of the account's own mean over the days before it.
    OwnBaseline {
        /// How many days the mean spans.
        days: u32,
    },
}

/// What happens where there is no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NullPolicy {
    /// The measure is left out and its weight goes to the others.
    #[default]
    Exclude,
    /// It counts as 50.
    Neutral,
    /// It counts as 0.
    Zero,
    /// The last value counts, also once it is stale, and fades towards 50; left out where there never was one.
    CarryForward {
        /// After how many days half of the distance to 50 is gone.
        half_life_days: u32,
    },
}

/// A rule that overrules the weighted score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// Identifies it within the card.
    pub key: String,
    /// What people see where it applied.
    pub label: String,
    /// When it applies.
    pub when: Condition,
    /// What it does.
    pub action: Action,
}

/// A comparison of a fact's present value; never true where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The fact's key.
    pub fact: String,
    /// How it is compared.
    pub op: Operator,
    /// What it is compared with.
    pub value: FactValue,
}

impl Condition {
    /// Returns whether the fact compares as asked.
    #[must_use]
    pub fn holds(&self, facts: &Facts, now: Timestamp) -> bool {
        facts.value_at(&self.fact, now).is_some_and(|actual| self.holds_for(actual))
    }

    /// Returns whether a present value compares as asked.
    #[must_use]
    pub fn holds_for(&self, actual: &FactValue) -> bool {
        if let (Some(actual), Some(expected)) = (actual.number(), self.value.number()) {
            return match self.op {
                Operator::Less => actual < expected,
                Operator::AtMost => actual <= expected,
                Operator::Greater => actual > expected,
                Operator::AtLeast => actual >= expected,
                Operator::Equal => actual == expected,
            };
        }
        match (self.op, actual, &self.value) {
            (Operator::Equal, FactValue::Text(actual), FactValue::Text(expected)) => same_word(actual, expected),
            _ => false,
        }
    }
}

/// How a fact is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// Less than.
    #[serde(rename = "<")]
    Less,
    /// Less than or equal.
    #[serde(rename = "<=")]
    AtMost,
    /// Greater than.
    #[serde(rename = ">")]
    Greater,
    /// Greater than or equal.
    #[serde(rename = ">=")]
    AtLeast,
    /// Equal; words without regard to case.
    #[serde(rename = "=")]
    Equal,
}

/// What an exception does to the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The score is at most this.
    Cap(f64),
    /// The score is at least this.
    Floor(f64),
    /// The score is this.
    Set(f64),
    /// The score is less by this.
    Minus(f64),
}

impl Action {
    /// Returns the score after the action, between 0 and 100.
    #[must_use]
    pub fn apply(self, score: Points) -> Points {
        let after = match self {
            Self::Cap(most) => score.min(Points::from_f64(most)),
            Self::Floor(least) => score.max(Points::from_f64(least)),
            Self::Set(value) => Points::from_f64(value),
            Self::Minus(points) => score - Points::from_f64(points),
        };
        after.clamped()
    }

    /// Returns the band that an account leaves by the hysteresis once this action holds.
    ///
    /// A rule that names a score decides at once, as a person does: a cap takes an account that was better into the
    /// band of the cap, a floor one that was worse into the band of the floor.
    #[must_use]
    pub fn moved_band(self, previous: Band, bands: &Bands) -> Band {
        let band = |score: f64| bands.band(Points::from_f64(score).clamped(), None);
        match self {
            Self::Cap(most) => previous.max(band(most)),
            Self::Floor(least) => previous.min(band(least)),
            Self::Set(value) => band(value),
            Self::Minus(_) => previous,
        }
    }
}

/// Returns the scorecard for an account: of those whose filter matches, the one with the highest priority.
///
/// Where priorities are equal, a card with a filter goes before one without, then the older id.
#[must_use]
pub fn choose_scorecard(cards: &[ScorecardVersion], matches: impl Fn(&str) -> bool) -> Option<&ScorecardVersion> {
    let applies = |version: &&ScorecardVersion| {
        let filter = version.card.applies_to.trim();
        filter.is_empty() || matches(filter)
    };
    cards.iter().filter(applies).min_by_key(|version| {
        (std::cmp::Reverse(version.priority()), version.card.applies_to.trim().is_empty(), version.scorecard)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn version(id: u128, applies_to: &str, priority: i32) -> ScorecardVersion {
        let card = Scorecard { applies_to: applies_to.into(), priority, ..Scorecard::default() };
        ScorecardVersion {
            scorecard: ScorecardId(Uuid::from_u128(id)),
            version: 1,
            card,
            published_at: None,
            revision: 1,
        }
    }

    #[test]
    fn the_highest_priority_that_matches_is_chosen() {
        let cards = [version(1, "", 0), version(2, "tier = pro", 5), version(3, "tier = free", 9), version(4, "x", 0)];
        let chosen =
            |matching: &str| choose_scorecard(&cards, |filter| filter == matching).unwrap().scorecard.0.as_u128();
        assert_eq!(chosen("tier = pro"), 2);
        assert_eq!(chosen("tier = free"), 3);
        assert_eq!(chosen("x"), 4, "a filter is more specific than none");
        assert_eq!(chosen("nothing"), 1);
    }

    #[test]
    fn a_rule_that_names_a_score_decides_the_band_at_once() {
        let bands = Bands::default();
        for (action, previous, expected) in [
            (Action::Cap(34.0), Band::Healthy, Band::Critical),
            (Action::Cap(34.0), Band::Critical, Band::Critical),
            (Action::Cap(60.0), Band::Healthy, Band::Watch),
            (Action::Cap(60.0), Band::AtRisk, Band::AtRisk),
            (Action::Floor(75.0), Band::Critical, Band::Healthy),
            (Action::Floor(40.0), Band::Watch, Band::Watch),
            (Action::Set(50.0), Band::Healthy, Band::AtRisk),
            (Action::Minus(40.0), Band::Healthy, Band::Healthy),
        ] {
            assert_eq!(action.moved_band(previous, &bands), expected, "{action:?} from {previous:?}");
        }
    }

    #[test]
    fn conditions_compare_numbers_and_words() {
        let now = Timestamp(0);
        let mut facts = Facts::default();
        facts.observe("urgent_tickets", now, 2.0);
        facts.observe("risk_level", now, "Critical");
        let holds = |fact: &str, op, value| Condition { fact: fact.into(), op, value }.holds(&facts, now);
        assert!(holds("urgent_tickets", Operator::AtLeast, 2.0.into()));
        assert!(!holds("urgent_tickets", Operator::Greater, 2.0.into()));
        assert!(holds("urgent_tickets", Operator::Less, "3".into()));
        assert!(holds("risk_level", Operator::Equal, "critical".into()));
        assert!(!holds("risk_level", Operator::Less, "critical".into()));
        assert!(!holds("nothing", Operator::Equal, 0.0.into()));
    }

    #[test]
    fn a_short_card_is_read_with_its_defaults() {
        let text = r#"{"name": "Small", "groups": [{"key": "g", "label": "G", "weight": 1, "measures": [
            {"key": "nps", "label": "NPS", "weight": 1, "source": {"fact": "nps"}, "scale": {"curve": [[0, 0], [10, 100]]}}
        ]}], "exceptions": [{"key": "e", "label": "E", "action": {"cap": 60},
            "when": {"fact": "urgent_tickets", "op": ">=", "value": 1}}]}"#;
        let card: Scorecard = serde_json::from_str(text).unwrap();
        assert_eq!(card.bands, Bands::default());
        assert_eq!(card.groups[0].measures[0].mode, Mode::Absolute);
        assert_eq!(card.exceptions[0].action, Action::Cap(60.0));
        let again: Scorecard = serde_json::from_str(&serde_json::to_string(&card).unwrap()).unwrap();
        assert_eq!(again, card);
    }
}
