//! From stories to documents and lines of the log, on a thread of its own.
//!
//! The lines of a large portfolio do not fit into memory, and they come by account but are written by time. So the
//! stories are told once for each span of time, and each time the lines of that span are kept.

use std::collections::HashMap;

use domain::accounts::Account;
use domain::activities::Activity;
use domain::id::AccountId;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::log::Line;
use crate::seeds::history::{self, States};
use crate::seeds::{self, Options, Story};
use crate::subjects::{Doc, document, updated};

/// Stories of one chapter.
const STEP: usize = 500;
/// Lines of the log that are kept in memory at once.
const LINES_MAX: usize = 400_000;
/// Stories that the spans of time are measured by.
const SAMPLE: u32 = 200;

/// The lines of which times are kept: from the first moment up to, but not including, the second.
pub(super) type Window = (Timestamp, Timestamp);

/// A line of the log with its time.
pub(super) struct Page {
    pub(super) at: Timestamp,
    line: Line,
}

impl Page {
    pub(super) fn into_line(self) -> Line {
        Line { at: Some(self.at), ..self.line }
    }
}

/// Documents of one table.
type Docs = Vec<(Uuid, String)>;

/// Some stories, ready to be written.
#[derive(Default)]
pub(super) struct Chapter {
    pub(super) accounts: Docs,
    pub(super) contacts: Docs,
    pub(super) tickets: Docs,
    pub(super) invoices: Docs,
    pub(super) surveys: Docs,
    pub(super) activities: Docs,
    pub(super) usage: Vec<UsageDay>,
    pub(super) pages: Vec<Page>,
}

/// Returns spans of time that hold about as many lines as fit into memory each, oldest first.
pub(super) async fn windows(options: Options) -> Result<Vec<Window>> {
    aside(move || {
        let step = (options.total() / SAMPLE).max(1);
        let mut times = Vec::new();
        let (mut number, mut told) = (0, 0);
        while number < options.total() {
            times.extend(moments(&seeds::tell(&options, number)));
            (number, told) = (number + step, told + 1);
        }
        times.sort_unstable();
        let lines = times.len() / told.max(1) * usize::try_from(options.total()).unwrap_or(usize::MAX);
        let spans = lines.div_ceil(LINES_MAX).max(1);
        let mut bounds: Vec<Timestamp> = (1..spans).map(|place| times[place * times.len() / spans]).collect();
        bounds.insert(0, Timestamp(i64::MIN));
        bounds.push(Timestamp(i64::MAX));
        bounds.dedup();
        bounds.windows(2).map(|pair| (pair[0], pair[1])).collect()
    })
    .await
}

/// Returns which story is about which account.
pub(super) async fn numbers(options: Options) -> Result<HashMap<AccountId, u32>> {
    aside(move || (0..options.total()).map(|number| (seeds::id(&options, number), number)).collect()).await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Stored(error.to_string()))
}

/// Tells the stories, a few chapters ahead of the database, with the lines of a span of time and, if asked for, the
/// documents.
pub(super) fn tell(options: Options, window: Window, with_documents: bool) -> mpsc::Receiver<Result<Chapter>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let (mut chapter, mut stories) = (Chapter::default(), 0);
        for story in seeds::portfolio(options) {
            if let Err(error) = chapter.add(story, window, with_documents) {
                // Nobody hears it when the receiver is gone.
                drop(sender.blocking_send(Err(error)));
                return;
            }
            stories += 1;
            if stories % STEP == 0 && sender.blocking_send(Ok(std::mem::take(&mut chapter))).is_err() {
                return;
            }
        }
        drop(sender.blocking_send(Ok(chapter)));
    });
    receiver
}

/// Returns the times of all lines of a story.
fn moments(story: &Story) -> Vec<Timestamp> {
    fn times<T>(states: States<T>) -> Vec<Timestamp> {
        states.into_iter().map(|(at, _)| at).collect()
    }
    let happened = happened(story);
    let mut moments: Vec<Timestamp> = story.states.iter().map(|(at, _)| *at).collect();
    for (place, contact) in story.contacts.iter().enumerate() {
        moments.extend(times(history::of_contact(contact, place == 0, &happened)));
    }
    story.tickets.iter().for_each(|ticket| moments.extend(times(history::of_ticket(ticket))));
    story.invoices.iter().for_each(|invoice| moments.extend(times(history::of_invoice(invoice))));
    moments.extend(story.responses.iter().map(|response| response.created_at));
    moments.extend(happened);
    moments
}

fn happened(story: &Story) -> Vec<Timestamp> {
    story.activities.iter().map(|activity| activity.happened_at).collect()
}

impl Chapter {
    fn add(&mut self, story: Story, window: Window, with_documents: bool) -> Result<()> {
        let happened = happened(&story);
        let Story { account: _, states, contacts, usage, tickets, invoices, responses, activities, plot: _ } = story;
        let mut teller = Teller { pages: &mut self.pages, window, with_documents };
        teller.tell::<Account>(states, &mut self.accounts)?;
        for (place, contact) in contacts.iter().enumerate() {
            teller.tell(history::of_contact(contact, place == 0, &happened), &mut self.contacts)?;
        }
        for ticket in &tickets {
            teller.tell(history::of_ticket(ticket), &mut self.tickets)?;
        }
        for invoice in &invoices {
            teller.tell(history::of_invoice(invoice), &mut self.invoices)?;
        }
        for response in responses {
            teller.tell::<Response>(vec![(response.created_at, response)], &mut self.surveys)?;
        }
        for activity in activities {
            teller.tell::<Activity>(vec![(activity.created_at, activity)], &mut self.activities)?;
        }
        if with_documents {
            self.usage.extend(usage);
        }
        Ok(())
    }
}

/// Makes documents and lines of states.
struct Teller<'a> {
    pages: &'a mut Vec<Page>,
    window: Window,
    with_documents: bool,
}

impl Teller<'_> {
    /// Adds the lines of one subject that fall into the window, and its present document.
    fn tell<T: Doc>(&mut self, states: States<T>, docs: &mut Docs) -> Result<()> {
        let (from, to) = self.window;
        let first = states.partition_point(|(at, _)| *at < from);
        let end = states.partition_point(|(at, _)| *at < to);
        let Some((_, present)) = states.last() else { return Ok(()) };
        if first < end {
            // The first line of the window differs from the state before it.
            let mut before = match first.checked_sub(1) {
                Some(place) => Some(state(&states, place)?),
                None => None,
            };
            for place in first..end {
                let after = state(&states, place)?;
                let (at, subject) = &states[place];
                self.pages
                    .extend(line(subject, before.as_ref(), after.clone(), *at)?.map(|line| Page { at: *at, line }));
                before = Some(after);
            }
        }
        if self.with_documents {
            docs.push((present.id(), serde_json::to_string(&state(&states, states.len() - 1)?)?));
        }
        Ok(())
    }
}

/// Returns the document of a state; each state is one version.
fn state<T: Doc>(states: &States<T>, place: usize) -> Result<Map<String, Value>> {
    let (at, subject) = &states[place];
    let mut doc = document(subject)?;
    doc.insert("version".to_owned(), Value::from(place + 1));
    doc.insert("updated_at".to_owned(), Value::from(at.0));
    Ok(doc)
}

fn line<T: Doc>(
    subject: &T,
    before: Option<&Map<String, Value>>,
    mut after: Map<String, Value>,
    at: Timestamp,
) -> Result<Option<Line>> {
    let Some(before) = before else {
        let text = serde_json::to_string(&after)?;
        return Ok(Some(Line::created(T::TABLE.subject(), subject.id(), subject.account(), &text)));
    };
    let entry = updated(T::TABLE, before, &mut after, at.0, subject.account());
    entry.map(Line::try_from).transpose()
}
