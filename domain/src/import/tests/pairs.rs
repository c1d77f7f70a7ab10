//! Rows that are an account and a contact of it.

use super::super::kind::Kind;
use super::super::mapping::{Mapping, Target, guess};
use super::super::pair::{Both, Checkers, Made, RowReader, catalogue};
use super::super::plan::{EmptyCells, Options, Outcome};
use super::super::preview::{Preview, Read, RowOutcome};
use super::super::profile::Profile;
use super::super::table::{Cells, RowSource, Table};
use super::open;
use crate::accounts;
use crate::fields::{Catalogue, Subject};
use crate::money::Currency;
use crate::refusal::Refusal;

fn both() -> Catalogue {
    catalogue(accounts::catalogue())
}

fn guessed(table: &Table<'_>) -> Mapping {
    guess(table.headings(), &Profile::of(&mut table.rows()).unwrap(), &both(), Kind::AccountWithContact)
}

fn usual(table: &Table<'_>) -> Options {
    Options::new(Kind::AccountWithContact, guessed(table), Currency::USD)
}

fn targets(text: &str) -> Vec<String> {
    let word = |target: &Target| match target {
        Target::Field(key) => key.clone(),
        Target::NewCustom { key, .. } => format!("+{key}"),
        Target::Skip => "-".to_owned(),
    };
    guessed(&open(text)).columns.iter().map(|column| word(&column.target)).collect()
}

fn read_all(text: &str, change: impl Fn(&mut Options)) -> Vec<String> {
    let table = open(text);
    let mut options = usual(&table);
    change(&mut options);
    let mut reader = RowReader::new(table.headings(), &options, &both()).unwrap();
    let (mut source, mut cells, mut found) = (table.rows(), Cells::new(), Vec::new());
    while let Some(line) = source.read(&mut cells).unwrap() {
        found.push(match reader.read(line, &cells) {
            Read::Row(_) => "row".to_owned(),
            Read::Repeated => "repeated".to_owned(),
            Read::Wrong(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
        });
    }
    found
}

#[test]
fn each_column_is_the_account_s_or_the_contact_s_by_its_heading() {
    for (text, found) in [
        (
            "Company,ARR,Renewal,Contact name,Contact e-mail,Title\nAcme,100,2027-01-31,Maya,m@acme.example,CTO\n",
            ["name", "arr_minor", "renewal_at", "contact.name", "contact.email", "contact.title"],
        ),
        // A name beside a company is a person's, and what begins with a person is no field of the account.
        (
            "Name,Company,Email,Phone,Contact owner,First name\nMaya,Acme,m@acme.example,1 2,Sam,Maya\n",
            ["contact.name", "name", "contact.email", "contact.phone", "-", "-"],
        ),
        // What stands alone is the account's where both have it, and says otherwise where it is not.
        (
            "Account name,Website,Sentiment,Contact,Contact sentiment,Team size\nAcme,acme.example,50,Maya,70,5\n",
            ["name", "domain", "sentiment", "contact.name", "contact.sentiment", "+team_size"],
        ),
    ] {
        assert_eq!(targets(text), found, "{text}");
    }
}

#[test]
fn a_mapping_is_taken_apart_into_one_for_each() {
    let table = open("Customer ID,Company,Contact name,Contact e-mail\na1,Acme,Maya,m@acme.example\n");
    let options = usual(&table);
    assert_eq!(options.kind(), Kind::AccountWithContact);
    assert_eq!(options.contact_keys.as_deref(), Some(&["account_id".to_owned(), "email".to_owned()][..]));
    let (account, contact) = options.parts();
    let contact = contact.unwrap();
    assert_eq!((account.subject, account.match_keys.as_slice()), (Subject::Account, &["external_id".to_owned()][..]));
    assert_eq!((account.kind(), contact.kind()), (Subject::Account.into(), Subject::Contact.into()));
    let places = |options: &Options| -> Vec<usize> {
        let goes = |(place, column): (usize, &_)| {
            let super::super::mapping::Column { target, .. } = column;
            (*target != Target::Skip).then_some(place)
        };
        options.mapping.columns.iter().enumerate().filter_map(goes).collect()
    };
    assert_eq!((places(&account), places(&contact)), (vec![0, 1], vec![2, 3]));
    let kept: Options = serde_json::from_str(&serde_json::to_string(&options).unwrap()).unwrap();
    assert_eq!(kept, options, "a kept mapping says of both");
    let plain = Options::new(Subject::Account, Mapping::default(), Currency::USD);
    assert_eq!((plain.kind(), plain.parts().1), (Subject::Account.into(), None));
}

#[test]
fn a_kind_is_stored_as_its_subject_was() {
    assert_eq!(serde_json::to_string(&Kind::One(Subject::Account)).unwrap(), "\"account\"");
    for kind in Kind::ALL {
        let text = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<Kind>(&text).unwrap(), kind, "{text}");
        assert_eq!(Kind::from_key(kind.key()), Some(kind));
    }
    assert_eq!(Kind::from_key("todos"), None);
}

#[test]
fn what_is_missing_of_the_contact_is_named_as_the_contact_s() {
    let table = open("Company,Contact e-mail\nAcme,m@acme.example\n");
    let Err(Refusal::Invalid(errors)) = Checkers::new(table.headings(), &usual(&table), &both()) else {
        panic!("a contact needs a name")
    };
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].field, "contact.name");
    assert!(errors[0].message.contains("“Contact name”"), "{errors:?}");
    let mut options = usual(&table);
    options.mapping.columns.truncate(1);
    let Err(Refusal::Invalid(errors)) = Checkers::new(table.headings(), &options, &both()) else { panic!("truncated") };
    assert_eq!(errors.iter().filter(|error| error.message.contains("another file")).count(), 1, "{errors:?}");
}

#[test]
fn rows_of_one_account_are_one_and_must_not_contradict_each_other() {
    let text = "Company,ARR,Tier,Contact name,Contact e-mail\n\
        Acme,100,pro,Maya,maya@acme.example\n\
        ACME,,,Ben,ben@acme.example\n\
        Acme,100.00,pro,Ada,ada@acme.example\n\
        Acme,200,,Otto,otto@acme.example\n\
        Acme,,,,\n\
        Acme,100,pro,Maya,maya@acme.example\n\
        acme,,,Maja,MAYA@acme.example\n\
        Beta,,,,\n";
    let found = read_all(text, |_| {});
    assert_eq!([&found[0], &found[1], &found[2]], ["row"; 3], "{found:?}");
    assert!(found[3].starts_with("Line 5, column “ARR”: Line 2 is about the same account"), "{found:?}");
    assert_eq!([&found[4], &found[5]], ["repeated"; 2], "{found:?}");
    assert!(found[6].starts_with("Line 8, column “Contact name”: Line 2 is about the same contact"), "{found:?}");
    assert_eq!(found[7], "row");
    // A blank cell of a further row empties nothing.
    assert_eq!(read_all(text, |options| options.empty_cells = EmptyCells::Clear)[1], "row");
    let later = "Company,ARR,Contact name,Contact e-mail\nAcme,,Maya,m@acme.example\nAcme,5,Ben,b@acme.example\n";
    assert!(read_all(later, |_| {})[1].contains("leaves this blank"), "the first row counts");
}

#[test]
fn a_row_with_a_wrong_contact_is_wrong_as_a_whole() {
    let text = "Company,ARR,Contact name,Contact e-mail\n\
        Acme,a lot,Maya,maya at acme\n\
        Beta,1,Ben,\n\
        Beta,2,Ben,ben@beta.example\n\
        Gamma,1,Ada,ada@gamma.example\n\
        Delta,1\n\
        Zeta,1,,\n";
    let found = read_all(text, |_| {});
    assert!(found[0].contains("column “ARR”") && found[0].contains("column “Contact e-mail”"), "{found:?}");
    assert!(found[1].contains("“Contact e-mail” is blank, and rows are matched by it"), "{found:?}");
    assert_eq!(found[2], "row", "the row that was left out says nothing of the account");
    assert_eq!(found[4].matches("Line 6").count(), 1, "{found:?}");
}

#[test]
fn a_preview_counts_both() {
    let mut preview = Preview::default();
    let cells = Cells::new();
    let update = Outcome::Update {
        before: serde_json::Map::new(),
        after: [("email".to_owned(), 1.into())].into_iter().collect(),
    };
    preview.add_both(2, &cells, Some(&Outcome::New), Some(&Outcome::New));
    preview.add_both(3, &cells, None, Some(&update));
    preview.add_both(4, &cells, Some(&Outcome::Unchanged), None);
    preview.add(5, &cells, Some(&Outcome::Conflict("no".to_owned())));
    let made = |created, updated, unchanged| Made { created, updated, unchanged };
    assert_eq!(preview.both, Some(Both { accounts: made(1, 0, 1), contacts: made(1, 1, 0) }));
    let counts = preview.counts;
    assert_eq!([counts.rows, counts.new, counts.update, counts.unchanged, counts.conflict], [4, 2, 1, 1, 1]);
    assert_eq!(preview.rows[1].contact, Some(RowOutcome::Update));
    assert_eq!(preview.rows[1].changes, ["contact.email"]);
    assert_eq!(preview.rows[2].contact, None);
}
