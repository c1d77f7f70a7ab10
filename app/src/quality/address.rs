//! What the address of the page says, and the addresses of the accounts behind its numbers.

use domain::quality::{Finding, Rule};
use leptos_router::params::ParamsMap;

use crate::ui::address::encoded;

/// The page's own path.
const PATH: &str = "/accounts/quality";
/// The filter for the asking person's own accounts.
pub(super) const MINE: &str = "owner_id = me";

/// What the address says; what is not in it is as at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// Which accounts, in the filter language.
    pub(super) filter: String,
    /// The rule whose accounts are listed here.
    pub(super) rule: Option<Rule>,
}

impl Address {
    /// Returns what the query of an address says.
    pub(super) fn read(query: &ParamsMap) -> Self {
        Self {
            filter: query.get("filter").unwrap_or_default(),
            rule: query.get("rule").and_then(|rule| Rule::from_key(&rule)),
        }
    }

    /// Returns the address.
    pub(super) fn href(&self) -> String {
        let parts = [
            (!self.filter.is_empty()).then(|| format!("filter={}", encoded(&self.filter))),
            self.rule.map(|rule| format!("rule={}", rule.key())),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
    }

    /// Returns the address of the same page about other accounts.
    pub(super) fn about(&self, filter: &str) -> String {
        Self { filter: filter.to_owned(), ..self.clone() }.href()
    }

    /// Returns the address with the list of a rule, or without one.
    pub(super) fn listing(&self, rule: Option<Rule>) -> String {
        Self { rule, ..self.clone() }.href()
    }

    /// Returns where the accounts of a finding are: in the grid, where they can be put right together, or listed here.
    pub(super) fn behind(&self, finding: &Finding) -> String {
        match &finding.filter {
            Some(filter) => self.accounts(filter),
            None => self.listing(Some(finding.rule)),
        }
    }

    /// Returns the grid with a filter, within the one of the page.
    pub(super) fn accounts(&self, filter: &str) -> String {
        let filter = match (self.filter.is_empty(), filter.is_empty()) {
            (true, _) => filter.to_owned(),
            (false, true) => self.filter.clone(),
            (false, false) => format!("({}) and {filter}", self.filter),
        };
        format!("/accounts?filter={}&sort=-arr_minor", encoded(&filter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: Rule, filter: Option<&str>) -> Finding {
        Finding { rule, accounts: 1, value: Vec::new(), filter: filter.map(str::to_owned) }
    }

    #[test]
    fn an_address_is_read_back() {
        let address = Address { filter: "tier = pro".to_owned(), rule: Some(Rule::SameName) };
        assert_eq!(address.href(), "/accounts/quality?filter=tier%20%3D%20pro&rule=same_name");
        let mut query = ParamsMap::new();
        query.insert("filter".to_owned(), "tier = pro".to_owned());
        query.insert("rule".to_owned(), "same_name".to_owned());
        assert_eq!(Address::read(&query), address);
        assert_eq!(Address::default().href(), PATH);
        assert_eq!(Address::read(&ParamsMap::new()), Address::default());
    }

    #[test]
    fn a_number_leads_to_the_grid_where_a_filter_can_say_it() {
        let address = Address { filter: "tier = pro or tier = free".to_owned(), rule: None };
        let href = address.behind(&finding(Rule::NoArr, Some("arr_minor is empty and stage != churned")));
        let filter = "(tier = pro or tier = free) and arr_minor is empty and stage != churned";
        assert_eq!(href, format!("/accounts?filter={}&sort=-arr_minor", encoded(filter)));
        assert!(domain::filter::parse(filter, &domain::accounts::catalogue()).is_ok());
        assert!(domain::filter::parse(MINE, &domain::accounts::catalogue()).is_ok());
        let href = address.behind(&finding(Rule::SameName, None));
        assert!(href.ends_with("&rule=same_name"), "{href}");
    }
}
