//! Importing the file of a run: not where it is the one of last time, and otherwise as the wizard does.

use domain::identity::Actor;
use domain::import::plan::Options;
use domain::import::report::Preset;
use domain::import_schedules::{Outcome, Trouble};
use domain::refusal::Refusal;
use serde_json::json;

use super::run::{self, Job, Noted};
use super::runs::{self, Ended};
use crate::error::{Error, Result};
use crate::import::{Progress, Upload, inspect, list_presets, run_for};
use crate::pool::Db;
use crate::secret::digest;

/// Imports a file for a run and writes down what came of it: a refusal, too, since trying again would not help. What
/// fails in the house is an error, and the run goes on with the next try.
pub async fn import(db: &Db, job: &Job, file: &str, bytes: Vec<u8>) -> Result<()> {
    let (fingerprint, outcome) = match attempt(db, job, file, bytes).await {
        Ok(None) => return Ok(()),
        Ok(Some((fingerprint, outcome))) => (fingerprint, outcome),
        Err(Error::Refused(refusal)) => (None, Outcome::Failed(Trouble::Refused(words(refusal)))),
        Err(error) => return Err(error),
    };
    let mut tx = db.write(&Actor::system(job.owner.workspace)).await?;
    let ended = Ended { outcome: &outcome, file: Some(file), fingerprint: fingerprint.as_deref(), for_good: true };
    runs::note(&mut tx, job.run, ended).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns why nothing was imported, with the fingerprint of a file that is known; nothing where the import has ended
/// the run itself.
async fn attempt(db: &Db, job: &Job, file: &str, bytes: Vec<u8>) -> Result<Option<(Option<String>, Outcome)>> {
    let failed = |trouble| Ok(Some((None, Outcome::Failed(trouble))));
    let mut tx = db.read(&job.owner).await?;
    // The file may have taken minutes to come.
    let Some(owner) = run::owner(&mut tx, &job.schedule).await? else { return failed(Trouble::OwnerLeft) };
    let presets = list_presets(&mut tx, job.schedule.kind).await?;
    let preset = presets.into_iter().find(|preset| Some(preset.id) == job.schedule.preset_id);
    if preset.is_none() && job.schedule.preset_id.is_some() {
        return failed(Trouble::PresetGone);
    }
    let known = runs::fingerprint(&mut tx, job.schedule.id).await?;
    drop(tx);
    let name = job.schedule.name.clone();
    let decoding = tokio::task::spawn_blocking(move || -> Result<_> {
        Ok((digest(&bytes), Upload { name, ..Upload::decode("", &bytes)? }))
    });
    let (content, upload) = decoding.await.map_err(|error| Error::Stored(format!("decoding failed: {error}")))??;
    let fingerprint = fingerprint(&content, job, preset.as_ref())?;
    if known.as_ref() == Some(&fingerprint) {
        return Ok(Some((Some(fingerprint), Outcome::Unchanged)));
    }
    let inspection = inspect(db, &owner, &upload, job.schedule.kind).await?;
    let options = match preset {
        None => Some(inspection.options),
        Some(preset) => preset.fit(&inspection.headings),
    };
    let Some(options) = options else { return failed(Trouble::PresetUnfit) };
    let options = Options { mode: job.schedule.mode, ..options };
    let noted = Noted { run: job.run, schedule: job.schedule.id, file: file.to_owned(), fingerprint };
    run_for(db, &owner, (&upload, &options), &Progress::new(), Some(&noted)).await?;
    Ok(None)
}

/// Returns what tells a file apart from the one before, together with how it is imported.
fn fingerprint(content: &str, job: &Job, preset: Option<&Preset>) -> Result<String> {
    let schedule = &job.schedule;
    let options = preset.map(|preset| (&preset.headings, &preset.options));
    let how = json!({ "content": content, "subject": schedule.kind, "mode": schedule.mode, "preset": options });
    Ok(digest(&serde_json::to_vec(&how)?))
}

fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Invalid(fields) => fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
