//! `keepwell demo`: a believable portfolio to look around in.

use std::process::ExitCode;

use anyhow::bail;
use db::Db;
use db::identity::NewUser;
use domain::accounts::AccountQuery;
use domain::id::{UserId, WorkspaceId};
use domain::identity::{Actor, Role};

use crate::config::Config;

/// The address of the administrator that demo data comes with.
const EMAIL: &str = "demo@keepwell.example";
/// The demo's other owners of accounts, with their teams; nobody knows their passwords.
const OWNERS: [(&str, &str); 4] =
    [("Noor Haddad", "North"), ("Jonas Lindqvist", "North"), ("Priya Raman", "South"), ("Tomás Ferreira", "South")];
/// The team of the administrator.
const TEAM: &str = "North";
/// Accounts of the first start.
const FIRST: u32 = 200;
/// Portfolios up to this size come with computed fields.
const COMPUTED_MAX: u32 = 2_000;

/// Larger portfolios tell nobody of their history: that would be thousands of notices.
const TOLD_MAX: u32 = 10_000;

/// What can be said of the demo data.
#[derive(Debug, clap::Args)]
pub struct DemoArguments {
    /// How many accounts.
    #[arg(long, default_value_t = FIRST)]
    accounts: u32,
    /// The same seed gives the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Fills an empty workspace.
pub async fn run(config: &Config, arguments: DemoArguments) -> anyhow::Result<ExitCode> {
    if arguments.accounts == 0 || arguments.accounts > 1_000_000 {
        bail!("Choose between 1 and 1,000,000 accounts.");
    }
    let (db, actor) = super::open(config).await?;
    if has_accounts(&db, &actor).await? {
        bail!(
            "There are accounts already. Demo data goes into an empty database: name another with KEEPWELL_DATABASE_URL."
        );
    }
    fill(&db, actor.workspace, arguments.accounts, arguments.seed).await?;
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Fills the database on its very first start.
pub async fn if_empty(db: &Db) -> anyhow::Result<()> {
    if db::identity::first_workspace(db).await?.is_some() {
        return Ok(());
    }
    let workspace = db::identity::create_workspace(db, "Keepwell").await?;
    fill(db, workspace, FIRST, 1).await
}

async fn has_accounts(db: &Db, actor: &Actor) -> anyhow::Result<bool> {
    let mut tx = db.read(actor).await?;
    let query = AccountQuery { limit: 1, ..AccountQuery::default() };
    Ok(db::accounts::page(&mut tx, &query).await?.total > 0)
}

async fn fill(db: &Db, workspace: WorkspaceId, accounts: u32, seed: u64) -> anyhow::Result<()> {
    let actor = Actor::system(workspace);
    let owners = people(db, &actor).await?;
    println!("Writing {accounts} demo accounts with 24 months of history …");
    db::demo::fill(db, workspace, &owners, accounts, seed, |done| {
        if done % 10_000 == 0 && done > 0 {
            println!("  {done}");
        }
    })
    .await?;
    // They change every account once more, which takes its time in a portfolio made for measuring.
    if accounts <= COMPUTED_MAX {
        db::demo::add_computed_fields(db, workspace).await?;
    }
    if accounts <= TOLD_MAX {
        // What the owners would have been told in the last two weeks.
        db::notices::look_back(db, workspace, db.clock().now().plus_days(-14)).await?;
    }
    for owner in owners {
        // Two years of made-up history are not news.
        let mut tx = db.write(&Actor { workspace, user: Some(owner), role: Role::Viewer }).await?;
        let end = db::log::last_seq(&mut tx).await?;
        db::identity::set_seen_seq(&mut tx, end).await?;
        tx.commit().await?;
    }
    println!("Done.");
    Ok(())
}

/// Makes the administrator, shows the sign-in once, and makes the other owners.
async fn people(db: &Db, actor: &Actor) -> anyhow::Result<Vec<UserId>> {
    let password = passphrase()?;
    let demo = NewUser {
        email: EMAIL.to_owned(),
        name: "Maya Berg".to_owned(),
        role: Role::Admin,
        password: password.clone(),
    };
    let mut owners = vec![db::identity::create_user(db, actor, demo).await?];
    for (name, _) in OWNERS {
        let local = name.split(' ').next().unwrap_or(name).to_lowercase().replace('á', "a");
        let email = format!("{local}@keepwell.example");
        let user = NewUser { email, name: name.to_owned(), role: Role::Csm, password: passphrase()? };
        owners.push(db::identity::create_user(db, actor, user).await?);
    }
    let mut tx = db.write(actor).await?;
    let teams = std::iter::once(TEAM).chain(OWNERS.map(|(_, team)| team));
    for (owner, team) in owners.iter().zip(teams) {
        db::identity::set_team(&mut tx, *owner, team).await?;
    }
    tx.commit().await?;
    println!("Sign in with:\n\n    {EMAIL}\n    {password}\n");
    Ok(owners)
}

/// Returns about 65 random bits as words that can be typed.
pub(super) fn passphrase() -> anyhow::Result<String> {
    const SYLLABLES: [&str; 32] = [
        "ba", "be", "bi", "bo", "da", "de", "di", "do", "fa", "fe", "ga", "go", "ka", "ke", "ki", "ko", "la", "le",
        "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "ra", "re", "ri", "ro",
    ];
    let mut bytes = [0u8; 13];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    let mut words = String::new();
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 3 == 0 {
            words.push('-');
        }
        words.push_str(SYLLABLES[usize::from(*byte) % SYLLABLES.len()]);
    }
    Ok(words)
}
