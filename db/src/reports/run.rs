//! The numbers of reports: the database finds a line for each account and group, and `domain` adds them up.

use std::collections::HashMap;

use domain::health::Band;
use domain::id::AccountId;
use domain::identity::User;
use domain::refusal::Refusal;
use domain::reports::{
    self, About, Answer, Asked, Dimension, Labels, Line, Measure, Order, Part, Rows, RowsOf, Shape, Spec,
};
use uuid::Uuid;

use super::chosen::{Chosen, chosen};
use super::portfolio::{self, Portfolio};
use super::{moves, usage, work};
use crate::accounts;
use crate::bulk;
use crate::error::Result;
use crate::identity;
use crate::tx::Tx;

/// Most accounts that are listed behind a number.
const ROWS_MAX: u8 = 200;

/// What was found for a report.
pub(super) struct Found {
    pub(super) labels: Labels,
    pub(super) lines: Vec<Line>,
    /// How many accounts there are in all, where the lines do not name them.
    pub(super) whole: Option<u32>,
}

/// What is known while a report is answered.
pub(super) struct Desk<'a> {
    pub(super) spec: &'a Spec,
    pub(super) portfolio: &'a Portfolio,
    pub(super) chosen: Chosen,
    /// Whether lines must name their accounts, because somebody asks for these.
    pub(super) named: bool,
    people: HashMap<String, String>,
    found: Found,
    /// The places among the labels of the report, by the places among those of the portfolio.
    places: HashMap<u32, u32>,
}

impl Desk<'_> {
    /// Returns the place of a group by what it is called.
    pub(super) fn label(&mut self, written: Option<&str>, label: Option<&str>) -> u32 {
        let name = written.filter(|_| self.spec.by == Dimension::Owner).and_then(|id| self.people.get(id));
        self.found.labels.place(written, name.map(String::as_str).or(label))
    }

    /// Returns the place of the group that an account belongs to.
    pub(super) fn group(&mut self, account: Option<u32>) -> u32 {
        let by = self.spec.by;
        let Some(known) = account.and_then(|place| self.portfolio.group(place, by)) else {
            return self.label(None, None);
        };
        if let Some(place) = self.places.get(&known) {
            return *place;
        }
        let portfolio = self.portfolio;
        let written = portfolio.labels().written(known);
        let place = self.label(written, None);
        self.places.insert(known, place);
        place
    }

    /// Takes a line in, if its account was chosen.
    pub(super) fn take(&mut self, line: Line) {
        if self.chosen.has(line.account) {
            self.found.lines.push(line);
        }
    }

    /// Takes a line in whose account was chosen before.
    pub(super) fn keep(&mut self, line: Line) {
        self.found.lines.push(line);
    }

    /// Says how many accounts there are in all.
    pub(super) fn whole(&mut self, accounts: u32) {
        self.found.whole = Some(accounts);
    }
}

/// Returns the numbers of a report; everybody may ask.
pub async fn answer(tx: &mut Tx, spec: Spec) -> Result<Answer> {
    let spec = spec.check(&accounts::catalogue(tx).await?)?;
    let (portfolio, end) = portfolio::present(tx).await?;
    let key = portfolio::key(tx, &spec);
    if let Some(known) = portfolio.answered(tx, &key, spec.about) {
        return Ok(known);
    }
    let found = find(tx, &spec, (&portfolio, end), false).await?;
    let asked = Asked { accounts: portfolio.paying(), labels: &found.labels, lines: &found.lines, whole: found.whole };
    let answer = reports::answer(spec, &asked);
    portfolio.keep(tx, key, end, &answer);
    Ok(answer)
}

/// Returns the accounts behind a number: of a group, or of all groups together.
pub async fn rows(tx: &mut Tx, spec: Spec, part: &Part) -> Result<Rows> {
    let spec = spec.check(&accounts::catalogue(tx).await?)?;
    let (portfolio, end) = portfolio::present(tx).await?;
    let mut found = find(tx, &spec, (&portfolio, end), true).await?;
    if let Part::Group(key) = part {
        let place = found.labels.find(key.as_deref()).ok_or(Refusal::NotFound)?;
        found.lines.retain(|line| line.group == place);
    }
    // The same lines, grouped by their account.
    let mut labels = Labels::default();
    for line in &mut found.lines {
        let id = line.account.and_then(|place| portfolio.id(place)).map(|id| id.to_string());
        line.group = labels.place(id.as_deref(), None);
    }
    let most = spec.measures.first().copied().unwrap_or(Measure::Count);
    let spec = Spec { top: ROWS_MAX, by: Dimension::Tier, order: Order::most(most), shape: Shape::Table, ..spec };
    let asked = Asked { accounts: portfolio.paying(), labels: &labels, lines: &found.lines, whole: None };
    let answer = reports::answer(spec, &asked);
    let ids: Vec<Uuid> = answer.groups.iter().filter_map(|group| group.key.as_deref()?.parse().ok()).collect();
    let known = bulk::account_rows(tx, &ids).await?;
    let names: HashMap<AccountId, (String, Option<Band>)> = known
        .into_iter()
        .map(|(account, health, ..)| (account.0.id, (account.0.name, health.map(|health| health.0.band))))
        .collect();
    let row = |group: reports::Group| {
        let account = group.key.as_deref().and_then(|key| key.parse().ok());
        let (name, band) = account.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        RowsOf { account, name, band, numbers: group.numbers }
    };
    Ok(Rows { of: answer.of, rows: answer.groups.into_iter().map(row).collect() })
}

async fn find(tx: &mut Tx, spec: &Spec, (portfolio, end): (&Portfolio, i64), named: bool) -> Result<Found> {
    let chosen = chosen(tx, spec, portfolio, end).await?;
    let people: Vec<User> = if spec.by == Dimension::Owner { identity::users(tx).await? } else { Vec::new() };
    let people = people.into_iter().map(|person| (person.id.to_string(), person.name)).collect();
    let found = Found { labels: Labels::default(), lines: Vec::new(), whole: None };
    let mut desk = Desk { spec, portfolio, chosen, named, people, found, places: HashMap::new() };
    match spec.about {
        About::Accounts => {
            for place in portfolio.listed() {
                if desk.chosen.has(Some(place)) {
                    let group = desk.group(Some(place));
                    desk.take(Line { group, account: Some(place), count: 1, ..Line::default() });
                }
            }
        }
        About::Alerts | About::Tasks => work::find(tx, &mut desk).await?,
        About::Usage => usage::find(tx, &mut desk).await?,
        About::Revenue => moves::find(tx, &mut desk).await?,
    }
    Ok(desk.found)
}
