//! Support tickets.

use serde::{Deserialize, Serialize};

use crate::fields::{Catalogue, Field, FieldType};
use crate::id::{AccountId, TicketId};
use crate::time::Timestamp;

/// Ticket severities, least first.
pub const SEVERITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

/// A support ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Identifies the ticket.
    pub id: TicketId,
    /// Counts its changes.
    pub version: i64,
    /// The account it is about.
    pub account_id: AccountId,
    /// Its number in the help desk; unique in the workspace.
    pub external_id: Option<String>,
    /// What it is about.
    pub subject: String,
    /// How bad it is, one of [`SEVERITIES`].
    pub severity: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was escalated, if it was.
    pub escalated_at: Option<Timestamp>,
    /// When it was solved, if it was.
    pub resolved_at: Option<Timestamp>,
    /// How the customer rated the answer, 0 to 100.
    pub satisfaction: Option<f64>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// Returns the fields of a ticket.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Percent, Text};
    let severities = Choice(SEVERITIES.iter().map(|word| (*word).to_owned()).collect());
    Catalogue {
        fields: vec![
            Field::new(
                "account_id",
                "Account",
                FieldType::Account,
                &["account", "account name", "account external id", "company", "company id", "customer id", "customer"],
            )
            .required(),
            Field::new("external_id", "Ticket number", Text, &["id", "ticket id", "ticket", "number", "case number"]),
            Field::new("subject", "Subject", Text, &["title", "summary", "topic"]).required(),
            Field::new("severity", "Severity", severities, &["priority", "urgency"]),
            Field::new("opened_at", "Opened", Date, &["created", "created at", "opened at", "date"]).required(),
            Field::new("escalated_at", "Escalated", Date, &["escalated at"]),
            Field::new("resolved_at", "Resolved", Date, &["closed", "closed at", "solved at", "resolved at"]),
            Field::new("satisfaction", "Satisfaction", Percent, &["csat", "rating"]),
        ],
    }
}
