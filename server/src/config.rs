//! Configuration: flags, then `KEEPWELL_*` environment variables, then one TOML file, then defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

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
    /// The folder with the built pages.
    #[arg(long, env = "KEEPWELL_SITE", global = true)]
    pub site: Option<PathBuf>,
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
    site: Option<PathBuf>,
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
    /// The folder with the built pages.
    pub site: PathBuf,
    /// Whether file names carry a hash of their content.
    pub hash_files: bool,
    /// Where uploaded files wait.
    pub uploads: PathBuf,
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
        let database_url = flags.database_url.clone().or(file.database_url).unwrap_or_else(|| DATABASE.to_owned());
        // cargo-leptos names the folder when it watches.
        let watched = std::env::var_os("LEPTOS_SITE_ROOT").map(PathBuf::from);
        let site = flags.site.clone().or(watched).or(file.site).unwrap_or_else(|| PathBuf::from(SITE));
        let hash_files = std::env::var("LEPTOS_HASH_FILES").map_or(true, |value| value != "false");
        let uploads = uploads_folder(&database_url);
        Ok(Self { database_url, listen, public_url, site, hash_files, uploads })
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

/// Uploads wait beside an embedded database, and in the temporary folder otherwise.
fn uploads_folder(database_url: &str) -> PathBuf {
    match database_url.strip_prefix("sqlite:") {
        Some(path) => Path::new(path.trim_start_matches("//")).with_extension("uploads"),
        None => std::env::temp_dir().join("keepwell-uploads"),
    }
}
