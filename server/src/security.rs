//! What every answer and every request goes through: origin check, headers, client address.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};

use crate::state::AppState;

/// What pages may do: nothing but what this server sends them.
pub const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'{nonce}; \
    style-src-attr 'none'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// What everything else may do.
const DATA_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

/// Returns the policy for a page with this nonce, or for a file without one.
pub fn page_csp(nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    PAGE_CSP.replace("{nonce}", &nonce)
}

/// Refuses requests that another site made in a person's name: everything that is not a plain read must come
/// from this server's own pages.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Mail programs send the one click of RFC 8058 from nowhere; the token in the address is what counts there.
    // The password of a share link is asked for by a page without a referrer, whose forms some browsers send from nowhere.
    let path = request.uri().path();
    let by_token = path == "/unsubscribe" || path.starts_with("/shared/");
    if reads || by_token || is_same_origin(request.headers(), &state.config.public_url) {
        return next.run(request).await;
    }
    let text = "This request did not come from Keepwell's own pages. If you reach Keepwell under another address, \
                set KEEPWELL_PUBLIC_URL to it.";
    (StatusCode::FORBIDDEN, text).into_response()
}

/// Returns whether the browser says that the request comes from our own pages.
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin.eq_ignore_ascii_case(public_url) || (authority.is_some() && authority == text(header::HOST))
}

/// Adds the headers that every answer carries, unless a handler has set its own.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let private = !request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    let csp = if is_page { page_csp(None) } else { DATA_CSP.to_owned() };
    let mut add = |name: HeaderName, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    add(header::CONTENT_SECURITY_POLICY, &csp);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::X_FRAME_OPTIONS, "DENY");
    // Not "no-referrer": it would make browsers send `Origin: null` with our own forms, which we refuse.
    add(header::REFERRER_POLICY, "same-origin");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
    add(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    );
    if private {
        add(header::CACHE_CONTROL, "no-store");
    }
    if state.config.is_secure() {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_write() {
        let ours = "https://kw.example.com";
        let table: [(&[(&'static str, &str)], bool); 8] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", ours)], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", ours)], true),
            (&[("origin", "https://evil.example.com"), ("host", "kw.example.com")], false),
            (&[("origin", "http://10.0.0.7:3000"), ("host", "10.0.0.7:3000")], true),
            (&[], false),
        ];
        for (list, allowed) in table {
            assert_eq!(is_same_origin(&headers(list), ours), allowed, "{list:?}");
        }
    }

    #[test]
    fn a_policy_never_allows_inline() {
        for policy in [page_csp(Some("abc")), page_csp(None)] {
            assert!(!policy.contains("unsafe-inline") && !policy.contains("{nonce}"), "{policy}");
        }
        assert!(page_csp(Some("abc")).contains("'nonce-abc'"));
    }
}
