//! Every endpoint that is not a page, and the layers around all of them.

use std::path::Path;
use std::sync::LazyLock;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::trace::TraceLayer;

use crate::state::AppState;
use crate::{explain, export, live, pages, pwa, security, shares, unsubscribe, uploads};

/// Largest request but for uploads, which have their own limit.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Every page, and every server function, which is none: found once for the whole process. While Leptos looks for routes,
/// whatever a page of another server in this process begins to load stays unloaded for ever (leptos #4773), and its answer
/// never ends.
pub static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    // Left to itself, Leptos answers server functions among the pages, where strangers are sent to the sign-in.
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    generate_route_list_with_exclusions(app::App, Some(functions))
});

/// Returns the whole server.
pub fn router(state: AppState) -> Router {
    let routes = ROUTES.clone();
    let options = state.leptos.clone();
    let shell = move || app::document(options.clone());
    let not_found = leptos_axum::render_app_to_stream_with_context(pages::provide(&state), shell.clone());
    let visited = Router::new()
        .leptos_routes_with_context(&state, routes, pages::provide(&state), shell)
        .fallback(not_found)
        .layer(from_fn_with_state(state.clone(), pages::know_visitor));
    let open = Router::new()
        .route(
            "/api/fn/{*name}",
            post(pages::server_function).get(pages::server_function).layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX)),
        )
        .route("/api/v1/accounts/{id}/score", get(explain::score))
        .route("/api/v1/accounts/{id}/report.pdf", get(export::health))
        .route("/api/v1/accounts/{id}/review.pdf", get(export::review))
        .route("/api/v1/reports/summary.pdf", get(export::summary))
        .route("/api/v1/reports/report.pdf", get(export::built))
        .route("/api/v1/export/reports.zip", get(export::archive_from_address).post(export::archive_from_form))
        .route("/api/v1/export/{what}", get(export::from_address).post(export::from_form))
        .route("/api/v1/exports/{id}/file", get(export::download))
        .route("/import/files", post(uploads::receive).layer(DefaultBodyLimit::max(uploads::BYTES_MAX)))
        .route("/import/{id}/errors.csv", get(uploads::error_rows))
        .route("/unsubscribe", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/shared/{token}", get(shares::look).post(shares::unlock))
        .route("/shared/{token}/{file}", get(shares::take))
        .route("/ws", get(live::socket))
        .route("/events", get(live::events))
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/sw.js", get(pwa::service_worker))
        .route("/register-sw.js", get(pwa::register))
        .route("/offline", get(pwa::offline))
        .nest_service("/pkg", packages(&state.config.site));
    public_files(open, &state.config.site)
        .merge(visited)
        // Inside the headers, so that the answer to a request that failed carries them too.
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.clone(), security::same_origin))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CompressionLayer::new().gzip(true).compress_when(DefaultPredicate::new().and(is_no_download)))
        // Without the query: the token of a link to unsubscribe stands there, and what people search for.
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            tracing::debug_span!("request", method = %request.method(), path = without_token(request.uri().path()))
        }))
        .with_state(state)
}

/// Returns a path as the log may have it: what opens a share link is not written down.
fn without_token(path: &str) -> &str {
    const SHARED: &str = "/shared/";
    if path.starts_with(SHARED) { SHARED } else { path }
}

/// A file that is saved keeps its length, by which the browser tells how far the download is.
fn is_no_download(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

/// The built pages: their names carry a hash of their content, so they may be kept for ever.
fn packages(site: &Path) -> Router {
    let files = ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip();
    Router::new().fallback_service(files).layer(axum::middleware::from_fn(immutable))
}

async fn immutable(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let value = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

/// One route for each file of `public/`, so that no path can lead out of it.
fn public_files(mut router: Router<AppState>, site: &Path) -> Router<AppState> {
    let Ok(folder) = std::fs::read_dir(site) else { return router };
    for entry in folder.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_copy = name.ends_with(".br") || name.ends_with(".gz");
        if entry.path().is_file() && !is_copy {
            let kind = mime_guess::from_path(&name).first_or_octet_stream();
            let kind = if name.ends_with(".webmanifest") { pwa::manifest_mime() } else { kind };
            let file = ServeFile::new_with_mime(entry.path(), &kind).precompressed_br().precompressed_gzip();
            router = router.route_service(&format!("/{name}"), file_route(file));
        }
    }
    router
}

fn file_route(file: ServeFile) -> Router {
    Router::new().fallback_service(file).layer(axum::middleware::from_fn(revalidated))
}

async fn revalidated(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn ready(State(state): State<AppState>) -> Response {
    match db::identity::first_workspace(&state.db).await {
        Ok(_) => Json(serde_json::json!({"status": "ready"})).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}
