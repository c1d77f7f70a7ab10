//! What the frame asks the server.

use domain::accounts::Found;
use leptos::prelude::*;

use crate::error::Result;
use crate::session::Me;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns accounts whose name, external id or domain contains the text, best first.
#[server]
pub async fn search_accounts(text: String) -> Result<Vec<Found>> {
    let (db, who) = signed_in().await?;
    Ok(db::accounts::search(&db, &who.actor, &text, 12).await?)
}

/// Returns what every page knows about the person, after something of it changed.
#[server]
pub async fn load_me() -> Result<Me> {
    let (db, who) = signed_in().await?;
    crate::session::present(&db, who).await
}

/// Ends the session and forgets the cookie.
#[server]
pub async fn sign_out() -> Result<()> {
    let (db, who) = signed_in().await?;
    db::sessions::sign_out(&db, &who).await?;
    crate::session::set_cookie("");
    // Where nobody is signed in, that is the door.
    crate::identity::leave_for("/");
    Ok(())
}

/// Keeps how the person likes the screen to look, in a cookie that the server reads for the next page.
#[server]
pub async fn set_appearance(theme: String, density: String) -> Result<()> {
    signed_in().await?;
    crate::session::set_appearance_cookies(&theme, &density);
    Ok(())
}
