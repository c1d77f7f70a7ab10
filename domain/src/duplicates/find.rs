//! Finding accounts that may be one customer.

use std::collections::HashMap;

use super::gather::{gathered, surest_first};
use super::{Candidates, Reason};
use crate::id::AccountId;

/// Endings of names that say how a company is founded, and nothing of which one it is.
const FORMS: [&str; 32] = [
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "eg",
    "ev",
    "gmbh",
    "group",
    "holding",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "sas",
    "spa",
    "srl",
];
/// Where many unrelated people have their mailboxes and pages.
const PUBLIC: [&str; 14] = [
    "aol.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "outlook.com",
    "proton.me",
    "web.de",
    "yahoo.com",
    "linkedin.com",
];

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its web domain.
    pub domain: Option<String>,
    /// The account above it.
    pub parent: Option<AccountId>,
    /// Accounts of which people said that they are others.
    pub others: Vec<AccountId>,
}

/// Returns the groups of accounts that may be one customer, those with the most reasons first. `emails` are addresses
/// that people at several accounts have. Accounts below each other are not the same, and share much.
#[must_use]
pub fn candidates(accounts: &[Known], emails: &[(String, AccountId)]) -> Vec<Candidates<AccountId>> {
    let mut shared: HashMap<(Reason, String), Vec<usize>> = HashMap::new();
    let places: HashMap<AccountId, usize> =
        accounts.iter().enumerate().map(|(place, known)| (known.id, place)).collect();
    for (place, known) in accounts.iter().enumerate() {
        if let Some(key) = same_name(&known.name) {
            shared.entry((Reason::Name, key)).or_default().push(place);
        }
        if let Some(key) = known.domain.as_deref().and_then(same_domain) {
            shared.entry((Reason::Domain, key)).or_default().push(place);
        }
    }
    for (email, account) in emails {
        if let (Some(key), Some(place)) = (same_email(email), places.get(account)) {
            let at = shared.entry((Reason::Email, key)).or_default();
            if !at.contains(place) {
                at.push(*place);
            }
        }
    }
    let groups = gathered(shared, |one, other| may_be_one(&accounts[one], &accounts[other])).into_iter();
    surest_first(groups.map(|(places, reasons)| Candidates {
        ids: places.into_iter().map(|place| accounts[place].id).collect(),
        reasons: reasons.into_iter().collect(),
    }))
}

fn may_be_one(one: &Known, other: &Known) -> bool {
    let is_family = one.parent == Some(other.id)
        || other.parent == Some(one.id)
        || (one.parent.is_some() && one.parent == other.parent);
    !is_family && !one.others.contains(&other.id) && !other.others.contains(&one.id)
}

/// Returns a name as names are compared: its words without signs, case and legal form.
fn same_name(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/' | '-' | '&'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    let is_form = |word: &&String| FORMS.contains(&word.as_str());
    let forms = words.iter().rev().take_while(is_form).count();
    // Who is called nothing but “Group” has no other name.
    let kept = if forms < words.len() { &words[..words.len() - forms] } else { &words[..] };
    let key = kept.concat();
    (key.chars().count() > 1).then_some(key)
}

/// Returns a web domain as domains are compared.
fn same_domain(domain: &str) -> Option<String> {
    let domain = domain.trim().to_lowercase();
    let domain = domain.split_once("://").map_or(domain.as_str(), |(_, rest)| rest);
    let domain = domain.split(['/', ':', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
    let domain = domain.strip_prefix("www.").unwrap_or(domain);
    (domain.contains('.') && !PUBLIC.contains(&domain)).then(|| domain.to_owned())
}

/// Returns an e-mail address as addresses are compared.
#[must_use]
pub fn same_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (name, host) = email.split_once('@')?;
    (!name.is_empty() && host.contains('.')).then_some(email)
}
