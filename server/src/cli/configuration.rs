//! `keepwell export configuration` and `keepwell import configuration`: the same as in the settings, for scripts.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use domain::configuration::{Applied, Item, Plan, Problem, State, TEXT_BYTES_MAX};
use serde_json::json;

use super::export::Part;
use super::import::{ImportArguments, explain, score};
use crate::config::Config;

/// The word for the configuration where others stand for rows.
pub(super) const WORD: &str = "configuration";

/// Writes the configuration into a file.
pub(super) async fn export(config: &Config, out: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let (db, actor) = super::open(config).await?;
    let mut tx = db.write(&actor).await?;
    let text = db::configuration::export(&mut tx).await.map_err(explain)?;
    let part = Part::beside(out)?;
    let mut file = part.open()?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {}", out.display()))?;
    // The line in the log says that it was taken, and so it comes first.
    tx.commit().await?;
    db.close().await;
    part.become_file(&file, out)?;
    let (bytes, seconds) = (text.len(), began.elapsed().as_secs_f64());
    if as_json {
        println!("{}", json!({ "bytes": bytes, "seconds": seconds }));
    } else {
        println!("{bytes} bytes, in {seconds:.2} s: {}", out.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings a configuration in, or says what it would change; nothing is ever removed.
pub(super) async fn import(config: &Config, arguments: &ImportArguments) -> anyhow::Result<ExitCode> {
    let text = read(&arguments.file)?;
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (db, actor) = super::open(config).await?;
    let plan = db::configuration::preview(&db, &actor, &text, &[]).await.map_err(explain)?;
    if !plan.problems.is_empty() {
        db.close().await;
        return refuse(&plan.problems, arguments.json);
    }
    if arguments.dry_run {
        print_plan(&plan, arguments.json);
    } else {
        let applied = db::configuration::apply(&db, &actor, &name, &text, &[], &plan.mark).await.map_err(explain)?;
        let scored = if applied.batch.is_some() { score(&db, &actor).await } else { Some(0) };
        print_applied(&applied, scored, arguments.json);
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let reading = || format!("reading {}", file.display());
    if std::fs::metadata(file).with_context(reading)?.len() > TEXT_BYTES_MAX as u64 {
        bail!("A configuration has at most 1 MB. Take out what you do not need.");
    }
    std::fs::read_to_string(file).with_context(reading)
}

fn refuse(problems: &[Problem], as_json: bool) -> anyhow::Result<ExitCode> {
    if as_json {
        let list: Vec<_> =
            problems.iter().map(|one| json!({"line": one.line, "name": one.name, "message": one.message})).collect();
        println!("{}", json!({"error": "There are mistakes in this file. Nothing was written.", "problems": list}));
        return Ok(ExitCode::FAILURE);
    }
    for one in problems {
        let line = one.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let name = if one.name.is_empty() { String::new() } else { format!("{}: ", one.name) };
        eprintln!("{line}{name}{}", one.message);
    }
    bail!("There are mistakes in this file. Nothing was written.")
}

fn print_plan(plan: &Plan, as_json: bool) {
    let count = |state| plan.count(state);
    let (added, changed, same) = (count(State::Added), count(State::Changed), count(State::Same));
    if as_json {
        let differs = |item: &&Item| matches!(item.state, State::Added | State::Changed);
        let items: Vec<_> = plan.items.iter().filter(differs).collect();
        println!("{}", json!({"dry_run": true, "added": added, "changed": changed, "unchanged": same, "items": items}));
        return;
    }
    println!("{added} would be added, {changed} changed, {same} unchanged. Nothing was written.");
    for item in &plan.items {
        let word = match item.state {
            State::Added => "+",
            State::Changed => "~",
            State::Same | State::Kept | State::Removed => continue,
        };
        println!("{word} {}: {}", item.section.key(), item.name);
        if item.state == State::Changed {
            for one in &item.differences {
                let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
                println!("    {}: {} -> {}", one.path.join("."), side(&one.before), side(&one.after));
            }
        }
    }
}

fn print_applied(applied: &Applied, scored: Option<u32>, as_json: bool) {
    let Applied { batch, added, changed, unchanged, .. } = applied;
    if as_json {
        let line = json!({
            "batch": batch, "added": added, "changed": changed, "unchanged": unchanged, "scored": scored,
        });
        println!("{line}");
        return;
    }
    println!("{added} added, {changed} changed, {unchanged} unchanged.");
    if let Some(batch) = batch {
        println!("Take it back with: keepwell undo {batch}");
    }
}
