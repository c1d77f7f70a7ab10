//! What the database remembers, on SQLite and PostgreSQL alike.

#[cfg(test)]
mod support;
#[cfg(test)]
mod tasks;
