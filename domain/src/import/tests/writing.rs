use proptest::prelude::*;

use super::super::decode::decode;
use super::super::table::{Cells, Table};
use super::super::write::{Cell, error_rows_csv, guard, unguard, write_row};
use super::{open, rows};

#[test]
fn nothing_that_a_spreadsheet_would_run_stays_as_it_is() {
    for text in [
        "=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "  @x", "'=1",
        "''=1", "+49 30 1", "-", "=", "-1e5",
    ] {
        assert_eq!(guard(text), format!("'{text}"));
        assert_eq!(unguard(&guard(text)), text);
    }
    for text in ["", "Acme", "-5", "+5.25", "-0.1", "'quoted'", "'", "a=b", "5-3", "'-5", "é"] {
        assert_eq!(guard(text), text);
        assert_eq!(unguard(text), text);
    }
}

#[test]
fn numbers_stay_numbers_and_text_is_quoted() {
    let mut out = String::new();
    write_row(
        &mut out,
        [Cell::Text("a\"b"), Cell::Number(-1.5), Cell::Whole(7), Cell::Blank, Cell::Number(f64::NAN), Cell::Text("=x")],
    );
    assert_eq!(out, "\"a\"\"b\",-1.5,7,,,\"'=x\"\r\n");
}

#[test]
fn rows_that_failed_come_back_with_the_reason_and_unchanged() {
    let headings = ["name".to_owned(), "=note".to_owned()];
    let short = Cells::from(vec!["Acme"]);
    let guarded = Cells::from(vec!["'=1", "x", "surplus"]);
    let csv = error_rows_csv(&headings, [(&short, "Too short."), (&guarded, "-Too long.")]);
    let table = Table::open(decode(csv.as_bytes()).unwrap().text).unwrap();
    assert_eq!(table.headings(), ["Error", "name", "=note"]);
    assert_eq!(rows(&table), [vec!["Too short.", "Acme"], vec!["'-Too long.", "'=1", "x", "surplus"]]);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(table in prop::collection::vec(prop::collection::vec("(?s)['=+@\\-\t\r\n,;|\" a-c＝é0-9]{0,8}", 3), 1..6)) {
        let mut out = String::new();
        write_row(&mut out, ["h1", "h2", "h3"].map(Cell::Text));
        for row in &table {
            write_row(&mut out, row.iter().map(|cell| Cell::Text(cell)));
        }
        let read: Vec<Vec<String>> =
            rows(&open(&out)).into_iter().map(|row| row.iter().map(|cell| unguard(cell).to_owned()).collect()).collect();
        // Rows of nothing but blanks are not rows.
        let written: Vec<_> = table.into_iter().filter(|row| row.iter().any(|cell| !guard(cell).trim().is_empty())).collect();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn no_text_breaks_the_reading(text in "(?s).{0,200}") {
        if let Ok(decoded) = decode(text.as_bytes()) && let Ok(table) = Table::open(decoded.text) {
            use super::super::table::RowSource;
            let (mut source, mut cells) = (table.rows(), Cells::new());
            while let Ok(Some(_)) = source.read(&mut cells) {}
        }
        for kind in [crate::fields::FieldType::Number, crate::fields::FieldType::Date, crate::fields::FieldType::Money, crate::fields::FieldType::Tags] {
            let _ = super::super::value::parse(&text, &kind, &super::super::value::Reading::default());
        }
    }

    #[test]
    fn no_bytes_break_the_decoding(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }
}
