//! Saved views of the account grid: a filter, an order and the columns, under a name.

use serde::{Deserialize, Serialize};

use crate::fields::Catalogue;
use crate::filter::{self, sort};
use crate::id::{UserId, ViewId};
use crate::identity::check_name;
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// Most columns of a view.
pub const COLUMNS_MAX: usize = 60;

/// The columns of the account grid where nobody chose others.
pub const DEFAULT_COLUMNS: [&str; 11] = [
    "name",
    "score",
    "band",
    "trend_30d",
    "arr_minor",
    "tier",
    "stage",
    "owner_id",
    "renewal_at",
    "last_activity_at",
    "tags",
];

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Identifies the view.
    pub id: ViewId,
    /// Counts its changes; an edit names the version it was made on.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Whether everybody in the workspace sees it, or its owner alone.
    pub shared: bool,
    /// Which accounts it shows, in the language of [`crate::filter`].
    pub filter: String,
    /// Their order, such as `-score,name`.
    pub sort: String,
    /// The keys of the fields it shows, from left to right.
    pub columns: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl View {
    /// Returns the view as it is stored, or everything that is wrong with it.
    ///
    /// Filter and sort become their canonical texts: a short name that means one field today must not mean
    /// another once somebody adds a custom field.
    pub fn check(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut wrong = Vec::new();
        let error = |field: &str, message: String| FieldError { field: field.to_owned(), message };
        match check_name("name", &self.name) {
            Ok(name) => self.name = name,
            Err(refused) => wrong.push(refused),
        }
        match filter::parse(&self.filter, catalogue) {
            Ok(filter) => self.filter = filter.to_string(),
            Err(refused) => wrong.push(error("filter", refused.message)),
        }
        match sort::parse(&self.sort, catalogue) {
            Ok(sorts) => self.sort = sort::print(&sorts),
            Err(refused) => wrong.push(error("sort", refused.message)),
        }
        let unknown = self.columns.iter().find(|key| catalogue.get(key).is_none());
        if let Some(key) = unknown {
            let shown: String = key.chars().take(60).collect();
            wrong.push(error("columns", format!("There is no field “{shown}”. Choose the columns again.")));
        } else if self.columns.is_empty() {
            wrong.push(error("columns", "Choose at least one column.".to_owned()));
        } else if self.columns.len() > COLUMNS_MAX {
            wrong.push(error("columns", "Choose at most 60 columns.".to_owned()));
        } else {
            let mut seen = std::collections::BTreeSet::new();
            self.columns.retain(|key| seen.insert(key.clone()));
        }
        if wrong.is_empty() { Ok(self) } else { Err(Refusal::Invalid(wrong)) }
    }
}

/// A view that every workspace has without saving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyView {
    /// What its name is translated by and its URL contains.
    pub key: &'static str,
    /// Which accounts it shows.
    pub filter: &'static str,
    /// Their order.
    pub sort: &'static str,
}

/// The views that every workspace has, in the order of the menu.
pub const READY_VIEWS: [ReadyView; 5] = [
    ReadyView { key: "all", filter: "", sort: "name" },
    ReadyView { key: "mine", filter: "owner_id = me", sort: "score" },
    ReadyView { key: "at_risk", filter: "band in (at_risk, critical)", sort: "score,-arr_minor" },
    ReadyView { key: "renewals_90_days", filter: "renewal_at within 90 days", sort: "renewal_at" },
    ReadyView { key: "silent_30_days", filter: "last_activity_at older than 30 days", sort: "last_activity_at" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::catalogue;
    use uuid::Uuid;

    fn view(filter: &str, sort: &str, columns: &[&str]) -> View {
        View {
            id: ViewId(Uuid::nil()),
            version: 1,
            name: " Mine ".into(),
            owner_id: UserId(Uuid::nil()),
            shared: false,
            filter: filter.into(),
            sort: sort.into(),
            columns: columns.iter().map(|key| (*key).to_owned()).collect(),
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    #[test]
    fn the_ready_views_are_valid_and_canonical() {
        for ready in READY_VIEWS {
            let checked = view(ready.filter, ready.sort, &DEFAULT_COLUMNS).check(&catalogue()).unwrap();
            assert_eq!((checked.filter.as_str(), checked.sort.as_str()), (ready.filter, ready.sort), "{}", ready.key);
            assert_eq!(checked.columns, DEFAULT_COLUMNS);
        }
    }

    #[test]
    fn a_view_is_stored_in_canonical_form() {
        let checked = view("ARR > 10k AND owner is me", " -arr , name,arr", &["name", "score", "name"]);
        let checked = checked.check(&catalogue()).unwrap();
        assert_eq!(checked.name, "Mine");
        assert_eq!(checked.filter, "arr_minor > 10000 and owner_id = me");
        assert_eq!(checked.sort, "-arr_minor,name");
        assert_eq!(checked.columns, ["name", "score"]);
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let mut bad = view("scor < 5", "nonsense", &["nothing"]);
        bad.name = " ".into();
        let Err(Refusal::Invalid(wrong)) = bad.check(&catalogue()) else { panic!("was accepted") };
        let fields: Vec<&str> = wrong.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "filter", "sort", "columns"]);
        assert!(view("", "", &[]).check(&catalogue()).is_err());
        assert!(view("", "", &["name"]).check(&catalogue()).is_ok());
    }
}
