//! Going on with a download where it broke off: one span of the bytes of a file that stays as it is (RFC 9110, section 14).

use std::io::{Seek, SeekFrom};

use axum::response::{IntoResponse, Response};
use domain::export::Format;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Made;
use super::answer::send;

/// What is asked of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// All of it.
    Whole,
    /// From one byte up to, but not including, another.
    Part { from: u64, until: u64 },
    /// Bytes that it does not have.
    Beyond,
}

/// Answers with a file, or with the span of it that is asked for. `tag` names the file as long as its bytes are the same.
pub(super) fn resumed(mut made: Made, tag: &str, headers: &HeaderMap, format: Format, name: &str) -> Response {
    let (whole, span) = (made.bytes, asked(headers, tag, made.bytes));
    let mut response = match span {
        Span::Whole => send(made, format, name),
        Span::Part { from, until } => {
            if let Err(error) = made.file.seek(SeekFrom::Start(from)) {
                tracing::error!(%error, "a file could not be handed out from its middle");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            let mut response = send(Made { bytes: until - from, ..made }, format, name);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response
        }
        Span::Beyond => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
    };
    let range = match span {
        Span::Whole => None,
        Span::Part { from, until } => Some(format!("bytes {from}-{}/{whole}", until - 1)),
        Span::Beyond => Some(format!("bytes */{whole}")),
    };
    let range = range.map(|range| (header::CONTENT_RANGE, range));
    let more = [(header::ACCEPT_RANGES, "bytes".to_owned()), (header::ETAG, tag.to_owned())];
    for (name, value) in more.into_iter().chain(range) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Returns what is asked for; what is not understood, several spans at once, and what is asked of another file is all of it.
fn asked(headers: &HeaderMap, tag: &str, bytes: u64) -> Span {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Span::Whole;
    }
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else { return Span::Whole };
    let Some((from, to)) = range.split_once('-') else { return Span::Whole };
    match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if to < from => Span::Whole,
        (Ok(from), _) if from >= bytes && (to.trim().is_empty() || to.trim().parse::<u64>().is_ok()) => Span::Beyond,
        (Ok(from), Ok(to)) => Span::Part { from, until: to.saturating_add(1).min(bytes) },
        (Ok(from), Err(_)) if to.trim().is_empty() => Span::Part { from, until: bytes },
        // The last so many bytes.
        (Err(_), Ok(0)) => Span::Beyond,
        (Err(_), Ok(last)) if from.trim().is_empty() && bytes > 0 => {
            Span::Part { from: bytes.saturating_sub(last), until: bytes }
        }
        _ => Span::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_span_is_understood_and_everything_else_is_the_whole_file() {
        let of = |range: &str, tag: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, range.parse().unwrap());
            if let Some(tag) = tag {
                headers.insert(header::IF_RANGE, tag.parse().unwrap());
            }
            asked(&headers, "\"a\"", 10)
        };
        let part = |from, until| Span::Part { from, until };
        assert_eq!(asked(&HeaderMap::new(), "\"a\"", 10), Span::Whole);
        for (range, span) in [
            ("bytes=0-", part(0, 10)),
            ("bytes=4-", part(4, 10)),
            ("bytes=4-6", part(4, 7)),
            ("bytes=4-99", part(4, 10)),
            ("bytes=-3", part(7, 10)),
            ("bytes=-99", part(0, 10)),
            ("bytes=10-", Span::Beyond),
            ("bytes=99-100", Span::Beyond),
            ("bytes=-0", Span::Beyond),
            ("bytes=6-4", Span::Whole),
            ("bytes=0-1,4-5", Span::Whole),
            ("bytes=", Span::Whole),
            ("bytes=-", Span::Whole),
            ("bytes=x-", Span::Whole),
            ("bytes=4-x", Span::Whole),
            ("lines=4-", Span::Whole),
            ("bytes=99999999999999999999-", Span::Whole),
        ] {
            assert_eq!(of(range, None), span, "{range}");
        }
        assert_eq!(of("bytes=4-", Some("\"a\"")), part(4, 10));
        assert_eq!(of("bytes=4-", Some("\"b\"")), Span::Whole, "of a file that is another one by now");
    }
}
