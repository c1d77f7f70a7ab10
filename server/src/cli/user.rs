//! `keepwell user`: people who sign in.

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use db::identity::{NewUser, create_user, users};
use domain::identity::Role;
use domain::refusal::Refusal;

use crate::config::Config;

/// What can be done about people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a person who can sign in.
    Create {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
        /// viewer, csm, manager or admin.
        #[arg(long)]
        role: String,
        /// How others see them; made from the address where it is left out.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List everybody.
    List,
}

/// Does what is said about people.
pub async fn run(config: &Config, command: UserCommand) -> anyhow::Result<ExitCode> {
    let (db, actor) = super::open(config).await?;
    match command {
        UserCommand::Create { email, role, name, .. } => {
            let Some(role) = Role::from_key(&role) else {
                bail!("“{role}” is not a role. Choose viewer, csm, manager or admin.");
            };
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password).context("reading the password")?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let name = name.unwrap_or_else(|| name_from(&email));
            match create_user(&db, &actor, NewUser { email: email.clone(), name, role, password }).await {
                Ok(_) => println!("{email} can sign in as {}.", role.key()),
                Err(db::Error::Refused(Refusal::Invalid(fields))) => {
                    let words: Vec<String> = fields.into_iter().map(|field| field.message).collect();
                    bail!("{}", words.join(" "));
                }
                Err(error) => return Err(error.into()),
            }
        }
        UserCommand::List => {
            let mut tx = db.read(&actor).await?;
            for user in users(&mut tx).await? {
                let state = if user.deactivated_at.is_some() { "deactivated" } else { "active" };
                println!("{}\t{}\t{}\t{state}", user.email, user.role.key(), user.name);
            }
        }
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Returns `Maya Berg` for `maya.berg@example.com`.
pub fn name_from(email: &str) -> String {
    let local = email.split('@').next().unwrap_or(email);
    let words = local.split(['.', '_', '-', '+']).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    words.map(capital).collect::<Vec<_>>().join(" ")
}
