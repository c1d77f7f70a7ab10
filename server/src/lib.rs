//! Connects: the library behind the `keepwell` binary, so that tests can drive the same router.

pub mod cli;
pub mod config;
pub mod live;
pub mod pages;
pub mod pwa;
pub mod router;
pub mod security;
pub mod serve;
pub mod state;
pub mod tasks;
pub mod uploads;
pub mod workbook;
