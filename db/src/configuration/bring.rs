//! Bringing a file into a workspace, part by part; what is refused is noted with its line and the rest goes on, so
//! that everything that is wrong is said at once.

use std::collections::BTreeSet;

use domain::configuration::{Item, Pick, Plan, Problem, Section, State, WorkspacePart, differences};
use domain::id::UserId;
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value};

use super::file::{self, File};
use super::present::{self, Named};
use super::yaml::Node;
use super::{bring_dashboards, bring_fields, bring_rest};
use crate::error::{Error, Result};
use crate::subjects::document;
use crate::tx::Tx;
use crate::{health, identity};

/// What the parts of the way in share.
pub(super) struct Desk<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) note: String,
    /// Whose views and reports they will be.
    pub(super) owner: Option<UserId>,
    node: &'a Node,
    picks: BTreeSet<Pick>,
    plan: Plan,
}

/// A thing of a file: the part, its name and its place in the list.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) section: Section,
    pub(super) name: &'a str,
    pub(super) number: usize,
}

/// Brings everything in without committing; `note` is what versions of scorecards say of it.
pub(super) async fn bring(tx: &mut Tx, text: &str, picks: &[Pick], note: &str) -> Result<Plan> {
    let mark = super::mark(tx).await?;
    let (node, file) = match file::read(text) {
        Ok(read) => read,
        Err(problems) => return Ok(Plan { items: Vec::new(), problems, mark }),
    };
    let owner = match tx.actor().user {
        Some(user) => Some(user),
        None => {
            let people = identity::users(tx).await?;
            people.iter().find(|user| user.role == Role::Admin && user.deactivated_at.is_none()).map(|user| user.id)
        }
    };
    let plan = Plan { mark, ..Plan::default() };
    let picks = picks.iter().cloned().collect();
    let mut desk = Desk { tx, note: note.to_owned(), owner, node: &node, picks, plan };
    desk.all(file).await?;
    let mut plan = desk.plan;
    plan.items.sort_by_key(|item| item.section);
    plan.problems.sort_by_key(|problem| problem.line);
    Ok(plan)
}

impl Desk<'_> {
    async fn all(&mut self, file: File) -> Result<()> {
        if let Some(part) = file.workspace {
            self.workspace(part).await?;
        }
        let left_fields = bring_fields::bring(self, file.fields).await?;
        let left_cards = bring_rest::scorecards(self, file.scorecards).await?;
        bring_rest::built_in_rules(self, file.built_in_rules).await?;
        bring_rest::rules(self, file.rules).await?;
        bring_rest::views(self, file.views).await?;
        bring_rest::reports(self, file.reports).await?;
        bring_dashboards::bring(self, file.dashboards).await?;
        // What others may look at goes last.
        bring_rest::remove_scorecards(self, left_cards).await?;
        bring_fields::remove(self, left_fields).await
    }

    async fn workspace(&mut self, part: WorkspacePart) -> Result<()> {
        let present = present::workspace(self.tx).await?;
        let wanted = WorkspacePart {
            name: part.name.or_else(|| present.name.clone()),
            currency: part.currency.or_else(|| present.currency.clone()),
            rollup: part.rollup.or(present.rollup),
        };
        let (before, after) = (document(&present)?, document(&wanted)?);
        let name = present.name.clone().unwrap_or_default();
        let place = Place { section: Section::Workspace, name: &name, number: 0 };
        if self.compare(place, Some(&before), &after) == State::Same {
            return Ok(());
        }
        let done = settle(self.tx, &present, &wanted).await;
        self.attempt(place, done).await?;
        Ok(())
    }

    /// Notes what becomes of a thing that the file names.
    pub(super) fn compare(
        &mut self,
        place: Place<'_>,
        before: Option<&Map<String, Value>>,
        after: &Map<String, Value>,
    ) -> State {
        let state = match before {
            None => State::Added,
            Some(before) if before == after => State::Same,
            Some(_) => State::Changed,
        };
        self.item(place, state, before, Some(after));
        state
    }

    fn item(
        &mut self,
        place: Place<'_>,
        state: State,
        before: Option<&Map<String, Value>>,
        after: Option<&Map<String, Value>>,
    ) {
        let value = |doc: Option<&Map<String, Value>>| doc.map_or(Value::Null, |doc| Value::Object(doc.clone()));
        let (found, more) = match state {
            State::Same | State::Kept => (Vec::new(), 0),
            _ => differences(&value(before), &value(after)),
        };
        let name = place.name.to_owned();
        self.plan.items.push(Item { section: place.section, name, state, differences: found, more });
    }

    /// Notes what is not named by the file, and returns what of it is to go.
    pub(super) fn leave<T>(&mut self, section: Section, left: Vec<Named<T>>) -> Vec<Named<T>> {
        let mut going = Vec::new();
        for thing in left {
            let is_picked = self.picks.contains(&Pick { section, name: thing.name.clone() });
            let state = if is_picked { State::Removed } else { State::Kept };
            let place = Place { section, name: &thing.name, number: 0 };
            self.item(place, state, Some(&thing.doc), None);
            if is_picked {
                going.push(thing);
            }
        }
        going
    }

    /// Returns what a step came to, or notes what is wrong with the thing.
    pub(super) async fn attempt<T>(&mut self, place: Place<'_>, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(Error::Refused(Refusal::Invalid(fields))) => {
                for field in fields {
                    self.wrong(place, &field.field, field.message);
                }
                Ok(None)
            }
            Err(Error::Refused(refusal)) => {
                self.wrong(place, "", refusal.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Notes what is wrong with a field of a thing, at its line.
    pub(super) fn wrong(&mut self, place: Place<'_>, field: &str, message: String) {
        let number = place.number.to_string();
        let mut path = vec![place.section.key()];
        if place.section != Section::Workspace {
            path.push(&number);
        }
        path.extend(field.split('.').filter(|step| !step.is_empty()));
        let line = Some(self.node.line_at(path));
        self.plan.problems.push(Problem { line, name: place.name.to_owned(), message });
    }

    /// Notes why a thing cannot go.
    pub(super) async fn stays(&mut self, name: &str, done: Result<()>) -> Result<()> {
        match done {
            Ok(()) => Ok(()),
            Err(Error::Refused(refusal)) => {
                let message = refusal.to_string();
                self.plan.problems.push(Problem { line: None, name: name.to_owned(), message });
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Gives the workspace other settings.
pub(super) async fn settle(tx: &mut Tx, present: &WorkspacePart, wanted: &WorkspacePart) -> Result<()> {
    let currency = wanted.currency.as_deref().unwrap_or_default();
    let currency = currency.parse().map_err(|message| Refusal::field("currency", format!("{message}.")))?;
    if (&wanted.name, &wanted.currency) != (&present.name, &present.currency) {
        identity::rename_workspace(tx, wanted.name.as_deref().unwrap_or_default(), currency).await?;
    }
    if let Some(rule) = wanted.rollup {
        health::set_rollup_rule(tx, rule).await?;
    }
    Ok(())
}

/// Takes the thing with this name out of those that are left.
pub(super) fn take<T>(left: &mut Vec<Named<T>>, name: &str) -> Option<Named<T>> {
    let place = left.iter().position(|thing| thing.name == name)?;
    Some(left.remove(place))
}
