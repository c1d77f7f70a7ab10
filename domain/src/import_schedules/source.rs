//! Where a file comes from: an address of the web, or the folder of the server that is meant for it.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::signals::address;

/// Longest name of a file, in characters.
const FILE_CHARS_MAX: usize = 200;
/// Most stars in the name of a file.
const STARS_MAX: usize = 5;
/// How much of an answer is looked at to see whether it is a page, in bytes.
const START_BYTES: usize = 512;

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An address of the web.
    Web(String),
    /// A name in the folder; with `*` for any letters, the newest file that fits.
    File(String),
}

impl Source {
    /// Returns the source as it is stored, or what is wrong with it. Whether an address may be reached is judged when
    /// it is asked.
    pub fn checked(self) -> Result<Self, Refusal> {
        match self {
            Self::Web(url) => web(&url).map(Self::Web),
            Self::File(name) => file(&name).map(Self::File),
        }
    }

    /// Returns what people know it by: the name of the file, or of the host without what may be a key behind it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Web(url) => address::host(url),
            Self::File(name) => name,
        }
    }
}

fn web(url: &str) -> Result<String, Refusal> {
    if url.trim().is_empty() {
        return Err(Refusal::field(
            "source",
            "Enter the address of the file, such as https://example.com/accounts.csv.",
        ));
    }
    let url = address::tidy("source", url)?;
    let is_own = || address::host(&url).parse::<Ipv4Addr>().is_ok_and(|host| host.is_private() || host.is_loopback());
    if url.starts_with("https://") || is_own() {
        return Ok(url);
    }
    let message = "Use an address that begins with https://. Without encryption, only machines of your own network are \
        asked, by their number, such as http://10.1.0.5/accounts.csv.";
    Err(Refusal::field("source", message))
}

fn file(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let is_foreign = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    let message = match name.chars().count() {
        0 => "Enter the name of the file, such as accounts.csv or accounts-*.csv.",
        count if count > FILE_CHARS_MAX => "Use at most 200 characters.",
        _ if name.starts_with('.') || name.contains(is_foreign) => {
            "Enter the plain name of a file, without a folder, such as accounts.csv."
        }
        _ if name.matches('*').count() > STARS_MAX => "Use at most five stars.",
        _ => return Ok(name.to_owned()),
    };
    Err(Refusal::field("source", message))
}

/// Returns whether the name of a file fits a pattern, in which `*` stands for any letters; hidden files fit none.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') {
        return false;
    }
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(last)
}

/// Returns whether bytes are a page of the web: what a server answers that wants somebody to sign in first.
#[must_use]
pub fn is_page(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..START_BYTES).unwrap_or(bytes)).to_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
}
