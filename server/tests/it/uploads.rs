//! Files for the import: in any encoding, as workbooks, and as what people call a file.

use std::io::{Cursor, Write};

use axum::body::Body;
use domain::identity::Role;
use http::StatusCode;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::app::{Person, TestApp};

const TEXT: &str = "name;arr;city\nMüller & Söhne;1200;Köln\nCafé;800;Besançon\n";

/// Uploads a file and returns what the import reads in it.
async fn inspect(app: &TestApp, person: &Person, name: &str, bytes: Vec<u8>) -> Value {
    let answer = app.upload(name, bytes, Some(person)).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
    let file = answer.json()["file"].clone();
    let arguments = json!({"file": file, "kind": domain::fields::Subject::Account});
    let answer = app.call("inspect_file", arguments, Some(person)).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
    answer.json()
}

/// Uploads a file that is refused and returns the sentence that says why.
async fn refusal(app: &TestApp, person: &Person, name: &str, bytes: impl Into<Body>) -> String {
    let answer = app.upload(name, bytes, Some(person)).await;
    assert!(answer.status.is_client_error(), "{name}: {} {}", answer.status, answer.text());
    answer.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn text_is_read_in_the_encoding_it_has() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16_big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let windows: Vec<u8> = TEXT.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let mark = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
    for (name, bytes, encoding) in [
        ("utf8.csv", TEXT.as_bytes().to_vec(), "utf8"),
        ("mark.csv", mark, "utf8"),
        ("utf16.csv", utf16, "utf16_le"),
        ("utf16-big.csv", utf16_big, "utf16_be"),
        ("windows.csv", windows, "windows1252"),
    ] {
        let found = inspect(&app, &sam, name, bytes).await;
        assert_eq!(found["encoding"], encoding, "{name}");
        assert_eq!(found["headings"], json!(["name", "arr", "city"]), "{name}");
        assert_eq!(found["sample"][0], json!(["Müller & Söhne", "1200", "Köln"]), "{name}");
        assert_eq!(
            (&found["delimiter"], &found["rows"], &found["name"]),
            (&json!(";"), &json!(2), &json!(name)),
            "{name}"
        );
    }
}

/// Returns a workbook with one sheet of these cells.
fn workbook(cells: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    for (name, text) in [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {main} xmlns:r=\"{relations}\"><sheets><sheet name=\"Kunden\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet {main}><sheetData>{cells}</sheetData></worksheet>")),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn text_cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[tokio::test]
async fn a_workbook_is_its_first_sheet() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let cells = format!(
        "<row r=\"2\">{}{}{}</row><row r=\"3\">{}<c r=\"D3\"><v>1200.5</v></c></row><row r=\"5\">{}<c r=\"C5\" t=\"b\"><v>1</v></c></row>",
        text_cell("B2", "name"),
        text_cell("C2", "vip"),
        text_cell("D2", "arr"),
        text_cell("B3", "Müller &amp; Söhne"),
        text_cell("B5", "Café"),
    );
    let found = inspect(&app, &sam, "kunden.xlsx", workbook(&cells)).await;
    assert_eq!(found["headings"], json!(["name", "vip", "arr"]));
    assert_eq!(found["sample"][0], json!(["Müller & Söhne", "", "1200.5"]));
    assert_eq!(found["rows"], json!(2), "the empty row between is none: {found}");
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    for (name, bytes) in [
        ("empty.csv", Vec::new()),
        ("binary.csv", (0..=255u8).cycle().take(4_096).collect()),
        ("picture.png", [&b"\x89PNG\r\n\x1a\n"[..], &[0; 64]].concat()),
        ("document.pdf", [&b"%PDF-1.7\n"[..], &[0, 1, 2, 3, 255, 254]].concat()),
        ("cut.xlsx", workbook(&text_cell("A1", "name"))[..300].to_vec()),
        ("archive.zip", [&b"PK\x03\x04"[..], &[7; 200]].concat()),
    ] {
        let message = refusal(&app, &sam, name, bytes).await;
        assert!(message.ends_with('.') && message.len() > 20, "{name}: {message}");
    }
    let viewer = app.signed_in_as("Vera", Role::Viewer).await;
    assert_eq!(app.upload("a.csv", TEXT, Some(&viewer)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_small_file_cannot_become_a_large_one() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let corners =
        format!("<row r=\"1\">{}</row><row r=\"1048576\">{}</row>", text_cell("A1", "a"), text_cell("XFD1048576", "b"));
    assert!(refusal(&app, &sam, "corners.xlsx", workbook(&corners)).await.contains("too large"));
    let thin =
        format!("<row r=\"1\">{}</row><row r=\"1000000\">{}</row>", text_cell("A1", "a"), text_cell("SF1000000", "b"));
    assert!(refusal(&app, &sam, "thin.xlsx", workbook(&thin)).await.contains("too much"));
    let bomb = bomb();
    assert!(bomb.len() < 2 * 1024 * 1024, "{} bytes", bomb.len());
    assert!(refusal(&app, &sam, "bomb.xlsx", bomb).await.contains("unpacks to too much"));
}

/// Returns a small workbook whose parts unpack to 320 MiB; one part is packed once and copied.
fn bomb() -> Vec<u8> {
    let mut one = ZipWriter::new(Cursor::new(Vec::new()));
    one.start_file("part", SimpleFileOptions::default()).unwrap();
    one.write_all(&vec![0; 20 * 1024 * 1024]).unwrap();
    let one = one.finish().unwrap().into_inner();
    let mut bomb = ZipWriter::new_append(Cursor::new(workbook(&text_cell("A1", "name")))).unwrap();
    for number in 0..16 {
        let mut archive = ZipArchive::new(Cursor::new(&one)).unwrap();
        bomb.raw_copy_file_rename(archive.by_index(0).unwrap(), format!("xl/media/{number}")).unwrap();
    }
    bomb.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_file_is_there_for_its_uploader_only() {
    let app = TestApp::start().await;
    let (sam, maya) = (app.signed_in_as("Sam", Role::Csm).await, app.signed_in_as("Maya", Role::Admin).await);
    let file = app.upload("a.csv", TEXT, Some(&sam)).await.json()["file"].clone();
    let arguments = json!({"file": file, "kind": domain::fields::Subject::Account});
    assert_eq!(app.call("inspect_file", arguments.clone(), Some(&sam)).await.status, StatusCode::OK);
    let answer = app.call("inspect_file", arguments, Some(&maya)).await;
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.text());
}
