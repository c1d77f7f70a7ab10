//! One account, day by day.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::Account;
use domain::alerts::Alert;
use domain::alerts::engine::{Engine, Moved, Pass, Standing, Watch};
use domain::alerts::facts::{Extra, Known, gather};
use domain::changes;
use domain::contacts::Contact;
use domain::fields::Subject;
use domain::health::{Band, Context, HealthSummary, Points, Record, choose_scorecard, evaluate};
use domain::id::AlertId;
use domain::lab::replay::{Happened, Standing as Held, outcomes};
use domain::time::{DAY_MS, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Cast, Stage};
use crate::error::Result;
use crate::health::applies;
use crate::subjects::{document, from_document};

/// Days between two looks at an account to which nothing happens: usage is not in the log.
const REST_DAYS: i64 = 7;

/// The looks of each day, made ready once for all accounts.
pub(super) type Passes<'e> = HashMap<Timestamp, Pass<'e>>;

/// What became of an account.
pub(super) struct Told {
    /// Its alerts, as they became.
    pub alerts: Vec<Alert>,
    /// Times it was looked at.
    pub looks: u64,
    /// Times a rule was found to hold.
    pub held: u64,
    /// When it left, if it did.
    pub left: Option<Timestamp>,
}

/// States of one subject, oldest first, each with the moment from which it held; none where it did not exist.
type States<T> = Vec<(Timestamp, Option<T>)>;

/// Plays an account again: it is looked at on each day on which something happened to it or its time had come, at the
/// end of the day, knowing what was known by then.
pub(super) fn tell<'e>(stage: &Stage, cast: &Cast, engine: &'e Engine, passes: &mut Passes<'e>) -> Result<Told> {
    let states: States<Account> = states(&cast.one.record.account, cast, Subject::Account, stage.begin)?;
    let mut contacts: Vec<States<Contact>> = Vec::new();
    for id in contact_ids(cast) {
        let present = cast.one.record.contacts.iter().find(|contact| contact.id.0 == id);
        contacts.push(states_of(present, cast, (Subject::Contact, id), stage.begin)?);
    }
    let left = left(&states);
    let mut player = Player {
        record: Record { contacts: Vec::new(), ..cast.one.record.clone() },
        health: None,
        history: Vec::new(),
        alerts: Vec::new(),
        watch: Watch::default(),
    };
    let mut told = Told { alerts: Vec::new(), looks: 0, held: 0, left };
    let days = days(cast, stage);
    let (mut day, mut due) = (stage.begin.day_start(), Timestamp(i64::MIN));
    while day < stage.now {
        // The end of the day, or this very moment on the last one.
        let at = Timestamp(day.0 + DAY_MS - 1).min(stage.now);
        let is_wanted = days.contains(&day) || due <= at || day.0.div_euclid(DAY_MS) % REST_DAYS == 0;
        if is_wanted && let Some(account) = state_at(&states, at) {
            player.record.account.clone_from(account);
            player.record.contacts = contacts.iter().filter_map(|states| state_at(states, at).cloned()).collect();
            let pass = passes.entry(at).or_insert_with(|| engine.pass(at));
            due = player.look(stage, pass, at);
            told.looks += 1;
            told.held += player.alerts.iter().filter(|alert| !alert.is_closed()).count() as u64;
        }
        day = day.plus_days(1);
    }
    told.alerts = player.alerts;
    Ok(told)
}

/// What is known while an account is played.
struct Player {
    record: Record,
    health: Option<HealthSummary>,
    history: Vec<(Timestamp, Points)>,
    alerts: Vec<Alert>,
    watch: Watch,
}

impl Player {
    /// Looks at the account, and returns when it is due again.
    fn look(&mut self, stage: &Stage, pass: &Pass<'_>, at: Timestamp) -> Timestamp {
        if stage.scores {
            self.score(stage, at);
        }
        let category = self.record.account.category.as_ref();
        let extra = Extra {
            health: self.health.as_ref(),
            history: &self.history,
            season: category.and_then(|category| stage.desk.seasons.get(category)),
            typical_minor: stage.desk.engine.typical_minor,
            ..Extra::default()
        };
        let facts = gather(&self.record, &extra, at);
        let known = Known::new(&self.record.account, self.health.as_ref(), &facts);
        let standing = Standing { alerts: &self.alerts, watch: &self.watch };
        let mut new_id = || AlertId(Uuid::now_v7());
        let found = pass.look(&known, standing, None, &mut new_id);
        for one in found.moves {
            match self.alerts.iter_mut().find(|alert| alert.id == one.alert.id) {
                Some(alert) => *alert = one.alert,
                None => {
                    debug_assert_eq!(one.moved, Moved::Raised);
                    self.alerts.push(one.alert);
                }
            }
        }
        self.watch = found.watch;
        found.due
    }

    fn score(&mut self, stage: &Stage, at: Timestamp) {
        let account = &self.record.account;
        let catalogue = stage.desk.engine.catalogue();
        let Some(card) = choose_scorecard(&stage.cards, |text| applies(text, account, catalogue, at)) else { return };
        let previous_band: Option<Band> = self.health.as_ref().map(|health| health.band);
        let season = account.category.as_ref().and_then(|category| stage.desk.seasons.get(category));
        let context = Context { previous_band, season, ..Context::at(at) };
        let evaluation = evaluate(&card.card, &self.record.facts(at), &context);
        self.history.extend(evaluation.score.map(|score| (at, score)));
        self.health = HealthSummary::of(&evaluation, card.scorecard, card.version, &self.history);
    }
}

/// Returns the days on which something happened to an account.
fn days(cast: &Cast, stage: &Stage) -> BTreeSet<Timestamp> {
    let record = &cast.one.record;
    let mut moments: Vec<Timestamp> = cast.entries.iter().map(|entry| entry.at).collect();
    moments.extend(record.touches.iter().copied());
    for ticket in &record.tickets {
        moments.push(ticket.opened_at);
        moments.extend([ticket.escalated_at, ticket.resolved_at].into_iter().flatten());
    }
    for invoice in &record.invoices {
        moments.push(invoice.issued_at);
        moments.extend([invoice.due_at, invoice.failed_at, invoice.paid_at].into_iter().flatten());
    }
    moments.extend(record.surveys.iter().map(|survey| survey.answered_at));
    let is_played = |at: &Timestamp| *at >= stage.begin && *at <= stage.now;
    moments.into_iter().filter(is_played).map(Timestamp::day_start).collect()
}

fn contact_ids(cast: &Cast) -> BTreeSet<Uuid> {
    let present = cast.one.record.contacts.iter().map(|contact| contact.id.0);
    let changed = cast.entries.iter().filter(|entry| entry.subject == Subject::Contact).map(|entry| entry.subject_id);
    present.chain(changed).collect()
}

fn states(present: &Account, cast: &Cast, subject: Subject, begin: Timestamp) -> Result<States<Account>> {
    states_of(Some(present), cast, (subject, present.id.0), begin)
}

/// Returns the states that a subject went through since the first day, from its present one and the log.
fn states_of<T: serde::Serialize + serde::de::DeserializeOwned>(
    present: Option<&T>,
    cast: &Cast,
    (subject, id): (Subject, Uuid),
    begin: Timestamp,
) -> Result<States<T>> {
    let mut states = Vec::new();
    let mut held: Option<Map<String, Value>> = present.map(document).transpose()?;
    for entry in cast.entries.iter().filter(|entry| entry.subject == subject && entry.subject_id == id) {
        states.push((entry.at, held.clone().map(from_document).transpose()?));
        held = changes::rewind(held, entry);
    }
    states.push((begin, held.map(from_document).transpose()?));
    states.reverse();
    Ok(states)
}

fn state_at<T>(states: &States<T>, at: Timestamp) -> Option<&T> {
    states.iter().rev().find(|(since, _)| *since <= at).and_then(|(_, state)| state.as_ref())
}

/// Returns when the account left for the last time.
fn left(states: &States<Account>) -> Option<Timestamp> {
    let known: Vec<(Timestamp, Held)> =
        states.iter().filter_map(|(at, state)| Some((*at, Held::of(state.as_ref()?)))).collect();
    let outcomes = outcomes(&known);
    outcomes.iter().rev().find(|outcome| outcome.happened == Happened::Churned).map(|outcome| outcome.at)
}
