//! The quality of what is recorded: rules that every account keeps or breaks, and how complete a portfolio is.
//!
//! A rule that the filter language can say carries a filter that means the same, so that the grid lists its accounts
//! and people put them right there; the others have a list of their own.

mod rules;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::accounts::annual_minor;
use crate::health::Points;
use crate::id::{AccountId, UserId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

pub use rules::{COVERAGE_MIN_PCT, Kind, Rule, STALE_DAYS};

/// Most accounts that a rule's own list holds; the rest is counted.
pub const ROWS_MAX: usize = 50;

/// What the rules look at, of one account: fields of its document, and what else is known of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Facts {
    /// Which account.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// Its web domain.
    pub domain: Option<String>,
    /// Who owns it.
    pub owner_id: Option<UserId>,
    /// The account above it.
    pub parent_id: Option<AccountId>,
    /// Its lifecycle stage.
    pub stage: Option<String>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What is recorded as its ARR.
    pub arr_minor: Option<i64>,
    /// What is recorded as its MRR.
    pub mrr_minor: Option<i64>,
    /// When the present contract began.
    pub contract_start: Option<Timestamp>,
    /// When it renews.
    pub renewal_at: Option<Timestamp>,
    /// When somebody there last used the product.
    pub last_login_at: Option<Timestamp>,
    /// When either side last got in touch.
    pub last_activity_at: Option<Timestamp>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it was archived; of these nothing is asked.
    pub archived_at: Option<Timestamp>,
    /// The share of the measures that have data; none until it was first scored.
    #[serde(skip)]
    pub coverage: Option<Points>,
    /// Whether a contact is recorded.
    #[serde(skip)]
    pub has_contact: bool,
    /// Whether the account above it is there; also where none is named.
    #[serde(skip)]
    pub has_parent: bool,
}

impl Facts {
    /// Returns the recurring revenue of a year.
    #[must_use]
    pub fn annual(&self) -> Option<Money> {
        let minor = annual_minor(self.arr_minor, self.mrr_minor)?;
        Some(Money { minor, currency: self.currency })
    }

    /// Returns whether it has left; of those that have, nothing is asked any more.
    #[must_use]
    pub fn is_churned(&self) -> bool {
        self.stage.as_deref().is_some_and(|stage| stage.eq_ignore_ascii_case(rules::CHURNED))
    }
}

/// What a rule has to know besides the account itself.
#[derive(Clone, Debug, Default)]
pub struct Around {
    now: Timestamp,
    /// Owners who are no longer active, with the word by which a filter finds them.
    gone: BTreeMap<UserId, String>,
    /// Names and domains that several accounts have, as they are compared.
    names: HashSet<String>,
    domains: HashSet<String>,
}

impl Around {
    /// Looks at all accounts of a workspace, and at the people who are active, or once were, by their addresses.
    #[must_use]
    pub fn new(facts: &[Facts], active: &HashSet<UserId>, addresses: &HashMap<UserId, String>, now: Timestamp) -> Self {
        let owners: HashSet<UserId> = facts.iter().filter_map(|facts| facts.owner_id).collect();
        let word = |owner: &UserId| addresses.get(owner).cloned().unwrap_or_else(|| owner.to_string());
        Self {
            now,
            gone: owners.difference(active).map(|owner| (*owner, word(owner))).collect(),
            names: repeated(facts.iter().filter_map(|facts| rules::same_name(&facts.name))),
            domains: repeated(facts.iter().filter_map(rules::same_domain)),
        }
    }
}

fn repeated(keys: impl Iterator<Item = String>) -> HashSet<String> {
    let (mut once, mut again) = (HashSet::new(), HashSet::new());
    for key in keys {
        if once.contains(&key) {
            again.insert(key);
        } else {
            once.insert(key);
        }
    }
    again
}

/// The accounts that break one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// How many accounts.
    pub accounts: u32,
    /// What they pay in a year, by currency.
    pub value: Vec<Money>,
    /// What finds them in the grid; none where the filter language cannot say it.
    pub filter: Option<String>,
}

/// How good the records of a portfolio are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// How many accounts were looked at.
    pub accounts: u32,
    /// What they pay in a year, by currency.
    pub value: Vec<Money>,
    /// How many of them have not left.
    pub customers: u32,
    /// How many of the facts that are asked of customers are there.
    pub filled: u32,
    /// One for each rule, in the order of [`Rule::ALL`].
    pub findings: Vec<Finding>,
    /// The end of the change log when this was read.
    pub seq: i64,
}

impl Survey {
    /// Returns how many facts are asked: each rule about something missing, of each customer.
    #[must_use]
    pub fn asked(&self) -> u32 {
        let each = Rule::ALL.into_iter().filter(|rule| rule.kind() == Kind::Missing).count();
        self.customers.saturating_mul(u32::try_from(each).unwrap_or(u32::MAX))
    }

    /// Returns the facts that are there as a share of those that are asked, from 0 to 100; none without customers.
    #[must_use]
    pub fn completeness_pct(&self) -> Option<f64> {
        share_pct(self.filled, self.asked())
    }

    /// Returns the accounts of a finding as a share of all, from 0 to 100; none without accounts.
    #[must_use]
    pub fn share_pct(&self, finding: &Finding) -> Option<f64> {
        share_pct(finding.accounts, self.accounts)
    }

    /// Returns whether no account breaks a rule.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.accounts == 0)
    }
}

fn share_pct(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) * 100.0 / f64::from(whole))
}

/// Holds accounts against all rules.
#[must_use]
pub fn survey<'a>(facts: impl Iterator<Item = &'a Facts>, around: &Around) -> Survey {
    let mut survey = Survey::default();
    let (mut all, mut found) = (Sum::default(), Rule::ALL.map(|_| Sum::default()));
    for facts in facts {
        all.add(facts);
        survey.customers += u32::from(!facts.is_churned());
        for (rule, sum) in Rule::ALL.into_iter().zip(&mut found) {
            if rule.is_broken(facts, around) {
                sum.add(facts);
            }
        }
    }
    let finding = |(rule, sum): (Rule, Sum)| {
        let filter = rule.filter(around);
        Finding { rule, accounts: sum.accounts, value: sum.value(), filter }
    };
    survey.findings = Rule::ALL.into_iter().zip(found).map(finding).collect();
    let missing = survey.findings.iter().filter(|finding| finding.rule.kind() == Kind::Missing);
    let missing: u32 = missing.map(|finding| finding.accounts).sum();
    survey.filled = survey.asked().saturating_sub(missing);
    (survey.accounts, survey.value) = (all.accounts, all.value());
    survey
}

/// Accounts, and what they pay in a year.
#[derive(Clone, Debug, Default)]
struct Sum {
    accounts: u32,
    minor: BTreeMap<Currency, i64>,
}

impl Sum {
    fn add(&mut self, facts: &Facts) {
        self.accounts += 1;
        if let Some(annual) = facts.annual().filter(|annual| annual.minor != 0) {
            let sum = self.minor.entry(annual.currency).or_default();
            *sum = sum.saturating_add(annual.minor);
        }
    }

    fn value(&self) -> Vec<Money> {
        self.minor.iter().map(|(currency, minor)| Money { minor: *minor, currency: *currency }).collect()
    }
}

/// One account in the list of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Which account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// Its web domain.
    pub domain: Option<String>,
    /// Who owns it.
    pub owner: Option<UserId>,
    /// What it pays in a year.
    pub annual: Option<Money>,
}

/// The accounts that break one rule, as many as are listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// Which rule.
    pub rule: Rule,
    /// Those that pay most first, up to [`ROWS_MAX`]; what is there twice stands together.
    pub rows: Vec<Listed>,
    /// How many there are.
    pub total: u32,
}

/// Returns the accounts that break one rule.
#[must_use]
pub fn broken<'a>(facts: impl Iterator<Item = &'a Facts>, around: &Around, rule: Rule) -> Broken {
    let mut found: Vec<&Facts> = facts.filter(|facts| rule.is_broken(facts, around)).collect();
    found.sort_by_cached_key(|facts| {
        let minor = Reverse(facts.annual().map(|annual| annual.minor));
        (rule.together(facts), minor, facts.name.to_lowercase(), facts.id)
    });
    let row = |facts: &&Facts| Listed {
        account: facts.id,
        name: facts.name.clone(),
        domain: facts.domain.clone(),
        owner: facts.owner_id,
        annual: facts.annual(),
    };
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    Broken { rule, rows: found.iter().take(ROWS_MAX).map(row).collect(), total }
}
