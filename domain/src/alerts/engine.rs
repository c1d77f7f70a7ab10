//! Holds rules against what is known of an account, and says what changes: pure, and the same when the past is played
//! again.

mod due;
mod group;
mod pass;
mod whole;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::alert::Alert;
use super::facts;
use super::inputs::Inputs;
use super::rule::{Rule, RuleError};
use crate::fields::Catalogue;
use crate::filter::{Filter, Matcher, Scope};
use crate::id::{AlertId, RuleId};
use crate::time::Timestamp;

pub use group::{Gathering, gather};
pub use pass::{Found, Pass, Standing};
pub use whole::{Whole, look_at_all};

/// A rule made ready: its texts are read, and what they read is known.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The rule.
    pub rule: Rule,
    /// What its condition, its end and its scope read.
    pub reads: Inputs,
    /// What an open alert of it reads, besides: what its priority follows from.
    pub reads_open: Inputs,
    /// All that a look at an open alert needs to know, what it quotes included.
    pub gathers: Inputs,
    fires: Filter,
    clears: Option<Filter>,
    scope: Filter,
    quotes: Vec<String>,
}

/// Fields that an alert quotes whatever its rule reads, and that its priority follows from.
const QUOTED: [&str; 4] = ["score", "arr_minor", "days_to_deadline", "churn_probability"];

impl Compiled {
    /// Reads a rule about accounts; `catalogue` is [`facts::catalogue`].
    pub fn new(rule: Rule, catalogue: &Catalogue) -> Result<Self, RuleError> {
        let (fires, clears, scope) = (rule.fires(catalogue)?, rule.clears(catalogue)?, rule.looks_at(catalogue)?);
        let mut reads = Inputs::of(&fires);
        reads.extend(Inputs::of(&scope));
        reads.extend(clears.as_ref().map(Inputs::of).unwrap_or_default());
        // Whoever has left or is put away has no alerts, whatever the rule.
        ["stage", "archived_at"].iter().for_each(|key| reads.add_field(key));
        let mut reads_open = reads.clone();
        let mut quotes = Vec::new();
        named(&fires, &mut quotes);
        quotes.extend(placed(&rule.says));
        for key in QUOTED {
            reads_open.add_field(key);
            quotes.push(key.to_owned());
        }
        let mut seen = std::collections::BTreeSet::new();
        quotes.retain(|key| seen.insert(key.clone()));
        let mut gathers = reads_open.clone();
        quotes.iter().for_each(|key| gathers.add_field(key));
        Ok(Self { rule, reads, reads_open, gathers, fires, clears, scope, quotes })
    }
}

/// Adds the fields that a filter names.
pub(crate) fn named(filter: &Filter, keys: &mut Vec<String>) {
    match filter {
        Filter::All(items) | Filter::Any(items) => items.iter().for_each(|item| named(item, keys)),
        Filter::Not(item) => named(item, keys),
        Filter::Search(_) => {}
        Filter::Field(condition) => keys.push(condition.field.clone()),
    }
}

/// Returns the fields that a sentence has places for.
fn placed(says: &str) -> impl Iterator<Item = String> {
    says.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(key, _)| key.to_owned())
}

/// What the engine remembers of an account between two looks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// By rule, what has begun and is not an alert yet, or no longer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<RuleId, Pending>,
}

/// What has begun and is not an alert yet, or no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Since when the condition holds, where there is no alert yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds_since: Option<Timestamp>,
    /// Since when an open alert is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear_since: Option<Timestamp>,
    /// When the condition was last seen not to hold, after its alert was dismissed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_go_at: Option<Timestamp>,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moved {
    /// It came into being.
    Raised,
    /// Its facts, its priority or its members changed.
    Updated,
    /// It ended by itself.
    Resolved,
    /// What it was put aside for has come.
    Woken,
    /// Nobody took it in time.
    Escalated,
}

/// An alert as it became.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// What became of it.
    pub moved: Moved,
    /// The alert.
    pub alert: Alert,
}

/// The rules that are in force in a workspace, made ready.
#[derive(Clone, Debug)]
pub struct Engine {
    catalogue: Catalogue,
    rules: Vec<Compiled>,
    /// The middle account's revenue of a year in minor units.
    pub typical_minor: i64,
    /// Whether `for`, hysteresis and cool-down count.
    is_calm: bool,
}

impl Engine {
    /// Returns the engine of the rules about accounts that are on and can be read; `accounts` holds the fields of an
    /// account.
    #[must_use]
    pub fn new(rules: &[Rule], accounts: &Catalogue, typical_minor: i64) -> Self {
        let catalogue = facts::catalogue(accounts);
        let rules = rules.iter().filter(|rule| rule.is_on() && rule.kind != super::Kind::Portfolio);
        let rules = rules.filter_map(|rule| Compiled::new(rule.clone(), &catalogue).ok()).collect();
        Self { catalogue, rules, typical_minor, is_calm: true }
    }

    /// Returns the engine without the time that a condition must hold, the gap before its end, the pause behind it and
    /// the memory of what was dismissed, to show what these are worth.
    #[must_use]
    pub fn without_noise_control(&self) -> Self {
        Self { is_calm: false, ..self.clone() }
    }

    /// Returns the rules, made ready.
    #[must_use]
    pub fn rules(&self) -> &[Compiled] {
        &self.rules
    }

    /// Returns the fields and facts that its rules read.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Returns whether any rule reads what changed.
    #[must_use]
    pub fn reads(&self, changed: &Inputs) -> bool {
        self.rules.iter().any(|rule| rule.reads_open.meets(changed))
    }

    /// Begins to look at accounts at a moment.
    #[must_use]
    pub fn pass(&self, now: Timestamp) -> Pass<'_> {
        let scope = Scope { catalogue: &self.catalogue, me: None, now };
        let ready = |rule| pass::Ready::new(rule, &scope);
        Pass::new(self, self.rules.iter().map(ready).collect(), now)
    }

    /// Returns whether a text in the language of rules is true of an account; one that cannot be read any more, because
    /// its field is gone, holds nothing back.
    pub(super) fn holds(&self, text: &str, known: &facts::Known<'_>, now: Timestamp) -> bool {
        let scope = Scope { catalogue: &self.catalogue, me: None, now };
        let Ok(filter) = crate::filter::parse(text, &self.catalogue) else { return true };
        Matcher::new(&filter, &scope).matches(known)
    }
}

/// Gives out ids for alerts; the caller has the randomness.
pub type NewId<'a> = &'a mut dyn FnMut() -> AlertId;
