//! What the filter language accepts, refuses, prints, means and compiles to.

mod completion;
mod hostile;
mod reading;
mod rows;
mod running;

use uuid::Uuid;

use super::{Filter, FilterError, Scope, parse};
use crate::accounts;
use crate::fields::{Catalogue, Field, FieldType};
use crate::id::UserId;
use crate::time::{DAY_MS, Timestamp};

/// Noon on 2026-11-21.
const NOW: Timestamp = Timestamp(20_778 * DAY_MS + DAY_MS / 2);
const MAYA: UserId = UserId(Uuid::from_u128(0x0a));

fn catalogue() -> Catalogue {
    let words = |list: &[&str]| FieldType::Choice(list.iter().map(|word| (*word).to_owned()).collect());
    accounts::catalogue().with([
        Field::new("custom.plan", "Plan", FieldType::Text, &[]),
        Field::new("custom.users_licensed", "Users licensed", FieldType::Number, &[]),
        Field::new("custom.fee", "Fee", FieldType::Money, &[]),
        Field::new("custom.beta", "Beta", FieldType::Bool, &[]),
        Field::new("custom.kickoff", "Kick-off", FieldType::Date, &[]),
        Field::new("custom.products", "Products", FieldType::Tags, &[]),
        Field::new("custom.größe", "Größe", words(&["klein", "sehr groß"]), &[]),
        Field::new("custom.odd key", "Odd key", FieldType::Text, &[]),
        Field::new("custom.sponsor", "Sponsor", FieldType::User, &[]),
        Field::new("custom.q\"uote", "Quote", FieldType::Text, &[]),
    ])
}

fn read(text: &str) -> Filter {
    parse(text, &catalogue()).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn refused(text: &str) -> FilterError {
    match parse(text, &catalogue()) {
        Err(error) => error,
        Ok(filter) => panic!("{text} was read as {filter}"),
    }
}

fn scope(catalogue: &Catalogue) -> Scope<'_> {
    Scope { catalogue, me: Some(MAYA), now: NOW }
}
