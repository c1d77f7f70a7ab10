//! Who is asking, and what they may do.

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, UserId, WorkspaceId};
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// What a person may do in a workspace. Each role may do everything that the one before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything, changes nothing but their own profile and views.
    Viewer,
    /// Works with accounts: edits, notes, imports, overrides.
    Csm,
    /// Also shares views, changes scorecards and undoes other people's imports.
    Manager,
    /// Also manages users, fields and the workspace.
    Admin,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Csm, Self::Manager, Self::Admin];

    /// Returns the word stored in the database and used on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Csm => "csm",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// Returns the role with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Who is asking: a signed-in person, or the system itself on a workspace's behalf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The workspace everything happens in.
    pub workspace: WorkspaceId,
    /// The person; `None` for the system.
    pub user: Option<UserId>,
    /// What they may do.
    pub role: Role,
}

impl Actor {
    /// Returns the actor for work that no person asked for, such as recalculating scores.
    #[must_use]
    pub fn system(workspace: WorkspaceId) -> Self {
        Self { workspace, user: None, role: Role::Admin }
    }

    /// Refuses unless the actor's role is at least `role`.
    pub fn require(&self, role: Role) -> Result<(), Refusal> {
        if self.role >= role { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Identifies the user.
    pub id: UserId,
    /// The address they sign in with, lower case.
    pub email: String,
    /// How others see them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The team they work in, if it was said.
    pub team: Option<String>,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they were shut out, if they were.
    pub deactivated_at: Option<Timestamp>,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
}

/// A signed-in browser, as listed in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Identifies the session, never its token.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub seen_at: Timestamp,
    /// What the browser called itself.
    pub user_agent: String,
    /// The address it came from.
    pub ip: String,
    /// Whether it is the one asking.
    pub current: bool,
}

/// Fewest characters of a password that is the only factor (NIST SP 800-63B-4).
pub const PASSWORD_CHARS_MIN: usize = 15;
/// Most characters of a password, so that hashing stays bounded.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// Longest e-mail address (RFC 5321).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Longest name of a person, account or view, in characters.
pub const NAME_CHARS_MAX: usize = 200;
/// Longest name of a team, in characters.
pub const TEAM_CHARS_MAX: usize = 60;

/// Checks a new password; `context` are words it must not consist of, such as the e-mail address.
pub fn check_password(password: &str, context: &[&str]) -> Result<(), Refusal> {
    let chars = password.chars().count();
    let refuse = |message: &str| Err(Refusal::field("password", message));
    if chars < PASSWORD_CHARS_MIN {
        return refuse("Use at least 15 characters. A short sentence is a good password.");
    }
    if chars > PASSWORD_CHARS_MAX {
        return refuse("Use at most 256 characters.");
    }
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if lower.chars().all(|c| Some(c) == first) || "abcdefghijklmnopqrstuvwxyz0123456789012345".contains(&lower) {
        return refuse("That is one of the first passwords a stranger would try. Choose another.");
    }
    let is_context =
        |word: &&str| word.chars().count() > 3 && lower.replace(&word.to_lowercase(), "").chars().count() < 6;
    if context.iter().any(is_context) {
        return refuse("Your name or address must not be most of the password.");
    }
    Ok(())
}

/// Returns the address in the form it is stored in, or what is wrong with it.
pub fn check_email(email: &str) -> Result<String, Refusal> {
    let email = email.trim().to_lowercase();
    let shape = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    });
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if shape && clean && email.len() <= EMAIL_BYTES_MAX {
        Ok(email)
    } else {
        Err(Refusal::field("email", "Enter an e-mail address such as maya@example.com."))
    }
}

/// Returns a trimmed name, or what is wrong with it.
pub fn check_name(field: &str, name: &str) -> Result<String, FieldError> {
    let name = name.trim();
    let message = match name.chars().count() {
        0 => "Enter a name.",
        n if n > NAME_CHARS_MAX => "Use at most 200 characters.",
        _ => return Ok(name.to_owned()),
    };
    Err(FieldError { field: field.to_owned(), message: message.to_owned() })
}

/// Returns the name of a team as it is stored, none for an empty one, or what is wrong with it.
pub fn check_team(team: &str) -> Result<Option<String>, Refusal> {
    let words: Vec<&str> = team.split_whitespace().collect();
    let team = words.join(" ");
    match team.chars().count() {
        0 => Ok(None),
        n if n > TEAM_CHARS_MAX => Err(Refusal::field("team", "Use at most 60 characters.")),
        _ if team.chars().any(char::is_control) => Err(Refusal::field("team", "Use letters, digits and signs.")),
        _ => Ok(Some(team)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_ordered_and_round_trip() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
        }
        for role in Role::ALL {
            assert_eq!(Role::from_key(role.key()), Some(role));
        }
        assert_eq!(Role::from_key("root"), None);
    }

    #[test]
    fn weak_passwords_are_refused() {
        for bad in ["short", "aaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnop", "maya@example.com1"] {
            assert!(check_password(bad, &["maya@example.com"]).is_err(), "{bad}");
        }
        assert!(check_password("correct horse battery", &["maya@example.com"]).is_ok());
        assert!(check_password(&"漢".repeat(9), &[]).is_err());
    }

    #[test]
    fn a_team_has_one_spelling_and_a_limit() {
        for (given, stored) in [("", None), (" \t ", None), ("  North   West ", Some("North West"))] {
            assert_eq!(check_team(given).unwrap().as_deref(), stored, "{given:?}");
        }
        assert_eq!(check_team(&"é".repeat(TEAM_CHARS_MAX)).unwrap().map(|team| team.chars().count()), Some(60));
        assert!(check_team(&"x".repeat(TEAM_CHARS_MAX + 1)).is_err());
        assert!(check_team("North\u{0}").is_err());
    }

    #[test]
    fn addresses_are_lowered_and_checked() {
        assert_eq!(check_email(" Maya@Example.COM ").unwrap(), "maya@example.com");
        for bad in ["", "maya", "@x.y", "a@b", "a b@c.d", "a@@b.c", "a@.b"] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }
}
