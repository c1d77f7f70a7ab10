//! Survey responses: NPS, CSAT and CES.

use serde::{Deserialize, Serialize};

use crate::fields::{Catalogue, Field, FieldType};
use crate::id::{AccountId, ResponseId};
use crate::time::Timestamp;

/// Kinds of survey: net promoter 0–10, satisfaction 1–5, effort 1–7.
pub const KINDS: [&str; 3] = ["nps", "csat", "ces"];

/// One answer to a survey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Identifies the response.
    pub id: ResponseId,
    /// Counts its changes.
    pub version: i64,
    /// The account it came from.
    pub account_id: AccountId,
    /// Its key in the survey tool; unique in the workspace.
    pub external_id: Option<String>,
    /// The kind of survey, one of [`KINDS`].
    pub kind: String,
    /// The answer on the kind's own scale.
    pub score: f64,
    /// What they wrote.
    pub comment: Option<String>,
    /// Who answered.
    pub email: Option<String>,
    /// When they answered.
    pub answered_at: Timestamp,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// Returns the fields of a survey response.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Number, Text};
    let kinds = Choice(KINDS.iter().map(|word| (*word).to_owned()).collect());
    Catalogue {
        fields: vec![
            Field::new(
                "account_id",
                "Account",
                FieldType::Account,
                &["account", "account name", "account external id", "company", "company id", "customer id", "customer"],
            )
            .required(),
            Field::new("external_id", "Response ID", Text, &["id", "response id"]),
            Field::new("kind", "Survey", kinds, &["type", "survey type", "survey"]).required(),
            Field::new("score", "Score", Number, &["rating", "answer", "nps", "csat"]).required(),
            Field::new("comment", "Comment", Text, &["feedback", "text", "verbatim"]),
            Field::new("email", "E-mail", Text, &["respondent", "contact", "contact email"]),
            Field::new("answered_at", "Answered", Date, &["date", "answered at", "responded at", "submitted"])
                .required(),
        ],
    }
}
