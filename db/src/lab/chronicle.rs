//! Chronicles from what the database says of accounts: present documents, taken back line by line of the change log.

use std::collections::HashMap;

use domain::changes::{self, Change, Entry};
use domain::fields::Subject;
use domain::health::{FieldTimes, note_update};
use domain::id::AccountId;
use domain::lab::chronicle::{Chronicle, Held, State};
use domain::lab::replay::{Outcome, Replay, Standing, outcomes};
use domain::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::step::{BETWEEN, Step};
use crate::error::{Error, Result};
use crate::subjects::{Doc, Table};

type Document = Map<String, Value>;

/// A line of the log whose states are not taken apart yet.
struct Line<'a> {
    seq: i64,
    at: Timestamp,
    change: Change,
    subject: Subject,
    subject_id: Uuid,
    data: &'a str,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ' ');
        Some(Self {
            seq: parts.next()?.parse().ok()?,
            at: Timestamp(parts.next()?.parse().ok()?),
            change: Change::from_key(parts.next()?)?,
            subject: Subject::from_key(parts.next()?)?,
            subject_id: parts.next()?.parse().ok()?,
            data: parts.next()?,
        })
    }

    /// Returns the line as the log knows it.
    fn entry(&self, account: AccountId) -> Result<Entry> {
        #[derive(Default, Deserialize)]
        struct Data {
            before: Document,
            after: Document,
        }
        let data: Data = if self.data.is_empty() { Data::default() } else { serde_json::from_str(self.data)? };
        Ok(Entry {
            seq: self.seq,
            at: self.at,
            actor: None,
            change: self.change,
            subject: self.subject,
            subject_id: self.subject_id,
            account: Some(account),
            before: data.before,
            after: data.after,
            batch: None,
        })
    }
}

/// When either side was in touch; the rest of an activity is not needed.
#[derive(Deserialize)]
struct Touch {
    id: Uuid,
    happened_at: Timestamp,
}

/// Returns the chronicle of one account of a step, as far as a replay looks at it.
pub(super) fn chronicle(step: &Step, (id, document): &(Uuid, String), replay: &Replay) -> Result<Chronicle> {
    let text = step.log.get(id).map_or("", String::as_str);
    let lines: Option<Vec<Line<'_>>> = text.split(BETWEEN).filter(|line| !line.is_empty()).map(Line::of).collect();
    let mut lines = lines.ok_or_else(|| Error::Stored(format!("the change log of account {id}")))?;
    lines.sort_unstable_by_key(|line| std::cmp::Reverse(line.seq));
    let (own, others): (Vec<Line<'_>>, Vec<Line<'_>>) =
        lines.into_iter().partition(|line| line.subject == Subject::Account);
    let mut by_subject: HashMap<Uuid, Vec<Line<'_>>> = HashMap::new();
    for line in others {
        by_subject.entry(line.subject_id).or_default().push(line);
    }
    let mut reader = Reader { step, id: *id, replay, lines: by_subject };
    let (states, outcomes) = reader.account(document, &own)?;
    let touches = reader.read(Table::Activities, |touch: &Touch| touch.id)?;
    let touches = touches.into_iter().map(|Held { from, until, state }| Held { from, until, state: state.happened_at });
    Ok(Chronicle {
        states,
        outcomes,
        contacts: reader.documents()?,
        tickets: reader.documents()?,
        surveys: reader.documents()?,
        invoices: reader.documents()?,
        touches: touches.collect(),
        usage: step.usage.get(id).into_iter().flatten().map(series).collect::<Result<_>>()?,
        news: step.news.get(id).cloned().unwrap_or_default(),
        looks: step.looks.get(id).cloned().unwrap_or_default(),
        overrides: step.overrides.get(id).cloned().unwrap_or_default(),
    })
}

struct Reader<'a> {
    step: &'a Step,
    id: Uuid,
    replay: &'a Replay,
    /// The lines of each subject, newest first.
    lines: HashMap<Uuid, Vec<Line<'a>>>,
}

impl Reader<'_> {
    /// Reads the account's own states, and what happened to it.
    fn account(&self, document: &str, lines: &[Line<'_>]) -> Result<(Vec<Held<State>>, Vec<Outcome>)> {
        let begin = self.replay.begin;
        let entries: Vec<Entry> = lines.iter().map(|line| line.entry(AccountId(self.id))).collect::<Result<_>>()?;
        let mut documents: Vec<Held<Document>> = Vec::new();
        let mut standings: Vec<(Timestamp, Standing)> = Vec::new();
        let mut document: Option<Document> = Some(serde_json::from_str(document)?);
        let mut until = Timestamp(i64::MAX);
        for entry in entries.iter().filter(|entry| entry.at > begin) {
            // What was changed twice at the same moment held only in its last state.
            if let Some(state) = document.as_ref().filter(|_| entry.at < until) {
                standings.push((entry.at, Standing::deserialize(state)?));
                if self.replay.looks_between(entry.at, until) {
                    documents.push(Held { from: entry.at, until, state: state.clone() });
                }
            }
            document = changes::rewind(document, entry);
            until = entry.at.min(until);
        }
        if let Some(state) = document {
            standings.push((begin, Standing::deserialize(&state)?));
            let from = entries.iter().map(|entry| entry.at).find(|at| *at <= begin).unwrap_or(Timestamp(i64::MIN));
            documents.push(Held { from, until, state });
        }
        standings.reverse();
        documents.reverse();
        Ok((self.aged(documents, &entries)?, outcomes(&standings)))
    }

    /// Reads states, oldest first, with the ages that their fields had by entries of the log, newest first.
    fn aged(&self, documents: Vec<Held<Document>>, entries: &[Entry]) -> Result<Vec<Held<State>>> {
        let mut updates = entries.iter().rev().filter(|entry| entry.change == Change::Updated).peekable();
        let (mut times, mut states) = (FieldTimes::new(), Vec::with_capacity(documents.len()));
        for Held { from, until, state } in documents {
            while let Some(entry) = updates.next_if(|entry| entry.at <= from) {
                note_update(&mut times, entry.at, &entry.before, &entry.after);
            }
            states.push(Held { from, until, state: State::of(&state, &times, self.replay.wanted())? });
        }
        Ok(states)
    }

    fn documents<T: Doc>(&mut self) -> Result<Vec<Held<T>>> {
        self.read(T::TABLE, T::id)
    }

    /// Reads what hung on the account, each state with its time.
    fn read<T: DeserializeOwned>(&mut self, table: Table, id_of: impl Fn(&T) -> Uuid) -> Result<Vec<Held<T>>> {
        let mut held = Vec::new();
        let present = self.step.documents.get(&(table.subject().key(), self.id)).map_or("", String::as_str);
        for text in present.split(BETWEEN).filter(|text| !text.is_empty()) {
            let state: T = serde_json::from_str(text)?;
            let lines = self.lines.remove(&id_of(&state)).unwrap_or_default();
            match lines.as_slice() {
                [] => held.push(Held::always(state)),
                [line] if line.change == Change::Created => {
                    held.push(Held { from: line.at, ..Held::always(state) });
                }
                lines => self.take_back(Some(serde_json::from_str(text)?), lines, &mut held)?,
            }
        }
        let gone: Vec<Uuid> = self
            .lines
            .iter()
            .filter(|(_, lines)| lines.first().is_some_and(|line| Table::of(line.subject) == Some(table)))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            let lines = self.lines.remove(&id).unwrap_or_default();
            self.take_back(None, &lines, &mut held)?;
        }
        Ok(held)
    }

    /// Takes a document back line by line, newest first, and keeps the states that the replay looks at.
    fn take_back<T: DeserializeOwned>(
        &self,
        mut document: Option<Document>,
        lines: &[Line<'_>],
        held: &mut Vec<Held<T>>,
    ) -> Result<()> {
        let mut until = Timestamp(i64::MAX);
        for line in lines {
            held.extend(self.held(document.as_ref(), line.at, until)?);
            document = changes::rewind(document, &line.entry(AccountId(self.id))?);
            until = line.at.min(until);
        }
        held.extend(self.held(document.as_ref(), Timestamp(i64::MIN), until)?);
        Ok(())
    }

    /// Reads a state, if there is one and the replay looks at it.
    fn held<T: DeserializeOwned>(
        &self,
        document: Option<&Document>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Held<T>>> {
        let Some(document) = document.filter(|_| self.replay.looks_between(from, until)) else { return Ok(None) };
        Ok(Some(Held { from, until, state: T::deserialize(document)? }))
    }
}

/// Reads a metric with its days, oldest first.
fn series((metric, text): &(String, String)) -> Result<(String, Vec<(Timestamp, f64)>)> {
    let day = |text: &str| {
        let (day, value) = text.split_once(' ')?;
        Some((Timestamp(day.parse().ok()?), value.parse().ok()?))
    };
    let days: Option<Vec<(Timestamp, f64)>> = text.split(BETWEEN).map(day).collect();
    let mut days = days.ok_or_else(|| Error::Stored(format!("the usage of {metric}")))?;
    days.sort_by_key(|(day, _)| *day);
    Ok((metric.clone(), days))
}
