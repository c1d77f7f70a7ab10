//! The courier: sends the messages that notices made, one task each.

use std::time::Duration;

use app::notices::mail::{Letter, Links, letter};
use axum::body::Bytes;
use db::Db;
use db::notices::{Outcome, Outgoing, Reach};
use db::tasks::Task;
use domain::id::{DeliveryId, WorkspaceId};
use domain::identity::Actor;
use domain::notices::{Channel, Parcel};
use http::StatusCode;
use serde_json::Value;

use crate::egress::{Egress, Limits, Over};
use crate::mail::Mailer;
use crate::push::{self, Key, Message};

/// How long a push message may take with all waiting for its turn; a task is leased for a minute.
const PATIENCE: Duration = Duration::from_secs(45);

/// What messages are sent with; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Courier {
    /// The mail server, where one is set up.
    pub mailer: Option<Mailer>,
    /// The way to push services.
    pub egress: Option<Egress>,
    /// The public address of Keepwell, without a slash at the end.
    pub public_url: String,
}

impl Courier {
    /// Returns which ways out of the house are open.
    #[must_use]
    pub fn reach(&self) -> Reach {
        Reach { mail: self.mailer.is_some(), push: self.egress.is_some() }
    }

    /// Sends the message that a task names and writes down what came of it. A message that did not arrive makes the
    /// task fail, so that it comes again; one that is given up does not.
    pub async fn deliver(&self, db: &Db, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
        let actor = Actor::system(workspace);
        let id: DeliveryId = serde_json::from_value(task.payload.get("delivery").cloned().unwrap_or(Value::Null))?;
        let outgoing = db::notices::outgoing(&mut db.read(&actor).await?, id).await;
        let outcome = match outgoing {
            Ok(Some(outgoing)) => self.send(db, workspace, &outgoing).await,
            Ok(None) => Ok(Outcome::Skipped),
            Err(error) => Err(error),
        };
        // What goes wrong in the house must not leave a message that is neither sent nor given up.
        let outcome = outcome.unwrap_or_else(|error| {
            tracing::error!(delivery = %id, %error, "a message could not be made");
            Outcome::Failed("Keepwell could not make this message.".to_owned())
        });
        let last = task.attempts >= task.attempts_max;
        let outcome = match outcome {
            Outcome::Failed(why) if last => Outcome::Dead(why),
            other => other,
        };
        let mut tx = db.write(&actor).await?;
        db::notices::settle(&mut tx, id, &outcome).await?;
        tx.commit().await?;
        match outcome {
            Outcome::Failed(why) => Err(db::Error::Open(why)),
            Outcome::Dead(why) => {
                tracing::warn!(delivery = %id, %why, "a message was given up");
                Ok(())
            }
            Outcome::Sent | Outcome::Skipped => Ok(()),
        }
    }

    async fn send(&self, db: &Db, workspace: WorkspaceId, outgoing: &Outgoing) -> db::Result<Outcome> {
        match (outgoing.delivery.channel, &self.mailer) {
            (Channel::Email | Channel::DigestDaily | Channel::DigestWeekly, Some(mailer)) => {
                let letter = self.write(db, workspace, outgoing).await?;
                Ok(match mailer.send(&letter).await {
                    Ok(()) => Outcome::Sent,
                    Err(returned) if returned.for_good => Outcome::Dead(returned.why),
                    Err(returned) => Outcome::Failed(returned.why),
                })
            }
            (Channel::Push, _) => self.push(db, workspace, outgoing).await,
            _ => Ok(Outcome::Dead("This way is not set up any more.".to_owned())),
        }
    }

    /// Draws the key that push messages are signed with, in every workspace that has none.
    pub async fn draw_keys(&self, db: &Db) -> anyhow::Result<()> {
        for workspace in db::identity::workspaces(db).await? {
            let actor = Actor::system(workspace);
            if db::notices::push_key(&mut db.read(&actor).await?).await?.is_none() {
                let mut tx = db.write(&actor).await?;
                db::notices::set_push_key(&mut tx, &Key::draw()?).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    async fn push(&self, db: &Db, workspace: WorkspaceId, outgoing: &Outgoing) -> db::Result<Outcome> {
        let actor = Actor::system(workspace);
        let kept = db::notices::push_key(&mut db.read(&actor).await?).await?;
        let key = kept.and_then(|kept| Key::read(&kept).ok());
        let (Some(egress), Some(key), Some(to)) = (&self.egress, key, &outgoing.subscription) else {
            return Ok(Outcome::Dead("This way is not set up any more.".to_owned()));
        };
        let (text, urgent) = app::notices::push::message(outgoing);
        let topic = outgoing.delivery.id.0.simple().to_string();
        let message = Message { text: &text, urgent, topic: &topic, contact: &self.contact() };
        let request = match push::request(&key, to, &message, db.clock().now()) {
            Ok(request) => request.map(Bytes::from),
            Err(unfit) => return Ok(Outcome::Dead(unfit.to_string())),
        };
        // Nothing that a push service answers is of use but its status.
        let limits = Limits { body_bytes: 4_096, over: Over::Cut, apart: false, ..Limits::default() };
        let status = match tokio::time::timeout(PATIENCE, egress.send(workspace, request, &limits)).await {
            Ok(Ok(answer)) => answer.status,
            Ok(Err(_)) | Err(_) => return Ok(Outcome::Failed("The push service could not be reached.".to_owned())),
        };
        let said = format!("The push service answered {}.", status.as_u16());
        Ok(match status {
            status if status.is_success() => Outcome::Sent,
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                if let Some(device) = outgoing.delivery.device {
                    let mut tx = db.write(&actor).await?;
                    db::notices::device_gone(&mut tx, device).await?;
                    tx.commit().await?;
                }
                Outcome::Dead("The browser takes no messages any more, so that the device was removed.".to_owned())
            }
            StatusCode::TOO_MANY_REQUESTS => Outcome::Failed(said),
            status if status.is_server_error() => Outcome::Failed(said),
            _ => Outcome::Dead(said),
        })
    }

    /// Returns whom a push service can write to (RFC 8292): the address that people use, where it is one.
    fn contact(&self) -> String {
        if self.public_url.starts_with("https://") {
            self.public_url.clone()
        } else {
            "mailto:keepwell@localhost".to_owned()
        }
    }

    async fn write(&self, db: &Db, workspace: WorkspaceId, outgoing: &Outgoing) -> db::Result<Letter> {
        let mut tx = db.write(&Actor::system(workspace)).await?;
        let (user, channel) = (&outgoing.user, outgoing.delivery.channel);
        let token = db::notices::unsubscribe_token(&mut tx, user.id, channel).await?;
        tx.commit().await?;
        let links = Links { public: self.public_url.clone(), token };
        // What a digest says is read as the person would: their accounts, by their role.
        let reader = Actor { workspace, user: Some(user.id), role: user.role };
        let today = match outgoing.delivery.parcel {
            Parcel::Digest => Some(app::today::overview(&mut db.read(&reader).await?, true).await),
            Parcel::Notice | Parcel::Summary | Parcel::Test => None,
        };
        let today = today.transpose().map_err(|error| db::Error::Open(error.to_string()))?;
        Ok(letter(outgoing, today.as_ref(), &links, db.clock().now()))
    }
}
