//! The installable application: service worker, its registration, the offline page.

use std::path::Path;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use mime_guess::Mime;

use crate::security::page_csp;
use crate::state::AppState;

const WORKER: &str = include_str!("pwa/sw.js");
const REGISTER: &str = include_str!("pwa/register.js");
const OFFLINE: &str = include_str!("pwa/offline.html");

/// Returns the type of a web manifest, which the usual tables do not know.
pub fn manifest_mime() -> Mime {
    "application/manifest+json".parse().unwrap_or(mime_guess::mime::APPLICATION_JSON)
}

/// The service worker with the files of this very build.
pub async fn service_worker(State(state): State<AppState>) -> Response {
    let assets = assets(&state.config.site);
    let digest = db::digest(assets.join("\n").as_bytes());
    let list = serde_json::to_string(&assets).unwrap_or_else(|_| "[]".to_owned());
    script(WORKER.replace("__BUILD__", &digest).replace("__ASSETS__", &list))
}

/// The script that registers the worker and applies updates.
pub async fn register() -> Response {
    script(REGISTER.to_owned())
}

fn script(text: String) -> Response {
    let csp = page_csp(None);
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_SECURITY_POLICY, csp),
    ];
    (headers, text).into_response()
}

/// The page that stands in when the server cannot be reached.
pub async fn offline() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, OFFLINE).into_response()
}

/// Returns the addresses of all files of the build, without their compressed copies.
fn assets(site: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(site.join("pkg"), "/pkg".to_owned())];
    while let Some((folder, url)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{url}/{name}")));
            } else if !name.ends_with(".br") && !name.ends_with(".gz") && !name.ends_with(".json") {
                found.push(format!("{url}/{name}"));
            }
        }
    }
    found.sort();
    found
}
