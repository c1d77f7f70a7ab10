//! Tasks of people: lists, and what people do with them. The moments at which they are told are for the reader of
//! notices. The work that the machine has put off is in `tasks`.

mod board;
mod demo;
mod steps;

pub use board::{get, list, of_account, pressing};
pub use demo::tell;
pub use steps::{add, edit, remove, steps};

use domain::id::UserId;
use domain::todos::{Here, moments};

use crate::error::Result;
use crate::notices;
use crate::tx::Tx;

/// Returns the moment as the asking person's clock shows it.
pub async fn here(tx: &mut Tx) -> Result<Here> {
    let zone = zone(tx, None).await?;
    Ok(moments::here(tx.now(), &zone))
}

/// Returns the time zone of whoever deals with something, or of the asking person.
async fn zone(tx: &mut Tx, assignee: Option<UserId>) -> Result<String> {
    match assignee.or(tx.actor().user) {
        Some(user) => notices::zone_of(tx, user).await,
        None => Ok("UTC".to_owned()),
    }
}
