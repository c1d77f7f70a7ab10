//! Bringing in custom fields: those that people fill in, then the computed ones in an order in which each has what it
//! looks at.

use domain::configuration::{FieldPart, Section, State};
use domain::fields::{CUSTOM_FIELDS_MAX, FieldType, Subject, key_from_heading};
use domain::formula::{self as formulas, Formula};
use domain::identity::check_name;
use domain::refusal::Refusal;
use uuid::Uuid;

use super::bring::{Desk, Place, take};
use super::present::{self, Named};
use crate::accounts::{self, CustomField};
use crate::error::{Error, Result};
use crate::subjects::{self, document};
use crate::tx::Tx;
use crate::{bulk, formula};

/// A field that is to be made or changed, with its place in the file.
struct Wanted {
    number: usize,
    part: FieldPart,
    known: Option<CustomField>,
}

/// Brings fields in; returns those that are to go.
pub(super) async fn bring(desk: &mut Desk<'_>, parts: Vec<FieldPart>) -> Result<Vec<Named<CustomField>>> {
    let mut left = present::fields(desk.tx).await?;
    let (mut plain, mut computed) = (Vec::new(), Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for (number, part) in parts.into_iter().enumerate() {
        let place = Place { section: Section::Fields, name: &part.key, number };
        if !seen.insert(part.key.clone()) {
            desk.wrong(place, "key", "Another field of this file has the same key.".to_owned());
            continue;
        }
        let known = take(&mut left, &part.key);
        let after = document(&part)?;
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) == State::Same {
            continue;
        }
        let known = known.map(|known| known.it);
        if let Err((field, message)) = check(&part, known.as_ref()) {
            desk.wrong(place, field, message.to_owned());
            continue;
        }
        let wanted = Wanted { number, part, known };
        if wanted.part.formula.is_some() { computed.push(wanted) } else { plain.push(wanted) }
    }
    for wanted in plain {
        let kind = wanted.part.kind.clone().unwrap_or(FieldType::Text);
        let done = put(desk.tx, &wanted, kind).await;
        desk.attempt(wanted.place(), done).await?;
    }
    bring_computed(desk, computed).await?;
    Ok(desk.leave(Section::Fields, left))
}

/// Brings in computed fields one after the other, each as soon as it can be computed; what is left then cannot be.
async fn bring_computed(desk: &mut Desk<'_>, mut waiting: Vec<Wanted>) -> Result<()> {
    while !waiting.is_empty() {
        let (mut later, before) = (Vec::new(), waiting.len());
        for wanted in waiting {
            let Ok(formula) = understood(desk.tx, &wanted).await? else {
                later.push(wanted);
                continue;
            };
            let done = put(desk.tx, &wanted, formula.kind().field_type()).await;
            desk.attempt(wanted.place(), done).await?;
        }
        if later.len() == before {
            for wanted in later {
                if let Err(message) = understood(desk.tx, &wanted).await? {
                    desk.wrong(wanted.place(), "formula", message);
                }
            }
            return Ok(());
        }
        waiting = later;
    }
    Ok(())
}

impl Wanted {
    fn place(&self) -> Place<'_> {
        Place { section: Section::Fields, name: &self.part.key, number: self.number }
    }
}

fn check(part: &FieldPart, known: Option<&CustomField>) -> std::result::Result<(), (&'static str, &'static str)> {
    if part.key != key_from_heading(&part.key) {
        return Err(("key", "Use small letters, digits and _ for the key, at most 60 of them."));
    }
    match (&part.kind, &part.formula) {
        (None, None) => return Err(("label", "Say of which kind the field is, such as “kind: number”.")),
        (Some(_), Some(_)) => {
            return Err(("kind", "The kind of a computed field follows from its formula. Leave it out."));
        }
        _ => {}
    }
    let Some(known) = known else { return Ok(()) };
    if known.formula.is_some() != part.formula.is_some() {
        return Err(("key", "A field stays computed, or filled in. Give the other one a key of its own."));
    }
    let fits = match (&part.kind, &known.kind) {
        (Some(FieldType::Choice(wanted)), FieldType::Choice(known)) => known.iter().all(|word| wanted.contains(word)),
        (Some(wanted), known) => wanted == known,
        (None, _) => true,
    };
    if fits {
        Ok(())
    } else {
        Err(("kind", "The kind of a field stays, and its words do. Give the other one a key of its own."))
    }
}

async fn understood(tx: &mut Tx, wanted: &Wanted) -> Result<std::result::Result<Formula, String>> {
    let catalogue = accounts::catalogue(tx).await?;
    let (text, key) = (wanted.part.formula.as_deref().unwrap_or_default(), format!("custom.{}", wanted.part.key));
    let own = wanted.known.as_ref().map(|_| (key.as_str(), wanted.part.label.as_str()));
    let place = |error: formulas::FormulaError| format!("{} (character {})", error.message, error.at + 1);
    Ok(formulas::understand(text, own, &catalogue).map_err(place))
}

/// Makes a field, or gives it what the file says.
async fn put(tx: &mut Tx, wanted: &Wanted, kind: FieldType) -> Result<()> {
    let FieldPart { key, label, formula, .. } = wanted.part.clone();
    let label = check_name("label", &label).map_err(|error| Refusal::Invalid(vec![error]))?;
    let (catalogue, full) = (accounts::catalogue(tx).await?, format!("custom.{key}"));
    let is_taken = |label: &str| {
        catalogue.fields.iter().any(|field| field.key != full && field.label.to_lowercase() == label.to_lowercase())
    };
    if is_taken(&label) {
        return Err(Refusal::field("label", "There is a field of this name already. Choose another name.").into());
    }
    if let Some(known) = &wanted.known {
        let after = CustomField { label, kind, formula, ..known.clone() };
        subjects::update(tx, known, &after).await?;
        return Ok(());
    }
    if catalogue.fields.iter().filter(|field| field.custom_key().is_some()).count() >= CUSTOM_FIELDS_MAX {
        return Err(Refusal::Conflict("A workspace has at most 500 custom fields. Remove one first.".to_owned()).into());
    }
    let subject = Subject::Account.key().to_owned();
    let field = CustomField { id: Uuid::now_v7(), version: 1, subject, key, label, kind, formula };
    subjects::create(tx, &field).await
}

/// Removes fields, those first that others do not look at.
pub(super) async fn remove(desk: &mut Desk<'_>, mut going: Vec<Named<CustomField>>) -> Result<()> {
    while !going.is_empty() {
        let (mut later, before) = (Vec::new(), going.len());
        for field in going {
            match remove_one(desk.tx, &field.it).await {
                Err(Error::Refused(_)) => later.push(field),
                done => done?,
            }
        }
        if later.len() == before {
            for field in later {
                let done = remove_one(desk.tx, &field.it).await;
                desk.stays(&field.name, done).await?;
            }
            return Ok(());
        }
        going = later;
    }
    Ok(())
}

async fn remove_one(tx: &mut Tx, field: &CustomField) -> Result<()> {
    formulas::check_removable(&formula::used_in(tx, &format!("custom.{}", field.key)).await?)?;
    if field.formula.is_none() && bulk::custom_keys(tx).await?.contains(&field.key) {
        let message = "Accounts have values of this field. Empty them before it goes.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    subjects::remove(tx, field).await
}
