//! Remembers: the only crate that speaks SQL, for SQLite and PostgreSQL alike.
//!
//! Every verb takes a [`Tx`], and a transaction cannot begin without an `Actor`: the workspace of the actor is
//! bound in every statement. Writers record what they did in the change log of the same transaction and know
//! none of its readers.

pub mod accounts;
pub mod advice;
pub mod alerts;
pub mod bare;
pub mod batches;
mod bulk;
pub mod churn;
pub mod clock;
pub mod configuration;
pub mod dashboards;
pub mod demo;
pub mod directory;
pub mod duplicates;
mod dynamic;
mod error;
pub mod export;
pub mod formula;
pub mod health;
pub mod identity;
pub mod import;
pub mod import_schedules;
pub mod insights;
mod kept;
pub mod lab;
pub mod limits;
pub mod log;
mod migrate;
pub mod notices;
pub mod past;
mod pool;
pub mod portfolio;
pub mod quality;
pub mod replies;
pub mod reports;
mod saved;
pub mod schedules;
mod secret;
pub mod seeds;
pub mod sessions;
pub mod shares;
pub mod signals;
pub mod subjects;
pub mod tasks;
pub mod timeline;
pub mod todos;
mod tx;
pub mod undo;
pub mod usage;
pub mod value;
pub mod views;
pub mod wake;

pub use clock::Clock;
pub use error::{Error, Result};
pub use pool::Db;
pub use secret::digest;
pub use tx::{NewEntry, Tx};
