//! From the bytes of a feed to its entries: RSS, Atom and JSON Feed.

use feed_rs::model;
use quick_xml::Reader;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::Event;

use super::address;
use super::trouble::Trouble;
use crate::time::Timestamp;

/// Largest feed, in bytes.
pub const BYTES_MAX: usize = 1 << 20;
/// Most entries that are read of a feed; the newest stand first by custom.
pub const ENTRIES_MAX: usize = 200;
/// Most elements that stand inside each other.
const DEPTH_MAX: usize = 128;
/// Longest headline, in characters.
pub const TITLE_CHARS_MAX: usize = 300;
/// Longest summary, in characters.
pub const SUMMARY_CHARS_MAX: usize = 600;

/// A feed as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What it calls itself.
    pub title: String,
    /// Its entries in its own order.
    pub entries: Vec<Entry>,
}

/// An entry of a feed, in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The feed's own key of it.
    pub id: String,
    /// The headline.
    pub title: String,
    /// What stands below it.
    pub summary: String,
    /// Where the whole text is; only addresses of the web.
    pub url: Option<String>,
    /// When it was published, where it says so.
    pub published_at: Option<Timestamp>,
}

/// Reads a feed; `base` is where it came from, for addresses that are relative to it.
pub fn parse(bytes: &[u8], base: &str) -> Result<Parsed, Trouble> {
    if bytes.len() > BYTES_MAX {
        return Err(Trouble::TooLarge);
    }
    if is_deep(bytes) {
        return Err(Trouble::NotAFeed);
    }
    let parser = feed_rs::parser::Builder::new().base_uri(Some(base)).build();
    let feed = parser.parse(bytes).map_err(|_| Trouble::NotAFeed)?;
    let entries = feed.entries.into_iter().take(ENTRIES_MAX).filter_map(entry).collect();
    Ok(Parsed { title: text(feed.title.as_ref(), TITLE_CHARS_MAX), entries })
}

/// Returns whether more elements stand inside each other than in any real feed. feed-rs calls itself for each group of
/// media inside another, and a megabyte of them is more than any stack holds.
fn is_deep(bytes: &[u8]) -> bool {
    // The same look by which feed-rs tells XML from JSON.
    if bytes.iter().find(|byte| matches!(byte, b'<' | b'{')) != Some(&b'<') {
        return false;
    }
    let mut reader = Reader::from_reader(DecodingReader::new(bytes));
    let (mut depth, mut buffer) = (0usize, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Decl(said)) => {
                if let Some(encoding) = said.encoder() {
                    reader.get_mut().set_encoding(encoding);
                }
            }
            Ok(Event::Start(_)) if depth == DEPTH_MAX => return true,
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            // feed-rs comes no further than this either.
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

fn entry(entry: model::Entry) -> Option<Entry> {
    let title = text(entry.title.as_ref(), TITLE_CHARS_MAX);
    if title.is_empty() {
        return None;
    }
    let body = || entry.content.as_ref().and_then(|content| content.body.as_deref()).unwrap_or_default();
    let summary = match text(entry.summary.as_ref(), SUMMARY_CHARS_MAX) {
        empty if empty.is_empty() => plain(body(), SUMMARY_CHARS_MAX),
        summary => summary,
    };
    let links = entry.links.iter().filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    // A feed may say "javascript:" where an address should stand.
    let url = links
        .map(|link| link.href.trim())
        .find_map(|href| address::tidy("url", href).ok().filter(|_| href.contains("://")));
    let published = entry.published.or(entry.updated);
    let published_at = published.map(|at| Timestamp(at.timestamp_millis()));
    let id = entry.id.chars().filter(|c| !c.is_control()).take(500).collect();
    Some(Entry { id, title, summary, url, published_at })
}

fn text(text: Option<&model::Text>, chars_max: usize) -> String {
    text.map_or_else(String::new, |text| plain(&text.content, chars_max))
}

/// Returns text without marks of HTML, in one line and not longer than `chars_max`.
fn plain(html: &str, chars_max: usize) -> String {
    // Most of a long article is never shown.
    let end = html.char_indices().nth(chars_max * 20).map_or(html.len(), |(end, _)| end);
    let mut out = String::new();
    let mut inside = false;
    for c in html[..end].chars() {
        match c {
            '<' => {
                inside = true;
                out.push(' ');
            }
            '>' if inside => inside = false,
            c if !inside && !c.is_control() => out.push(c),
            c if !inside && c.is_whitespace() => out.push(' '),
            _ => {}
        }
    }
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&nbsp;", " ")];
    let out = marks.iter().chain(&[("&#8217;", "’"), ("&amp;", "&")]).fold(out, |out, (mark, c)| out.replace(mark, c));
    out.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://paper.example/feed";

    #[test]
    fn rss_atom_and_json_are_read_alike() {
        let rss = r#"<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>The Paper</title>
            <item><title>Acme &amp; Co raises $20m</title><link>https://paper.example/1</link><guid>one</guid>
            <description>&lt;p&gt;A &lt;b&gt;big&lt;/b&gt; round.&lt;/p&gt;</description>
            <pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"#;
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title><entry><id>one</id>
            <title>Acme &amp; Co raises $20m</title><link href="/1"/><summary>A big round.</summary>
            <published>2026-11-20T10:00:00Z</published></entry></feed>"#;
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": [{"id": "one",
            "title": "Acme & Co raises $20m", "url": "https://paper.example/1", "content_text": "A big round.",
            "date_published": "2026-11-20T10:00:00Z"}]}"#;
        for (kind, text) in [("rss", rss), ("atom", atom), ("json", json)] {
            let feed = parse(text.as_bytes(), BASE).unwrap();
            assert_eq!(feed.title, "The Paper", "{kind}");
            let [entry] = &feed.entries[..] else { panic!("{kind}: {:?}", feed.entries) };
            assert_eq!(entry.title, "Acme & Co raises $20m", "{kind}");
            assert_eq!(entry.summary, "A big round.", "{kind}");
            assert_eq!(entry.url.as_deref(), Some("https://paper.example/1"), "{kind}");
            assert_eq!(entry.published_at, Some(Timestamp(1_795_168_800_000)), "{kind}");
        }
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for text in ["", "<html><body>Sign in</body></html>", "{\"a\": 1}", "<rss", "\u{feff}", "plain words"] {
            assert_eq!(parse(text.as_bytes(), BASE), Err(Trouble::NotAFeed), "{text}");
        }
        assert_eq!(parse(&vec![b' '; BYTES_MAX + 1], BASE), Err(Trouble::TooLarge));
    }

    #[test]
    fn a_hostile_feed_does_no_harm() {
        let entities = r#"<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
            <rss version="2.0"><channel><title>&b;</title></channel></rss>"#;
        assert!(parse(entities.as_bytes(), BASE).map_or(true, |feed| feed.title.len() < 50));
        let file = r#"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>
            <title>&f;</title></channel></rss>"#;
        assert!(parse(file.as_bytes(), BASE).map_or(true, |feed| !feed.title.contains("root")));
        let script = r#"<rss version="2.0"><channel><title>T</title><item><title>&lt;script&gt;x()&lt;/script&gt; Hi</title>
            <link>javascript:alert(1)</link></item></channel></rss>"#;
        let feed = parse(script.as_bytes(), BASE).unwrap();
        assert_eq!((feed.entries[0].title.as_str(), feed.entries[0].url.as_deref()), ("x() Hi", None));
        let deep = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content type=\"xhtml\">{}",
            "<div>".repeat(150_000)
        );
        let _ = parse(deep.as_bytes(), BASE);
        let groups = format!(
            "<rss version=\"2.0\" xmlns:m=\"http://search.yahoo.com/mrss/\"><channel><title>T</title><item>{}",
            "<m:group>".repeat(60_000)
        );
        assert_eq!(parse(groups.as_bytes(), BASE), Err(Trouble::NotAFeed));
        let nul = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "a\u0000b", "title": "One"}]}"#;
        assert_eq!(parse(nul.as_bytes(), BASE).unwrap().entries[0].id, "ab");
        let items = "<item><title>One</title></item>".repeat(1_000);
        let many = format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>");
        assert_eq!(parse(many.as_bytes(), BASE).unwrap().entries.len(), ENTRIES_MAX);
    }
}
