//! What the database remembers, on SQLite and PostgreSQL alike.

#[cfg(test)]
mod access;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod demo;
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
mod lab;
#[cfg(test)]
mod log;
#[cfg(test)]
mod past;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod views;
