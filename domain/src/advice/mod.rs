//! Recommendations: what to do next about an account or an alert, why, what it is expected to do, whom to reach when
//! and how, and what to write.
//!
//! Everything follows from what is recorded; there is no outside service and no chance. [`recommend`] ranks the
//! [`action::ACTIONS`] whose conditions hold by
//!
//! `value = urgency × effect × usefulness ÷ effort`
//!
//! where *effect* is learned from how earlier alerts ended ([`effect`]), and *usefulness* from what people said of the
//! recommendation ([`feedback`]). Both are shrunk towards a stated prior, so that they work from the first observation
//! and say how many there are.

pub mod action;
pub mod effect;
pub mod escalation;
pub mod feedback;
pub mod growth;
pub mod message;
mod places;
#[cfg(not(target_arch = "wasm32"))]
mod rank;
pub mod timing;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::alerts::{Priority, Quoted};
use crate::contacts::Contact;
use crate::id::{AccountId, AlertId, ContactId};
use crate::money::Currency;

pub use action::{ACTIONS, Action, Aim};
pub use effect::{Effect, Measured};
pub use escalation::{PathStep, path};
pub use feedback::{Counts, Feedback, Opinion, Usefulness, Verdict};
pub use growth::{Growth, Held, Product};
pub use places::in_place;
#[cfg(not(target_arch = "wasm32"))]
pub use rank::{Said, Situation, recommend};
pub use timing::{Channel, Moments, Timing};

/// Most recommendations for one account or alert.
pub const OPTIONS_MAX: usize = 4;

/// How much an action presses: `value = base × pressure`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Urgency {
    /// The product of the two.
    pub value: f64,
    /// That of the action or of the rule behind an alert that it answers, whichever is greater: 1 to 3.
    pub base: f64,
    /// 3 within a week of the notice or renewal date, 2 within 30 days, 1.5 within 90, else 1.
    pub pressure: f64,
    /// The days to that date, where one lies ahead.
    pub days_left: Option<i64>,
}

/// An open alert that an action answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The alert.
    pub id: AlertId,
    /// The word that its rule is translated by.
    pub key: String,
    /// What the rule was called.
    pub name: String,
    /// How soon it wants somebody.
    pub priority: Priority,
}

/// Whom to reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// The part they play.
    pub role: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
}

impl Recipient {
    /// Returns what is needed of a contact to reach them.
    #[must_use]
    pub fn of(contact: &Contact) -> Self {
        let Contact { id, name, role, email, phone, .. } = contact.clone();
        Self { id, name, role, email, phone }
    }

    /// Returns the name that a letter begins with.
    #[must_use]
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// One thing to do, with all that its place in the list was worked out from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The key of the action.
    pub action: String,
    /// What it is for.
    pub aim: Aim,
    /// `urgency × effect × usefulness ÷ effort`.
    pub value: f64,
    /// How much it presses.
    pub urgency: Urgency,
    /// How often the like ended well.
    pub effect: Effect,
    /// What people said of it.
    pub usefulness: Usefulness,
    /// Hours of work.
    pub effort: f64,
    /// The open alerts that it answers.
    pub answers: Vec<Answered>,
    /// The facts that it follows from and that its message quotes.
    pub facts: Vec<Quoted>,
    /// Whom to reach; nobody where no contact is known.
    pub contact: Option<Recipient>,
    /// When and how.
    pub timing: Timing,
    /// What the asking person said of it before.
    pub mine: Option<Verdict>,
}

/// What is recommended for an account, or about one of its alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// The account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What to do, best first.
    pub options: Vec<Recommendation>,
    /// What may be sold, and why nothing should be.
    pub growth: Growth,
    /// Whom it is brought to when nobody takes it.
    pub path: Vec<PathStep>,
    /// What people said of recommendations for the account, the latest first.
    pub opinions: Vec<Feedback>,
}
