//! Requests per second, signed in, beside a bare handler over the same database without a sign-in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::account::server_fns::AccountHead;
use app::accounts::server_fns::ListAccounts;
use app::shell::server_fns::SearchAccounts;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use db::Db;
use db::import::Desk;
use db::limits::Limiter;
use domain::accounts::AccountQuery;
use domain::identity::{Actor, Role};
use http::header::CONTENT_TYPE;
use leptos::config::LeptosOptions;
use leptos::server_fn::ServerFn;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::client::load;
use super::import::Loaded;
use super::{Figure, median};
use crate::config::Config;
use crate::live::Hub;
use crate::router::router;
use crate::state::AppState;

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const PASSWORD: &str = "correct horse battery";

/// A running server of ours and a person's cookie for it.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// The cookie header.
    pub cookie: String,
    /// Ends it when dropped.
    pub stop: watch::Sender<bool>,
}

/// Serves the real router on a free port and signs somebody in.
pub async fn serve(config: &Config, loaded: &Loaded) -> anyhow::Result<Served> {
    let (stop, stopped) = watch::channel(false);
    let mut config = config.clone();
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let address = listener.local_addr()?;
    config.public_url = format!("http://{address}");
    let state = AppState {
        hub: Hub::start(&loaded.db, stopped),
        desk: Desk::new(config.uploads.clone()),
        limiter: Limiter::default(),
        leptos: LeptosOptions::builder().output_name("keepwell").build(),
        config: Arc::new(config),
        db: loaded.db.clone(),
    };
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(Served { address, cookie: cookie(loaded).await?, stop })
}

async fn cookie(loaded: &Loaded) -> anyhow::Result<String> {
    let email = format!("bench-{}@example.com", uuid_part());
    let user = db::identity::NewUser { email, name: "Bench".into(), role: Role::Manager, password: PASSWORD.into() };
    let id = db::identity::create_user(&loaded.db, &loaded.actor, user).await?;
    let actor = Actor { workspace: loaded.actor.workspace, user: Some(id), role: Role::Manager };
    let token = db::sessions::open_session(&loaded.db, &actor, &db::sessions::Device::default()).await?;
    Ok(format!("cookie: {}={token}", app::session::COOKIE_LOCAL))
}

fn uuid_part() -> u64 {
    let mut bytes = [0u8; 8];
    // Without randomness the address repeats and the user exists already, which is said plainly.
    let _ = getrandom::fill(&mut bytes);
    u64::from_be_bytes(bytes)
}

/// A handler with nothing around it: one statement that returns one JSON value.
async fn bare(db: Db, actor: Actor) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let address = listener.local_addr()?;
    let list = |State((db, actor)): State<(Db, Actor)>, Path((order, offset)): Path<(usize, u32)>| async move {
        ([(CONTENT_TYPE, "application/json")], db::bare::page(&db, &actor, order, offset).await.unwrap_or_default())
    };
    let one = |State((db, actor)): State<(Db, Actor)>, Path(id): Path<String>| async move {
        ([(CONTENT_TYPE, "application/json")], db::bare::row(&db, &actor, &id).await.unwrap_or_default())
    };
    let router =
        Router::new().route("/list/{order}/{offset}", get(list)).route("/one/{id}", get(one)).with_state((db, actor));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Measures list, account and search.
pub async fn run(config: &Config, loaded: &Loaded) -> anyhow::Result<Vec<Figure>> {
    let served = serve(config, loaded).await?;
    let limit = bare(loaded.db.clone(), loaded.actor.clone()).await?;
    let ids = some_ids(loaded).await?;
    let heads: Vec<String> = ids
        .iter()
        .map(|id| post(&served, AccountHead::PATH, "application/x-www-form-urlencoded", &format!("id={id}")))
        .collect();
    let words = ["tanaka", "gar", "ltd 99", "norway", "chloé", "4711", "adler france"];
    let searches: Vec<String> = words
        .iter()
        .map(|word| {
            post(
                &served,
                SearchAccounts::PATH,
                "application/x-www-form-urlencoded",
                &format!("text={}", word.replace(' ', "+")),
            )
        })
        .collect();
    let (first, mixed) = (lists(&served, &[(0, 0)]), lists(&served, &mix()));
    let bare_one: Vec<String> = ids.iter().map(|id| format!("GET /one/{id} HTTP/1.1\r\nhost: bench\r\n\r\n")).collect();
    let mut figures = Vec::new();
    figures.extend(race("list of 50", (served.address, first.0), (limit, first.1), 20.0).await?);
    figures.extend(race("lists mixed", (served.address, mixed.0), (limit, mixed.1), 20.0).await?);
    figures.extend(race("account 360 head", (served.address, heads), (limit, bare_one), 50.0).await?);
    // As the server does when it starts.
    db::directory::warm(&loaded.db).await?;
    let search = rounds(served.address, searches, 1).await?;
    figures.push(Figure {
        name: "search as you type, p99".into(),
        ours: format!("{:.0} /s", search.0),
        limit: "–".into(),
        measured: search.1,
        budget: 30.0,
        more_is_better: false,
        unit: "ms",
    });
    let _ = served.stop.send(true);
    Ok(figures)
}

/// Places in a list that people scroll to.
const OFFSETS: [u32; 8] = [0, 50, 100, 200, 400, 800, 1_600, 3_200];

/// Every order with every offset, as a place in [`db::bare::ORDERS`] and rows before the page.
fn mix() -> Vec<(usize, u32)> {
    let places = OFFSETS.iter().flat_map(|offset| (0..db::bare::ORDERS.len()).map(|order| (order, *offset)));
    places.collect()
}

/// Returns the requests for these lists, to us and to the bare handler.
fn lists(served: &Served, wanted: &[(usize, u32)]) -> (Vec<String>, Vec<String>) {
    let ours = |&(order, offset): &(usize, u32)| {
        let sort = db::bare::ORDERS[order].to_owned();
        let query = AccountQuery { filter: String::new(), sort, offset, limit: 50 };
        post(served, ListAccounts::PATH, "application/json", &serde_json::json!({ "query": query }).to_string())
    };
    let bare = |(order, offset): &(usize, u32)| format!("GET /list/{order}/{offset} HTTP/1.1\r\nhost: bench\r\n\r\n");
    (wanted.iter().map(ours).collect(), wanted.iter().map(bare).collect())
}

type Target = (SocketAddr, Vec<String>);

/// Races ours against the limit, alternating, and reports the share and our 99th percentile.
async fn race(name: &str, ours: Target, limit: Target, p99_ms: f64) -> anyhow::Result<Vec<Figure>> {
    let (mut a, mut b, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let round = rounds(ours.0, ours.1.clone(), 1).await?;
        a.push(round.0);
        p99.push(round.1);
        b.push(rounds(limit.0, limit.1.clone(), 1).await?.0);
    }
    let (a, b, p99) = (median(a), median(b), median(p99));
    Ok(vec![
        Figure {
            name: format!("{name}, requests/s"),
            ours: format!("{a:.0} /s signed in"),
            limit: format!("bare handler {b:.0} /s"),
            measured: a / b * 100.0,
            budget: 50.0,
            more_is_better: true,
            unit: "%",
        },
        Figure {
            name: format!("{name}, p99 at {CONNECTIONS} connections"),
            ours: format!("{p99:.1} ms"),
            limit: "client on the same cores".into(),
            measured: p99,
            budget: p99_ms,
            more_is_better: false,
            unit: "ms",
        },
    ])
}

async fn rounds(address: SocketAddr, requests: Vec<String>, times: usize) -> anyhow::Result<(f64, f64)> {
    let requests = Arc::new(requests);
    let pick = move |number: usize| requests[number % requests.len()].clone();
    let pick: Arc<dyn Fn(usize) -> String + Send + Sync> = Arc::new(pick);
    let mut results = (Vec::new(), Vec::new());
    for _ in 0..times {
        let round = load(address, CONNECTIONS, ROUND, pick.clone()).await?;
        results.0.push(round.per_second);
        results.1.push(round.p99_ms);
    }
    Ok((median(results.0), median(results.1)))
}

fn post(served: &Served, path: &str, kind: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\n{}\r\nsec-fetch-site: same-origin\r\naccept: application/json\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        served.address,
        served.cookie,
        body.len()
    )
}

async fn some_ids(loaded: &Loaded) -> anyhow::Result<Vec<String>> {
    let mut tx = loaded.db.read(&loaded.actor).await?;
    let mut ids = Vec::new();
    for offset in (0..100).map(|page| page * 1_000) {
        let query = AccountQuery { filter: String::new(), sort: String::new(), offset, limit: 20 };
        let page = db::accounts::page(&mut tx, &query).await?;
        ids.extend(page.rows.iter().map(|row| row.account.id.to_string()));
    }
    anyhow::ensure!(!ids.is_empty(), "nothing was imported");
    Ok(ids)
}
