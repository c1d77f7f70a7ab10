//! What the change log says the alert engine has to look at.

use std::collections::BTreeMap;

use domain::alerts::{Input, Inputs};
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::identity::Actor;
use serde_json::{Map, Value};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::Result;
use crate::health::mark;
use crate::pool::Db;
use crate::tx::on;
use crate::{log, signals};

/// How far the engine has come in the log.
pub(super) const READER: &str = "alerts";

#[derive(FromRow)]
struct Line {
    seq: i64,
    change: String,
    subject: String,
    actor_id: Option<Uuid>,
    account_id: Option<Uuid>,
    data: Option<String>,
}

const LINES: &str = "SELECT seq, change, subject, actor_id, account_id, \
    CASE WHEN subject = 'accounts' AND change = 'updated' THEN data END AS data \
    FROM changes WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// What happened since the engine last looked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Accounts that something happened to, each with what can be another now; none where anything can.
    pub touched: BTreeMap<AccountId, Option<Inputs>>,
    /// Whether every account has to be looked at: rules are others, or nobody has looked yet.
    pub everybody: bool,
    /// Whether there is news of competitors, which belongs to no account.
    rivals: bool,
    /// Whether scores moved.
    pub health: bool,
    /// Whether a person did something with an alert about many accounts.
    pub whole: bool,
    /// The end of the log, where something was in it.
    pub end: Option<i64>,
}

/// Reads the log from where the engine stopped.
pub(super) async fn read(db: &Db, actor: &Actor) -> Result<Seen> {
    let mut tx = db.read(actor).await?;
    let Some(mut seq) = mark(&mut tx, READER).await? else {
        let end = Some(log::last_seq(&mut tx).await?);
        return Ok(Seen { everybody: true, health: true, end, ..Seen::default() });
    };
    let mut seen = Seen::default();
    loop {
        let workspace = tx.workspace();
        let lines: Vec<Line> = on!(tx, c => sqlx::query_as(LINES)
            .bind(workspace).bind(seq).bind(log::PAGE_MAX).fetch_all(c).await)?;
        let Some(last) = lines.last() else { break };
        seq = last.seq;
        seen.end = Some(seq);
        for line in lines {
            seen.note(line)?;
        }
    }
    if seen.rivals {
        for account in signals::rival_users(&mut tx).await? {
            seen.add(account, |inputs| inputs.add_subject(Subject::Signal));
        }
    }
    Ok(seen)
}

impl Seen {
    fn note(&mut self, line: Line) -> Result<()> {
        let Some(subject) = Subject::from_key(&line.subject) else { return Ok(()) };
        let is_scored = line.change == Change::Scored.key();
        self.everybody |= subject == Subject::Rule;
        self.health |= is_scored;
        self.rivals |= subject == Subject::Signal && line.account_id.is_none();
        // The engine's own lines must not wake it; what a person did moves the moment of the next look.
        let is_alert_of_people = subject == Subject::Alert && line.actor_id.is_some();
        self.whole |= is_alert_of_people && line.account_id.is_none();
        let Some(account) = line.account_id.map(AccountId) else { return Ok(()) };
        match subject {
            // What people think of recommendations changes no fact.
            Subject::Feedback => {}
            Subject::Alert => {
                if is_alert_of_people {
                    self.touched.insert(account, None);
                }
            }
            // No rule reads tasks.
            Subject::Todo => {}
            Subject::Account if is_scored => self.add(account, |inputs| {
                inputs.of.insert(Input::Health);
            }),
            Subject::Account => match line.data {
                Some(data) => {
                    let keys = changed(&data)?;
                    self.add(account, |inputs| inputs.fields.extend(keys));
                }
                None => {
                    self.touched.insert(account, None);
                }
            },
            subject => self.add(account, |inputs| inputs.add_subject(subject)),
        }
        Ok(())
    }

    fn add(&mut self, account: AccountId, add: impl FnOnce(&mut Inputs)) {
        if let Some(inputs) = self.touched.entry(account).or_insert_with(|| Some(Inputs::default())) {
            add(inputs);
        }
    }
}

fn changed(data: &str) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Data {
        after: Map<String, Value>,
    }
    let Data { after } = serde_json::from_str(data)?;
    Ok(after.into_iter().map(|(key, _)| key).collect())
}
