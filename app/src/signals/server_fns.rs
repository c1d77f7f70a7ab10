//! What the pages ask the server about feeds, headlines and websites.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::{AccountId, FeedId, SignalId};
use domain::signals::feeds::{Run, WatchedFeed};
use domain::signals::website::{WatchedWebsite, Website};
use domain::signals::{Correction, Signal, Waiting};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Headlines that are shown of an account.
#[cfg(feature = "ssr")]
const HEADLINES: u32 = 50;

/// What is known of an account from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Market {
    /// The newest headlines.
    pub headlines: Vec<Signal>,
    /// Its website, if it is watched.
    pub website: Option<Website>,
    /// Its web domain, which could be watched.
    pub domain: Option<String>,
}

/// Returns all feeds.
#[server]
pub async fn load_feeds() -> Result<Vec<WatchedFeed>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::signals::feeds(&mut tx).await?)
}

/// Returns the last looks at a feed.
#[server]
pub async fn load_feed_runs(feed: FeedId) -> Result<Vec<Run>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::signals::feed_runs(&mut tx, feed).await?)
}

/// Adds a feed, which is looked at within seconds.
#[server]
pub async fn add_feed(
    kind: String,
    name: String,
    url: String,
    #[server(default)] account: String,
    every_minutes: u32,
) -> Result<()> {
    use domain::refusal::Refusal;
    use domain::signals::feeds::{FeedKind, NewFeed};
    let (db, who) = signed_in().await?;
    who.actor.require(domain::identity::Role::Csm)?;
    let kind = FeedKind::from_key(&kind).ok_or_else(|| Refusal::field("kind", "Choose one of the list."))?;
    let account_id = account.parse().ok();
    let mut tx = db.write(&who.actor).await?;
    db::signals::add_feed(&mut tx, NewFeed { kind, name, url, account_id, every_minutes }).await?;
    tx.commit().await?;
    Ok(())
}

/// Pauses a feed, or lets it go on.
#[server]
pub async fn pause_feed(feed: FeedId, paused: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::pause_feed(&mut tx, feed, paused).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a feed looked at now.
#[server]
pub async fn run_feed(feed: FeedId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::run_feed_now(&mut tx, feed).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops watching a feed; its headlines stay.
#[server]
pub async fn remove_feed(feed: FeedId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::remove_feed(&mut tx, feed).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the watched websites, those in trouble first.
#[server]
pub async fn load_websites() -> Result<Vec<WatchedWebsite>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::signals::websites(&mut tx).await?)
}

/// Watches the websites of all accounts that have a domain; returns how many are new.
#[server]
pub async fn watch_all_websites() -> Result<u32> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let watched = db::signals::watch_all(&mut tx).await?;
    tx.commit().await?;
    Ok(watched)
}

/// Returns the headlines that wait for a person to say whom they are about.
#[server]
pub async fn load_waiting() -> Result<Vec<Waiting>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::signals::waiting(&mut tx).await?)
}

/// Returns the newest headlines about competitors.
#[server]
pub async fn load_competitor_headlines() -> Result<Vec<Signal>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::signals::competitor_headlines(&mut tx, HEADLINES).await?)
}

/// Returns what is known of an account from outside.
#[server]
pub async fn load_market(account: AccountId) -> Result<Market> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let domain = db::accounts::get(&mut tx, account).await?.domain;
    let headlines = db::signals::headlines(&mut tx, account, HEADLINES).await?;
    Ok(Market { headlines, website: db::signals::website(&mut tx, account).await?, domain })
}

/// Corrects what the program found in a headline.
#[server(input = Json)]
pub async fn correct_signal(signal: SignalId, correction: Correction) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::correct(&mut tx, signal, correction).await?;
    tx.commit().await?;
    Ok(())
}

/// Watches the website of an account.
#[server]
pub async fn watch_website(account: AccountId, url: String) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::watch_website(&mut tx, account, &url).await?;
    tx.commit().await?;
    Ok(())
}

/// Pauses looking at a website, or goes on.
#[server]
pub async fn pause_website(account: AccountId, paused: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::pause_website(&mut tx, account, paused).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a website looked at now.
#[server]
pub async fn check_website(account: AccountId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::check_website_now(&mut tx, account).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops watching a website and forgets what was found.
#[server]
pub async fn stop_watching(account: AccountId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::signals::stop_watching(&mut tx, account).await?;
    tx.commit().await?;
    Ok(())
}
