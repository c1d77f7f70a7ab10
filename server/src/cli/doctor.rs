//! `keepwell doctor`: says what is configured and whether it works.

use std::process::ExitCode;

use crate::config::Config;

/// Checks the configuration, the database and the change log.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let engine = if config.database_url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    println!("listens on   {}", config.listen);
    println!(
        "public URL   {}{}",
        config.public_url,
        if config.is_secure() { "" } else { " (no TLS: use it on this machine only)" }
    );
    println!("database     {engine}");
    if !config.trusted_proxies.is_empty() {
        let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
        println!("proxies      {} (believed who asks)", proxies.join(", "));
    }
    let pages = config.site.join("pkg").is_dir();
    println!(
        "pages        {} {}",
        config.site.display(),
        if pages { "(found)" } else { "(missing: run `make build`)" }
    );
    let (db, actor) = super::open(config).await?;
    let mut tx = db.read(&actor).await?;
    let people = db::identity::users(&mut tx).await?.len();
    println!("people       {people}");
    let verdict = db::log::verify(&mut tx).await?;
    match verdict {
        Ok(rows) => println!("change log   {rows} rows, the chain is whole"),
        Err(row) => println!("change log   BROKEN at row {row}: somebody changed it behind Keepwell's back"),
    }
    drop(tx);
    db.close().await;
    Ok(if pages && verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
