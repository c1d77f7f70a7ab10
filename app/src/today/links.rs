//! Where the numbers of Today lead: the list of accounts behind each.

use domain::health::Band;

use crate::format::band_key;
use crate::ui::address::encoded;

/// Returns the list of accounts that a filter finds, of the asking person alone where that is what they look at.
pub(super) fn accounts(filter: &str, sort: &str, mine: bool) -> String {
    let filter = match (filter.is_empty(), mine) {
        (_, false) => filter.to_owned(),
        (true, true) => "owner_id = me".to_owned(),
        (false, true) => format!("owner_id = me and {filter}"),
    };
    format!("/accounts?filter={}&sort={}", encoded(&filter), encoded(sort))
}

/// Returns the accounts of a band; those without a score for `None`.
pub(super) fn band(band: Option<Band>, mine: bool) -> String {
    match band {
        Some(_) => accounts(&format!("band = {}", band_key(band)), "score,-arr_minor", mine),
        None => accounts("band is empty", "name", mine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_the_address() {
        assert_eq!(accounts("a = b", "-score", false), "/accounts?filter=a%20%3D%20b&sort=-score");
        assert_eq!(
            band(Some(Band::AtRisk), true),
            "/accounts?filter=owner_id%20%3D%20me%20and%20band%20%3D%20at_risk&sort=score,-arr_minor"
        );
        assert_eq!(accounts("", "name", true), "/accounts?filter=owner_id%20%3D%20me&sort=name");
    }

    #[test]
    fn every_link_is_a_filter_that_can_be_read() {
        let catalogue = domain::accounts::catalogue();
        for filter in super::super::FILTERS.into_iter().chain(["band is empty", "band = at_risk"]) {
            assert!(domain::filter::parse(filter, &catalogue).is_ok(), "{filter}");
            assert!(domain::filter::parse(&format!("owner_id = me and {filter}"), &catalogue).is_ok(), "{filter}");
        }
    }
}
