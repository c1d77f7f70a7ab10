//! What may be imported again and again, and from where.

use super::source::{fits, is_page};
use super::*;
use crate::fields::Subject;
use crate::schedules::Rhythm;
use crate::signals::trouble::Trouble as Outside;

fn draft(source: Source) -> ImportScheduleDraft {
    ImportScheduleDraft {
        name: " Nightly ".to_owned(),
        source,
        kind: Subject::Account.into(),
        mode: Mode::Upsert,
        preset_id: None,
        timing: Timing { rhythm: Rhythm::Day, minute: 120, zone: "UTC".to_owned() },
    }
}

fn web(url: &str) -> Result<Source, Refusal> {
    Source::Web(url.to_owned()).checked()
}

fn file(name: &str) -> Result<Source, Refusal> {
    Source::File(name.to_owned()).checked()
}

#[test]
fn a_draft_is_stored_tidied_and_refused_where_it_makes_no_sense() {
    let kept = draft(Source::File(" accounts.csv ".to_owned())).checked().unwrap();
    assert_eq!((kept.name.as_str(), kept.source), ("Nightly", Source::File("accounts.csv".to_owned())));
    let good = || draft(Source::File("accounts.csv".to_owned()));
    let timing = |minute, rhythm| Timing { rhythm, minute, zone: "UTC".to_owned() };
    for wrong in [
        ImportScheduleDraft { name: "  ".to_owned(), ..good() },
        ImportScheduleDraft { kind: Subject::Todo.into(), ..good() },
        ImportScheduleDraft { timing: timing(1_440, Rhythm::Day), ..good() },
        ImportScheduleDraft { timing: timing(60, Rhythm::Week { weekday: 7 }), ..good() },
    ] {
        let refused = wrong.clone().checked();
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong:?}: {refused:?}");
    }
}

#[test]
fn addresses_are_encrypted_or_of_the_own_network() {
    for (url, kept) in [
        ("https://example.com/accounts.csv?key=1", "https://example.com/accounts.csv?key=1"),
        ("example.com/accounts.csv", "https://example.com/accounts.csv"),
        ("http://10.1.0.5/accounts.csv", "http://10.1.0.5/accounts.csv"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
    ] {
        assert_eq!(web(url), Ok(Source::Web(kept.to_owned())), "{url}");
    }
    for url in [
        "",
        "http://example.com/accounts.csv",
        "http://8.8.8.8/a",
        "http://10.1.0.5.example.com/a",
        "https://maya:secret@example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
    ] {
        assert!(web(url).is_err(), "{url}");
    }
    assert_eq!(web("https://example.com/a?key=secret").unwrap().label(), "example.com", "keys are not shown");
}

#[test]
fn a_file_is_a_plain_name() {
    for name in ["accounts.csv", "Kunden März.xlsx", "accounts-*.csv", "*", "a..b.csv"] {
        assert!(file(name).is_ok(), "{name}");
    }
    for name in [
        "",
        "..",
        "../accounts.csv",
        "/etc/passwd",
        "sub/accounts.csv",
        "sub\\accounts.csv",
        "C:accounts.csv",
        ".hidden",
        "a\0.csv",
        "a\n.csv",
        "******",
    ] {
        assert!(file(name).is_err(), "{name:?}");
    }
    assert!(file(&"a".repeat(201)).is_err());
}

#[test]
fn a_star_stands_for_any_letters() {
    for (pattern, name, fit) in [
        ("accounts.csv", "accounts.csv", true),
        ("accounts.csv", "Accounts.csv", false),
        ("accounts-*.csv", "accounts-2026-11-22.csv", true),
        ("accounts-*.csv", "accounts-.csv", true),
        ("accounts-*.csv", "accounts-1.csv.part", false),
        ("accounts-*.csv", "my accounts-1.csv", false),
        ("*", "anything", true),
        ("*", ".hidden", false),
        ("*.csv", "a.csv", true),
        ("a*b*c", "a1b2c", true),
        ("a*b*c", "acb", false),
        ("a*a", "a", false),
        ("*ab*ab", "ab", false),
        ("*ab*ab", "abab", true),
    ] {
        assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
    }
}

#[test]
fn a_page_is_no_table() {
    for page in ["<!DOCTYPE html><title>Sign in</title>", "\u{feff}\n <HTML>", "<head>"] {
        assert!(is_page(page.as_bytes()), "{page}");
    }
    for table in ["name,arr\nAcme,1\n", "<b>,c\n1,2\n", "", "[{\"name\": \"<html>\"}]"] {
        assert!(!is_page(table.as_bytes()), "{table}");
    }
}

#[test]
fn only_what_may_pass_is_tried_again() {
    for outside in
        [Outside::Unreachable, Outside::TimedOut, Outside::NoName, Outside::Status(503), Outside::Status(429)]
    {
        assert!(Trouble::Fetch(outside).is_passing(), "{outside:?}");
    }
    for outside in [Outside::TooLarge, Outside::Certificate, Outside::Redirects, Outside::Status(404)] {
        assert!(!Trouble::Fetch(outside).is_passing(), "{outside:?}");
    }
    for trouble in [Trouble::NoFile, Trouble::Page, Trouble::OwnerLeft, Trouble::Refused(String::new())] {
        assert!(!trouble.is_passing(), "{trouble:?}");
    }
}
