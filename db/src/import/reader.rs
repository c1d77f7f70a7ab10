//! Reading and checking the rows of a file, on a thread of its own, in chunks.

use std::sync::Arc;

use domain::fields::Subject;
use domain::import::check::Checker;
use domain::import::decode::FileProblem;
use domain::import::plan::{Duplicates, Options, Outcome, Row, RowError, Seen, classify};
use domain::import::preview::ROWS_SHOWN;
use domain::import::table::{Cells, RowSource, Table};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::build::{self, NewDoc};
use super::existing::Existing;
use super::pair::{Beside, Neighbour};
use super::references::{Match, References};

/// Rows that are looked up and written together.
const CHUNK: usize = 4_096;
/// What is said of a row whose key several rows have.
pub(super) const SEVERAL: &str = "Several rows here have this key. Match by a field that tells them apart.";
/// Chunks that may wait for the database.
const CHUNKS_WAITING: usize = 2;

/// Reads the rows of one file.
pub(super) struct Reader {
    pub(super) text: Arc<str>,
    pub(super) headings: Vec<String>,
    pub(super) options: Options,
    pub(super) checker: Checker,
    pub(super) references: References,
    pub(super) existing: Existing,
    /// What reading the contacts beside the accounts needs, where there are such.
    pub(super) beside: Option<Beside>,
    pub(super) now: Timestamp,
}

/// One row that was read.
pub(super) struct Read {
    pub(super) line: u64,
    /// Its cells, for the first rows of a preview.
    pub(super) cells: Option<Cells>,
    pub(super) item: Item,
    /// The contact beside the account, where there is one.
    pub(super) contact: Option<Box<Neighbour>>,
}

/// What reading a row came to.
pub(super) enum Item {
    /// It is new; the document is there unless this is a preview.
    New(Option<NewDoc>),
    /// It may change the row with this id.
    Found(Row, Uuid),
    /// It is a fact about a day, which is looked up by itself.
    Usage(Row),
    /// An earlier row was about it and said the same, and it counts once.
    Repeated,
    /// Nothing needs to be looked up to say what happens.
    Settled(Outcome),
    /// Its cells are wrong.
    Wrong(Vec<RowError>),
}

impl Item {
    /// Returns the id of what it may change.
    pub(super) fn found(&self) -> Option<Uuid> {
        match self {
            Self::Found(_, id) => Some(*id),
            _ => None,
        }
    }
}

/// What is done with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// They are shown.
    Preview,
    /// They are written.
    Write,
}

impl Reader {
    /// Starts reading; the chunks arrive in the order of the file, and the thread ends with its reader.
    pub(super) fn start(
        self,
        purpose: Purpose,
    ) -> (mpsc::Receiver<Vec<Read>>, JoinHandle<std::result::Result<(), Refusal>>) {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        (receiver, tokio::task::spawn_blocking(move || self.read(purpose, &sender)))
    }

    fn read(mut self, purpose: Purpose, sender: &mpsc::Sender<Vec<Read>>) -> std::result::Result<(), Refusal> {
        let text = self.text.clone();
        let table = Table::open(&*text)?;
        let (mut rows, mut cells) = (table.rows(), Cells::new());
        let (mut duplicates, mut beside) = (Duplicates::default(), self.beside.take());
        let (mut chunk, mut shown) = (Vec::with_capacity(CHUNK), 0);
        while let Some(line) = rows.read(&mut cells)? {
            let (item, contact) = match &mut beside {
                Some(beside) => self.pair(beside, purpose, line, &cells),
                None => (self.row(purpose, &mut duplicates, line, &cells), None),
            };
            let is_shown = purpose == Purpose::Preview && shown < ROWS_SHOWN;
            shown += 1;
            chunk.push(Read { line, cells: is_shown.then(|| cells.clone()), item, contact });
            if chunk.len() == CHUNK {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
                // Nobody is waiting any more when the import was stopped.
                if sender.blocking_send(full).is_err() {
                    return Ok(());
                }
            }
        }
        if shown == 0 {
            return Err(FileProblem::NoRows.into());
        }
        drop(sender.blocking_send(chunk));
        Ok(())
    }

    fn row(&mut self, purpose: Purpose, duplicates: &mut Duplicates, line: u64, cells: &Cells) -> Item {
        let mut row = match self.checker.check_row(line, cells) {
            Ok(row) => row,
            Err(errors) => return Item::Wrong(errors),
        };
        // Keys are made of ids, so that a name and an external id can be the same account.
        if let Err(errors) = self.references.resolve(&mut row) {
            return Item::Wrong(errors);
        }
        if let Err(error) = self.checker.identify(&mut row) {
            return Item::Wrong(vec![error]);
        }
        match row.key.as_deref().map(|key| duplicates.see(key, line, cells)) {
            None | Some(Seen::First) => {}
            Some(Seen::Same(_)) => return Item::Settled(Outcome::Unchanged),
            Some(Seen::Clash(first)) => {
                let message =
                    format!("The row has the same key as line {first}, which is imported. Remove one of the two.");
                return Item::Wrong(vec![RowError::row(line, message)]);
            }
        }
        if self.options.subject == Subject::Usage {
            return Item::Usage(row);
        }
        match self.existing.find(&row) {
            Some(Match::One(id)) => self.found(row, id),
            Some(Match::Several) => Item::Settled(Outcome::Conflict(SEVERAL.to_owned())),
            None => self.new_row(purpose, row),
        }
    }

    fn found(&mut self, row: Row, id: Uuid) -> Item {
        match self.existing.claim(&row, id).err().or_else(|| self.references.circle(&row, id)) {
            Some(conflict) => Item::Settled(Outcome::Conflict(conflict)),
            None => Item::Found(row, id),
        }
    }

    fn new_row(&mut self, purpose: Purpose, row: Row) -> Item {
        match classify(None, &row, self.options.mode) {
            Outcome::New => {}
            outcome => return Item::Settled(outcome),
        }
        let id = Uuid::now_v7();
        if let Err(conflict) = self.existing.claim(&row, id) {
            return Item::Settled(Outcome::Conflict(conflict));
        }
        self.references.learn(&row, id);
        if purpose == Purpose::Preview {
            return Item::New(None);
        }
        let line = row.line;
        match build::new_doc(&self.options, id, row, self.now) {
            Ok(doc) => Item::New(Some(doc)),
            Err(error) => Item::Wrong(vec![RowError::row(line, error)]),
        }
    }
}
