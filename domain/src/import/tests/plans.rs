use serde_json::{Map, Value, json};

use super::super::check::Checker;
use super::super::plan::{EmptyCells, Mode, Options, Outcome, Row, classify};
use super::super::preview::{ERRORS_KEPT, Lookup, ROWS_SHOWN, Read, RowOutcome, preview, read_row};
use super::super::table::{Cells, RowSource, Table};
use super::{open, usual};
use crate::fields::Subject;
use crate::refusal::Refusal;
use crate::{accounts, contacts, surveys, usage};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn read_all(table: &Table<'_>, options: &Options) -> Vec<Read> {
    let checker = Checker::new(table.headings(), options, &accounts::catalogue()).unwrap();
    let (mut source, mut cells, mut found) = (table.rows(), Cells::new(), Vec::new());
    let mut duplicates = super::super::plan::Duplicates::default();
    while let Some(line) = source.read(&mut cells).unwrap() {
        found.push(read_row(&checker, &mut duplicates, line, &cells));
    }
    found
}

fn messages(read: &Read) -> Vec<String> {
    let Read::Wrong(errors) = read else { return vec![] };
    errors.iter().map(ToString::to_string).collect()
}

fn row(read: &Read) -> Row {
    let Read::Row(row) = read else { unreachable!("{read:?}") };
    row.clone()
}

#[test]
fn each_wrong_cell_is_named_by_line_and_column() {
    let table = open(
        "id,name,ARR,renewal date\n1,A,5,2026-01-01\n2,B,6,2026-01-01\n3,C,7,2026-01-01\n4,D,8,2026-01-01\n5,E,abc,never\n6\n7,F,1,2026-01-01,x\n8,G,1,2026-01-01,,\n",
    );
    let reads = read_all(&table, &usual(&table, &accounts::catalogue(), Subject::Account));
    assert_eq!(
        messages(&reads[4]),
        [
            "Line 6, column “ARR”: “abc” is not a number. Write digits such as 1234.5.",
            "Line 6, column “renewal date”: “never” is not a date. Write it as 2026-11-21.",
        ]
    );
    assert!(messages(&reads[5])[0].contains("1 cells and the headings 4"), "{reads:?}");
    assert!(messages(&reads[6])[0].contains("5 cells"));
    assert_eq!(row(&reads[7]).fields["name"], "G");
}

#[test]
fn the_first_row_with_a_key_wins() {
    let table = open("id,name\n1,A\n1,B\n1,A\n2,C\n,D\n");
    let reads = read_all(&table, &usual(&table, &accounts::catalogue(), Subject::Account));
    assert_eq!(row(&reads[0]).key.as_deref(), Some("1"));
    assert!(messages(&reads[1])[0].contains("same key as line 2"));
    assert_eq!(reads[2], Read::Repeated);
    assert_eq!(row(&reads[3]).fields["external_id"], "2");
    assert!(messages(&reads[4])[0].contains("“External ID” is blank"));
}

#[test]
fn names_match_in_any_case() {
    let table = open("name,plan\nAcme,pro\nACME,free\n");
    let reads = read_all(&table, &usual(&table, &accounts::catalogue(), Subject::Account));
    assert!(messages(&reads[1])[0].contains("line 2"));
}

#[test]
fn blank_cells_keep_or_clear() {
    let table = open("id,name,plan,tags,ARR\n1,A,,,\n2,,pro,,5\n");
    let mut options = usual(&table, &accounts::catalogue(), Subject::Account);
    for (column, key) in ["external_id", "name", "tier", "tags", "arr_minor"].into_iter().enumerate() {
        options.mapping.columns[column].target = super::super::mapping::Target::Field(key.to_owned());
    }
    let keep = read_all(&table, &options);
    assert_eq!(row(&keep[0]).fields, object(json!({"external_id": "1", "name": "A"})));
    assert_eq!(row(&keep[1]).into_new()["name"], "2");
    options.empty_cells = EmptyCells::Clear;
    let clear = read_all(&table, &options);
    assert_eq!(
        row(&clear[0]).fields,
        object(json!({"external_id": "1", "name": "A", "tier": null, "tags": [], "arr_minor": null}))
    );
}

#[test]
fn a_row_is_new_changed_the_same_or_refused() {
    let table = open("id,name,ARR,plan,seats\n1,Acme,12.50,pro,5\n");
    let options = usual(&table, &accounts::catalogue(), Subject::Account);
    let row = row(&read_all(&table, &options)[0]);
    let same = object(
        json!({"external_id": "1", "name": "Acme", "arr_minor": 1250, "tier": "pro", "seats": 5.0, "currency": "USD"}),
    );
    let mut other = same.clone();
    other.insert("tier".into(), Value::Null);
    assert_eq!(classify(None, &row, Mode::Upsert), Outcome::New);
    assert_eq!(classify(None, &row, Mode::Create), Outcome::New);
    assert!(matches!(classify(None, &row, Mode::Update), Outcome::Conflict(_)));
    assert!(matches!(classify(Some(&same), &row, Mode::Create), Outcome::Conflict(_)));
    assert_eq!(classify(Some(&same), &row, Mode::Upsert), Outcome::Unchanged);
    let update = Outcome::Update { before: object(json!({"tier": null})), after: object(json!({"tier": "pro"})) };
    assert_eq!(classify(Some(&other), &row, Mode::Update), update);
    other.insert("currency".into(), json!("EUR"));
    assert!(matches!(classify(Some(&other), &row, Mode::Update), Outcome::Conflict(reason) if reason.contains("EUR")));
    let mut nameless = row;
    nameless.missing = Some("“Name” is blank.".into());
    assert!(matches!(classify(None, &nameless, Mode::Upsert), Outcome::Invalid(_)));
    assert_eq!(classify(Some(&same), &nameless, Mode::Upsert), Outcome::Unchanged);
}

#[test]
fn custom_values_are_compared_one_by_one() {
    let table = open("id,name,Team size,Old\n1,Acme,5,x\n");
    let options = usual(&table, &accounts::catalogue(), Subject::Account);
    let row = row(&read_all(&table, &options)[0]);
    let existing = object(json!({"external_id": "1", "name": "Acme", "custom": {"team_size": 4, "old": "x"}}));
    let update = Outcome::Update {
        before: object(json!({"custom.team_size": 4})),
        after: object(json!({"custom.team_size": 5})),
    };
    assert_eq!(classify(Some(&existing), &row, Mode::Upsert), update);
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused_before_any_row() {
    let table = open("id,name,plan\n1,A,pro\n");
    let catalogue = accounts::catalogue();
    let good = usual(&table, &catalogue, Subject::Account);
    let field = |key: &str| super::super::mapping::Target::Field(key.to_owned());
    let fails = |change: &dyn Fn(&mut Options), part: &str| {
        let mut options = good.clone();
        change(&mut options);
        let Err(Refusal::Invalid(errors)) = Checker::new(table.headings(), &options, &catalogue) else {
            panic!("{part}")
        };
        assert!(errors.iter().any(|error| error.message.contains(part)), "{errors:?}");
    };
    fails(&|options| options.mapping.columns[2].target = field("name"), "Two columns");
    fails(&|options| options.mapping.columns[2].target = field("score"), "computed");
    fails(&|options| options.mapping.columns[2].target = field("custom.gone"), "no field");
    fails(&|options| options.match_keys = vec!["domain".into()], "matched by “domain”");
    fails(&|options| options.mapping.columns.truncate(1), "another file");
    fails(&|options| (options.mode, options.match_keys) = (Mode::Update, vec![]), "an update needs one");
    fails(
        &|options| {
            options.mapping.columns[0].target = field("domain");
            options.mapping.columns[1].target = field("country");
            options.match_keys = vec!["domain".into()];
        },
        "Choose the column that holds “Name”",
    );
}

#[test]
fn fields_with_rules_of_their_own_follow_them() {
    let text = "company,name,email\nAcme,Maya,Maya@Acme.example\nAcme,Otto,otto at acme\nAcme,Nils,\n";
    let table = open(text);
    let mut options = usual(&table, &contacts::catalogue(), Subject::Contact);
    options.match_keys = vec!["account_id".into(), "name".into()];
    let mut emails = Vec::new();
    let shown = preview(&mut table.rows(), &options, &contacts::catalogue(), |row| {
        emails.push(row.fields.get("email").cloned());
        Lookup::Unknown
    });
    let shown = shown.unwrap();
    assert_eq!(emails, [Some(json!("maya@acme.example")), None]);
    assert_eq!((shown.counts.unknown, shown.counts.invalid), (2, 1));
    let table = open("account,type,score,date\n1,nps,11,2026-01-01\n1,csat,4,2026-01-01\n");
    let options = usual(&table, &surveys::catalogue(), Subject::Survey);
    let shown = preview(&mut table.rows(), &options, &surveys::catalogue(), |_| Lookup::Unknown).unwrap();
    assert_eq!(
        shown.errors[0].to_string(),
        "Line 2, column “score”: An answer to NPS is between 0 and 10. Write one of these."
    );
    let table = open("account,metric,day,value\n1,logins,2026-01-01T08:00:00Z,2\n");
    let options = usual(&table, &usage::catalogue(), Subject::Usage);
    preview(&mut table.rows(), &options, &usage::catalogue(), |row| {
        assert_eq!(row.fields["day"], json!(1_767_225_600_000_i64));
        Lookup::Unknown
    })
    .unwrap();
    let table = open(
        "id,name,website,currency,ARR\n1,A,https://www.Acme.example/x?y,eur,5\n2,B,b.example,JPY,5\n3,C,c.example,EUR,$5.5\n",
    );
    let reads = read_all(&table, &usual(&table, &accounts::catalogue(), Subject::Account));
    assert_eq!(
        (&row(&reads[0]).fields["domain"], &row(&reads[0]).fields["currency"]),
        (&json!("acme.example"), &json!("EUR"))
    );
    assert_eq!((&row(&reads[1]).fields["arr_minor"], row(&reads[1]).when_new.len()), (&json!(5), 0));
}

#[test]
fn a_preview_counts_all_and_keeps_a_few() {
    let mut text = String::from("id,name,seats\n");
    for line in 0..1_500 {
        text += &format!("{line},Account {line},{}\n", if line % 5 == 0 { "many" } else { "4" });
    }
    let table = open(&text);
    let options = usual(&table, &accounts::catalogue(), Subject::Account);
    let shown = preview(&mut table.rows(), &options, &accounts::catalogue(), |_| Lookup::Missing).unwrap();
    assert_eq!((shown.counts.rows, shown.counts.new, shown.counts.invalid), (1_500, 1_200, 300));
    assert_eq!((shown.rows.len(), shown.errors.len(), shown.errors_total), (ROWS_SHOWN, ERRORS_KEPT, 300));
    assert_eq!(shown.rows[0].outcome, RowOutcome::Invalid);
    assert_eq!(shown.errors[0].line, 2);
    let empty = open("id,name\n");
    assert!(
        preview(
            &mut empty.rows(),
            &Options { mapping: options.mapping.clone(), ..options },
            &accounts::catalogue(),
            |_| Lookup::Missing
        )
        .is_err()
    );
}
