//! Headlines and websites of the demo: a feed is written as text and read by the same code as any other, and looks at
//! websites are judged by the same code. Nothing is fetched, and both feeds are paused, as there is no such host.

use domain::id::AccountId;
use domain::identity::Actor;
use domain::signals::feeds::{Feed, FeedKind, NewFeed, Outcome, Run};
use domain::signals::parse::parse;
use domain::signals::trouble::Trouble;
use domain::signals::website::Check;
use domain::time::{DAY_MS, Timestamp};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::pool::Db;
use crate::signals::{self, Fetched};
use crate::subjects;
use crate::tx::{Tx, on};

/// Accounts that headlines and looks are told of.
const ACCOUNTS_MAX: i64 = 48;
/// The trade paper: days ago, and the headline with the name of an account in the place of `{}`.
const PAPER: [(i64, &str); 22] = [
    (1, "{} raises $24m in series B led by Northgate Capital"),
    (2, "{} lays off 120 employees in restructuring"),
    (3, "Operating profit of {} fell to EUR 5.2 mln from EUR 6.1 mln"),
    (4, "{} to hire 80 engineers in Porto"),
    (5, "{} wins a contract from the city of Oslo"),
    (6, "Hours of outage at {} anger merchants"),
    (7, "{} appoints new chief financial officer"),
    (8, "{} hit by ransomware, customer data stolen"),
    (9, "{} and Kestrel announce partnership"),
    (11, "Regulator fines {} over misleading prices"),
    (12, "{} revenue rises 18 % in third quarter"),
    (14, "{} opens new office in Warsaw"),
    (16, "Net loss of {} widened to $4m"),
    (17, "{} launches an app for drivers"),
    (19, "CEO of {} resigns abruptly"),
    (21, "{} to acquire a logistics start-up"),
    (24, "{} raises full-year guidance after strong quarter"),
    (27, "{} warns of weaker demand"),
    (33, "{} secures EUR 12 million seed round"),
    (41, "{} cuts costs and lifts margins"),
    (55, "{} publishes its annual report"),
    (70, "Court dismisses lawsuit against {}"),
];
/// The competitor's headlines.
const COMPETITOR: [(i64, &str); 4] = [
    (2, "Kestrel Success suffers outage, customers locked out for six hours"),
    (10, "Kestrel Success raises prices by 20 %"),
    (26, "Kestrel Success lays off a tenth of its staff"),
    (45, "Kestrel Success launches a mobile app"),
];

/// One in so many of these accounts uses the competitor, too.
const USERS_STEP: usize = 3;

/// Tells the demo's headlines and looks, as far as there are accounts to tell them of.
pub(super) async fn tell(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.write(actor).await?;
    let accounts = accounts(&mut tx).await?;
    let [first, second, ..] = &accounts[..] else { return Ok(()) };
    let mut paper: Vec<(i64, String)> = PAPER
        .iter()
        .zip(accounts.iter().cycle())
        .map(|((ago, headline), account)| (*ago, headline.replace("{}", &account.name)))
        .collect();
    // Two names in one headline: a person has to say whom it is about.
    paper.push((2, format!("{} and {} settle their dispute over a warehouse", first.name, second.name)));
    let wire = add(&mut tx, FeedKind::Market, "Trade Wire (demo)", "https://trade-wire.example/rss.xml").await?;
    take(&mut tx, &wire, "Trade Wire", &paper).await?;
    let rival = add(&mut tx, FeedKind::Competitor, "Kestrel Success", "https://kestrel.example/feed.xml").await?;
    let told: Vec<(i64, String)> = COMPETITOR.iter().map(|(ago, text)| (*ago, (*text).to_owned())).collect();
    take(&mut tx, &rival, "Kestrel newsroom", &told).await?;
    for account in accounts.iter().step_by(USERS_STEP) {
        use_rival(&mut tx, account.id, &rival.name).await?;
    }
    for (number, account) in accounts.iter().enumerate() {
        if let Some(domain) = &account.domain {
            look(&mut tx, account.id, domain, number).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

struct Told {
    id: AccountId,
    name: String,
    domain: Option<String>,
}

async fn accounts(tx: &mut Tx) -> Result<Vec<Told>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid, String, Option<String>)> = on!(tx, c => sqlx::query_as(
        "SELECT id, name, domain FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL ORDER BY id LIMIT $2")
        .bind(workspace).bind(ACCOUNTS_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name, domain)| Told { id: AccountId(id), name, domain }).collect())
}

/// Says with a tag that an account uses a competitor.
async fn use_rival(tx: &mut Tx, id: AccountId, name: &str) -> Result<()> {
    let before = crate::accounts::get(tx, id).await?;
    let mut after = before.clone();
    after.tags.push(name.to_owned());
    after.tags.sort();
    subjects::update(tx, &before, &after).await?;
    Ok(())
}

/// Adds a feed that is paused.
async fn add(tx: &mut Tx, kind: FeedKind, name: &str, url: &str) -> Result<Feed> {
    let new = NewFeed { kind, name: name.to_owned(), url: url.to_owned(), account_id: None, every_minutes: 60 };
    let id = signals::add_feed(tx, new).await?;
    signals::pause_feed(tx, id, true).await?;
    let workspace = tx.workspace();
    let (Json(feed),): (Json<Feed>,) = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM feeds WHERE workspace_id = $1 AND id = $2").bind(workspace).bind(id.0).fetch_one(c).await)?;
    Ok(feed)
}

/// Takes headlines in as if the feed had just brought them.
async fn take(tx: &mut Tx, feed: &Feed, title: &str, headlines: &[(i64, String)]) -> Result<()> {
    let now = tx.now();
    let text = rss(title, headlines, now);
    let parsed = parse(text.as_bytes(), &feed.url).map_err(|why| Error::Stored(format!("the demo's feed: {why:?}")))?;
    let entries = u32::try_from(parsed.entries.len()).unwrap_or(u32::MAX);
    let new = signals::ingest(tx, feed, &parsed).await?;
    let run = Run { at: now, took_ms: 40, outcome: Outcome::Read { entries, new } };
    signals::note_run(tx, feed.id, run, Fetched::default()).await
}

fn rss(title: &str, headlines: &[(i64, String)], now: Timestamp) -> String {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let items: String = headlines
        .iter()
        .enumerate()
        .map(|(number, (ago, headline))| {
            let at = now.plus_days(-ago).iso();
            format!(
                "<item><title>{}</title><guid>{title}-{number}</guid><dc:date>{at}</dc:date></item>",
                plain(headline)
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{}</title>{items}</channel></rss>",
        plain(title)
    )
}

/// Watches a website and notes two looks at it, now paused: most are well, a few are not.
async fn look(tx: &mut Tx, account: AccountId, domain: &str, number: usize) -> Result<()> {
    let Ok(site) = signals::watch_website(tx, account, domain).await else { return Ok(()) };
    let now = tx.now();
    for at in [Timestamp(now.0 - DAY_MS), Timestamp(now.0 - 600_000)] {
        let mut check = Check {
            at,
            took_ms: 180 + u32::try_from(number % 7).unwrap_or(0) * 60,
            status: Some(200),
            tls_expires_at: Some(now.plus_days(60 + i64::try_from(number).unwrap_or(0))),
            hops: Vec::new(),
            title: Some(site.url.trim_start_matches("https://").trim_end_matches('/').to_owned()),
            trouble: None,
        };
        match number % 12 {
            3 => check.tls_expires_at = Some(now.plus_days(6)),
            7 => check = Check { status: None, title: None, trouble: Some(Trouble::TimedOut), ..check },
            10 => check.took_ms = 6_400,
            _ => {}
        }
        signals::note_check(tx, account, check).await?;
    }
    signals::pause_website(tx, account, true).await
}
