use super::super::Format;
use super::{account, all, file, full, workspace};
use crate::accounts::AccountRow;
use crate::fields::{Catalogue, Subject};
use crate::import::check::Checker;
use crate::import::decode::{FileProblem, decode};
use crate::import::mapping::{Target, guess};
use crate::import::plan::{Mode, Options, Outcome, Row, classify};
use crate::import::profile::Profile;
use crate::import::table::{Cells, RowSource, Table};
use crate::money::Currency;

/// Reads a file as the import does, with everything guessed.
fn read(text: &str, catalogue: &Catalogue) -> (Options, Vec<Row>) {
    let table = Table::open(decode(text.as_bytes()).unwrap().text).unwrap();
    let profile = Profile::of(&mut table.rows()).unwrap();
    let mapping = guess(table.headings(), &profile, catalogue, Subject::Account);
    let options = Options::new(Subject::Account, mapping, Currency::USD);
    let checker = Checker::new(table.headings(), &options, catalogue).unwrap();
    let (mut source, mut cells, mut rows) = (table.rows(), Cells::new(), Vec::new());
    while let Some(line) = source.read(&mut cells).unwrap() {
        let mut row = checker.check_row(line, &cells).unwrap();
        checker.identify(&mut row).unwrap();
        rows.push(row);
    }
    (options, rows)
}

fn stored(row: &AccountRow) -> serde_json::Map<String, serde_json::Value> {
    let mut doc = serde_json::to_value(&row.account).unwrap().as_object().unwrap().clone();
    // The reader leaves references as they are written.
    for (key, written) in [("owner_id", "sam@northwind.example"), ("parent_id", "A-2")] {
        if !doc[key].is_null() {
            doc.insert(key.into(), written.into());
        }
    }
    doc
}

#[test]
fn what_is_exported_changes_nothing_when_it_is_imported() {
    let catalogue = workspace();
    let rows = [full(), account(2, "=1+1"), account(3, "4711")];
    for format in [Format::Csv, Format::Json] {
        let (options, read) = read(&file(format, &all(&catalogue), &rows), &catalogue);
        assert_eq!(options.match_keys, ["external_id"]);
        assert!(options.mapping.new_fields().is_empty(), "{options:?}");
        for (row, line) in rows.iter().zip(&read) {
            assert_eq!(classify(Some(&stored(row)), line, Mode::Upsert), Outcome::Unchanged, "{format:?} {line:?}");
        }
        assert_eq!(read.len(), rows.len());
    }
}

#[test]
fn an_empty_workspace_gets_the_same_fields_in_the_same_order() {
    let ours = workspace();
    let text = file(Format::Csv, &all(&ours), &[full()]);
    let (options, _) = read(&text, &crate::accounts::catalogue());
    let new: Vec<String> = options.mapping.new_fields().into_iter().map(|field| field.label).collect();
    // The second column of the name “Tier” goes by its key.
    assert_eq!(new, ["Plan", "tier", "NPS"]);
    let json = file(Format::Json, &all(&ours), &[full()]);
    assert_eq!(read(&json, &crate::accounts::catalogue()).0.mapping.new_fields(), options.mapping.new_fields());
}

#[test]
fn a_company_of_ones_own_does_not_become_the_name() {
    let own = crate::fields::Field::new("custom.company", "Company", crate::fields::FieldType::Text, &[]);
    let catalogue = crate::accounts::catalogue().with([own]);
    let mut row = account(1, "Acme");
    row.account.custom.insert("company".into(), "Holding".into());
    let (options, rows) = read(&file(Format::Csv, &all(&catalogue), &[row]), &crate::accounts::catalogue());
    assert_eq!(rows[0].fields["name"], "Acme");
    assert_eq!(options.mapping.new_fields().len(), 1);
}

#[test]
fn what_is_computed_is_left_out_when_it_comes_back() {
    let catalogue = workspace();
    let keys: Vec<String> = ["name", "external_id", "score", "churn_pct", "custom.gap"].map(str::to_owned).into();
    let columns = super::columns(&catalogue, &keys).unwrap();
    let (options, rows) = read(&file(Format::Csv, &columns, &[full()]), &catalogue);
    assert!(options.mapping.columns[2..].iter().all(|column| column.target == Target::Skip), "{options:?}");
    assert_eq!(rows[0].fields.len(), 2);
}

#[test]
fn accounts_without_an_external_id_are_known_by_their_name() {
    let catalogue = workspace();
    let mut nameless = account(2, "Beta");
    nameless.account.external_id = None;
    let (_, rows) = read(&file(Format::Csv, &all(&catalogue), &[account(1, "Beta"), nameless]), &catalogue);
    assert_eq!(rows[0].key.as_deref(), Some("A-1"));
    assert_eq!(rows[1].key.as_deref(), Some("\u{1e}beta"));
}

#[test]
fn json_of_others_is_read_as_rows_too() {
    let text = "{\"name\": \"Acme\", \"tags\": [\"a\", \"b\"]}\n{\"name\": \"Beta\", \"seats\": 5, \"tags\": null}\n";
    let (_, rows) = read(text, &crate::accounts::catalogue());
    assert_eq!(rows[0].fields["tags"], serde_json::json!(["a", "b"]));
    assert_eq!(rows[1].fields["seats"], 5);
    for (text, line) in [("[{\"name\": \"A\"},\n{\"name\" \"B\"}]", 2), ("[{\"a\":1}] more", 1), ("{\"a\":1}\n[1]", 2)]
    {
        assert_eq!(decode(text.as_bytes()), Err(FileProblem::Json(line)), "{text}");
    }
}
