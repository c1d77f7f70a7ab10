//! The configuration on the command line: out, in elsewhere, and out again the same.

use crate::command_line::Keepwell;

const SMALL: &str = "keepwell: 1\nfields:\n  - {key: half, label: Half, formula: ARR / 2}\n";

#[test]
fn a_configuration_goes_out_and_comes_in_elsewhere_as_it_is() {
    let (one, other) = (Keepwell::new(), Keepwell::new());
    let small = one.file("small.yaml", SMALL);
    let dry = one.run(&["import", "configuration", &small, "--dry-run", "--json"], "");
    assert!(dry.ok, "{}", dry.err);
    assert_eq!((dry.json()["added"].as_u64(), dry.json()["items"][0]["name"].as_str()), (Some(1), Some("half")));
    let first = one.run(&["import", "configuration", &small, "--json"], "");
    assert_eq!(first.json()["added"], 1, "{} {}", first.out, first.err);
    let again = one.run(&["import", "configuration", &small, "--json"], "");
    assert!(again.json()["batch"].is_null() && again.json()["unchanged"] == 1, "{}", again.out);

    let (out, back) = (one.file("a.yaml", ""), other.file("b.yaml", ""));
    assert!(one.run(&["export", "configuration", "--out", &out, "--json"], "").json()["bytes"].as_u64() > Some(100));
    assert!(other.run(&["import", "configuration", &out], "").ok);
    assert!(other.run(&["export", "configuration", "--out", &back], "").ok);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), std::fs::read_to_string(&back).unwrap());

    let batch = first.json()["batch"].as_str().unwrap().to_owned();
    let undone = one.run(&["undo", &batch, "--json"], "");
    assert_eq!((undone.json()["undone"].as_u64(), undone.json()["conflicts"].as_u64()), (Some(1), Some(0)));
}

#[test]
fn mistakes_are_said_with_their_lines() {
    let keepwell = Keepwell::new();
    let file = keepwell.file("bad.yaml", &SMALL.replace("ARR / 2", "Nothing / 2"));
    let said = keepwell.run(&["import", "configuration", &file], "");
    assert!(!said.ok && said.err.contains("line 3: half: "), "{}", said.err);
    let said = keepwell.run(&["import", "configuration", &file, "--json"], "");
    assert!(!said.ok, "{}", said.out);
    assert_eq!(said.json()["problems"][0]["line"], 3);
}
