//! The places of recommendations on a page that somebody reads.

use super::Recommendation;

/// Returns newer recommendations in the places of those that are shown, so that an opinion moves nothing from under its
/// reader: what is in both stays where it stood, what is new follows, and what is gone is gone, save where the reader has
/// just said something of it.
#[must_use]
pub fn in_place(shown: &[Recommendation], newer: Vec<Recommendation>, rated: &[String]) -> Vec<Recommendation> {
    let mut rest = newer;
    let mut options = Vec::with_capacity(rest.len());
    for old in shown {
        match rest.iter().position(|new| new.action == old.action) {
            Some(place) => options.push(rest.remove(place)),
            None if rated.contains(&old.action) => options.push(old.clone()),
            None => {}
        }
    }
    options.extend(rest);
    options
}
