//! Links at the foot of a mail that end it without a sign-in (RFC 8058): signed, and valid for a while.

use domain::id::{UserId, WorkspaceId};
use domain::identity::Actor;
use domain::notices::Channel;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{preferences, secrets};
use crate::error::Result;
use crate::pool::Db;
use crate::tx::Tx;

/// Days for which a link works.
const DAYS_MAX: i64 = 60;
/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// What a link was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribed {
    /// The channel that it ends.
    pub channel: Channel,
}

/// Returns the token of a link that ends a channel of a person.
pub async fn unsubscribe_token(tx: &mut Tx, user: UserId, channel: Channel) -> Result<String> {
    tx.require(domain::identity::Role::Admin)?;
    let day = tx.now().day_start().days_since(Timestamp(0));
    let says = format!("{}.{day}.{}.{}", channel.key(), tx.workspace().simple(), user.0.simple());
    let key = secrets::link_key(tx).await?;
    Ok(format!("{says}.{}", hex(&hmac(key.as_bytes(), says.as_bytes()))))
}

/// Says what a link is for and, where `act` is set, ends that channel of that person. Whoever has the link may.
pub async fn unsubscribe(db: &Db, token: &str, act: bool) -> Result<Unsubscribed> {
    let wrong =
        || Refusal::Conflict("This link is too old or not complete. Sign in to change what you are sent.".to_owned());
    let (says, mac) = token.rsplit_once('.').ok_or_else(wrong)?;
    let parts: Vec<&str> = says.split('.').collect();
    let &[channel, day, workspace, user] = parts.as_slice() else { return Err(wrong().into()) };
    let (Some(channel), Ok(day), Ok(workspace), Ok(user)) =
        (Channel::from_key(channel), day.parse::<i64>(), Uuid::parse_str(workspace), Uuid::parse_str(user))
    else {
        return Err(wrong().into());
    };
    let actor = Actor::system(WorkspaceId(workspace));
    // Strangers ask, so asking only reads.
    let mut tx = db.read(&actor).await?;
    let key = secrets::known_link_key(&mut tx).await?.ok_or_else(wrong)?;
    let fits: bool = hex(&hmac(key.as_bytes(), says.as_bytes())).as_bytes().ct_eq(mac.as_bytes()).into();
    let age = tx.now().day_start().days_since(Timestamp(0)) - day;
    if !fits || !(0..=DAYS_MAX).contains(&age) {
        return Err(wrong().into());
    }
    drop(tx);
    if act {
        let mut tx = db.write(&actor).await?;
        let (mut wishes, _) = preferences::of(&mut tx, user).await?;
        wishes.leave(channel);
        preferences::set_of(&mut tx, user, wishes).await?;
        tx.commit().await?;
    }
    Ok(Unsubscribed { channel })
}

/// Returns the HMAC of a text with SHA-256 (RFC 2104); the key is not longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 4231, test cases 1 and 2.
        let code = |key: &[u8], text: &[u8]| hex(&hmac(key, text));
        assert_eq!(code(&[0x0b; 20], b"Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(
            code(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
