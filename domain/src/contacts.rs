//! Contacts: the people at the customer.

use serde::{Deserialize, Serialize};

use crate::fields::{Catalogue, Field, FieldType};
use crate::id::{AccountId, ContactId};
use crate::time::Timestamp;

/// Roles a contact can play.
pub const ROLES: [&str; 6] = ["champion", "decision_maker", "sponsor", "admin", "user", "detractor"];

/// A person at the customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Identifies the contact.
    pub id: ContactId,
    /// Counts its changes.
    pub version: i64,
    /// The account they belong to.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address, lower case; unique within the account.
    pub email: Option<String>,
    /// Their telephone number as the source wrote it.
    pub phone: Option<String>,
    /// Their job title.
    pub title: Option<String>,
    /// The role they play, one of [`ROLES`].
    pub role: Option<String>,
    /// How they feel about us, 0 to 100.
    pub sentiment: Option<f64>,
    /// Their IANA time zone, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// When they were last in touch.
    pub last_touch_at: Option<Timestamp>,
    /// When they left the company, if they did.
    pub left_at: Option<Timestamp>,
    /// When they were created here.
    pub created_at: Timestamp,
    /// When they last changed here.
    pub updated_at: Timestamp,
    /// Contacts that look like this one and are others, as people said; sorted. One of two remembers the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distinct_from: Vec<ContactId>,
}

/// Returns the fields of a contact.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Percent, Text};
    let roles = Choice(ROLES.iter().map(|role| (*role).to_owned()).collect());
    Catalogue {
        fields: vec![
            Field::new(
                "account_id",
                "Account",
                FieldType::Account,
                &["account", "account name", "account external id", "company", "company id", "customer id", "customer"],
            )
            .required(),
            Field::new("name", "Name", Text, &["contact", "contact name", "full name", "person"]).required(),
            Field::new("email", "E-mail", Text, &["mail", "email address", "e mail"]),
            Field::new("phone", "Phone", Text, &["telephone", "mobile", "phone number"]),
            Field::new("title", "Title", Text, &["job title", "position", "function"]),
            Field::new("role", "Role", roles, &["contact role", "stakeholder role"]),
            Field::new("sentiment", "Sentiment", Percent, &["mood"]),
            Field::new("time_zone", "Time zone", Text, &["timezone", "tz"]),
            Field::new("last_touch_at", "Last touch", Date, &["last contact", "last activity", "last seen"]),
            Field::new("left_at", "Left", Date, &["left company", "departed"]),
        ],
    }
}
