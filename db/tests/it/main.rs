//! What the database remembers, on SQLite and PostgreSQL alike.

#[cfg(test)]
mod access;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod advice;
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod churn;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod duplicate_contacts;
#[cfg(test)]
mod duplicates;
#[cfg(test)]
mod export;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod health;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod import;
#[cfg(test)]
mod import_schedules;
#[cfg(test)]
mod insights;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod log;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod past;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod replies;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod saved;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod shares;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod story;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod todos;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod value;
#[cfg(test)]
mod views;
