//! Web push: messages to browsers, encrypted for the device (RFC 8291) and signed by this server (RFC 8292).
//!
//! The curves and ciphers are those of the library that TLS uses.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use domain::notices::Subscription;
use domain::time::Timestamp;
use http::{HeaderValue, Method, Request, header};
use ring::agreement::{self, ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use ring::{aead, hkdf};

/// Bytes of a message before encryption that every push service takes (RFC 8030 and 8188: 4096 with all around it).
pub const BYTES_MAX: usize = 3_993;
/// Seconds for which a push service keeps a message for a device that is off.
const TTL_SECONDS: u32 = 24 * 3_600;
/// Milliseconds for which a signature holds; at most a day.
const SIGNED_MS: i64 = 12 * 3_600_000;
/// Size of the one record of a message, which holds it whole.
const RECORD: u32 = 4_096;

/// Why a message could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The subscription's keys or address are none.
    #[error("the subscription of this device is damaged")]
    Subscription,
    /// The server's own key is none.
    #[error("the key that push messages are signed with is damaged")]
    Key,
    /// It is longer than push services take.
    #[error("the message is too long")]
    TooLong,
}

/// The key that this server signs with.
#[derive(Debug)]
pub struct Key {
    pair: EcdsaKeyPair,
    public: String,
}

impl Key {
    /// Draws a key and returns it as it is kept: the private half, a dot, the public half.
    pub fn draw() -> Result<String, Unfit> {
        let random = SystemRandom::new();
        let kept = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| Unfit::Key)?;
        let key = Self::of(kept.as_ref())?;
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(kept.as_ref()), key.public))
    }

    /// Reads a key as it is kept.
    pub fn read(kept: &str) -> Result<Self, Unfit> {
        let (private, _) = kept.split_once('.').ok_or(Unfit::Key)?;
        Self::of(&URL_SAFE_NO_PAD.decode(private).map_err(|_| Unfit::Key)?)
    }

    fn of(pkcs8: &[u8]) -> Result<Self, Unfit> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
            .map_err(|_| Unfit::Key)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        Ok(Self { pair, public })
    }

    /// Returns what the header `Authorization` says to a push service (RFC 8292).
    fn authorization(&self, origin: &str, contact: &str, now: Timestamp) -> Result<String, Unfit> {
        let claims = serde_json::json!({ "aud": origin, "exp": (now.0 + SIGNED_MS) / 1_000, "sub": contact });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let says = format!("{}.{}", part(&serde_json::json!({ "typ": "JWT", "alg": "ES256" })), part(&claims));
        let signed = self.pair.sign(&SystemRandom::new(), says.as_bytes()).map_err(|_| Unfit::Key)?;
        Ok(format!("vapid t={says}.{}, k={}", URL_SAFE_NO_PAD.encode(signed.as_ref()), self.public))
    }
}

/// What is sent to a device.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// What it says, as the service worker reads it.
    pub text: &'a str,
    /// Whether it wakes a device that saves its battery.
    pub urgent: bool,
    /// A message of the same topic that waits is replaced.
    pub topic: &'a str,
    /// Whom a push service can write to about it: an address with `mailto:` or `https:`.
    pub contact: &'a str,
}

/// Returns the request that sends a message to a device.
pub fn request(key: &Key, to: &Subscription, message: &Message<'_>, now: Timestamp) -> Result<Request<Vec<u8>>, Unfit> {
    let (scheme, rest) = to.endpoint.split_once("://").ok_or(Unfit::Subscription)?;
    let origin = format!("{scheme}://{}", rest.split('/').next().unwrap_or_default());
    let urgency = if message.urgent { "high" } else { "normal" };
    let authorization = key.authorization(&origin, message.contact, now)?;
    Request::builder()
        .method(Method::POST)
        .uri(&to.endpoint)
        .header("ttl", TTL_SECONDS)
        .header("urgency", urgency)
        .header("topic", message.topic)
        .header(header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"))
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
        .header(header::AUTHORIZATION, authorization)
        .body(encrypt(to, message.text.as_bytes())?)
        .map_err(|_| Unfit::Subscription)
}

/// Returns a text that only the device can read (RFC 8291).
fn encrypt(to: &Subscription, text: &[u8]) -> Result<Vec<u8>, Unfit> {
    if text.len() > BYTES_MAX {
        return Err(Unfit::TooLong);
    }
    let bytes = |text: &str| {
        let engine = if text.ends_with('=') { &URL_SAFE } else { &URL_SAFE_NO_PAD };
        engine.decode(text).map_err(|_| Unfit::Subscription)
    };
    let (theirs, auth) = (bytes(&to.p256dh)?, bytes(&to.auth)?);
    let random = SystemRandom::new();
    let mut salt = [0u8; 16];
    random.fill(&mut salt).map_err(|_| Unfit::Key)?;
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(|_| Unfit::Key)?;
    let ours = private.compute_public_key().map_err(|_| Unfit::Key)?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, &theirs);
    agreement::agree_ephemeral(private, &peer, |shared| {
        seal(Secrets { shared, auth: &auth, theirs: &theirs, ours: ours.as_ref(), salt: &salt }, text)
    })
    .map_err(|_| Unfit::Subscription)?
}

/// What both sides know, and who they are.
struct Secrets<'a> {
    shared: &'a [u8],
    auth: &'a [u8],
    theirs: &'a [u8],
    ours: &'a [u8],
    salt: &'a [u8],
}

impl Secrets<'_> {
    /// Returns the key and the nonce of the one record (RFC 8291 section 3.4).
    fn derive(&self) -> Result<([u8; 16], [u8; 12]), Unfit> {
        let whom = [b"WebPush: info\0".as_slice(), self.theirs, self.ours].concat();
        let mut input = [0u8; 32];
        expand(self.auth, self.shared, &whom, &mut input)?;
        let (mut key, mut nonce) = ([0u8; 16], [0u8; 12]);
        expand(self.salt, &input, b"Content-Encoding: aes128gcm\0", &mut key)?;
        expand(self.salt, &input, b"Content-Encoding: nonce\0", &mut nonce)?;
        Ok((key, nonce))
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(salt: &[u8], input: &[u8], info: &[u8], output: &mut [u8]) -> Result<(), Unfit> {
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(input);
    let info = [info];
    let material = key.expand(&info, Length(output.len())).map_err(|_| Unfit::Key)?;
    material.fill(output).map_err(|_| Unfit::Key)
}

/// Returns the header of RFC 8188 and the one record behind it.
fn seal(secrets: Secrets<'_>, text: &[u8]) -> Result<Vec<u8>, Unfit> {
    let (key, nonce) = secrets.derive()?;
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).map_err(|_| Unfit::Key)?);
    // The byte behind the text says that this record is the last.
    let mut record = [text, &[2u8]].concat();
    key.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::empty(), &mut record)
        .map_err(|_| Unfit::Key)?;
    let mut body = Vec::with_capacity(21 + secrets.ours.len() + record.len());
    body.extend_from_slice(secrets.salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(secrets.ours.len()).map_err(|_| Unfit::Key)?);
    body.extend_from_slice(secrets.ours);
    body.extend_from_slice(&record);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    #[test]
    fn a_message_is_encrypted_as_in_the_standard() {
        // RFC 8291, appendix A, from the shared secret on.
        let theirs = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let ours = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let (shared, auth, salt) = (
            bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            bytes("DGv6ra1nlYgDCS1FRnbzlw"),
        );
        let secrets = Secrets { shared: &shared, auth: &auth, theirs: &theirs, ours: &ours, salt: &salt };
        let body = seal(secrets, b"When I grow up, I want to be a watermelon").unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_\
             yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
                .replace(' ', "")
        );
    }

    #[test]
    fn a_key_survives_being_kept() {
        let kept = Key::draw().unwrap();
        let key = Key::read(&kept).unwrap();
        assert_eq!(kept.split_once('.').unwrap().1, key.public);
        assert_eq!(bytes(&key.public).len(), 65);
        assert!(Key::read("nothing").is_err() && Key::read("AAAA.BBBB").is_err());
    }

    #[test]
    fn damaged_subscriptions_and_long_messages_are_refused() {
        let to = |p256dh: &str| Subscription {
            endpoint: "https://push.example.com/1".into(),
            p256dh: p256dh.into(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
        };
        let good = to("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert!(encrypt(&good, &[b'a'; BYTES_MAX]).is_ok_and(|body| body.len() <= 4_096));
        assert_eq!(encrypt(&good, &[b'a'; BYTES_MAX + 1]), Err(Unfit::TooLong));
        for wrong in ["", "A", "AAAA", "%%%", &"A".repeat(87)] {
            assert_eq!(encrypt(&to(wrong), b"text"), Err(Unfit::Subscription), "{wrong}");
        }
    }
}
