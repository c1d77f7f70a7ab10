//! Shows: pages, components and server functions, a folder per feature.
//!
//! Three rooms from pixel to row: a component, a server function, a verb of `db`; one `domain` type passes
//! through all three.

#![expect(missing_docs, reason = "a server function becomes a struct whose fields are the function's arguments")]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub mod boot;
pub mod error;
pub mod format;
#[macro_use]
pub mod language;
pub mod live;
pub mod routes;
pub mod session;
pub mod ui;
pub mod waking;
pub mod written;

pub mod shell;

pub mod account;
pub mod accounts;
pub mod advice;
pub mod alerts;
pub mod churn;
pub mod dashboards;
pub mod duplicates;
pub mod exports;
pub mod identity;
pub mod import_schedules;
pub mod imports;
pub mod insights;
pub mod lab;
pub mod notices;
pub mod paper;
pub mod quality;
pub mod reports;
pub mod schedules;
pub mod scorecards;
pub mod settings;
pub mod shares;
pub mod signals;
pub mod today;
pub mod todos;
pub mod value;

pub use routes::App;
pub use shell::document::document;
