//! Messages on their way, and the devices they go to.

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::id::{DeliveryId, DeviceId, UserId};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parcel {
    /// One notice.
    Notice,
    /// Several notices that waited, or were too many for an hour.
    Summary,
    /// The page Today as it stands in the morning.
    Digest,
    /// A message that the person asked for, to see that it arrives.
    Test,
}

impl Parcel {
    /// Returns the word stored in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Summary => "summary",
            Self::Digest => "digest",
            Self::Test => "test",
        }
    }

    /// Returns what has this word, if there is such a thing.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Notice, Self::Summary, Self::Digest, Self::Test].into_iter().find(|parcel| parcel.key() == key)
    }
}

/// A message on its way, as the log of deliveries shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Identifies the message; it is also the name by which a mail server knows it.
    pub id: DeliveryId,
    /// To whom it goes.
    pub user: UserId,
    /// Which way.
    pub channel: Channel,
    /// What it is.
    pub parcel: Parcel,
    /// The device it goes to, for push messages.
    pub device: Option<DeviceId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it may be sent.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When it arrived at the mail server or push service, if it did.
    pub sent_at: Option<Timestamp>,
    /// When it was found that there is nothing left to tell, if it was.
    pub skipped_at: Option<Timestamp>,
    /// When it was given up, if it was.
    pub dead_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A browser that takes push messages, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Identifies the device.
    pub id: DeviceId,
    /// What the browser called itself.
    pub user_agent: String,
    /// The host of its push service.
    pub service: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When a message last reached its push service.
    pub reached_at: Option<Timestamp>,
}

/// What a browser gives so that messages can reach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where messages are sent.
    pub endpoint: String,
    /// The browser's public key, base64url without padding.
    pub p256dh: String,
    /// The secret both sides know, base64url without padding.
    pub auth: String,
}

/// Longest address of a push service, in bytes.
const ENDPOINT_BYTES_MAX: usize = 1_024;

impl Subscription {
    /// Refuses what no browser sends. Whether the address may be reached is for the sender to say.
    pub fn check(&self) -> Result<(), Refusal> {
        let is_key = |text: &str, chars: std::ops::RangeInclusive<usize>| {
            chars.contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
        };
        // 65 bytes of an uncompressed point, 16 bytes of a secret.
        let keys = is_key(&self.p256dh, 87..=88) && is_key(&self.auth, 22..=24);
        let address = self.endpoint.len() <= ENDPOINT_BYTES_MAX
            && (self.endpoint.starts_with("https://") || self.endpoint.starts_with("http://127.0.0.1:"));
        if keys && address {
            return Ok(());
        }
        Err(Refusal::field("subscription", "This browser gave no address that push messages can be sent to."))
    }
}

/// What the settings show about the ways to a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ways {
    /// The address that mail comes from; `None` where no mail server is set up.
    pub mail_from: Option<String>,
    /// The key that browsers subscribe with, base64url without padding.
    pub push_key: Option<String>,
}
