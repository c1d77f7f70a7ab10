//! When two entries of feeds are the same news.

/// How long a headline counts as the same one, in days.
pub const SAME_DAYS: i64 = 7;
/// Parameters of an address that say where a reader came from and not what is read.
const TRACKERS: [&str; 8] = ["utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "ref=", "cmpid", "source="];

/// Returns what an entry is recognised by: the address where it has one, else the feed's own key, else the headline.
#[must_use]
pub fn entry_key(id: &str, url: Option<&str>, title: &str) -> String {
    let key = match url.map(plain_address).filter(|url| !url.is_empty()) {
        Some(url) => format!("u:{url}"),
        None if !id.trim().is_empty() => format!("g:{}", id.trim()),
        None => format!("t:{}", title_key(title)),
    };
    key.chars().take(500).collect()
}

/// Returns a headline's letters and figures in lower case, without the name of the paper behind it.
#[must_use]
pub fn title_key(title: &str) -> String {
    /// Longest name of a paper, in words.
    const PAPER_WORDS_MAX: usize = 4;
    let paper = title.rfind(" - ").or_else(|| title.rfind(" | ")).filter(|at| {
        let (head, tail) = title.split_at(*at);
        head.split_whitespace().count() >= 4 && tail.split_whitespace().count() <= PAPER_WORDS_MAX + 1
    });
    let title = paper.map_or(title, |at| &title[..at]);
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn plain_address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| !part.is_empty() && !TRACKERS.iter().any(|tracker| part.starts_with(tracker)))
        .collect();
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("www.").unwrap_or(path);
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_a_reader_came_makes_no_other_entry() {
        let key = |url: &str| entry_key("", Some(url), "");
        let plain = key("https://www.paper.example/acme/");
        for url in [
            "http://paper.example/acme",
            "https://paper.example/acme?utm_source=x&utm_medium=rss",
            "https://paper.example/acme#comments",
        ] {
            assert_eq!(key(url), plain);
        }
        assert_ne!(key("https://paper.example/acme?id=2"), plain);
    }

    #[test]
    fn without_an_address_the_feeds_key_counts_and_then_the_headline() {
        assert_eq!(entry_key(" 17 ", None, "A"), "g:17");
        assert_eq!(entry_key("", None, "Acme, Inc. raises $20m!"), "t:acme inc raises 20m");
    }

    #[test]
    fn the_papers_name_does_not_count() {
        assert_eq!(
            title_key("Acme raises $20m in new round - The Daily Paper"),
            title_key("Acme raises $20m in new round")
        );
        assert_eq!(title_key("Acme - profit up"), "acme profit up");
    }
}
