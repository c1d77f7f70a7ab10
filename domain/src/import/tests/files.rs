use super::super::decode::{Encoding, FileProblem, decode, is_workbook};
use super::super::table::{CellRows, Cells, RowSource, Table};
use super::{open, rows};

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "name,größe\nUeda,5\n";
    let marked = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
    let western: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked(&[0xEF, 0xBB, 0xBF], text.as_bytes().to_vec()), Encoding::Utf8),
        (marked(&[0xFF, 0xFE], utf16(text, false)), Encoding::Utf16Le),
        (marked(&[0xFE, 0xFF], utf16(text, true)), Encoding::Utf16Be),
        (utf16(text, false), Encoding::Utf16Le),
        (utf16(text, true), Encoding::Utf16Be),
        (western, Encoding::Windows1252),
    ] {
        let decoded = decode(&bytes).unwrap();
        assert_eq!((&*decoded.text, decoded.encoding), (text, encoding));
    }
    assert_eq!(decode(b"price\n5 \x80 \x93ok\x94\n").unwrap().text, "price\n5 € “ok”\n");
}

#[test]
fn what_is_no_text_is_refused() {
    let noise: Vec<u8> = (0u32..4000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 | 1).collect();
    assert!(matches!(decode(&noise), Err(FileProblem::Binary | FileProblem::Encoding)));
    for (bytes, problem) in [
        (&b""[..], FileProblem::Empty),
        (b" \r\n \n", FileProblem::Empty),
        (b"\xEF\xBB\xBF", FileProblem::Empty),
        (b"name\nA\0B\n", FileProblem::Binary),
        (b"%PDF-1.7 text", FileProblem::Binary),
        (b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.csv", FileProblem::Archive),
        (b"\x1F\x8B\x08", FileProblem::Archive),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", FileProblem::OldWorkbook),
        (b"name\nPl\xE4tze \x81\n", FileProblem::Encoding),
        ("name\nMüller, Grö".as_bytes().split_last().unwrap().1, FileProblem::Truncated),
        (b"\xFF\xFEn\0a", FileProblem::Truncated),
        (b"\xFF\xFE\x00\xD8\x41\x00", FileProblem::Encoding),
    ] {
        assert_eq!(decode(bytes).unwrap_err(), problem, "{bytes:?}");
    }
    let workbook = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml";
    assert!(is_workbook(workbook));
    assert_eq!(decode(workbook).unwrap_err(), FileProblem::Workbook);
    assert_eq!(decode(&vec![b'a'; super::super::FILE_BYTES_MAX + 1]).unwrap_err(), FileProblem::TooLarge);
}

#[test]
fn every_delimiter_and_line_end_gives_the_same_rows() {
    for delimiter in [",", ";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["name", "note", "mrr"].join(delimiter)
                + end
                + &["Acme", "\"a, b; c | \"\"d\"\"\"", "5"].join(delimiter)
                + end
                + end
                + &["Northwind", "", "6"].join(delimiter)
                + end;
            let table = open(&text);
            assert_eq!(table.delimiter().to_string(), delimiter, "{text:?}");
            assert_eq!(table.headings(), ["name", "note", "mrr"]);
            assert_eq!(rows(&table), [["Acme", "a, b; c | \"d\"", "5"], ["Northwind", "", "6"]], "{text:?}");
            let (mut source, mut cells) = (table.rows(), Cells::new());
            assert_eq!(source.read(&mut cells), Ok(Some(2)));
            assert_eq!(source.read(&mut cells), Ok(Some(4)));
            assert_eq!(source.read(&mut cells), Ok(None));
            assert_eq!(source.read(&mut cells), Ok(None));
        }
    }
    let stated = open("sep=;\r\nname;note\r\nAcme;1,2,3\r\n");
    assert_eq!((stated.delimiter(), rows(&stated)), (';', vec![vec!["Acme".to_owned(), "1,2,3".to_owned()]]));
    assert_eq!(open("name\nAcme\n").delimiter(), ',');
    assert_eq!(rows(&open("\n\n,,\nname,mrr\n , \nAcme,5\n"))[0], ["Acme", "5"]);
}

#[test]
fn headings_are_never_empty_or_alike() {
    let table = open(" name ,,name,NAME,\"a\nb\",name (2)\nx,y,z,u,v,w\n");
    assert_eq!(table.headings(), ["name", "Column 2", "name (2)", "NAME", "a b", "name (2) (2)"]);
}

#[test]
fn a_quote_that_never_closes_is_named_by_its_line() {
    for (text, line) in
        [("name,note\nA,1\nB,\"cut off he", 3), ("name,\"note\nA,1\n", 1), ("name,note\nA,\"x\nB,2\nC,3\n", 2)]
    {
        let result = Table::open(text).and_then(|table| {
            let (mut source, mut cells) = (table.rows(), Cells::new());
            while source.read(&mut cells)?.is_some() {}
            Ok(())
        });
        assert_eq!(result, Err(FileProblem::UnclosedQuote(line)), "{text:?}");
    }
    // A quote inside a cell is only a character, and a closed one at the end is fine.
    assert_eq!(rows(&open("name,size\nA,5\"\nB,\"6\"\"\""))[1], ["B", "6\""]);
    assert_eq!(rows(&open("name,size\nA,5\"")), [["A", "5\""]]);
}

#[test]
fn hostile_files_are_refused_or_read_but_never_break() {
    let wide = vec!["x"; 10_000].join(",");
    assert_eq!(Table::open(wide.as_str()).unwrap_err(), FileProblem::TooManyColumns(10_000));
    assert_eq!(rows(&open("name,mrr\n")), Vec::<Vec<String>>::new());
    let huge = format!("name\n{}\n", "a".repeat(1_000_000));
    assert_eq!(rows(&open(&huge))[0][0].len(), 1_000_000);
    for text in [
        "\"",
        "\"\"",
        ",",
        "\"a\"b\"",
        "a\"\n\"b",
        "|;\t,",
        "sep=",
        "sep=;",
        "sep=;\n",
        "\u{feff}\"",
        "a,b\n\"\"\"",
        "\r\r\r",
    ] {
        if let Ok(table) = Table::open(text) {
            let (mut source, mut cells) = (table.rows(), Cells::new());
            while let Ok(Some(_)) = source.read(&mut cells) {}
        }
    }
}

#[test]
fn cells_from_elsewhere_are_rows_as_well() {
    let sheet = [vec![""], vec!["name", "mrr", ""], vec!["Acme"], vec!["", ""], vec!["Northwind", "5", ""]];
    let cells =
        sheet.iter().enumerate().map(|(at, row)| (at as u64 + 1, row.iter().map(|c| (*c).to_owned()).collect()));
    let mut source = CellRows::new(cells).unwrap();
    let mut record = Cells::new();
    assert_eq!(source.headings(), ["name", "mrr"]);
    assert_eq!((source.read(&mut record), record.len()), (Ok(Some(3)), 2));
    assert_eq!(source.read(&mut record), Ok(Some(5)));
    assert_eq!(source.read(&mut record), Ok(None));
}
