//! Connects: the library behind the `keepwell` binary, so that tests can drive the same router.

pub mod cli;
pub mod client;
pub mod config;
pub mod egress;
pub mod explain;
pub mod export;
pub mod live;
pub mod mail;
pub mod pages;
pub mod pdf;
pub mod push;
pub mod pwa;
pub mod router;
pub mod security;
pub mod serve;
pub mod shares;
pub mod state;
pub mod tasks;
pub mod unsubscribe;
pub mod uploads;
pub mod workbook;
