//! Measures the import of a customer file into a fresh SQLite database: `import_speed FILE`.
//!
//! Beside each time on the clock stands the processor time of the whole process, which a busy machine does not
//! stretch.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use db::import::{Progress, Upload, inspect, preview, run};
use db::{Clock, Db};
use domain::fields::Subject;
use domain::id::UserId;
use domain::identity::{Actor, Role};

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let file = PathBuf::from(std::env::args().nth(1).ok_or("Name the CSV file.")?);
    let folder = std::env::temp_dir().join(format!("import_speed_{}", std::process::id()));
    let measured = measure(&file, &folder).await;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(file: &std::path::Path, folder: &std::path::Path) -> Outcome<()> {
    let db = Db::open(&format!("sqlite://{}", folder.join("keepwell.db").display()), Clock::System).await?;
    let workspace = db::identity::create_workspace(&db, "Speed").await?;
    let actor = Actor { workspace, user: Some(UserId(uuid())), role: Role::Csm };
    let bytes = std::fs::read(file)?;
    let upload = timed("decode", async { Upload::decode("customers.csv", &bytes) }).await?;
    let inspection = timed("inspect", inspect(&db, &actor, &upload, Subject::Account)).await?;
    let counts = timed("preview", preview(&db, &actor, &upload, &inspection.options)).await?.counts;
    say(&format!("{counts:?}"));
    let report = timed("import", run(&db, &actor, &upload, &inspection.options, &Progress::new())).await?.report;
    say(&format!("{} rows/s", (report.rows as f64 / report.seconds).round()));
    let again = timed("again, unchanged", run(&db, &actor, &upload, &inspection.options, &Progress::new())).await?;
    say(&format!("{} unchanged", again.report.unchanged));
    let undone = timed("undo", db::undo::undo(&db, &actor, report.batch)).await?;
    say(&format!("{} undone, {} conflicts", undone.undone, undone.conflicts));
    let mut tx = db.read(&actor).await?;
    let chain = timed("verify the log", db::log::verify(&mut tx)).await?;
    say(&format!("{chain:?}"));
    Ok(())
}

async fn timed<T, E>(name: &str, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let (begin, busy) = (Instant::now(), processor_seconds());
    let done = work.await;
    let busy = processor_seconds() - busy;
    say(&format!("{name}: {:.2} s, processor {busy:.2} s", begin.elapsed().as_secs_f64()));
    done
}

/// Returns the seconds that all threads have been on a processor, in steps of a hundredth; 0 where nobody counts.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // The times in and below the program are the 14th and 15th; the name with its bracket is the 2nd.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn say(text: &str) {
    // Nobody reading is no reason to fail.
    drop(writeln!(std::io::stdout(), "{text}"));
}

fn uuid() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
