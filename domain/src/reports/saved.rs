//! Saved reports: what is asked for, under a name.

use serde::{Deserialize, Serialize};

use super::spec::Spec;
use crate::fields::Catalogue;
use crate::id::{ReportId, UserId};
use crate::identity::check_name;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// A saved report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Identifies the report.
    pub id: ReportId,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Who saved it.
    pub owner_id: UserId,
    /// Whether everybody in the workspace sees it, or its owner alone.
    pub shared: bool,
    /// What it asks for.
    pub spec: Spec,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a person says of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDraft {
    /// What it is called.
    pub name: String,
    /// Whether everybody sees it.
    pub shared: bool,
    /// What it asks for.
    pub spec: Spec,
}

impl Report {
    /// Returns the report as it is stored, or everything that is wrong with it.
    pub fn check(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let name = check_name("name", &self.name).map_err(|wrong| vec![wrong]);
        match (name, self.spec.check(catalogue)) {
            (Ok(name), Ok(spec)) => {
                (self.name, self.spec) = (name, spec);
                Ok(self)
            }
            (Err(mut wrong), Err(Refusal::Invalid(more))) => {
                wrong.extend(more);
                Err(Refusal::Invalid(wrong))
            }
            (Err(wrong), Ok(_)) => Err(Refusal::Invalid(wrong)),
            (_, Err(refused)) => Err(refused),
        }
    }

    /// Returns the report as a person would write it.
    #[must_use]
    pub fn draft(&self) -> ReportDraft {
        ReportDraft { name: self.name.clone(), shared: self.shared, spec: self.spec.clone() }
    }
}
