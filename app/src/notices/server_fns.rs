//! What the notification centre and its settings ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::{DeliveryId, DeviceId, NoticeId};
use domain::notices::{Bell, Channel, Delivery, Device, NoticePage, NoticeQuery, Preferences, Subscription, Ways};
use domain::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::{Settings, signed_in};

/// Everything that the settings of notifications show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeSettings {
    /// What the person wants.
    pub preferences: Preferences,
    /// The names of the time zones there are.
    pub zones: Vec<String>,
    /// Which ways are open.
    pub ways: Ways,
    /// The person's devices.
    pub devices: Vec<Device>,
    /// The newest messages.
    pub deliveries: Vec<Delivery>,
}

/// Returns a page of the asking person's notices.
#[server(input = server_fn::codec::Json)]
pub async fn load_notices(query: NoticeQuery) -> Result<NoticePage> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::notices::page(&mut tx, &query).await?)
}

/// Returns what the asking person's badge shows.
#[server]
pub async fn load_bell() -> Result<Bell> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::notices::bell(&mut tx).await?)
}

/// Marks some of the asking person's notices as read or unread.
#[server(input = server_fn::codec::Json)]
pub async fn mark_notices(ids: Vec<NoticeId>, read: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::notices::mark(&mut tx, &ids, read).await?;
    tx.commit().await?;
    Ok(())
}

/// Marks all of the asking person's notices as read; returns the moment, by which it can be taken back.
#[server]
pub async fn mark_all_notices() -> Result<Timestamp> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let at = db::notices::mark_all(&mut tx).await?;
    tx.commit().await?;
    Ok(at)
}

/// Marks as unread again what was read at exactly this moment.
#[server]
pub async fn unmark_all_notices(at: Timestamp) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::notices::unmark_all(&mut tx, at).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts some of the asking person's notices out of sight for some hours; none brings them back.
#[server(input = server_fn::codec::Json)]
pub async fn snooze_notices(ids: Vec<NoticeId>, hours: u32) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let until = Timestamp(tx.now().0.saturating_add(i64::from(hours) * 3_600_000));
    db::notices::snooze(&mut tx, &ids, until).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns what the settings of notifications show.
#[server]
pub async fn load_notice_settings() -> Result<NoticeSettings> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let push_key = db::notices::push_key(&mut tx).await?;
    Ok(NoticeSettings {
        preferences: db::notices::preferences(&mut tx).await?,
        zones: domain::notices::hours::zones().into_iter().map(str::to_owned).collect(),
        ways: Ways {
            mail_from: use_context::<Settings>().and_then(|settings| settings.mail_from),
            // The private half stays on the server.
            push_key: push_key.and_then(|key| key.split_once('.').map(|(_, public)| public.to_owned())),
        },
        devices: db::notices::devices(&mut tx).await?,
        deliveries: db::notices::deliveries(&mut tx).await?,
    })
}

/// Keeps what the asking person wants to be told.
#[server(input = server_fn::codec::Json)]
pub async fn save_notice_preferences(preferences: Preferences) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::notices::set_preferences(&mut tx, preferences).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds the browser that asks to the asking person's devices.
#[server(input = server_fn::codec::Json)]
pub async fn add_push_device(subscription: Subscription) -> Result<()> {
    let (db, who) = signed_in().await?;
    let agent = use_context::<http::request::Parts>()
        .and_then(|parts| parts.headers.get(http::header::USER_AGENT)?.to_str().ok().map(str::to_owned))
        .unwrap_or_default();
    let mut tx = db.write(&who.actor).await?;
    db::notices::add_device(&mut tx, &subscription, &agent).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes one of the asking person's devices.
#[server]
pub async fn remove_push_device(id: DeviceId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::notices::remove_device(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends the asking person a message through a channel, to see that it arrives; returns to how many places.
#[server]
pub async fn send_test_notice(channel: Channel) -> Result<u32> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let count = db::notices::send_test(&mut tx, channel).await?;
    tx.commit().await?;
    Ok(count)
}

/// Sends a message again that was given up.
#[server]
pub async fn retry_delivery(id: DeliveryId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::notices::retry(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}
