//! Export of all customers as CSV: how fast, and how much memory it takes beside what was in use.

use std::time::Instant;

use domain::export::Request;

use super::Figure;
use super::import::Loaded;
use crate::export::make;

/// Writes a file with every column that can be imported again.
pub async fn run(loaded: &Loaded) -> anyhow::Result<Vec<Figure>> {
    // The peak begins anew, where the system lets us.
    let before = std::fs::write("/proc/self/clear_refs", "5").ok().and_then(|()| memory("VmRSS:"));
    let start = Instant::now();
    let made = make(&loaded.db, &loaded.actor, &Request::default(), false, tempfile::tempfile()?).await?;
    let seconds = start.elapsed().as_secs_f64();
    let mut figures = vec![Figure {
        name: format!("export {} customers as CSV", made.rows),
        ours: format!("{seconds:.2} s, {:.1} MB", made.bytes as f64 / 1e6),
        limit: "read, named, guarded".into(),
        measured: made.rows as f64 / seconds / 1_000.0,
        budget: 20.0,
        more_is_better: true,
        unit: "k/s",
    }];
    if let Some((before, peak)) = before.zip(memory("VmHWM:")) {
        let taken = peak.saturating_sub(before) as f64 / 1_000.0;
        figures.push(Figure {
            name: "memory of that export".into(),
            ours: format!("{:.0} MB at its peak", peak as f64 / 1_000.0),
            limit: format!("{:.0} MB before", before as f64 / 1_000.0),
            measured: taken,
            budget: 60.0,
            more_is_better: false,
            unit: "MB",
        });
    }
    Ok(figures)
}

/// Returns a figure of this process in kilobytes; none on systems that do not say.
fn memory(of: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(of))?;
    line.split_whitespace().next()?.parse().ok()
}
