//! What an import would do with every row, looked up but not written.

use domain::identity::Actor;
use domain::import::pair::Both;
use domain::import::plan::{Options, Outcome, RowError};
use domain::import::preview::Preview;
use domain::import::table::{Cells, Table};
use domain::refusal::Refusal;

use super::files::Upload;
use super::prepare::prepare;
use super::reader::Purpose;
use super::run::reader_failed;
use super::write::{Judge, Judged, Verdict};
use crate::error::Result;
use crate::pool::Db;

/// Says what an import of this file would do; nothing is written.
pub async fn preview(db: &Db, actor: &Actor, upload: &Upload, options: &Options) -> Result<Preview> {
    let mut tx = db.read(actor).await?;
    let reader = prepare(&mut tx, upload, options).await?;
    let mut preview = Preview::new(&reader.headings, &options.mapping);
    preview.encoding = Some(upload.encoding);
    preview.delimiter = Some(Table::open(&*upload.text).map_err(Refusal::from)?.delimiter());
    let mut judge = Judge::new(&reader.options);
    preview.both = judge.is_pair().then(Both::default);
    let (mut chunks, reading) = reader.start(Purpose::Preview);
    while let Some(chunk) = chunks.recv().await {
        for judged in judge.judge(&mut tx, chunk).await? {
            show(&mut preview, judged, judge.is_pair());
        }
    }
    reading.await.map_err(reader_failed)??;
    Ok(preview)
}

fn show(preview: &mut Preview, judged: Judged, is_pair: bool) {
    let Judged { line, cells, verdict, contact } = judged;
    let cells = cells.unwrap_or_else(Cells::new);
    let outcome = match outcome(verdict) {
        Ok(outcome) => outcome,
        Err(errors) => return preview.add_errors(line, &cells, errors),
    };
    if is_pair && !matches!(outcome, Some(Outcome::Conflict(_) | Outcome::Invalid(_))) {
        let contact = contact.and_then(|contact| self::outcome(*contact).ok().flatten());
        return preview.add_both(line, &cells, outcome.as_ref(), contact.as_ref());
    }
    preview.add(line, &cells, outcome.as_ref());
}

/// Returns what would happen to a row; nothing where an earlier row was about the same.
fn outcome(verdict: Verdict) -> Result<Option<Outcome>, Vec<RowError>> {
    Ok(match verdict {
        Verdict::Wrong(errors) => return Err(errors),
        Verdict::New(_) => Some(Outcome::New),
        Verdict::Update { before, after, .. } => Some(Outcome::Update { before, after }),
        Verdict::Day { outcome, .. } | Verdict::Other(outcome) => Some(outcome),
        Verdict::Repeated => None,
    })
}
