//! Bytes of an uploaded file become text, or a sentence that says why they cannot.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::json;
use super::{COLUMNS_MAX, FILE_BYTES_MAX, ROWS_MAX};
use crate::refusal::Refusal;

/// How the characters of a file are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The western European code page of Windows.
    Windows1252,
}

impl Encoding {
    /// Returns the name people know it by.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// How it was stored.
    pub encoding: Encoding,
}

/// Why a whole file is refused; a row that is wrong is a [`super::plan::RowError`] instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FileProblem {
    /// There is nothing in it.
    #[error("The file is empty. Choose a file with headings in the first line and rows below.")]
    Empty,
    /// It has headings and nothing below.
    #[error("The file has headings but no rows. Add at least one row below the headings.")]
    NoRows,
    /// It is larger than the limit.
    #[error("The file is larger than {} MiB. Split it into smaller files.", FILE_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    /// It has more rows than the limit.
    #[error("The file has more than {ROWS_MAX} rows. Split it into smaller files.")]
    TooManyRows,
    /// It has more columns than the limit.
    #[error("The file has {0} columns, and {COLUMNS_MAX} are allowed. Remove the columns you do not need.")]
    TooManyColumns(u64),
    /// It is an Excel workbook, which another reader takes.
    #[error("The file is an Excel workbook. Upload it with the ending .xlsx, or save it as CSV.")]
    Workbook,
    /// It is a workbook of Excel 97–2003.
    #[error("The file is an old Excel workbook (.xls). Save it as .xlsx or CSV, then upload it again.")]
    OldWorkbook,
    /// It is an archive.
    #[error("The file is an archive. Unpack it, then upload the table inside.")]
    Archive,
    /// It is no text.
    #[error("The file is not a table of text. Save it as CSV in UTF-8, then upload it again.")]
    Binary,
    /// It begins as JSON and does not go on as rows.
    #[error(
        "The JSON cannot be read from line {0} on. Write one array of objects, or one object on each line, and nothing else."
    )]
    Json(u64),
    /// Its encoding is not one of the known ones.
    #[error("The file's character encoding is not known. Save it as CSV in UTF-8, then upload it again.")]
    Encoding,
    /// It ends in the middle of a character.
    #[error("The file ends in the middle of a character, so part of it is missing. Export it again.")]
    Truncated,
    /// A quote that opens a cell has no partner.
    #[error(
        "The quote opened in line {0} is never closed, so part of the file may be missing. Close it, or export the file again."
    )]
    UnclosedQuote(u64),
}

impl From<FileProblem> for Refusal {
    fn from(problem: FileProblem) -> Self {
        Self::field("file", problem.to_string())
    }
}

/// Returns whether the bytes are an Excel workbook (.xlsx), which is an archive of a known layout.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    // The first entry of a workbook is one of these three, so its name stands in the first bytes.
    const FIRST: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/", b"xl/"];
    is_archive(bytes) && bytes.get(30..).is_some_and(|rest| FIRST.iter().any(|name| rest.starts_with(name)))
}

/// Returns the text of a file and how it was stored; rows of JSON become the same rows in CSV.
///
/// # Errors
/// Returns a [`FileProblem`] where the bytes are too many or no text.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, FileProblem> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    if is_archive(bytes) {
        return Err(if is_workbook(bytes) { FileProblem::Workbook } else { FileProblem::Archive });
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(FileProblem::OldWorkbook);
    }
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => narrow(rest)?,
        [0xFF, 0xFE, rest @ ..] => wide(rest, Encoding::Utf16Le)?,
        [0xFE, 0xFF, rest @ ..] => wide(rest, Encoding::Utf16Be)?,
        _ => match wide_without_mark(bytes) {
            Some(encoding) => wide(bytes, encoding)?,
            None => narrow(bytes)?,
        },
    };
    if decoded.text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    if json::is_json(&decoded.text) {
        return Ok(Decoded { text: Cow::Owned(json::to_csv(&decoded.text)?), ..decoded });
    }
    Ok(decoded)
}

fn is_archive(bytes: &[u8]) -> bool {
    [&b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1F\x8B", b"7z\xBC\xAF", b"Rar!\x1A"]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}

/// Reads text of one byte per ASCII character: UTF-8, or else Windows-1252.
fn narrow(bytes: &[u8]) -> Result<Decoded<'_>, FileProblem> {
    if bytes.contains(&0) || bytes.starts_with(b"%PDF-") {
        return Err(FileProblem::Binary);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8 }),
        // A cut in the last character of a text that was UTF-8 until there is a cut, not a code page.
        Err(error) if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() => {
            Err(FileProblem::Truncated)
        }
        Err(_) => windows_1252(bytes),
    }
}

/// The characters of Windows-1252 from 0x80 to 0x9F; the five that are NUL here are not in use.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> Result<Decoded<'static>, FileProblem> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut controls = 0usize;
    for &byte in bytes {
        match byte {
            0x80..=0x9F => match HIGH[usize::from(byte - 0x80)] {
                '\0' => return Err(FileProblem::Encoding),
                c => text.push(c),
            },
            _ => {
                controls += usize::from(byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
                text.push(char::from(byte));
            }
        }
    }
    // Text has next to no control characters; compressed or random bytes have one in eight.
    if controls > bytes.len() / 100 {
        Err(FileProblem::Binary)
    } else {
        Ok(Decoded { text: Cow::Owned(text), encoding: Encoding::Windows1252 })
    }
}

/// Returns the byte order of UTF-16 text without a mark: its delimiters and line ends have one zero byte.
fn wide_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    let many = |count: usize| count * 5 >= pairs && count > 0 && bytes.len().is_multiple_of(2);
    match () {
        () if many(second) && first == 0 => Some(Encoding::Utf16Le),
        () if many(first) && second == 0 => Some(Encoding::Utf16Be),
        () => None,
    }
}

fn wide(bytes: &[u8], encoding: Encoding) -> Result<Decoded<'static>, FileProblem> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(FileProblem::Truncated);
    }
    let units = pairs.iter().map(|pair| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(*pair),
        _ => u16::from_le_bytes(*pair),
    });
    let mut text = String::with_capacity(bytes.len());
    for unit in char::decode_utf16(units) {
        match unit {
            Ok('\0') => return Err(FileProblem::Binary),
            Ok(c) => text.push(c),
            Err(_) => return Err(FileProblem::Encoding),
        }
    }
    Ok(Decoded { text: Cow::Owned(text), encoding })
}
