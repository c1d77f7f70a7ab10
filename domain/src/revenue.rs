//! Invoices and their lines.

use serde::{Deserialize, Serialize};

use crate::fields::{Catalogue, Field, FieldType};
use crate::id::{AccountId, InvoiceId};
use crate::money::Currency;
use crate::time::Timestamp;

/// An invoice or order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    /// Identifies the invoice.
    pub id: InvoiceId,
    /// Counts its changes.
    pub version: i64,
    /// The account that pays it.
    pub account_id: AccountId,
    /// Its number; unique in the workspace.
    pub external_id: Option<String>,
    /// The product or plan it is for.
    pub product: Option<String>,
    /// The currency of the amount.
    pub currency: Currency,
    /// The amount in minor units; negative for a credit note.
    pub amount_minor: i64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// When it was paid, if it was.
    pub paid_at: Option<Timestamp>,
    /// When a payment failed, if one did.
    pub failed_at: Option<Timestamp>,
    /// What was bought; may be empty.
    #[serde(default)]
    pub lines: Vec<InvoiceLine>,
    /// When it was created here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// One line of an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// The product's name or code.
    pub product: String,
    /// How many.
    pub quantity: f64,
    /// The line's amount in minor units of the invoice's currency.
    pub amount_minor: i64,
}

/// Returns the fields of an invoice.
#[must_use]
pub fn catalogue() -> Catalogue {
    use FieldType::{Date, Money, Text};
    Catalogue {
        fields: vec![
            Field::new(
                "account_id",
                "Account",
                FieldType::Account,
                &["account", "account name", "account external id", "company", "company id", "customer id", "customer"],
            )
            .required(),
            Field::new(
                "external_id",
                "Invoice number",
                Text,
                &["id", "invoice id", "invoice", "invoice no", "number", "order", "order id"],
            ),
            Field::new("product", "Product", Text, &["plan", "item", "description", "stock code"]),
            Field::new("currency", "Currency", Text, &["currency code"]),
            Field::new("amount_minor", "Amount", Money, &["total", "value", "price", "revenue"]).required(),
            Field::new("issued_at", "Issued", Date, &["date", "invoice date", "issued at", "order date"]).required(),
            Field::new("due_at", "Due", Date, &["due date", "due at"]),
            Field::new("paid_at", "Paid", Date, &["paid date", "paid at", "payment date"]),
            Field::new("failed_at", "Payment failed", Date, &["failed at", "payment failed"]),
        ],
    }
}
