//! Fills a workspace with the demo portfolio, its history and its scores.

use domain::accounts::{Account, RISK_LEVELS};
use domain::activities::Activity;
use domain::contacts::Contact;
use domain::id::{UserId, WorkspaceId};
use domain::identity::Actor;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::error::Result;
use crate::health::Past;
use crate::log::Line;
use crate::pool::Db;
use crate::seeds::{self, Options, Story, Volume};
use crate::subjects::{Doc, document};
use crate::{bulk, health, usage};

/// Stories that are written in one transaction.
const STEP: usize = 500;
/// Portfolios up to this size get two years in detail.
const FULL_MAX: u32 = 2_000;
/// Portfolios above this size get half as many scores of the past.
const LARGE_MIN: u32 = 20_000;

/// Tells a portfolio and writes it: accounts, people, usage, tickets, invoices, surveys and activities, then
/// the scores they would have had. The same seed makes the same portfolio. `progress` hears how many accounts
/// are written.
pub async fn fill(
    db: &Db,
    workspace: WorkspaceId,
    owners: &[UserId],
    accounts: u32,
    seed: u64,
    progress: impl Fn(u32),
) -> Result<()> {
    let actor = Actor::system(workspace);
    let volume = if accounts <= FULL_MAX { Volume::Full } else { Volume::Light };
    let mut chapters = tell(Options { seed, accounts, now: db.clock().now(), owners: owners.to_vec(), volume });
    let mut written = 0;
    while let Some(chapter) = chapters.recv().await {
        let chapter = chapter?;
        written += u32::try_from(chapter.accounts.docs.len()).unwrap_or(0);
        write(db, &actor, chapter).await?;
        progress(written);
    }
    let mut tx = db.write(&actor).await?;
    health::refit_default(&mut tx).await?;
    tx.commit().await?;
    health::learn_seasons(db, workspace).await?;
    backfill(db, workspace, accounts).await?;
    health::score_all(db, workspace).await?;
    health::caught_up(db, workspace).await
}

/// Computes the scores of the past: weekly for half a year and monthly before, or less of a large portfolio,
/// where the stored evaluations take most of the time and space.
async fn backfill(db: &Db, workspace: WorkspaceId, accounts: u32) -> Result<()> {
    let now = db.clock().now();
    let as_of = |account: &Account, at: Timestamp| as_of(account, at, now);
    if accounts <= FULL_MAX {
        health::backfill(db, workspace, Past { days: 730, step_days: 30 }, as_of).await?;
        health::backfill(db, workspace, Past { days: 182, step_days: 7 }, as_of).await?;
    } else {
        health::backfill(
            db,
            workspace,
            Past { days: 182, step_days: if accounts <= LARGE_MIN { 30 } else { 60 } },
            as_of,
        )
        .await?;
    }
    Ok(())
}

/// What people and other systems think of an account that was well in the past.
const WELL: f64 = 84.0;

/// Returns the account as it was judged at a moment: a bad judgement was a good one some months ago.
fn as_of(account: &Account, at: Timestamp, now: Timestamp) -> Account {
    let mut past = account.clone();
    let is_churned = account.stage.as_deref() == Some("churned");
    let settled = if is_churned { account.renewal_at.unwrap_or(now).min(now) } else { now.plus_days(-7) };
    // The accounts did not all turn on the same day.
    let turning_days = 50 + i64::from(account.id.0.as_bytes()[15] % 90);
    let share_turned = 1.0 - settled.days_since(at) as f64 / turning_days as f64;
    let share_turned = share_turned.clamp(0.0, 1.0);
    let turn = |well: f64, value: f64| (well + (value - well) * share_turned).round();
    for judged in
        [&mut past.sentiment, &mut past.engagement_score, &mut past.satisfaction_score, &mut past.adoption_pct]
    {
        *judged = judged.map(|value| turn(value.max(WELL), value));
    }
    past.churn_risk_pct = account.churn_risk_pct.map(|value| turn(value.min(100.0 - WELL), value));
    past.ticket_count = None;
    past.risk_level = account.risk_level.as_ref().map(|level| {
        let present = RISK_LEVELS.iter().position(|known| known == level).unwrap_or(0);
        let reached = match share_turned {
            ..0.4 => 0,
            0.4..0.8 => present.min(1),
            _ => present,
        };
        RISK_LEVELS[reached].to_owned()
    });
    past
}

/// Rows of one table, ready to be written.
#[derive(Default)]
struct Rows {
    docs: Vec<(uuid::Uuid, String)>,
    lines: Vec<Line>,
}

/// Some stories, ready to be written.
#[derive(Default)]
struct Chapter {
    accounts: Rows,
    contacts: Rows,
    tickets: Rows,
    invoices: Rows,
    surveys: Rows,
    activities: Rows,
    usage: Vec<UsageDay>,
}

/// Tells the stories on a thread of its own, a few chapters ahead of the database.
fn tell(options: Options) -> mpsc::Receiver<Result<Chapter>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut chapter = Chapter::default();
        for story in seeds::portfolio(options) {
            if let Err(error) = chapter.add(story) {
                // Nobody hears it when the receiver is gone.
                drop(sender.blocking_send(Err(error)));
                return;
            }
            if chapter.accounts.docs.len() == STEP && sender.blocking_send(Ok(std::mem::take(&mut chapter))).is_err() {
                return;
            }
        }
        drop(sender.blocking_send(Ok(chapter)));
    });
    receiver
}

impl Chapter {
    fn add(&mut self, story: Story) -> Result<()> {
        let Story { account, contacts, usage, tickets, invoices, responses, activities, plot: _ } = story;
        self.accounts.add::<Account>(&account)?;
        contacts.iter().try_for_each(|contact| self.contacts.add::<Contact>(contact))?;
        tickets.iter().try_for_each(|ticket| self.tickets.add::<Ticket>(ticket))?;
        invoices.iter().try_for_each(|invoice| self.invoices.add::<Invoice>(invoice))?;
        responses.iter().try_for_each(|response| self.surveys.add::<Response>(response))?;
        activities.iter().try_for_each(|activity| self.activities.add::<Activity>(activity))?;
        self.usage.extend(usage);
        Ok(())
    }
}

impl Rows {
    fn add<T: Doc>(&mut self, subject: &T) -> Result<()> {
        let text = serde_json::to_string(&Value::Object(document(subject)?))?;
        self.lines.push(Line::created(T::TABLE.subject(), subject.id(), subject.account(), &text));
        self.docs.push((subject.id(), text));
        Ok(())
    }
}

async fn write(db: &Db, actor: &Actor, chapter: Chapter) -> Result<()> {
    use crate::subjects::Table::{Accounts, Activities, Contacts, Invoices, Surveys, Tickets};
    let mut tx = db.write(actor).await?;
    let Chapter { accounts, contacts, tickets, invoices, surveys, activities, usage } = chapter;
    for (table, rows) in [
        (Accounts, accounts),
        (Contacts, contacts),
        (Tickets, tickets),
        (Invoices, invoices),
        (Surveys, surveys),
        (Activities, activities),
    ] {
        bulk::insert_texts(&mut tx, table, rows.docs).await?;
        tx.record_lines(rows.lines).await?;
    }
    usage::write(&mut tx, &usage).await?;
    tx.commit().await?;
    Ok(())
}
