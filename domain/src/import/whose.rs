//! Whose a column is where each row is an account and a contact: what its heading says of that.

use super::mapping::squash;
use super::pair::is_contacts;
use crate::fields::Field;

/// What a heading begins with that is about a person.
const PERSONS: [&str; 6] = ["primary contact", "main contact", "contact", "person", "kontakt", "ansprechpartner"];
/// What a heading begins with that is about an organisation.
const ORGANISATIONS: [&str; 4] = ["account", "company", "organisation", "organization"];
/// Headings of a person's that no field of a contact has.
const OF_PERSONS: [&str; 9] = [
    "firstname",
    "lastname",
    "givenname",
    "familyname",
    "middlename",
    "surname",
    "salutation",
    "department",
    "contact",
];

/// Returns the part of a heading that can name this field; nothing where it says that it is the other's.
pub(super) fn asked<'h>(heading: &'h str, field: &Field) -> Option<&'h str> {
    match (is_contacts(&field.key), behind(heading, &PERSONS)) {
        (true, Some(rest)) => Some(rest),
        (true, None) => Some(heading).filter(|heading| behind(heading, &ORGANISATIONS).is_none()),
        (false, Some(_)) => None,
        (false, None) => Some(heading),
    }
}

/// Returns whether a heading is about a person, so that no field of the account should be made of it.
pub(super) fn is_persons(heading: &str) -> bool {
    behind(heading, &PERSONS).is_some() || OF_PERSONS.contains(&squash(heading).as_str())
}

/// What the name of an account has left over is the person's, where no other column is.
pub(super) fn prefer_person(headings: &[String], chosen: &mut [Option<String>]) {
    const NAME: &str = "contact.name";
    if chosen.iter().any(|key| key.as_deref() == Some(NAME)) {
        return;
    }
    let left = (0..headings.len()).find(|&index| chosen[index].is_none() && squash(&headings[index]) == "name");
    if let Some(left) = left {
        chosen[left] = Some(NAME.to_owned());
    }
}

/// Returns what stands behind one of these words, where a word of its own does.
fn behind<'h>(heading: &'h str, words: &[&str]) -> Option<&'h str> {
    let heading = heading.trim_start();
    let rest = |word: &&str| {
        let begin = heading.get(..word.len()).filter(|begin| begin.eq_ignore_ascii_case(word))?;
        let rest = &heading[begin.len()..];
        let word =
            rest.trim_start_matches("'s").trim_start_matches("’s").trim_start_matches([' ', '_', '-', '.', ':', '/']);
        Some(word).filter(|word| !word.is_empty() && word.len() < rest.len())
    };
    words.iter().find_map(rest)
}
