//! One look at accounts, all at the same moment.

use super::due::Clocks;
use super::{Compiled, Engine, Move, Moved, NewId, Pending, Watch};
use crate::alerts::alert::{Alert, Outcome, Quoted, Reason, Rung};
use crate::alerts::facts::Known;
use crate::alerts::inputs::Inputs;
use crate::alerts::ladder::{Calendar, Ladder};
use crate::alerts::priority::worth;
use crate::filter::{Matcher, Scope};
use crate::id::RuleId;
use crate::time::Timestamp;

/// Days until an account with an open alert is looked at again although nothing happens.
const OPEN_DAYS: i64 = 1;
/// Days until any other account is.
const QUIET_DAYS: i64 = 7;
/// A quoted number that moved by this share is worth telling again.
const SHARE_MIN: f64 = 0.1;

/// A rule with its conditions made ready for many rows.
pub(super) struct Ready<'a> {
    compiled: &'a Compiled,
    fires: Matcher<'a>,
    clears: Option<Matcher<'a>>,
    scope: Option<Matcher<'a>>,
    clocks: Clocks,
}

impl<'a> Ready<'a> {
    pub(super) fn new(compiled: &'a Compiled, scope: &Scope<'a>) -> Self {
        let everything = compiled.scope.is_everything();
        let mut clocks = Clocks::default();
        [Some(&compiled.fires), compiled.clears.as_ref(), Some(&compiled.scope)]
            .into_iter()
            .flatten()
            .for_each(|filter| clocks.add(filter));
        Self {
            compiled,
            fires: Matcher::new(&compiled.fires, scope),
            clears: compiled.clears.as_ref().map(|filter| Matcher::new(filter, scope)),
            scope: (!everything).then(|| Matcher::new(&compiled.scope, scope)),
            clocks,
        }
    }
}

/// How an account stood before a look.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Its alerts: every open one, and of each rule the last that was closed.
    pub alerts: &'a [Alert],
    /// What the engine remembers of it.
    pub watch: &'a Watch,
}

impl<'a> Standing<'a> {
    pub(super) fn of(&self, rule: RuleId) -> (Option<&'a Alert>, Option<&'a Alert>) {
        let mine = || self.alerts.iter().filter(move |alert| alert.rule_id == rule);
        (
            mine().find(|alert| !alert.is_closed()),
            mine().filter(|alert| alert.is_closed()).max_by_key(|a| a.closed_at()),
        )
    }
}

/// What a look at an account found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What became of its alerts.
    pub moves: Vec<Move>,
    /// What to remember.
    pub watch: Watch,
    /// The next moment at which something can change while nothing happens.
    pub due: Timestamp,
    /// How many rules were held against it.
    pub evaluated: u32,
}

/// One look at accounts, all at the same moment.
pub struct Pass<'a> {
    engine: &'a Engine,
    rules: Vec<Ready<'a>>,
    now: Timestamp,
    calendar: Option<&'a (dyn Fn(&Alert) -> Calendar + Sync)>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(engine: &'a Engine, rules: Vec<Ready<'a>>, now: Timestamp) -> Self {
        Self { engine, rules, now, calendar: None }
    }

    /// Has alerts that nobody takes brought to the next rung, by the calendar of whoever should take each.
    #[must_use]
    pub fn with_ladder(mut self, calendar: &'a (dyn Fn(&Alert) -> Calendar + Sync)) -> Self {
        self.calendar = Some(calendar);
        self
    }

    /// Looks at one account. With `changed`, only at the rules that read what changed; where time alone passed, at all.
    pub fn look(
        &self,
        known: &Known<'_>,
        standing: Standing<'_>,
        changed: Option<&Inputs>,
        new_id: NewId<'_>,
    ) -> Found {
        let mut found =
            Found { watch: standing.watch.clone(), due: self.now.plus_days(QUIET_DAYS), ..Found::default() };
        for ready in &self.rules {
            let (open, last) = standing.of(ready.compiled.rule.id);
            let reads = if open.is_some() { &ready.compiled.reads_open } else { &ready.compiled.reads };
            // Waiting out a snooze may read anything.
            let waits = open.is_some_and(|alert| alert.snoozed_while.is_some());
            if changed.is_some_and(|changed| !waits && !reads.meets(changed)) {
                continue;
            }
            found.evaluated += 1;
            self.look_at_rule(ready, known, (open, last), &mut found, new_id);
        }
        self.end_orphans(standing.alerts, &mut found);
        found
    }

    fn look_at_rule(
        &self,
        ready: &Ready<'_>,
        known: &Known<'_>,
        (open, last): (Option<&Alert>, Option<&Alert>),
        found: &mut Found,
        new_id: NewId<'_>,
    ) {
        let rule = &ready.compiled.rule;
        let is_in_scope = self.is_alive(known) && ready.scope.as_ref().is_none_or(|scope| scope.matches(known));
        let holds = is_in_scope && ready.fires.matches(known);
        let mut pending = found.watch.rules.remove(&rule.id).unwrap_or_default();
        let mut due = found.due;
        match open {
            Some(alert) => {
                due = due.min(self.now.plus_days(OPEN_DAYS));
                let is_over = !is_in_scope
                    || match &ready.clears {
                        Some(clears) if self.engine.is_calm => !holds && clears.matches(known),
                        _ => !holds,
                    };
                let moved = self.tend(alert, ready, known, is_over, (&mut pending, &mut due));
                due = moved.as_ref().and_then(|one| self.rung_at(&one.alert)).map_or(due, |at| due.min(at));
                found.moves.extend(moved);
            }
            None if holds => {
                if let Some(moved) = self.begin(ready, known, last, (&mut pending, &mut due), new_id) {
                    due = due.min(self.now.plus_days(OPEN_DAYS));
                    due = self.rung_at(&moved.alert).map_or(due, |at| due.min(at));
                    found.moves.push(moved);
                }
            }
            None => {
                pending.holds_since = None;
                let said_no = last.and_then(|last| last.dismissed_at);
                let is_known = pending.let_go_at.is_some_and(|at| said_no.is_some_and(|no| no <= at));
                if !is_known {
                    pending.let_go_at = said_no.map(|_| self.now);
                }
            }
        }
        due = ready.clocks.next(known, self.now).map_or(due, |at| due.min(at));
        if pending != Pending::default() {
            found.watch.rules.insert(rule.id, pending);
        }
        found.due = due;
    }

    /// Alerts on accounts that have left or are put away help nobody.
    fn is_alive(&self, known: &Known<'_>) -> bool {
        known.account.archived_at.is_none_or(|at| at > self.now) && known.account.stage.as_deref() != Some("churned")
    }

    /// Raises an alert, once the condition has held long enough and the pause after the last one is over.
    fn begin(
        &self,
        ready: &Ready<'_>,
        known: &Known<'_>,
        last: Option<&Alert>,
        (pending, due): (&mut Pending, &mut Timestamp),
        new_id: NewId<'_>,
    ) -> Option<Move> {
        let rule = &ready.compiled.rule;
        let since = *pending.holds_since.get_or_insert(self.now);
        if self.engine.is_calm {
            let from = Timestamp(since.0 + i64::from(rule.for_minutes) * 60_000);
            if let Some(last) = last {
                let closed = last.closed_at().unwrap_or(last.updated_at);
                // What a person has said no to is not said again until it was over once.
                if last.dismissed_at.is_some() && pending.let_go_at.is_none_or(|at| at < closed) {
                    return None;
                }
                let again = closed.plus_days(i64::from(rule.cooldown_days));
                if again > self.now {
                    *due = (*due).min(again);
                    return None;
                }
            }
            if from > self.now {
                *due = (*due).min(from);
                return None;
            }
        }
        *pending = Pending::default();
        let (priority, worth) = worth(rule, known, self.engine.typical_minor);
        let facts = self.quotes(ready, known);
        let alert = Alert {
            id: new_id(),
            version: 1,
            account_id: Some(known.account.id),
            rule_id: rule.id,
            rule_name: rule.name.clone(),
            kind: rule.kind,
            fingerprint: format!("{}/{}", rule.id, known.account.id),
            priority,
            worth,
            reason: Reason { key: rule.reason_key().to_owned(), numbers: rule.numbers(), cause: None },
            facts_then: facts.clone(),
            facts_now: facts,
            first_seen: since,
            last_seen: self.now,
            times: 1,
            created_at: self.now,
            updated_at: self.now,
            ..Alert::blank()
        };
        Some(Move { moved: Moved::Raised, alert })
    }

    /// Brings an open alert up to date, ends it, wakes it or brings it to the next rung.
    fn tend(
        &self,
        alert: &Alert,
        ready: &Ready<'_>,
        known: &Known<'_>,
        is_over: bool,
        (pending, due): (&mut Pending, &mut Timestamp),
    ) -> Option<Move> {
        let now = self.now;
        if is_over {
            let since = *pending.clear_since.get_or_insert(now);
            let wait = if self.engine.is_calm { i64::from(ready.compiled.rule.clear_minutes) * 60_000 } else { 0 };
            if since.0 + wait <= now.0 {
                *pending = Pending::default();
                let mut alert = alert.clone();
                alert.facts_now = self.quotes(ready, known);
                return Some(ended(alert, Outcome::Cleared, now));
            }
            *due = (*due).min(Timestamp(since.0 + wait));
            return None;
        }
        pending.clear_since = None;
        if alert.snoozed_at.is_some() {
            if let Some(until) = alert.snoozed_until.filter(|until| *until > now) {
                *due = (*due).min(until);
            }
            let came = alert.snoozed_while.as_deref().is_some_and(|text| self.engine.holds(text, known, now));
            if alert.is_snoozed(now) && !came {
                return None;
            }
            return Some(woken(self.renewed(alert, ready, known), now));
        }
        if let Some(moved) = self.climb(alert, due) {
            return Some(moved);
        }
        let renewed = self.renewed(alert, ready, known);
        is_news(alert, &renewed, now).then_some(Move { moved: Moved::Updated, alert: renewed })
    }

    /// Returns when an alert goes up unless somebody takes it.
    fn rung_at(&self, alert: &Alert) -> Option<Timestamp> {
        Ladder::of(alert.priority, self.calendar?(alert))?.next(alert)
    }

    fn climb(&self, alert: &Alert, due: &mut Timestamp) -> Option<Move> {
        let at = self.rung_at(alert)?;
        if at > self.now {
            *due = (*due).min(at);
            return None;
        }
        let mut alert = alert.clone();
        alert.rung = if alert.rung == Rung::Owner { Rung::Manager } else { Rung::Sponsor };
        alert.escalated_at = Some(self.now);
        Some(Move { moved: Moved::Escalated, alert })
    }

    /// Returns the alert with the facts and the priority of now.
    fn renewed(&self, alert: &Alert, ready: &Ready<'_>, known: &Known<'_>) -> Alert {
        let (priority, worth) = worth(&ready.compiled.rule, known, self.engine.typical_minor);
        let facts_now = self.quotes(ready, known);
        Alert { priority, worth, facts_now, last_seen: self.now, times: alert.times + 1, ..alert.clone() }
    }

    fn quotes(&self, ready: &Ready<'_>, known: &Known<'_>) -> Vec<Quoted> {
        ready.compiled.quotes.iter().map(|key| known.quote(key, &self.engine.catalogue)).collect()
    }

    /// Ends alerts whose rule is no longer in force.
    fn end_orphans(&self, alerts: &[Alert], found: &mut Found) {
        let is_known = |alert: &Alert| self.rules.iter().any(|ready| ready.compiled.rule.id == alert.rule_id);
        for alert in alerts.iter().filter(|alert| !alert.is_closed() && !is_known(alert)) {
            found.moves.push(ended(alert.clone(), Outcome::RuleOff, self.now));
        }
    }
}

/// Returns an alert that was put aside and is back.
pub(super) fn woken(mut alert: Alert, now: Timestamp) -> Move {
    (alert.snoozed_at, alert.snoozed_by, alert.snoozed_until, alert.snoozed_while) = (None, None, None, None);
    alert.last_seen = now;
    Move { moved: Moved::Woken, alert }
}

/// Returns an alert that ended by itself, and says so.
pub(super) fn ended(mut alert: Alert, outcome: Outcome, now: Timestamp) -> Move {
    (alert.resolved_at, alert.resolved_by, alert.outcome) = (Some(now), None, Some(outcome));
    (alert.snoozed_at, alert.snoozed_by, alert.snoozed_until, alert.snoozed_while) = (None, None, None, None);
    alert.last_seen = now;
    Move { moved: Moved::Resolved, alert }
}

/// Returns whether what became of an open alert is worth writing down: another priority at once, a number that moved
/// by a tenth at once where it stands in the condition, anything else once a day.
fn is_news(old: &Alert, new: &Alert, now: Timestamp) -> bool {
    if old.priority != new.priority {
        return true;
    }
    let is_day_old = now.days_since(old.last_seen) >= 1;
    old.facts_now.iter().zip(&new.facts_now).any(|(was, is)| match (was.value.as_f64(), is.value.as_f64()) {
        (Some(was), Some(is)) => {
            let moved = (is - was).abs();
            moved > SHARE_MIN * was.abs().max(1.0) || (is_day_old && moved >= 1.0)
        }
        _ => was.value != is.value,
    })
}
