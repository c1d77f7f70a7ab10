//! What stands before an import: the fields, the mapping made safe, and what the workspace already has.

use domain::fields::{self, Catalogue, Subject};
use domain::identity::Role;
use domain::import::kind::Kind;
use domain::import::mapping::Target;
use domain::import::pair::{self, Checkers};
use domain::import::plan::Options;
use domain::import::table::Table;
use domain::refusal::Refusal;
use domain::{contacts, revenue, support, surveys, usage};

use super::existing::Existing;
use super::files::Upload;
use super::pair::Beside;
use super::reader::Reader;
use super::references::References;
use crate::accounts;
use crate::error::Result;
use crate::tx::Tx;

/// Longest label of a custom field in characters.
const LABEL_CHARS_MAX: usize = 100;

/// Returns the fields that rows of a kind have in this workspace.
pub(super) async fn catalogue(tx: &mut Tx, kind: Kind) -> Result<Catalogue> {
    let Kind::One(subject) = kind else { return Ok(pair::catalogue(accounts::catalogue(tx).await?)) };
    Ok(match subject {
        Subject::Account => accounts::catalogue(tx).await?,
        Subject::Contact => contacts::catalogue(),
        Subject::Usage => usage::catalogue(),
        Subject::Ticket => support::catalogue(),
        Subject::Invoice => revenue::catalogue(),
        Subject::Survey => surveys::catalogue(),
        _ => return Err(Refusal::field("subject", "Files of this kind cannot be imported.").into()),
    })
}

/// Gets everything ready for reading the rows of a file.
pub(super) async fn prepare(tx: &mut Tx, upload: &Upload, options: &Options) -> Result<Reader> {
    tx.require(Role::Csm)?;
    let catalogue = catalogue(tx, options.kind()).await?;
    let mut options = options.clone();
    settle_custom(&mut options, &catalogue)?;
    let headings = Table::open(&*upload.text).map_err(Refusal::from)?.headings().to_vec();
    let Checkers { first: checker, contact } = Checkers::new(&headings, &options, &catalogue)?;
    let references = References::load(tx, &headings, &options, &catalogue).await?;
    let (first, of_contact) = options.parts();
    // What is exported from here holds rows of one subject.
    let existing = Existing::load(tx, &first, contact.is_none() && checker.is_ours()).await?;
    let beside = match contact.zip(of_contact) {
        Some((checker, options)) => {
            let existing = Existing::load(tx, &options, false).await?;
            Some(Beside::new(checker, options, existing))
        }
        None => None,
    };
    Ok(Reader { text: upload.text.clone(), headings, options, checker, references, existing, beside, now: tx.now() })
}

/// Adds the custom fields that the mapping makes.
pub(super) async fn add_fields(tx: &mut Tx, options: &Options) -> Result<()> {
    for column in &options.mapping.columns {
        if let Target::NewCustom { key, label, kind } = &column.target {
            accounts::add_custom_field(tx, key, label, kind.clone()).await?;
        }
    }
    Ok(())
}

/// Columns that made a field in an earlier import go into that field; the rest must be fields we can have.
fn settle_custom(options: &mut Options, catalogue: &Catalogue) -> Result<(), Refusal> {
    let subject = options.subject;
    for column in &mut options.mapping.columns {
        let Target::NewCustom { key, label, .. } = &column.target else { continue };
        let full = format!("custom.{key}");
        if catalogue.get(&full).is_some() {
            column.target = Target::Field(full);
        } else if subject != Subject::Account {
            return Err(Refusal::field("mapping", "Only accounts have custom fields. Skip the column."));
        } else if fields::key_from_heading(key) != *key || label.trim().is_empty() {
            return Err(Refusal::field("mapping", format!("“{key}” cannot be the key of a field. Use letters and _.")));
        } else if label.chars().count() > LABEL_CHARS_MAX || label.chars().any(char::is_control) {
            return Err(Refusal::field("mapping", "The name of a field has at most 100 characters. Shorten it."));
        }
    }
    Ok(())
}
