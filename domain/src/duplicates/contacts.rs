//! Contacts of one account that may be one and the same person, and one contact made of two.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::gather::{gathered, surest_first};
use super::{Candidates, Choice, Reason, same_email};
use crate::contacts::{Contact, catalogue};
use crate::fields;
use crate::id::{AccountId, ContactId};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Small letters with an accent, and how they are spelled without it.
const PLAIN: [(&str, &str); 22] = [
    ("àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ðďđ", "d"),
    ("èéêëēĕėęěẹẻẽếềểễệ", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıỉị", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľł", "l"),
    ("ñńņň", "n"),
    ("òóôõöøōŏőơọỏốồổỗộớờởỡợ", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűųưụủứừửữự", "u"),
    ("ŵ", "w"),
    ("ýÿŷỳỵỷỹ", "y"),
    ("źżž", "z"),
];

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The contact.
    pub id: ContactId,
    /// The account they belong to.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// Contacts of which people said that they are others.
    pub others: Vec<ContactId>,
}

/// A contact in a group, as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The contact.
    pub id: ContactId,
    /// The account they belong to.
    pub account_id: AccountId,
    /// What it is called.
    pub account: String,
    /// Their name.
    pub name: String,
    /// Their job title.
    pub title: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// When they were last in touch.
    pub last_touch_at: Option<Timestamp>,
    /// When they were created.
    pub created_at: Timestamp,
}

impl Person {
    /// Returns what the list shows of a contact of the account that is called so.
    #[must_use]
    pub fn of(contact: Contact, account: String) -> Self {
        let Contact { id, account_id, name, title, email, phone, last_touch_at, created_at, .. } = contact;
        Self { id, account_id, account, name, title, email, phone, last_touch_at, created_at }
    }

    /// Returns what tells them from a namesake: the name, and what else is known.
    #[must_use]
    pub fn called(&self) -> String {
        let more = [&self.email, &self.title, &self.phone].into_iter().flatten().next();
        more.map_or_else(|| self.name.clone(), |more| format!("{} ({more})", self.name))
    }
}

/// Returns the groups of contacts that may be one person, those with the most reasons first. Two of different accounts
/// never are, nor two with different addresses.
#[must_use]
pub fn candidates(contacts: &[Known]) -> Vec<Candidates<ContactId>> {
    let address = |place: usize| contacts[place].email.as_deref().and_then(same_email);
    let mut shared: HashMap<(AccountId, Reason, String), Vec<usize>> = HashMap::new();
    for (place, known) in contacts.iter().enumerate() {
        if let Some(key) = same_name(&known.name) {
            shared.entry((known.account, Reason::Name, key)).or_default().push(place);
        }
        if let Some(key) = address(place) {
            shared.entry((known.account, Reason::Email, key)).or_default().push(place);
        }
    }
    for ((_, reason, _), places) in &mut shared {
        let addresses = |places: &[usize]| places.iter().filter_map(|place| address(*place)).collect::<BTreeSet<_>>();
        // Whose the record without an address is, nobody can tell where namesakes have different ones.
        if *reason == Reason::Name && places.len() > 1 && addresses(places).len() > 1 {
            places.retain(|place| address(*place).is_none());
        }
    }
    let may_be_one = |one: usize, other: usize| {
        let (one, other) = (&contacts[one], &contacts[other]);
        !one.others.contains(&other.id) && !other.others.contains(&one.id)
    };
    surest_first(gathered(shared, may_be_one).into_iter().map(|(places, reasons)| Candidates {
        ids: places.into_iter().map(|place| contacts[place].id).collect(),
        reasons: reasons.into_iter().map(|(_, reason, text)| (reason, text)).collect(),
    }))
}

/// Returns the fields in which two contacts differ and that people may choose, with what is suggested.
#[must_use]
pub fn choices(keep: &Map<String, Value>, gone: &Map<String, Value>) -> Vec<Choice> {
    let mut found = super::choices(keep, gone, &catalogue());
    found.retain(|choice| choice.key != "email" || !is_one_address(&choice.kept, &choice.gone));
    for choice in &mut found {
        match choice.key.as_str() {
            // Whoever is not known to have left is here, until a person says otherwise.
            "left_at" => choice.takes = false,
            "last_touch_at" => choice.takes = choice.gone.as_i64() > choice.kept.as_i64(),
            _ => {}
        }
    }
    found
}

/// Returns the contact that stays with these fields as the other one has them, or why that cannot be.
pub fn merged(
    keep: &Map<String, Value>,
    gone: &Map<String, Value>,
    take: &[String],
) -> Result<Map<String, Value>, Refusal> {
    let mut doc = super::merged(keep, gone, take, &catalogue())?;
    let (kept, other) = (fields::get(keep, "email"), fields::get(gone, "email"));
    // Addresses are kept in small letters, by which answers to surveys find them.
    if is_one_address(kept, other) {
        let is_small = |value: &&Value| value.as_str().is_some_and(|text| text == text.to_lowercase());
        let spelled = [kept, other].into_iter().find(is_small).unwrap_or(kept);
        doc.insert("email".to_owned(), spelled.clone());
    }
    Ok(doc)
}

fn is_one_address(one: &Value, other: &Value) -> bool {
    let address = |value: &Value| value.as_str().and_then(same_email);
    address(one).is_some_and(|one| address(other) == Some(one))
}

/// Returns the name of a person as names are compared: without case, spaces and accents.
fn same_name(name: &str) -> Option<String> {
    let mut key = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase).filter(|letter| !letter.is_whitespace()) {
        // What stands above or below a letter may be a sign of its own.
        if letter.is_ascii() {
            key.push(letter);
        } else if !('\u{300}'..='\u{36f}').contains(&letter) {
            match PLAIN.iter().find(|(accented, _)| accented.contains(letter)) {
                Some((_, spelled)) => key.push_str(spelled),
                None => key.push(letter),
            }
        }
    }
    (key.chars().count() > 1).then_some(key)
}
