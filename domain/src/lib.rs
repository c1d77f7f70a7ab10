//! Decides: the plain types and rules of Keepwell, without I/O, clock or async.
//!
//! Everything here runs twice: on the server and, compiled to WebAssembly, in the browser.
//! Modules are listed in suggested reading order.

pub mod id;
pub mod money;
pub mod time;

pub mod refusal;

pub mod identity;

pub mod fields;

pub mod accounts;
pub mod activities;
pub mod contacts;
pub mod revenue;
pub mod support;
pub mod surveys;
pub mod usage;

pub mod changes;
pub mod live;

pub mod advice;
pub mod alerts;
pub mod churn;
pub mod configuration;
pub mod dashboards;
pub mod duplicates;
pub mod export;
pub mod filter;
pub mod formula;
pub mod health;
pub mod import;
pub mod import_schedules;
pub mod insights;
pub mod lab;
pub mod notices;
pub mod portfolio;
pub mod quality;
pub mod queue;
pub mod reports;
pub mod schedules;
pub mod shares;
pub mod signals;
pub mod todos;
pub mod value;
pub mod views;

pub mod chart;
pub mod report;
