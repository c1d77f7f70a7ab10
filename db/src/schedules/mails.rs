//! The mails of a run: written down with it, made when they are sent, and what became of each.

use domain::id::{ScheduleId, UserId, WorkspaceId};
use domain::identity::{Actor, Role, User};
use domain::refusal::Refusal;
use domain::reports::{Answer, Report};
use domain::schedules::{Recipient, Schedule, Trouble};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{outside_mail, report_of, run, runs};
use crate::error::Result;
use crate::pool::Db;
use crate::tx::{Tx, on};
use crate::{identity, notices, reports, subjects, tasks};

/// The kind of the task that sends one mail.
pub const MAIL: &str = "schedule_mail";
/// How often a mail is tried: for some five hours, as notices are.
const TRIES: i64 = 16;
/// Longest words of a mail server that are kept, in characters.
const WORDS_CHARS_MAX: usize = 300;

/// A mail with all that is needed to send it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What names it, the same at every try.
    pub id: Uuid,
    /// The address.
    pub to: String,
    /// The name of whoever gets it.
    pub name: String,
    /// Whether they are somebody of the workspace, who can open the report itself.
    pub inside: bool,
    /// The time zone of whoever gets it.
    pub zone: String,
    /// The language of whoever gets it by its tag; who is nobody of the workspace gets that of the owner.
    pub language: String,
    /// Who set the schedule up.
    pub owner: String,
    /// Everybody of the workspace, as the report may name them.
    pub people: Vec<User>,
    /// The report.
    pub report: Report,
    /// Its numbers, as whoever gets it would see them.
    pub answer: Answer,
    /// The schedule.
    pub schedule: Schedule,
}

/// Whether a mail can be sent.
#[derive(Clone, Debug)]
pub enum Ready {
    /// It can.
    Send(Box<Outgoing>),
    /// It was sent or given up before.
    Done,
    /// It must not be.
    Not(Trouble),
}

/// Writes a mail down and enqueues its task; one that must not be sent is written down with its reason alone.
pub(super) async fn write(
    tx: &mut Tx,
    run: Uuid,
    schedule: ScheduleId,
    recipient: &Recipient,
    trouble: Option<Trouble>,
) -> Result<()> {
    let (workspace, id, now) = (tx.workspace(), Uuid::now_v7(), tx.now());
    let (user, address) = match recipient {
        Recipient::User(user) => (Some(user.0), None),
        Recipient::Outside(address) => (None, Some(address)),
    };
    let (dead, words) = (trouble.as_ref().map(|_| now.0), trouble.as_ref().map(serde_json::to_string).transpose()?);
    on!(tx, c => sqlx::query(
        "INSERT INTO schedule_mails (workspace_id, id, run_id, schedule_id, user_id, address, dead_at, trouble) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(workspace).bind(id).bind(run).bind(schedule.0).bind(user).bind(address).bind(dead).bind(words)
        .execute(c).await.map(|_| ()))?;
    if trouble.is_none() {
        tasks::enqueue_for(tx, MAIL, &json!({ "mail": id }), Some(&id.to_string()), now, TRIES).await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Row {
    schedule_id: Uuid,
    user_id: Option<Uuid>,
    address: Option<String>,
    sent_at: Option<i64>,
    dead_at: Option<i64>,
}

/// Who a mail goes to, and with whose eyes its numbers are read.
struct Reader {
    to: String,
    name: String,
    inside: bool,
    zone: String,
    language: String,
    actor: Actor,
}

/// Returns a mail that is to be sent now, or why it must not be: who may see what is asked at this moment.
pub async fn prepare(db: &Db, workspace: WorkspaceId, id: Uuid) -> Result<Ready> {
    let mut tx = db.read(&Actor::system(workspace)).await?;
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT schedule_id, user_id, address, sent_at, dead_at FROM schedule_mails WHERE workspace_id = $1 AND id = $2")
        .bind(workspace.0).bind(id).fetch_optional(c).await)?;
    let row = row.ok_or(Refusal::NotFound)?;
    if row.sent_at.or(row.dead_at).is_some() {
        return Ok(Ready::Done);
    }
    // Deleted while its mails were on their way.
    let Some(schedule) = subjects::find::<Schedule>(&mut tx, row.schedule_id).await? else {
        return Ok(Ready::Not(Trouble::ReportGone));
    };
    let people = identity::users(&mut tx).await?;
    if let Some(trouble) = run::trouble(&mut tx, &schedule, &people).await? {
        return Ok(Ready::Not(trouble));
    }
    let Some(report) = report_of(&mut tx, &schedule.draft(), schedule.owner_id).await? else {
        return Ok(Ready::Not(Trouble::ReportGone));
    };
    let owner = people.iter().find(|person| person.id == schedule.owner_id);
    let owner = owner.ok_or(Refusal::NotFound)?;
    let person = row.user_id.and_then(|id| people.iter().find(|person| person.id == UserId(id)));
    let reader = match (person, row.address) {
        (Some(person), _) if person.deactivated_at.is_none() => {
            let (zone, language) = notices::place_of(&mut tx, person.id).await?;
            let actor = Actor { workspace, user: Some(person.id), role: person.role };
            Reader { to: person.email.clone(), name: person.name.clone(), inside: true, zone, language, actor }
        }
        (None, Some(address)) if outside_mail(&mut tx).await? => Reader {
            to: address.clone(),
            name: address,
            inside: false,
            zone: schedule.timing.zone.clone(),
            language: notices::place_of(&mut tx, owner.id).await?.1,
            actor: Actor { workspace, user: Some(owner.id), role: owner.role },
        },
        (None, Some(_)) => return Ok(Ready::Not(Trouble::OutsideOff)),
        _ => return Ok(Ready::Not(Trouble::Deactivated)),
    };
    drop(tx);
    let answer = reports::answer(&mut db.read(&reader.actor).await?, report.spec.clone()).await?;
    let Reader { to, name, inside, zone, language, .. } = reader;
    let owner = owner.name.clone();
    Ok(Ready::Send(Box::new(Outgoing {
        id,
        to,
        name,
        inside,
        zone,
        language,
        owner,
        people,
        report,
        answer,
        schedule,
    })))
}

/// Writes down what came of a mail: sent where there is no trouble, given up where `dead`. Only the server sends.
pub async fn settle(tx: &mut Tx, id: Uuid, trouble: Option<Trouble>, dead: bool) -> Result<()> {
    tx.require(Role::Admin)?;
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let sent = trouble.is_none().then_some(now);
    let dead = (dead && trouble.is_some()).then_some(now);
    let trouble = trouble.map(|trouble| match trouble {
        Trouble::Returned(words) => Trouble::Returned(words.chars().take(WORDS_CHARS_MAX).collect()),
        other => other,
    });
    let words = trouble.as_ref().map(serde_json::to_string).transpose()?;
    let settled: Option<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "UPDATE schedule_mails SET attempts = attempts + 1, sent_at = $3, dead_at = $4, trouble = $5 \
         WHERE workspace_id = $1 AND id = $2 AND sent_at IS NULL AND dead_at IS NULL RETURNING schedule_id")
        .bind(workspace).bind(id).bind(sent).bind(dead).bind(words).fetch_optional(c).await)?;
    if let Some((schedule,)) = settled {
        runs::tell(tx, ScheduleId(schedule));
    }
    Ok(())
}
