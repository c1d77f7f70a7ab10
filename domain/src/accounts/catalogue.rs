//! The built-in fields of an account, with the words that name their columns in tables of others.

use super::{CHURN_REASONS, RISK_LEVELS, STAGES};
use crate::fields::{Catalogue, Field, FieldType};

/// Returns the built-in fields of an account, in the order forms show them.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Money, Number, Percent, Tags, Text, User};
    let words = |list: &[&str]| Choice(list.iter().map(|word| (*word).to_owned()).collect());
    Catalogue {
        fields: vec![
            Field::new(
                "name",
                "Name",
                Text,
                &[
                    "account",
                    "account name",
                    "company",
                    "company name",
                    "customer",
                    "customer name",
                    "organisation",
                    "organization",
                    "client",
                ],
            )
            .required(),
            Field::new(
                "external_id",
                "External ID",
                Text,
                &["id", "account id", "customer id", "customerid", "company id", "external key", "key", "uuid"],
            ),
            Field::new("domain", "Domain", Text, &["website", "web site", "url", "web domain"]),
            Field::new(
                "parent_id",
                "Parent account",
                FieldType::Account,
                &["parent", "parent id", "parent company", "group"],
            ),
            Field::new("tier", "Tier", Text, &["plan", "segment", "touch model", "package", "edition", "contract"]),
            Field::new(
                "stage",
                "Lifecycle stage",
                words(&STAGES),
                &["lifecycle", "lifecycle stage", "phase", "status"],
            ),
            Field::new(
                "churn_reason",
                "Churn reason",
                words(&CHURN_REASONS),
                &["reason for churn", "cancellation reason", "reason for leaving", "lost reason"],
            ),
            Field::new("category", "Category", Text, &["industry", "vertical", "sector", "line of business"]),
            Field::new("country", "Country", Text, &["country code", "region", "location"]),
            Field::new(
                "owner_id",
                "Owner",
                User,
                &["csm", "account owner", "owner email", "manager", "customer success manager", "assigned to"],
            ),
            Field::new("currency", "Currency", Text, &["currency code"]),
            Field::new(
                "arr_minor",
                "ARR",
                Money,
                &["arr", "annual recurring revenue", "annual revenue", "contract value", "acv"],
            ),
            Field::new(
                "mrr_minor",
                "MRR",
                Money,
                &["mrr", "monthly recurring revenue", "monthly revenue", "monthly charges", "monthly fee"],
            ),
            Field::new(
                "contract_start",
                "Contract start",
                Date,
                &["start date", "customer since", "signup date", "first seen", "contract date"],
            ),
            Field::new(
                "renewal_at",
                "Renewal",
                Date,
                &["renewal date", "next renewal", "contract end", "end date", "expires"],
            ),
            Field::new("notice_days", "Notice period (days)", Number, &["notice days", "notice period"]),
            Field::new("seats", "Seats", Number, &["licences", "licenses", "users", "seat count"]),
            Field::new(
                "risk_level",
                "Risk level",
                words(&RISK_LEVELS),
                &["risk", "churn risk level", "retention risk"],
            ),
            Field::new("sentiment", "Sentiment", Percent, &["pulse", "csm sentiment", "csm score"]),
            Field::new("engagement_score", "Engagement", Percent, &["engagement", "engagement score"]),
            Field::new("satisfaction_score", "Satisfaction", Percent, &["satisfaction", "csat", "satisfaction score"]),
            Field::new(
                "adoption_pct",
                "Feature adoption",
                Percent,
                &["adoption", "feature adoption", "feature adoption rate", "adoption rate"],
            ),
            Field::new(
                "churn_risk_pct",
                "Churn risk",
                Percent,
                &["churn risk", "churn probability", "likelihood to churn"],
            ),
            Field::new(
                "ticket_count",
                "Open tickets",
                Number,
                &["tickets", "support tickets", "support ticket count", "open cases"],
            ),
            Field::new("last_login_at", "Last login", Date, &["last login", "last seen", "last sign in"]),
            Field::new(
                "last_activity_at",
                "Last touch",
                Date,
                &["last activity", "last contact", "last touch", "last touchpoint"],
            ),
            Field::new("tags", "Tags", Tags, &["labels", "keywords"]),
            Field::new("score", "Health score", Percent, &[]).computed(),
            Field::new("band", "Health band", words(&["healthy", "watch", "at_risk", "critical"]), &[]).computed(),
            Field::new("coverage", "Coverage", Percent, &[]).computed(),
            Field::new("trend_7d", "Change in 7 days", Number, &[]).computed(),
            Field::new("trend_30d", "Change in 30 days", Number, &[]).computed(),
            Field::new("trend_90d", "Change in 90 days", Number, &[]).computed(),
            Field::new("rollup", "Health of children", Percent, &[]).computed(),
            Field::new("churn_pct", "Churn probability", Percent, &[]).computed(),
            Field::new("notice_at", "Notice date", Date, &[]).computed(),
            Field::new("created_at", "Created", Date, &[]).computed(),
            Field::new("updated_at", "Changed", Date, &[]).computed(),
        ],
    }
}
