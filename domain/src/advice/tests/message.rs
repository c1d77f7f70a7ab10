use crate::advice::message::{places, write};

const TEMPLATE: &str = "About {account.name}\n\
    Hello {contact.first_name}, || Hello,\n\
    \n\
    The renewal is {fact.days_to_deadline} away.\n\
    \n\
    Kind regards\n\
    {sender.name}";

fn known(place: &str) -> Option<String> {
    match place {
        "account.name" => Some("Acme".into()),
        "contact.first_name" => Some("Ada".into()),
        "fact.days_to_deadline" => Some("12 days".into()),
        "sender.name" => Some("Sam".into()),
        _ => None,
    }
}

#[test]
fn all_places_are_filled() {
    let message = write(TEMPLATE, known);
    assert_eq!(message.subject, "About Acme");
    assert_eq!(message.body, "Hello Ada,\n\nThe renewal is 12 days away.\n\nKind regards\nSam");
    assert_eq!(message.missing, Vec::<String>::new());
}

#[test]
fn a_line_that_cannot_be_filled_is_left_out_and_said() {
    let message = write(TEMPLATE, |place| known(place).filter(|_| place == "account.name" || place == "sender.name"));
    assert_eq!(message.body, "Hello,\n\nKind regards\nSam");
    assert_eq!(message.missing, ["fact.days_to_deadline"], "the greeting had another way");
    assert!(!message.body.contains('{'));
}

#[test]
fn an_empty_value_is_none() {
    assert_eq!(write("{account.name}", |_| Some("  ".into())).missing, ["account.name"]);
}

#[test]
fn what_is_filled_in_is_not_read_again() {
    assert_eq!(write("{account.name}", |_| Some("{x} || y".into())).subject, "{x} || y");
}

#[test]
fn places_are_listed_once() {
    assert_eq!(places("{a} {b} {a}"), ["a", "b"]);
}
