//! `keepwell serve`: opens the database, starts the background work, listens, and stops in an orderly way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use db::import::Desk;
use db::limits::Limiter;
use db::{Clock, Db};
use leptos::config::LeptosOptions;
use tokio::sync::watch;

use crate::config::Config;
use crate::egress::{Egress, Settings};
use crate::export::Folder;
use crate::live::Hub;
use crate::mail::Mailer;
use crate::router::router;
use crate::state::AppState;
use crate::tasks::{self, Courier, Imports};

/// How long open requests may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until it is told to stop.
pub async fn run(config: Config, demo_if_empty: bool) -> anyhow::Result<()> {
    let db = Db::open(&config.database_url, Clock::System).await?;
    if !config.site.join("pkg").is_dir() {
        bail!(
            "{} holds no pages. Build them with `make build`, or name the folder with KEEPWELL_SITE.",
            config.site.display()
        );
    }
    if demo_if_empty {
        crate::cli::demo::if_empty(&db).await?;
    }
    greet(&db, &config).await?;
    let (stop, stopped) = watch::channel(false);
    let state = AppState {
        hub: Hub::start(&db, stopped.clone()),
        desk: Desk::new(config.uploads.clone()),
        limiter: Limiter::default(),
        leptos: leptos_options(&config),
        config: Arc::new(config.clone()),
        db: db.clone(),
    };
    let courier = courier(&config)?;
    let imports = Imports { egress: courier.egress.clone(), folder: config.imports.clone() };
    tasks::start(&db, &courier, &Folder::new(config.exports.clone()), &imports, &stopped);
    warm(&db);
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} is taken or not allowed; choose another with KEEPWELL_LISTEN", config.listen))?;
    println!("Keepwell is ready at {}", config.public_url);
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let mut ending = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = ending.changed().await;
    });
    tokio::spawn(async move {
        wait_for_signal().await;
        let _ = stop.send(true);
    });
    let mut ended = stopped;
    tokio::select! {
        result = server => result?,
        // A request that never ends must not keep the server from stopping.
        () = async { let _ = ended.changed().await; tokio::time::sleep(GRACE).await; } => {}
    }
    db.close().await;
    Ok(())
}

/// Reads the names that searches look in, beside everything else.
fn warm(db: &Db) {
    let db = db.clone();
    tokio::spawn(async move {
        if let Err(error) = db::directory::warm(&db).await {
            tracing::warn!(%error, "the names for searching will be read at the first search");
        }
    });
}

/// Makes the client for the outside, and says what it may reach inside.
fn egress(config: &Config) -> anyhow::Result<Egress> {
    if !config.egress_allow.is_empty() {
        tracing::warn!(allow = ?config.egress_allow, "feeds, website checks and scheduled imports may reach private networks");
    }
    let own = url::Url::parse(&config.public_url).ok();
    let own = own.and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
    Egress::new(Settings { allow: config.egress_allow.clone(), own, ..Settings::default() })
}

/// Makes what messages are sent with.
fn courier(config: &Config) -> anyhow::Result<Courier> {
    let mailer = config.mail.as_ref().map(Mailer::new).transpose()?;
    Ok(Courier { mailer, egress: Some(egress(config)?), public_url: config.public_url.clone() })
}

/// Prints the setup token while nobody can sign in yet.
async fn greet(db: &Db, config: &Config) -> anyhow::Result<()> {
    if db::identity::has_users(db).await? {
        return Ok(());
    }
    let token = db::identity::new_setup_token(db).await?;
    println!("Nobody can sign in yet. Open {}/setup and use this token once:", config.public_url);
    println!("\n    {token}\n");
    Ok(())
}

fn leptos_options(config: &Config) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("keepwell")
        .site_root(config.site.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .site_addr(config.listen)
        .hash_files(config.hash_files)
        .build()
}

async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
