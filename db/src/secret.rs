//! Passwords and tokens: argon2id for what people choose, SHA-256 for what we draw.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Hashes that may run at once, so that a storm of sign-ins cannot starve the server.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));
/// A hash of nobody's password, verified when the address is unknown so that both answers take as long.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_blocking("nobody has this password").unwrap_or_default());

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::Stored(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Returns the argon2id hash of a password in PHC form.
pub async fn hash_password(password: &str) -> Result<String> {
    let password = password.to_owned();
    blocking(move || hash_blocking(&password)).await?
}

/// Returns whether the password fits; without a stored hash it takes as long and says no.
pub async fn verify_password(password: &str, stored: Option<&str>) -> Result<bool> {
    let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
    blocking(move || {
        let hash = stored.as_ref().unwrap_or(&DUMMY);
        let fits = PasswordHash::new(hash)
            .is_ok_and(|hash| argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok()));
        fits && stored.is_some()
    })
    .await
}

/// Returns 256 random bits as 64 hexadecimal digits.
pub fn token() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Stored(format!("no randomness: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Returns what is stored of a token.
#[must_use]
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn hash_blocking(password: &str) -> Result<String> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(|error| Error::Stored(error.to_string()))?;
    Ok(hash.to_string())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = HASHING.acquire().await.map_err(|error| Error::Stored(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Stored(error.to_string()))
}

/// Returns the SHA-256 of bytes as hexadecimal digits, for names of builds and caches.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
