//! The whole server on a fresh database, with people who are signed in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use db::identity::NewUser;
use db::import::Desk;
use db::limits::Limiter;
use db::sessions::Device;
use db::{Clock, Db};
use domain::accounts::Account;
use domain::id::{AccountId, UserId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Timestamp};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use serde_json::Value;
use server::config::Config;
use server::egress::{Allow, Egress, Settings};
use server::live::Hub;
use server::router::router;
use server::state::AppState;
use server::tasks::{Courier, Imports};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::source;

/// 2026-11-21, nine o'clock.
pub const NOW: Timestamp = Timestamp(20_778 * DAY_MS + 9 * 3_600_000);
/// How long a page may take on a busy machine, so that one that never ends is named.
const PATIENCE: Duration = Duration::from_secs(180);
/// The password of everybody.
pub const PASSWORD: &str = "nine green lanterns";
/// The address that the server believes to have.
pub const PUBLIC_URL: &str = "https://keepwell.example.com";

/// A server with nothing in it.
pub struct TestApp {
    /// What the server needs.
    pub state: AppState,
    /// The database itself.
    pub db: Db,
    /// Stands still until a test moves it.
    pub clock: Clock,
    /// The workspace of everybody.
    pub workspace: WorkspaceId,
    router: Router,
    stop: watch::Sender<bool>,
    folder: Folder,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    /// Who they are.
    pub id: UserId,
    /// For verbs.
    pub actor: Actor,
    /// The address they sign in with.
    pub email: String,
    /// The token of their session.
    pub token: String,
}

/// What the server answered.
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// What it says of itself.
    pub headers: HeaderMap,
    /// What it says.
    pub body: Bytes,
}

/// A folder that is removed when the test is over.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Makes a folder of its own.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("keepwell-it-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Lays out a built site as `make build` would.
    pub fn site(&self) -> PathBuf {
        let site = self.0.join("site");
        std::fs::create_dir_all(site.join("pkg/parts")).unwrap();
        for (name, text) in [
            ("keepwell.js", "export {}"),
            ("keepwell.wasm", "\0asm"),
            ("keepwell.css", "a{}"),
            ("parts/a.wasm", "\0asm"),
        ] {
            std::fs::write(site.join("pkg").join(name), text).unwrap();
        }
        for name in source::names("public") {
            let from = source::root().join("public").join(&name);
            if from.is_file() {
                std::fs::copy(from, site.join(name)).unwrap();
            }
        }
        site
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl TestApp {
    /// Starts a server whose clock stands still.
    pub async fn start() -> Self {
        Self::start_at(Clock::fixed(NOW)).await
    }

    /// Starts a server.
    pub async fn start_at(clock: Clock) -> Self {
        let folder = Folder::new();
        let db =
            Db::open(&format!("sqlite://{}", folder.0.join("keepwell.db").display()), clock.clone()).await.unwrap();
        let workspace = db::identity::create_workspace(&db, "Northwind").await.unwrap();
        let config = config(&folder.0, folder.site());
        let (stop, stopped) = watch::channel(false);
        let leptos = LeptosOptions::builder()
            .output_name("keepwell")
            .site_root(config.site.to_string_lossy().into_owned())
            .site_pkg_dir("pkg")
            .site_addr(config.listen)
            .hash_files(false)
            .build();
        let state = AppState {
            hub: Hub::start(&db, stopped),
            desk: Desk::new(config.uploads.clone()),
            limiter: Limiter::default(),
            leptos,
            config: Arc::new(config),
            db: db.clone(),
        };
        Self { router: router(state.clone()), state, db, clock, workspace, stop, folder }
    }

    /// Starts the live feed anew, as a restart of the server would.
    pub fn restart(&mut self) {
        self.state.hub = Hub::start(&self.db, self.stop.subscribe());
        self.router = router(self.state.clone());
    }

    /// Starts the background work, which scores accounts.
    pub fn work(&self) {
        let egress = Egress::new(Settings::default()).unwrap();
        let courier = Courier { egress: Some(egress), ..Courier::default() };
        let exports = server::export::Folder::new(self.state.config.exports.clone());
        let imports = Imports { egress: courier.egress.clone(), folder: self.state.config.imports.clone() };
        server::tasks::start(&self.db, &courier, &exports, &imports, &self.stop.subscribe());
    }

    /// Listens on a free port and returns it.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }

    /// Returns the folder with the built site.
    pub fn site(&self) -> &Path {
        &self.state.config.site
    }

    /// Returns a folder for files of the test.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Makes a person and signs them in.
    pub async fn signed_in_as(&self, name: &str, role: Role) -> Person {
        let email = format!("{}@northwind.example", name.to_lowercase());
        let user = NewUser { email: email.clone(), name: name.to_owned(), role, password: PASSWORD.to_owned() };
        let id = db::identity::create_user(&self.db, &self.system(), user).await.unwrap();
        let actor = Actor { workspace: self.workspace, user: Some(id), role };
        let token = self.session(&actor).await;
        Person { id, actor, email, token }
    }

    /// Opens one more session and returns its token.
    pub async fn session(&self, actor: &Actor) -> String {
        db::sessions::open_session(&self.db, actor, &Device::default()).await.unwrap()
    }

    /// Returns the actor for what no person does.
    pub fn system(&self) -> Actor {
        Actor::system(self.workspace)
    }

    /// Creates an account.
    pub async fn account(&self, name: &str, fill: impl FnOnce(&mut Account)) -> AccountId {
        let id = AccountId(uuid(&format!("account {name}")));
        let mut account = Account::new(id, name.to_owned(), self.clock.now());
        fill(&mut account);
        let mut tx = self.db.write(&self.system()).await.unwrap();
        db::subjects::create(&mut tx, &account).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Sends a request as it is.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4_711))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks for a page or file.
    pub async fn get(&self, path: &str, person: Option<&Person>) -> Answer {
        let asked = self.send(request(Method::GET, path, person).body(Body::empty()).unwrap());
        let answer = tokio::time::timeout(PATIENCE, asked).await;
        answer.unwrap_or_else(|_| panic!("{path} never ended"))
    }

    /// Calls a server function by its name, as our own pages would.
    pub async fn call(&self, name: &str, arguments: Value, person: Option<&Person>) -> Answer {
        let function = source::server_functions().into_iter().find(|function| function.name == name);
        let function = function.unwrap_or_else(|| panic!("there is no server function {name}"));
        let (kind, body) = if function.is_json {
            ("application/json", arguments.to_string())
        } else {
            ("application/x-www-form-urlencoded", form(&arguments))
        };
        let request = request(Method::POST, &path_of(name), person)
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Uploads a file.
    pub async fn upload(&self, name: &str, bytes: impl Into<Body>, person: Option<&Person>) -> Answer {
        let request = request(Method::POST, &format!("/import/files?name={name}"), person);
        self.send(request.header("sec-fetch-site", "same-origin").body(bytes.into()).unwrap()).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

impl Answer {
    /// Returns what it says as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns what it says as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.status, self.text()))
    }

    /// Returns a header as text, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns why a server function refused.
    pub fn refusal(&self) -> Option<Refusal> {
        match serde_json::from_slice(&self.body) {
            Ok(app::error::Error::Refused(refusal)) if !self.status.is_success() => Some(refusal),
            _ => None,
        }
    }
}

/// Begins a request with somebody's cookie.
pub fn request(method: Method, path: &str, person: Option<&Person>) -> http::request::Builder {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "keepwell.example.com");
    match person {
        Some(person) => request.header(header::COOKIE, format!("{}={}", app::session::COOKIE_SECURE, person.token)),
        None => request,
    }
}

/// Returns the address of a server function.
pub fn path_of(name: &str) -> String {
    let ending = format!("/{name}");
    let found = leptos::server_fn::axum::server_fn_paths().find(|(path, _)| path.ends_with(&ending));
    found.unwrap_or_else(|| panic!("{name} is not registered")).0.to_owned()
}

/// Writes arguments as a form: `a=1&b[c]=2&d[0]=3`.
pub fn form(arguments: &Value) -> String {
    let mut pairs = Vec::new();
    write_form(String::new(), arguments, &mut pairs);
    pairs.join("&")
}

fn write_form(path: String, value: &Value, pairs: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}[{key}]") };
    match value {
        Value::Null => {}
        Value::Object(map) => map.iter().for_each(|(key, value)| write_form(below(key), value, pairs)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(key, value)| write_form(below(&key.to_string()), value, pairs))
        }
        Value::String(text) => pairs.push(format!("{path}={}", encode(text))),
        other => pairs.push(format!("{path}={other}")),
    }
}

fn encode(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

/// Returns the id that belongs to a name, always the same.
pub fn uuid<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let digest: String = db::digest(name.as_bytes())
        .chars()
        .filter(char::is_ascii_hexdigit)
        .chain("0".repeat(32).chars())
        .take(32)
        .collect();
    serde_json::from_value(Value::String(digest)).unwrap()
}

fn config(folder: &Path, site: PathBuf) -> Config {
    Config {
        trusted_proxies: Vec::new(),
        database_url: String::new(),
        listen: SocketAddr::from(([127, 0, 0, 1], 3_000)),
        public_url: PUBLIC_URL.to_owned(),
        egress_allow: Allow::default(),
        site,
        hash_files: false,
        uploads: folder.join("uploads"),
        exports: folder.join("exports"),
        imports: folder.join("imports"),
        mail: None,
    }
}
