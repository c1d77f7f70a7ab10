//! What an import would do with every row, looked up but not written.

use domain::identity::Actor;
use domain::import::plan::{Options, Outcome};
use domain::import::preview::Preview;
use domain::import::table::{Cells, Table};
use domain::refusal::Refusal;

use super::files::Upload;
use super::prepare::prepare;
use super::reader::Purpose;
use super::run::reader_failed;
use super::write::{Judged, Verdict, judge};
use crate::error::Result;
use crate::pool::Db;

/// Says what an import of this file would do; nothing is written.
pub async fn preview(db: &Db, actor: &Actor, upload: &Upload, options: &Options) -> Result<Preview> {
    let mut tx = db.read(actor).await?;
    let reader = prepare(&mut tx, upload, options).await?;
    let mut preview = Preview::new(&reader.headings, &options.mapping);
    preview.encoding = Some(upload.encoding);
    preview.delimiter = Some(Table::open(&*upload.text).map_err(Refusal::from)?.delimiter());
    let options = reader.options.clone();
    let (mut chunks, reading) = reader.start(Purpose::Preview);
    while let Some(chunk) = chunks.recv().await {
        for judged in judge(&mut tx, &options, chunk).await? {
            show(&mut preview, judged);
        }
    }
    reading.await.map_err(reader_failed)??;
    Ok(preview)
}

fn show(preview: &mut Preview, Judged { line, cells, verdict }: Judged) {
    let cells = cells.unwrap_or_else(Cells::new);
    let outcome = match verdict {
        Verdict::Wrong(errors) => return preview.add_errors(line, &cells, errors),
        Verdict::New(_) => Outcome::New,
        Verdict::Update { before, after, .. } => Outcome::Update { before, after },
        Verdict::Day { outcome, .. } | Verdict::Other(outcome) => outcome,
    };
    preview.add(line, &cells, Some(&outcome));
}
