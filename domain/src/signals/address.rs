//! Addresses that people type: checked here so that they read what to change; the egress client decides for good.

use crate::refusal::Refusal;

/// Longest address, in characters.
pub const ADDRESS_CHARS_MAX: usize = 2_000;

/// Returns an address of the web in its plain form; `acme.com` becomes `https://acme.com/`.
pub fn tidy(field: &str, text: &str) -> Result<String, Refusal> {
    let no = |message: &str| Err(Refusal::field(field, message));
    let text = text.trim();
    if text.is_empty() {
        return no("Write an address, such as https://example.com/news.xml.");
    }
    if text.chars().count() > ADDRESS_CHARS_MAX {
        return no("Use at most 2,000 characters.");
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let scheme = scheme.to_lowercase();
    if scheme != "https" && scheme != "http" {
        return no("Use an address that begins with https:// or http://.");
    }
    if rest.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c)) {
        return no("Leave out spaces and quotation marks.");
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if authority.contains('@') {
        return no("Leave out the name and password before the @.");
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return no("The port behind the colon is a number up to 65535.");
    }
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if host.is_empty() || !(is_bracketed || host.chars().all(is_name)) || !(is_bracketed || host.contains('.')) {
        return no("Write the host with its ending and in plain letters, such as example.com.");
    }
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok(format!("{scheme}://{}{slash}{path}", authority.to_lowercase()))
}

/// Returns the host of an address without `www.`.
#[must_use]
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let host = &rest[..end];
    host.strip_prefix("www.").unwrap_or(host)
}

/// Returns whether two addresses are of one site: the same host, or one a part of the other.
#[must_use]
pub fn same_site(a: &str, b: &str) -> bool {
    let (a, b) = (host(a).to_lowercase(), host(b).to_lowercase());
    let below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.ends_with('.'));
    a == b || below(&a, &b) || below(&b, &a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_tidied() {
        for (typed, tidied) in [
            ("acme.com", "https://acme.com/"),
            (" HTTP://Acme.COM/News?x=1#top ", "http://acme.com/News?x=1"),
            ("https://acme.com:8443/feed", "https://acme.com:8443/feed"),
            ("https://acme.com?page=2", "https://acme.com/?page=2"),
            ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ] {
            assert_eq!(tidy("url", typed).unwrap(), tidied);
        }
    }

    #[test]
    fn an_address_that_cannot_be_is_refused() {
        for typed in [
            "",
            "ftp://acme.com",
            "https://",
            "https://maya:pw@acme.com",
            "https://ac me.com",
            "acme",
            "https://bücher.example",
            "https://acme.com:99999/",
            "https://acme.com/\"",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(tidy("url", typed).is_err(), "{typed}");
        }
        assert!(tidy("url", &format!("https://acme.com/{}", "a".repeat(2_000))).is_err());
    }

    #[test]
    fn hosts_of_one_site_are_known() {
        assert!(same_site("https://www.acme.com/a", "http://acme.com"));
        assert!(same_site("https://status.acme.com", "https://acme.com"));
        assert!(!same_site("https://notacme.com", "https://acme.com"));
    }
}
