//! Reading rows that are an account and a contact of it: the whole row is written, or nothing of it.

use domain::import::check::Checker;
use domain::import::pair::{check_both, set_account};
use domain::import::plan::{Options, Outcome, Row, RowError, classify};
use domain::import::repeats::Repeats;
use domain::import::table::Cells;
use domain::time::Timestamp;
use uuid::Uuid;

use super::build;
use super::existing::Existing;
use super::reader::{Item, Purpose, Reader, SEVERAL};
use super::references::Match;

/// What reading contacts beside accounts needs.
pub(super) struct Beside {
    checker: Checker,
    options: Options,
    existing: Existing,
    /// The accounts of the rows so far, by their ids.
    accounts: Repeats<Uuid>,
    contacts: Repeats<Uuid>,
}

/// A contact beside the account of its row.
pub(super) struct Neighbour {
    pub(super) account: Uuid,
    pub(super) item: Item,
}

/// Which account, or which contact, a row is about.
#[derive(Clone, Copy)]
enum Place {
    /// One that an earlier row was about.
    Repeated(Uuid),
    /// One that is here.
    Found(Uuid),
    /// One that is created.
    New(Uuid),
}

impl Place {
    fn id(self) -> Uuid {
        match self {
            Self::Repeated(id) | Self::Found(id) | Self::New(id) => id,
        }
    }

    fn item(self, options: &Options, purpose: Purpose, row: Row, now: Timestamp) -> Item {
        let line = row.line;
        match self {
            Self::Repeated(_) => Item::Repeated,
            Self::Found(id) => Item::Found(row, id),
            Self::New(_) if purpose == Purpose::Preview => Item::New(None),
            Self::New(id) => match build::new_doc(options, id, row, now) {
                Ok(doc) => Item::New(Some(doc)),
                Err(error) => Item::Wrong(vec![RowError::row(line, error)]),
            },
        }
    }
}

impl Beside {
    pub(super) fn new(checker: Checker, options: Options, existing: Existing) -> Self {
        Self { checker, options, existing, accounts: Repeats::default(), contacts: Repeats::default() }
    }

    /// Says which contact of an account a row is about, or why the row is left out.
    fn place(&self, contact: &mut Row, account: Uuid, cells: &Cells) -> Result<Place, Box<Item>> {
        set_account(contact, account.to_string());
        self.checker.identify(contact).map_err(|error| wrong(vec![error]))?;
        match self.contacts.find(&self.checker, contact, cells).map_err(wrong)? {
            Some(id) => Ok(Place::Repeated(id)),
            None => place(&self.existing, contact, &self.options),
        }
    }
}

impl Reader {
    /// Reads a row that is an account and, unless its cells are blank, a contact.
    pub(super) fn pair(
        &mut self,
        beside: &mut Beside,
        purpose: Purpose,
        line: u64,
        cells: &Cells,
    ) -> (Item, Option<Box<Neighbour>>) {
        self.read_pair(beside, purpose, line, cells).unwrap_or_else(|item| (*item, None))
    }

    fn read_pair(
        &mut self,
        beside: &mut Beside,
        purpose: Purpose,
        line: u64,
        cells: &Cells,
    ) -> Result<(Item, Option<Box<Neighbour>>), Box<Item>> {
        let (mut account, contact) = check_both(&self.checker, &beside.checker, line, cells).map_err(wrong)?;
        self.references.resolve(&mut account).map_err(wrong)?;
        self.checker.identify(&mut account).map_err(|error| wrong(vec![error]))?;
        let place = self.account_place(beside, &account, cells)?;
        let contact = match contact {
            Some(mut contact) => {
                let place = beside.place(&mut contact, place.id(), cells)?;
                Some((contact, place))
            }
            None => None,
        };
        // Nothing is noted before both parts of the row turned out well.
        beside.accounts.note(&self.checker, &account, place.id());
        self.take(&account, place)?;
        let item = place.item(&self.options, purpose, account, self.now);
        let Some((contact, of_contact)) = contact else { return Ok((item, None)) };
        beside.contacts.note(&beside.checker, &contact, of_contact.id());
        beside.existing.claim(&contact, of_contact.id()).map_err(conflict)?;
        let neighbour = of_contact.item(&beside.options, purpose, contact, self.now);
        Ok((item, Some(Box::new(Neighbour { account: place.id(), item: neighbour }))))
    }

    /// Says which account a row is about, or why the row is left out.
    fn account_place(&self, beside: &Beside, account: &Row, cells: &Cells) -> Result<Place, Box<Item>> {
        if let Some(id) = beside.accounts.find(&self.checker, account, cells).map_err(wrong)? {
            return Ok(Place::Repeated(id));
        }
        let place = place(&self.existing, account, &self.options)?;
        match place {
            Place::Found(id) => self.references.circle(account, id).map_or(Ok(place), |words| Err(conflict(words))),
            _ => Ok(place),
        }
    }

    /// Notes an account for the rows below it.
    fn take(&mut self, account: &Row, place: Place) -> Result<(), Box<Item>> {
        match place {
            Place::Repeated(_) => return Ok(()),
            Place::New(id) => self.references.learn(account, id),
            Place::Found(_) => {}
        }
        self.existing.claim(account, place.id()).map_err(conflict)
    }
}

/// Says what a row is about that no earlier row was about, or why it is left out.
fn place(existing: &Existing, row: &Row, options: &Options) -> Result<Place, Box<Item>> {
    let place = match existing.find(row) {
        Some(Match::One(id)) => Place::Found(id),
        Some(Match::Several) => return Err(conflict(SEVERAL.to_owned())),
        None => match classify(None, row, options.mode) {
            Outcome::New => Place::New(Uuid::now_v7()),
            outcome => return Err(Box::new(Item::Settled(outcome))),
        },
    };
    existing.check(row, place.id()).map_err(conflict)?;
    Ok(place)
}

fn conflict(words: String) -> Box<Item> {
    Box::new(Item::Settled(Outcome::Conflict(words)))
}

fn wrong(errors: Vec<RowError>) -> Box<Item> {
    Box::new(Item::Wrong(errors))
}
