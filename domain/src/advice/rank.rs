//! Which actions apply, and in which order.

use std::collections::BTreeMap;

use super::action::{ACTIONS, Action, Aim};
use super::effect::{Effect, Measured};
use super::feedback::{Counts, Usefulness, Verdict};
use super::growth::{self, Growth};
use super::timing::{Moments, timing};
use super::{Answered, OPTIONS_MAX, Recipient, Recommendation, Urgency};
use crate::alerts::engine::named;
use crate::alerts::facts::{Fact, Known};
use crate::alerts::priority::pressure;
use crate::alerts::{Alert, Kind, Quoted};
use crate::contacts::Contact;
use crate::fields::Catalogue;
use crate::filter::{self, Filter, Scope};
use crate::time::Timestamp;

/// What people said of one action, by where they said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// On accounts of other segments.
    pub elsewhere: Counts,
    /// On other accounts of the segment.
    pub segment: Counts,
    /// On the account.
    pub account: Counts,
    /// By the asking person on the account.
    pub mine: Option<Verdict>,
}

/// All that recommendations are made from.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What is known of the account.
    pub known: &'a Known<'a>,
    /// The fields and facts of accounts: [`crate::alerts::facts::catalogue`].
    pub catalogue: &'a Catalogue,
    /// The open alerts of the account.
    pub alerts: &'a [Alert],
    /// The alert that is asked about; none for the account as a whole. It need not be open.
    pub about: Option<&'a Alert>,
    /// The people at the customer.
    pub contacts: &'a [Contact],
    /// How closed alerts ended, by the word of their rule.
    pub measured: &'a BTreeMap<String, Measured>,
    /// What people said, by the key of the action.
    pub said: &'a BTreeMap<String, Said>,
    /// When and how the account and its segment were reached.
    pub moments: &'a Moments,
    /// What today is.
    pub now: Timestamp,
}

/// Returns what to do, best first, and what is held back because the account is not healthy.
///
/// For an account these are the actions that answer one of its open alerts or whose own condition holds; for an alert
/// those that answer it, or, where its rule has none of its own, those whose condition holds and that have its aim.
#[must_use]
pub fn recommend(situation: &Situation<'_>) -> (Vec<Recommendation>, Growth) {
    let held = growth::gate(situation.known, situation.alerts);
    let mut growth = Growth { held, ..Growth::default() };
    let mut options: Vec<Recommendation> = Vec::new();
    for action in ACTIONS.iter().filter(|action| situation.applies(action)) {
        if action.aim != Aim::Keep && held.is_some() {
            growth.actions.push(action.key.to_owned());
        } else {
            options.push(situation.option(action));
        }
    }
    // A stable sort: of two that are worth the same, the order of the catalogue decides.
    options.sort_by(|a, b| b.value.total_cmp(&a.value));
    options.truncate(OPTIONS_MAX);
    (options, growth)
}

impl Situation<'_> {
    fn applies(&self, action: &Action) -> bool {
        match self.about {
            None => self.answered(action).next().is_some() || self.holds(action),
            Some(alert) if has_own_action(alert) => action.rules.contains(&alert.reason.key.as_str()),
            Some(alert) => (action.aim == Aim::Keep) == (alert.kind != Kind::Opportunity) && self.holds(action),
        }
    }

    /// Returns the alerts that an action answers: the one that is asked about, or all open ones.
    fn answered(&self, action: &Action) -> impl Iterator<Item = &Alert> {
        let about = self.about.map(|about| about.id);
        let open = self.alerts.iter().filter(move |alert| about.is_none_or(|id| id == alert.id));
        let rules = action.rules;
        open.filter(move |alert| rules.contains(&alert.reason.key.as_str()))
    }

    fn condition(&self, action: &Action) -> Option<Filter> {
        filter::parse(action.when, self.catalogue).ok()
    }

    fn holds(&self, action: &Action) -> bool {
        let scope = Scope { catalogue: self.catalogue, me: None, now: self.now };
        self.condition(action).is_some_and(|condition| filter::matches(&condition, &scope, self.known))
    }

    fn option(&self, action: &Action) -> Recommendation {
        let urgency = self.urgency(action);
        let measured = action.rules.iter().filter_map(|rule| self.measured.get(*rule));
        let effect = Effect::new(action.effect, measured.fold(Measured::default(), |all, one| all.and(*one)));
        let said = self.said.get(action.key).copied().unwrap_or_default();
        let usefulness = Usefulness::new(said.elsewhere, said.segment, said.account);
        let contact = recipient(action, self.contacts);
        let answered = |alert: &Alert| Answered {
            id: alert.id,
            key: alert.reason.key.clone(),
            name: alert.rule_name.clone(),
            priority: alert.priority,
        };
        Recommendation {
            action: action.key.to_owned(),
            aim: action.aim,
            value: urgency.value * effect.share * usefulness.factor / action.effort,
            urgency,
            effect,
            usefulness,
            effort: action.effort,
            answers: self.answered(action).map(answered).collect(),
            facts: self.facts(action),
            contact: contact.map(Recipient::of),
            timing: timing(self.moments, contact, self.now),
            mine: said.mine,
        }
    }

    fn urgency(&self, action: &Action) -> Urgency {
        let days_left = self.known.facts.get(Fact::DaysToDeadline).map(|days| days as i64).filter(|days| *days >= 0);
        // An alert keeps the product of its rule's urgency and the pressure of then.
        let of_rule = |alert: &Alert| alert.worth.urgency / pressure(alert.worth.days_left);
        let base = self.answered(action).map(of_rule).fold(action.urgency, f64::max);
        let pressure = if action.aim == Aim::Keep { pressure(days_left) } else { 1.0 };
        Urgency { value: base * pressure, base, pressure, days_left }
    }

    /// Returns the facts of an action of which something is known: those of its condition, then those it quotes.
    fn facts(&self, action: &Action) -> Vec<Quoted> {
        let mut keys: Vec<String> = Vec::new();
        if let Some(condition) = self.condition(action) {
            named(&condition, &mut keys);
        }
        keys.extend(action.quotes.iter().map(|key| (*key).to_owned()));
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        let quoted = keys.iter().map(|key| self.known.quote(key, self.catalogue));
        quoted.filter(|fact| !fact.value.is_null()).collect()
    }
}

fn has_own_action(alert: &Alert) -> bool {
    ACTIONS.iter().any(|action| action.rules.contains(&alert.reason.key.as_str()))
}

/// Returns whom to reach: the first role that somebody has, of several whoever was in touch last; nobody who has left.
/// Where nobody has one of the roles, whoever was in touch last, those who speak against us only at the end.
fn recipient<'a>(action: &Action, contacts: &'a [Contact]) -> Option<&'a Contact> {
    let place = |contact: &Contact| {
        let role = contact.role.as_deref();
        let known = action.roles.iter().position(|wanted| Some(*wanted) == role);
        known.unwrap_or(if role == Some("detractor") { usize::MAX } else { action.roles.len() })
    };
    let present = contacts.iter().filter(|contact| contact.left_at.is_none());
    present.min_by_key(|contact| (place(contact), std::cmp::Reverse(contact.last_touch_at)))
}
