//! What every request needs.

use std::sync::Arc;

use axum::extract::FromRef;
use db::Db;
use db::import::Desk;
use db::limits::Limiter;
use leptos::config::LeptosOptions;

use crate::config::Config;
use crate::live::Hub;

/// The state of the server; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The configuration in force.
    pub config: Arc<Config>,
    /// Where the pages are.
    pub leptos: LeptosOptions,
    /// The live feed.
    pub hub: Hub,
    /// Uploaded files and running imports.
    pub desk: Desk,
    /// Brakes for sign-in.
    pub limiter: Limiter,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
