//! Web push against a push service that reads what it is sent: what arrives can be decrypted by the device alone, is
//! signed by this server, and a device that is gone is forgotten.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::notices::Reach;
use domain::identity::{Actor, Role};
use domain::notices::{Channel, Preferences, Subscription};
use http::{HeaderMap, StatusCode};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::{aead, hkdf, signature};
use serde_json::Value;
use server::egress::{Allow, Egress, Settings};
use server::push::Key;
use server::tasks::Courier;

use crate::app::{NOW, PUBLIC_URL, Person, TestApp};

/// A push service: what it was sent, and what it answers.
#[derive(Clone)]
struct Service {
    address: SocketAddr,
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Service {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            address: listener.local_addr().unwrap(),
            got: Arc::default(),
            answer: Arc::new(Mutex::new(StatusCode::CREATED)),
        };
        let take = |State(service): State<Self>, headers: HeaderMap, body: Bytes| async move {
            service.got.lock().unwrap().push((headers, body));
            *service.answer.lock().unwrap()
        };
        let router = Router::new().route("/to/{device}", post(take)).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        service
    }

    fn answer(&self, status: StatusCode) {
        *self.answer.lock().unwrap() = status;
    }

    fn take(&self) -> Vec<(HeaderMap, Bytes)> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

/// What only the browser knows.
struct Browser {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Browser {
    fn new() -> Self {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth: [7; 16] }
    }

    fn subscription(&self, service: &Service, device: &str) -> Subscription {
        Subscription {
            endpoint: format!("http://{}/to/{device}", service.address),
            p256dh: URL_SAFE_NO_PAD.encode(&self.public),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    /// Reads a message as RFC 8291 says, from the other side.
    fn read(self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert_eq!(u32::from_be_bytes(size.try_into().unwrap()), 4_096);
        assert!(body.len() <= 4_096);
        let (server, record) = rest[1..].split_at(usize::from(rest[0]));
        let whom = [b"WebPush: info\0".as_slice(), &self.public, server].concat();
        let input = agree_ephemeral(self.private, &UnparsedPublicKey::new(&ECDH_P256, server), |shared| {
            derive::<32>(&self.auth, shared, &whom)
        })
        .unwrap();
        let key = derive::<16>(salt, &input, b"Content-Encoding: aes128gcm\0");
        let nonce = derive::<12>(salt, &input, b"Content-Encoding: nonce\0");
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).unwrap());
        let mut record = record.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let text = key.open_in_place(nonce, aead::Aad::empty(), &mut record).unwrap();
        let (last, text) = text.split_last().unwrap();
        assert_eq!(*last, 2, "the only record is the last");
        serde_json::from_slice(text).unwrap()
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; N] {
    let mut output = [0; N];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(input);
    key.expand(&[info], Length(N)).unwrap().fill(&mut output).unwrap();
    output
}

/// Checks the signature of RFC 8292 and returns its claims.
fn claims(headers: &HeaderMap, public: &str) -> Value {
    let text = headers["authorization"].to_str().unwrap();
    let (token, key) = text.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, public, "the key that the browser subscribed with");
    let (says, signed) = token.rsplit_once('.').unwrap();
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, bytes(key))
        .verify(says.as_bytes(), &bytes(signed))
        .unwrap();
    serde_json::from_slice(&bytes(says.split_once('.').unwrap().1)).unwrap()
}

async fn add(app: &TestApp, person: &Person, subscription: &Subscription) {
    let mut tx = app.db.write(&person.actor).await.unwrap();
    db::notices::set_preferences(&mut tx, Preferences { quiet: None, ..Preferences::default() }).await.unwrap();
    db::notices::add_device(&mut tx, subscription, "Chrome").await.unwrap();
    db::notices::send_test(&mut tx, Channel::Push).await.unwrap();
    tx.commit().await.unwrap();
}

async fn courier(app: &TestApp, service: &Service) -> (Courier, String) {
    let kept = Key::draw().unwrap();
    let mut tx = app.db.write(&Actor::system(app.workspace)).await.unwrap();
    db::notices::set_push_key(&mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
    let allow = Allow::parse(&service.address.to_string()).unwrap();
    let egress = Egress::new(Settings { allow, ..Settings::default() }).unwrap();
    let courier = Courier { egress: Some(egress), mailer: None, public_url: PUBLIC_URL.into() };
    assert_eq!(courier.reach(), Reach { mail: false, push: true });
    (courier, kept.split_once('.').unwrap().1.to_owned())
}

#[tokio::test]
async fn a_push_is_signed_and_only_the_device_can_read_it() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let service = Service::start().await;
    let (courier, public) = courier(&app, &service).await;
    let browser = Browser::new();
    add(&app, &sam, &browser.subscription(&service, "one")).await;
    assert_eq!(crate::mail::work(&app, &courier).await, 1);
    let (headers, body) = service.take().remove(0);
    let claims = claims(&headers, &public);
    assert_eq!(claims["aud"], format!("http://{}", service.address));
    assert_eq!(claims["sub"], PUBLIC_URL);
    let left = claims["exp"].as_i64().unwrap() - NOW.0 / 1_000;
    assert!((1..=24 * 3_600).contains(&left), "{left}");
    assert_eq!(headers["content-encoding"], "aes128gcm");
    assert!(headers["ttl"].to_str().unwrap().parse::<u32>().is_ok());
    assert!(headers["topic"].to_str().unwrap().len() <= 32);
    assert_eq!(headers["urgency"], "normal");
    let message = browser.read(&body);
    assert_eq!(message["title"], "Keepwell: a test message");
    assert_eq!(message["url"], "/settings/notifications");
    let log = db::notices::deliveries(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap();
    assert!(log[0].sent_at.is_some(), "{log:?}");
}

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten_and_a_busy_service_asked_again() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let service = Service::start().await;
    let (courier, _) = courier(&app, &service).await;
    let devices = async || db::notices::devices(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap().len();
    service.answer(StatusCode::TOO_MANY_REQUESTS);
    add(&app, &sam, &Browser::new().subscription(&service, "one")).await;
    crate::mail::work(&app, &courier).await;
    app.clock.advance(60_000);
    service.answer(StatusCode::CREATED);
    crate::mail::work(&app, &courier).await;
    assert_eq!((service.take().len(), devices().await), (2, 1), "it was tried again");
    service.answer(StatusCode::GONE);
    let mut tx = app.db.write(&sam.actor).await.unwrap();
    db::notices::send_test(&mut tx, Channel::Push).await.unwrap();
    tx.commit().await.unwrap();
    crate::mail::work(&app, &courier).await;
    assert_eq!(devices().await, 0);
    let log = db::notices::deliveries(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap();
    assert!(log[0].dead_at.is_some(), "{log:?}");
    assert_eq!(db::notices::send_test(&mut app.db.write(&sam.actor).await.unwrap(), Channel::Push).await.unwrap(), 0);
}

#[tokio::test]
async fn nothing_is_pushed_into_the_house() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let service = Service::start().await;
    let (mut courier, _) = courier(&app, &service).await;
    // The same address without the operator's leave.
    courier.egress = Some(Egress::new(Settings::default()).unwrap());
    add(&app, &sam, &Browser::new().subscription(&service, "one")).await;
    crate::mail::work(&app, &courier).await;
    assert!(service.take().is_empty());
    let log = db::notices::deliveries(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap();
    let why = log[0].last_error.clone().unwrap();
    assert!(log[0].sent_at.is_none() && !why.contains("127.0.0.1"), "{why}");
}
