//! What the database remembers, on SQLite and PostgreSQL alike.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod log;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tasks;
