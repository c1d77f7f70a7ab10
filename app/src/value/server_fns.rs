//! What the page of value delivered asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::alerts::Rule;
use domain::value::Value;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// What watching was good for, with the rules for their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    /// The numbers.
    pub value: Value,
    /// All rules.
    pub rules: Vec<Rule>,
}

/// Returns what watching was good for in the last days.
#[server]
pub async fn load_value(days: u32) -> Result<Delivered> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(Delivered { value: db::value::delivered(&mut tx, days).await?, rules: db::alerts::rules(&mut tx).await? })
}
