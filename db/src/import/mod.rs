//! Imports: from a checked file to the database, in one transaction that can be undone.
