//! The states of the account: its stage, its money, who owns it, and what people and systems thought of it.

use domain::accounts::Account;
use domain::activities::Activity;
use domain::support::Ticket;
use domain::time::{DAY_MS, Timestamp};

use super::judgement::Judgement;
use super::{States, push};
use crate::seeds::accounts::Outline;
use crate::seeds::plots::Plot;
use crate::seeds::random::{Part, Random};
use crate::seeds::usage::HISTORY_DAYS;
use crate::seeds::{Options, Volume};

/// How long an account is new.
const ONBOARDING_DAYS: i64 = 75;
/// How long before a renewal an account is in renewal.
const RENEWAL_DAYS: i64 = 90;
/// How often the source systems report, in a full portfolio and in a light one.
const REPORT_DAYS: (i64, i64) = (30, 91);
/// Most years that an account has been a customer.
const YEARS_MAX: i64 = 6;
/// When the day's changes happen: before the office opens, and after it has closed.
const MORNING_MS: i64 = 6 * 3_600_000;
const EVENING_MS: i64 = 20 * 3_600_000;

/// Tells the states of an account up to the present one.
pub(in crate::seeds) fn tell(
    outline: &Outline,
    options: &Options,
    present: &Account,
    (activities, tickets): (&[Activity], &[Ticket]),
    parent_days: Option<i64>,
) -> States<Account> {
    let teller = Teller::new(outline, options, present, (activities, tickets), parent_days);
    let moments = teller.moments();
    let mut states: States<Account> = Vec::with_capacity(moments.len());
    for at in moments {
        let state = teller.at(at);
        if states.last().is_none_or(|(_, last)| *last != state) {
            states.push((at, state));
        }
    }
    let end = teller.end();
    if states.last().is_none_or(|(_, last)| last != present) {
        push(&mut states, end, present.clone());
    }
    states
}

struct Teller<'a> {
    outline: &'a Outline,
    present: &'a Account,
    activities: &'a [Activity],
    tickets: &'a [Ticket],
    judgement: Judgement,
    /// How many days ago the account above it became a customer.
    parent_days: Option<i64>,
    /// How many days ago it was handed over, and from whom.
    handover: Option<(i64, domain::id::UserId)>,
    /// How many days ago the source systems reported, longest first.
    reports: Vec<i64>,
}

impl<'a> Teller<'a> {
    fn new(
        outline: &'a Outline,
        options: &Options,
        present: &'a Account,
        (activities, tickets): (&'a [Activity], &'a [Ticket]),
        parent_days: Option<i64>,
    ) -> Self {
        let mut random = outline.random(Part::Past);
        let judgement = Judgement::new(outline, &mut random);
        let handover = handover(outline, options, present, &mut random);
        let reports = reports(outline);
        Self { outline, present, activities, tickets, judgement, parent_days, handover, reports }
    }

    /// Returns every moment at which something may have changed, oldest first.
    fn moments(&self) -> Vec<Timestamp> {
        let outline = self.outline;
        let age = outline.age_days;
        let back = if outline.volume == Volume::Light { HISTORY_DAYS } else { age };
        let mut mornings = vec![age - ONBOARDING_DAYS];
        for renewal in (0..=YEARS_MAX).map(|year| year * 365 - outline.renewal_days) {
            mornings.extend([renewal, renewal + RENEWAL_DAYS]);
        }
        mornings.extend((1..4).map(|step| step * outline.expansion_days() - 1));
        mornings.extend(self.handover.map(|(ago, _)| ago));
        mornings.extend(self.parent_days);
        let end = if outline.plot == Plot::Churned { outline.turn_days } else { 0 };
        mornings.retain(|ago| *ago > end && *ago < age.min(back));
        let evenings = self.reports.iter().copied();
        let day = |ago: i64, ms: i64| Timestamp(outline.today.plus_days(-ago).0 + ms);
        let mut moments: Vec<Timestamp> = mornings.into_iter().map(|ago| day(ago, MORNING_MS)).collect();
        moments.extend(evenings.map(|ago| day(ago, EVENING_MS)));
        moments.extend(self.activities.iter().map(|activity| activity.happened_at));
        moments.extend(self.left_at());
        let (begin, end) = (self.present.created_at, self.end());
        moments.retain(|at| *at > begin && *at < end);
        moments.push(begin);
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// Returns when the account left, if it did.
    fn left_at(&self) -> Option<Timestamp> {
        let day = self.outline.today.plus_days(-self.outline.turn_days);
        (self.outline.plot == Plot::Churned).then_some(Timestamp(day.0 + EVENING_MS))
    }

    /// Returns when the present state came about: last evening, or a week after the account had left.
    fn end(&self) -> Timestamp {
        let ago = if self.outline.plot == Plot::Churned { self.outline.turn_days - 8 } else { 1 };
        Timestamp(self.outline.today.plus_days(-ago).0 + EVENING_MS)
    }

    /// Returns the account as it was at a moment.
    fn at(&self, at: Timestamp) -> Account {
        let outline = self.outline;
        // A day in the past counts in full days before today, whatever the hour.
        let ago = (outline.today.0 - at.day_start().0) / DAY_MS;
        let mut account = self.present.clone();
        account.archived_at = None;
        if self.left_at().is_none_or(|left| at < left) {
            account.stage = Some(self.stage(ago).to_owned());
            account.churn_reason = None;
            let percent = outline.arr_percent(ago);
            account.arr_minor = Some(outline.arr_minor * percent / 100);
            account.mrr_minor = Some(outline.arr_minor / 12 * percent / 100);
            account.seats = Some((outline.seats * percent / 100).max(1) as f64);
            account.renewal_at = Some(outline.today.plus_days(outline.days_to_renewal(ago) - ago));
        }
        if let Some((_, from)) = self.handover.filter(|(day, _)| ago > *day) {
            account.owner_id = Some(from);
        }
        if self.parent_days.is_some_and(|joined| ago > joined) {
            account.parent_id = None;
        }
        account.last_activity_at =
            self.activities.iter().map(|activity| activity.happened_at).filter(|moment| *moment <= at).max();
        account.tags.retain(|tag| self.has_tag(tag, ago));
        self.report(&mut account, at);
        account
    }

    /// Fills in what the source systems had last reported.
    fn report(&self, account: &mut Account, at: Timestamp) {
        let outline = self.outline;
        let reported = |ago: &&i64| outline.today.plus_days(-**ago).0 + EVENING_MS <= at.0;
        let report = self.reports.iter().rev().find(reported).copied();
        account.last_login_at = report.map(|ago| {
            // The time of day of the last login we know, on the day of the report or one of the two before.
            let of_day = self.present.last_login_at.unwrap_or(outline.today).0.rem_euclid(DAY_MS);
            let day = ago + (ago + i64::from(outline.number)) % 3;
            Timestamp(outline.today.plus_days(-day.min(outline.age_days - 1)).0 + of_day)
        });
        if account.last_login_at > self.present.last_login_at {
            account.last_login_at = self.present.last_login_at;
        }
        let moment = report.map(|ago| Timestamp(outline.today.plus_days(-ago).0 + EVENING_MS));
        account.ticket_count = moment.map(|moment| {
            let open = |ticket: &&Ticket| {
                ticket.opened_at <= moment && ticket.resolved_at.is_none_or(|resolved| resolved > moment)
            };
            self.tickets.iter().filter(open).count() as f64
        });
        self.judgement.judge(outline, account, report);
    }

    fn stage(&self, ago: i64) -> &'static str {
        let outline = self.outline;
        match outline.age_days - ago {
            _ if outline.plot == Plot::Onboarding => "onboarding",
            days if days < ONBOARDING_DAYS => "onboarding",
            _ if outline.days_to_renewal(ago) <= RENEWAL_DAYS => "renewal",
            days if days < 365 => "adoption",
            _ => "value",
        }
    }

    fn has_tag(&self, tag: &str, ago: i64) -> bool {
        match tag {
            "dunning" => ago <= self.outline.turn_days - 10,
            "reference" => ago <= 180,
            _ => true,
        }
    }
}

/// Returns when one account in six was handed over, and from whom.
fn handover(
    outline: &Outline,
    options: &Options,
    present: &Account,
    random: &mut Random,
) -> Option<(i64, domain::id::UserId)> {
    let ago = random.between(60, 600);
    let others: Vec<_> = options.owners.iter().copied().filter(|owner| Some(*owner) != present.owner_id).collect();
    if outline.number % 6 != 2 || others.is_empty() || ago >= outline.age_days || outline.turn_days > ago {
        return None;
    }
    Some((ago, others[random.place(others.len())]))
}

/// Returns how many days ago the source systems reported: first soon after the start, at last yesterday.
fn reports(outline: &Outline) -> Vec<i64> {
    let (step, back) =
        if outline.volume == Volume::Light { (REPORT_DAYS.1, 365) } else { (REPORT_DAYS.0, HISTORY_DAYS) };
    let first = outline.age_days - 21.min(outline.age_days / 2);
    let shift = 2 + i64::from(outline.number) % (step - 2);
    let mut reports: Vec<i64> = (0..back / step).map(|place| place * step + shift).collect();
    let end = if outline.plot == Plot::Churned { outline.turn_days } else { 1 };
    reports.extend([first, end]);
    reports.retain(|ago| *ago >= end && *ago < outline.age_days);
    reports.sort_unstable_by_key(|ago| std::cmp::Reverse(*ago));
    reports.dedup();
    reports
}
