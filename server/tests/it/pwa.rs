//! The installable application: worker, manifest, icons, and the page without a network.

use http::StatusCode;
use serde_json::Value;

use crate::app::TestApp;

#[tokio::test]
async fn the_worker_keeps_the_files_of_this_build() {
    let app = TestApp::start().await;
    let worker = app.get("/sw.js", None).await;
    assert_eq!((worker.status, worker.header("content-type")), (StatusCode::OK, "text/javascript; charset=utf-8"));
    assert_eq!(worker.header("cache-control"), "no-cache", "a worker that is kept can never be replaced");
    let text = worker.text();
    for name in ["/pkg/keepwell.js", "/pkg/keepwell.wasm", "/pkg/keepwell.css", "/pkg/parts/a.wasm"] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
        assert_eq!(app.get(name, None).await.status, StatusCode::OK, "{name}");
    }
    assert!(!text.contains("__BUILD__") && !text.contains("__ASSETS__"));
    std::fs::write(app.site().join("pkg/new.js"), "").unwrap();
    assert_ne!(app.get("/sw.js", None).await.text(), text, "another build is another worker");
    assert_eq!(app.get("/register-sw.js", None).await.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(app.get("/pkg/keepwell.wasm", None).await.header("content-type"), "application/wasm");
}

#[tokio::test]
async fn the_page_without_a_network_stands_alone() {
    let app = TestApp::start().await;
    let page = app.get("/offline", None).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let html = page.text();
    assert!(
        !html.contains(" style=") && !html.contains("<style") && !html.contains("<script>"),
        "the policy blocks it"
    );
    for link in html.split(['"', '\'']).filter(|part| part.starts_with('/') && part.contains('.')) {
        assert_eq!(app.get(link, None).await.status, StatusCode::OK, "{link} of the offline page");
    }
}

#[tokio::test]
async fn the_manifest_and_what_it_names_are_there() {
    let app = TestApp::start().await;
    let manifest = app.get("/manifest.webmanifest", None).await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let manifest: Value = manifest.json();
    for key in ["name", "short_name", "start_url", "display", "theme_color", "background_color"] {
        assert!(manifest[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
    let icons = manifest["icons"].as_array().unwrap();
    for wanted in ["192x192", "512x512"] {
        assert!(icons.iter().any(|icon| icon["sizes"] == wanted), "{wanted}");
    }
    assert!(icons.iter().any(|icon| icon["purpose"].as_str().is_some_and(|purpose| purpose.contains("maskable"))));
    for icon in icons {
        let path = icon["src"].as_str().unwrap();
        let file = app.get(&format!("/{}", path.trim_start_matches('/')), None).await;
        assert_eq!(
            (file.status, file.header("content-type")),
            (StatusCode::OK, icon["type"].as_str().unwrap()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folders() {
    let app = TestApp::start().await;
    std::fs::write(app.folder().join("secret.txt"), "secret").unwrap();
    for path in [
        "/pkg/../../secret.txt",
        "/pkg/%2e%2e/%2e%2e/secret.txt",
        "/../secret.txt",
        "/pkg/..%2f..%2fsecret.txt",
        "/pkg//etc/passwd",
    ] {
        let answer = app.get(path, None).await;
        assert!(answer.status != StatusCode::OK && !answer.text().contains("secret"), "{path}: {}", answer.status);
    }
}
