//! The mails of scheduled reports: made at the moment they are sent, so that they show what their reader may see then.

use app::notices::mail::Attachment;
use app::paper::language;
use app::paper::pen::Paper;
use app::reports::paper::file_name;
use app::schedules::mail::{document, letter};
use db::Db;
use db::schedules::Ready;
use db::tasks::Task;
use domain::id::WorkspaceId;
use domain::identity::Actor;
use domain::schedules::Trouble;
use serde_json::Value;

use super::Courier;
use crate::export::rendered;

impl Courier {
    /// Sends the mail that a task names and writes down what came of it. One that did not arrive makes the task fail,
    /// so that it comes again; one that is given up does not.
    pub async fn send_report(&self, db: &Db, workspace: WorkspaceId, task: &Task) -> db::Result<()> {
        let id = serde_json::from_value(task.payload.get("mail").cloned().unwrap_or(Value::Null))?;
        let ready = db::schedules::prepare(db, workspace, id).await;
        let (trouble, for_good) = match self.try_report(db, ready).await {
            Ok(None) => return Ok(()),
            Ok(Some(outcome)) => outcome,
            // What goes wrong in the house must not leave a mail that is neither sent nor given up.
            Err(error) => {
                tracing::error!(task = %task.id, %error, "the mail of a schedule could not be made");
                (Some(Trouble::Returned("Keepwell could not make this mail.".to_owned())), false)
            }
        };
        let dead = for_good || task.attempts >= task.attempts_max;
        let mut tx = db.write(&Actor::system(workspace)).await?;
        db::schedules::settle(&mut tx, id, trouble.clone(), dead).await?;
        tx.commit().await?;
        match trouble {
            Some(trouble) if dead => {
                tracing::warn!(task = %task.id, ?trouble, "the mail of a schedule was given up");
                Ok(())
            }
            Some(trouble) => Err(db::Error::Open(format!("the mail was not taken: {trouble:?}"))),
            None => Ok(()),
        }
    }

    /// Returns why a mail was not sent and whether trying again is of no use; nothing where there is nothing to do.
    async fn try_report(&self, db: &Db, ready: db::Result<Ready>) -> db::Result<Option<(Option<Trouble>, bool)>> {
        let outgoing = match ready? {
            Ready::Send(outgoing) => outgoing,
            Ready::Done => return Ok(None),
            Ready::Not(trouble) => return Ok(Some((Some(trouble), true))),
        };
        let Some(mailer) = &self.mailer else { return Ok(Some((Some(Trouble::NoMail), true))) };
        let (at, locale) = (db.clock().now(), language(&outgoing.language).unwrap_or_default());
        let mut letter = letter(&outgoing, &self.public_url, at, locale);
        if outgoing.schedule.pdf {
            let report = document(&outgoing, &Paper { at, public: self.public_url.clone(), locale });
            let bytes = rendered(report).await.map_err(|error| db::Error::Stored(format!("{error:#}")))?;
            letter.attachments.push(Attachment { name: file_name(at), mime: "application/pdf".to_owned(), bytes });
        }
        Ok(Some(match mailer.send(&letter).await {
            Ok(()) => (None, false),
            Err(returned) => (Some(Trouble::Returned(returned.why)), returned.for_good),
        }))
    }
}
