//! Configuration: flags, then `KEEPWELL_*` environment variables, then one TOML file, then defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::client::Network;

use crate::egress::Allow;

use crate::mail::{self, Mail};

/// The database of a fresh checkout.
const DATABASE: &str = "sqlite://data/keepwell.db";
/// Where a fresh checkout listens.
const LISTEN: &str = "127.0.0.1:3000";
/// Where the built pages are.
const SITE: &str = "target/site";

/// What can be said on the command line and in the environment.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// The database: sqlite://path or postgres://user@host/database.
    #[arg(long, env = "KEEPWELL_DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where to listen.
    #[arg(long, env = "KEEPWELL_LISTEN", global = true)]
    pub listen: Option<SocketAddr>,
    /// The address people use, such as https://keepwell.example.com.
    #[arg(long, env = "KEEPWELL_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    #[arg(long, env = "KEEPWELL_TRUSTED_PROXY", global = true)]
    pub trusted_proxy: Option<String>,
    /// Private networks that feeds, website checks and scheduled imports may reach, such as 10.1.0.0/16 or 127.0.0.1:8080.
    #[arg(long, env = "KEEPWELL_EGRESS_ALLOW", global = true)]
    pub egress_allow: Option<String>,
    /// The folder with the built pages.
    #[arg(long, env = "KEEPWELL_SITE", global = true)]
    pub site: Option<PathBuf>,
    /// The folder that scheduled imports read files from.
    #[arg(long, env = "KEEPWELL_IMPORTS", global = true)]
    pub imports: Option<PathBuf>,
    /// Mail.
    #[command(flatten)]
    pub mail: mail::Flags,
    /// A TOML file with the same names in lower case.
    #[arg(long, env = "KEEPWELL_CONFIG", global = true)]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    trusted_proxy: Option<String>,
    egress_allow: Option<String>,
    site: Option<PathBuf>,
    imports: Option<PathBuf>,
    mail: Option<mail::File>,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub database_url: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address people use, without a slash at the end.
    pub public_url: String,
    /// Proxies that are believed when they say whom they ask for.
    pub trusted_proxies: Vec<Network>,
    /// Private networks that requests to the outside may reach.
    pub egress_allow: Allow,
    /// The folder with the built pages.
    pub site: PathBuf,
    /// Whether file names carry a hash of their content.
    pub hash_files: bool,
    /// Where uploaded files wait.
    pub uploads: PathBuf,
    /// Where files that people had made are kept.
    pub exports: PathBuf,
    /// Where scheduled imports read files from.
    pub imports: PathBuf,
    /// The mail server, where one is named.
    pub mail: Option<Mail>,
}

impl Config {
    /// Puts the sources together and checks them.
    pub fn load(flags: &Flags) -> anyhow::Result<Self> {
        let file = match &flags.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let listen = match flags.listen.or(file.listen) {
            Some(listen) => listen,
            None => LISTEN.parse().context("the default address")?,
        };
        let public_url = flags.public_url.clone().or(file.public_url).unwrap_or_else(|| format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            bail!("KEEPWELL_PUBLIC_URL is “{public_url}”. It begins with http:// or https://.");
        }
        let proxies = flags.trusted_proxy.clone().or(file.trusted_proxy).unwrap_or_default();
        let trusted_proxies = Network::list(&proxies).context("KEEPWELL_TRUSTED_PROXY")?;
        let egress_allow = flags.egress_allow.clone().or(file.egress_allow).unwrap_or_default();
        let egress_allow = Allow::parse(&egress_allow)?;
        let database_url = flags.database_url.clone().or(file.database_url).unwrap_or_else(|| DATABASE.to_owned());
        // cargo-leptos names the folder when it watches.
        let watched = std::env::var_os("LEPTOS_SITE_ROOT").map(PathBuf::from);
        let site = flags.site.clone().or(watched).or(file.site).unwrap_or_else(|| PathBuf::from(SITE));
        let hash_files = std::env::var("LEPTOS_HASH_FILES").map_or(true, |value| value != "false");
        let uploads = folder_beside(&database_url, "uploads");
        let exports = folder_beside(&database_url, "exports");
        let imports = flags.imports.clone().or(file.imports);
        let imports = imports.unwrap_or_else(|| imports_beside(&database_url));
        let mail = Mail::load(&flags.mail, file.mail)?;
        Ok(Self {
            database_url,
            listen,
            public_url,
            trusted_proxies,
            egress_allow,
            site,
            hash_files,
            uploads,
            exports,
            imports,
            mail,
        })
    }

    /// Returns whether people reach the server over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn read(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", path.display()))
}

/// Files wait beside an embedded database, and in the temporary folder otherwise.
fn folder_beside(database_url: &str, name: &str) -> PathBuf {
    match database_url.strip_prefix("sqlite:") {
        Some(path) => Path::new(path.trim_start_matches("//")).with_extension(name),
        None => std::env::temp_dir().join(format!("keepwell-{name}")),
    }
}

/// Files to be imported lie in the folder of an embedded database, and in `data` otherwise.
fn imports_beside(database_url: &str) -> PathBuf {
    let database = database_url.strip_prefix("sqlite:").map(|path| Path::new(path.trim_start_matches("//")));
    database.and_then(Path::parent).unwrap_or(Path::new("data")).join("imports")
}
