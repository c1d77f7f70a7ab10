//! Rows that are an account and a contact of it: one mapping for both, which is taken apart into one for each.
//!
//! In such a file a field of the contact is called `contact.<key>`, as a custom field is called `custom.<key>`. What is
//! read, matched and written is then each time a row of one subject, by the code that does so for files of one.

use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::kind::Kind;
use super::mapping::{Column, Mapping, Target};
use super::plan::{Duplicates, Options, Row, RowError, default_match_keys};
use super::preview::{Read, RowOutcome, read_row};
use super::repeats::Repeats;
use super::table::Cells;
use crate::contacts;
use crate::fields::{Catalogue, Field, Subject};
use crate::refusal::{FieldError, Refusal};

/// What stands before the key of a contact's field.
pub const CONTACT: &str = "contact.";
/// The field that a contact gets from the account of its row, and from no column.
const GIVEN: &str = "account_id";

/// How many accounts, or contacts, were created, changed and left as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Those that were created.
    pub created: u64,
    /// Those that were changed.
    pub updated: u64,
    /// Those that have the same values here already.
    pub unchanged: u64,
}

impl Made {
    /// Counts one more.
    pub fn add(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::New => self.created += 1,
            RowOutcome::Update => self.updated += 1,
            RowOutcome::Unchanged => self.unchanged += 1,
            RowOutcome::Conflict | RowOutcome::Invalid | RowOutcome::Unknown => {}
        }
    }
}

/// What became of both subjects of a file; of several rows about the same account, or contact, one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    /// The accounts.
    pub accounts: Made,
    /// The contacts.
    pub contacts: Made,
}

/// Returns the fields that columns can go to where each row is an account and a contact.
#[must_use]
pub fn catalogue(accounts: Catalogue) -> Catalogue {
    let beside = |field: &Field| field.key != GIVEN;
    accounts.with(contacts::catalogue().fields.into_iter().filter(beside).map(|field| Field {
        key: format!("{CONTACT}{}", field.key),
        // The account has a name, too.
        label: format!("Contact {}", field.label.to_lowercase()),
        ..field
    }))
}

/// Returns a field's key as its own subject has it.
#[must_use]
pub fn own_key(key: &str) -> &str {
    key.strip_prefix(CONTACT).unwrap_or(key)
}

/// Returns whether a field is one of the contact.
#[must_use]
pub fn is_contacts(key: &str) -> bool {
    key.starts_with(CONTACT)
}

/// Returns the fields of each subject, out of those of both.
fn taken_apart(both: &Catalogue) -> (Catalogue, Catalogue) {
    let (contacts, accounts): (Vec<Field>, Vec<Field>) =
        both.fields.iter().cloned().partition(|field| is_contacts(&field.key));
    let own = |field: Field| Field { key: own_key(&field.key).to_owned(), ..field };
    (Catalogue { fields: accounts }, Catalogue { fields: contacts.into_iter().map(own).collect() })
}

impl Mapping {
    /// Returns the part of a mapping that is about the account, or about the contact.
    #[must_use]
    pub fn part(&self, subject: Subject) -> Self {
        let of_contact = subject == Subject::Contact;
        let target = |target: &Target| match target {
            Target::Field(key) if is_contacts(key) == of_contact => Target::Field(own_key(key).to_owned()),
            Target::NewCustom { .. } if !of_contact => target.clone(),
            _ => Target::Skip,
        };
        let column = |column: &Column| Column { target: target(&column.target), ..column.clone() };
        let given = if of_contact { vec![GIVEN.to_owned()] } else { Vec::new() };
        Self { columns: self.columns.iter().map(column).collect(), given, ..self.clone() }
    }
}

impl Options {
    /// Returns what each row is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.contact_keys {
            Some(_) if self.subject == Subject::Account => Kind::AccountWithContact,
            _ => Kind::One(self.subject),
        }
    }

    /// Returns the choices for each subject of a row: the only or first one, and the contact where there is one.
    #[must_use]
    pub fn parts(&self) -> (Self, Option<Self>) {
        let Some(keys) = self.contact_keys.clone().filter(|_| self.kind() == Kind::AccountWithContact) else {
            return (self.clone(), None);
        };
        let part = |subject, match_keys| Self {
            subject,
            match_keys,
            mapping: self.mapping.part(subject),
            contact_keys: None,
            ..self.clone()
        };
        (part(Subject::Account, self.match_keys.clone()), Some(part(Subject::Contact, keys)))
    }

    /// Returns the usual keys of the contacts, given the columns there are.
    #[must_use]
    pub fn usual_contact_keys(mapping: &Mapping) -> Vec<String> {
        default_match_keys(Subject::Contact, &mapping.part(Subject::Contact))
    }
}

/// The mapping of a file made ready for reading many rows, of one subject or of both.
#[derive(Clone, Debug)]
pub struct Checkers {
    /// Reads the only subject, or the account.
    pub first: Checker,
    /// Reads the contact beside the account.
    pub contact: Option<Checker>,
}

impl Checkers {
    /// Prepares to read the rows of a file.
    ///
    /// # Errors
    /// Returns a [`Refusal`] that lists what is wrong with the mapping.
    pub fn new(headings: &[String], options: &Options, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let (account, Some(contact)) = options.parts() else {
            return Ok(Self { first: Checker::new(headings, options, catalogue)?, contact: None });
        };
        let (of_account, of_contact) = taken_apart(catalogue);
        let account = Checker::new(headings, &account, &of_account);
        let contact = Checker::new(headings, &contact, &of_contact);
        let mut wrong = errors(&account);
        for error in errors(&contact) {
            if wrong.iter().all(|known| known.message != error.message) {
                wrong.push(FieldError { field: format!("{CONTACT}{}", error.field), ..error });
            }
        }
        if wrong.is_empty() {
            Ok(Self { first: account?, contact: Some(contact?) })
        } else {
            Err(Refusal::Invalid(wrong))
        }
    }
}

/// Reads the cells of a row as an account and, unless its cells are all blank, a contact.
///
/// # Errors
/// Returns what is wrong with the cells of both: such a row is left out as a whole.
pub fn check_both(
    account: &Checker,
    contact: &Checker,
    line: u64,
    cells: &Cells,
) -> Result<(Row, Option<Row>), Vec<RowError>> {
    let account = account.check_row(line, cells);
    let is_whole = |errors: &Vec<RowError>| errors.iter().any(|error| error.column.is_none());
    // What is wrong with the row as a whole is said once.
    let is_read = !account.as_ref().is_err_and(is_whole) && !contact.is_blank(cells);
    match (account, is_read.then(|| contact.check_row(line, cells)).transpose()) {
        (Ok(account), Ok(contact)) => Ok((account, contact)),
        (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
        (Err(errors), Err(more)) => Err([errors, more].concat()),
    }
}

fn errors(made: &Result<Checker, Refusal>) -> Vec<FieldError> {
    match made {
        Ok(_) => Vec::new(),
        Err(Refusal::Invalid(list)) => list.clone(),
        Err(other) => vec![FieldError { field: String::new(), message: other.to_string() }],
    }
}

/// Reads the rows of a file one after the other, before anybody looked up which of them exist.
#[derive(Clone, Debug)]
pub struct RowReader {
    checkers: Checkers,
    duplicates: Duplicates,
    seen: Seen,
}

impl RowReader {
    /// Prepares to read the rows of a file.
    ///
    /// # Errors
    /// Returns a [`Refusal`] that lists what is wrong with the mapping.
    pub fn new(headings: &[String], options: &Options, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let checkers = Checkers::new(headings, options, catalogue)?;
        Ok(Self { checkers, duplicates: Duplicates::default(), seen: Seen::default() })
    }

    /// Reads one row; of a row that is two things, the account is returned.
    pub fn read(&mut self, line: u64, cells: &Cells) -> Read {
        let Checkers { first, contact } = &self.checkers;
        match contact {
            None => read_row(first, &mut self.duplicates, line, cells),
            Some(contact) => self.seen.read(first, contact, line, cells).unwrap_or_else(Read::Wrong),
        }
    }
}

/// The accounts and the contacts of the rows so far.
#[derive(Clone, Debug, Default)]
struct Seen {
    accounts: Repeats<()>,
    contacts: Repeats<()>,
}

impl Seen {
    fn read(&mut self, first: &Checker, checker: &Checker, line: u64, cells: &Cells) -> Result<Read, Vec<RowError>> {
        let (mut account, contact) = check_both(first, checker, line, cells)?;
        first.identify(&mut account).map_err(|error| vec![error])?;
        let mut is_repeated = self.accounts.find(first, &account, cells)?.is_some();
        if let Some(mut contact) = contact {
            // Nobody knows the id of the account yet; what tells it apart does as well.
            let id = account.key.clone().unwrap_or_else(|| line.to_string());
            set_account(&mut contact, id);
            checker.identify(&mut contact).map_err(|error| vec![error])?;
            is_repeated &= self.contacts.find(checker, &contact, cells)?.is_some();
            self.contacts.note(checker, &contact, ());
        }
        self.accounts.note(first, &account, ());
        Ok(if is_repeated { Read::Repeated } else { Read::Row(account) })
    }
}

/// Says which account the contact of a row belongs to.
pub fn set_account(contact: &mut Row, account: String) {
    contact.fields.insert(GIVEN.to_owned(), account.into());
}
