//! What the address of Insights says, and the addresses of everything that can be looked at from here.

use domain::insights::{Dimension, InsightQuery, Which};
use domain::time::Timestamp;
use leptos_router::params::ParamsMap;

use crate::ui::address::encoded;

/// The page's own path.
pub const PATH: &str = "/insights";
/// The spans that are offered, in days.
pub const SPANS: [u32; 3] = [7, 30, 90];
/// The span that is shown at first.
const SPAN: u32 = 30;

/// Whose averages stand beside each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Those of owners.
    #[default]
    Owners,
    /// Those of the teams that owners work in.
    Teams,
}

impl Whose {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Owners, Self::Teams];

    fn key(self) -> &'static str {
        match self {
            Self::Owners => "owners",
            Self::Teams => "teams",
        }
    }
}

/// What the address says; what is not in it is as at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// The day in the past that is shown; none for now.
    pub as_of: Option<Timestamp>,
    /// The first day, where it is not a span back.
    pub from: Option<Timestamp>,
    /// How many days back the first day is.
    pub days: Option<u32>,
    /// Which accounts, in the filter language.
    pub filter: String,
    /// What they are grouped by.
    pub by: Dimension,
    /// Whose averages stand beside each other.
    pub whose: Whose,
    /// The order of the averages: a column, with a minus where the greatest comes first.
    pub sort: String,
    /// The number whose accounts are listed.
    pub which: Option<Which>,
}

impl Address {
    /// Returns what the query of an address says; days that have not begun yet are not looked at.
    pub fn read(query: &ParamsMap, now: Timestamp) -> Self {
        let today = now.day_start();
        let day = |name: &str| {
            let day = query.get(name)?.parse().ok().map(Timestamp::from_date)?;
            (day < today).then_some(day)
        };
        Self {
            as_of: day("as_of"),
            from: day("from"),
            days: query.get("days").and_then(|days| days.parse().ok()).filter(|days| SPANS.contains(days)),
            filter: query.get("filter").unwrap_or_default(),
            by: query.get("by").and_then(|by| Dimension::from_key(&by)).unwrap_or_default(),
            whose: query
                .get("averages")
                .and_then(|key| Whose::ALL.into_iter().find(|whose| whose.key() == key))
                .unwrap_or_default(),
            sort: query.get("sort").unwrap_or_default(),
            which: query.get("which").and_then(|which| which.parse().ok()),
        }
    }

    /// Returns the address.
    pub fn href(&self) -> String {
        let day = |name: &str, day: Option<Timestamp>| day.map(|day| format!("{name}={}", day.iso_date()));
        let text = |name: &str, text: &str| (!text.is_empty()).then(|| format!("{name}={}", encoded(text)));
        let by = if self.by == Dimension::default() { "" } else { self.by.key() };
        let whose = if self.whose == Whose::default() { "" } else { self.whose.key() };
        let parts = [
            day("as_of", self.as_of),
            day("from", self.from),
            self.days.filter(|days| self.from.is_none() && *days != SPAN).map(|days| format!("days={days}")),
            text("filter", &self.filter),
            text("by", by),
            text("averages", whose),
            text("sort", &self.sort),
            self.which.as_ref().map(|which| format!("which={}", encoded(&which.to_string()))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
    }

    /// Returns the address with a change.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        other.href()
    }

    /// Returns the address of the accounts behind a number.
    pub fn behind(&self, which: Which) -> String {
        self.with(|address| address.which = Some(which))
    }

    /// Returns the span in days, where it is one of those that are offered.
    pub fn span(&self) -> Option<u32> {
        self.from.is_none().then(|| self.days.unwrap_or(SPAN))
    }

    /// Returns the first day.
    pub fn first_day(&self, now: Timestamp) -> Timestamp {
        let shown = self.as_of.unwrap_or_else(|| now.day_start());
        self.from.unwrap_or_else(|| shown.plus_days(-i64::from(self.days.unwrap_or(SPAN))))
    }

    /// Returns what the server is asked: days count to their end.
    pub fn asked(&self, now: Timestamp) -> InsightQuery {
        InsightQuery {
            from: end_of(self.first_day(now)),
            at: self.as_of.map(end_of),
            filter: self.filter.clone(),
            by: self.by,
        }
    }

    /// Returns the list of accounts for a condition, within the filter; only the present has one.
    pub fn accounts(&self, condition: &str, sort: &str) -> Option<String> {
        let filter = match (self.filter.is_empty(), condition.is_empty()) {
            (true, _) => condition.to_owned(),
            (false, true) => self.filter.clone(),
            (false, false) => format!("({}) and {condition}", self.filter),
        };
        self.as_of.is_none().then(|| format!("/accounts?filter={}&sort={}", encoded(&filter), encoded(sort)))
    }
}

/// Returns the last moment of a day.
pub fn end_of(day: Timestamp) -> Timestamp {
    Timestamp(day.plus_days(1).0 - 1)
}

#[cfg(test)]
mod tests {
    use domain::insights::Place;

    use super::*;

    const NOW: Timestamp = Timestamp(1_795_250_000_000);

    fn read(query: &str) -> Address {
        let mut params = ParamsMap::new();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            params.insert(name.to_owned(), value.replace("%20", " ").replace("%3D", "=").replace("%2F", "/"));
        }
        Address::read(&params, NOW)
    }

    #[test]
    fn an_address_is_read_back() {
        let address = Address {
            as_of: Some(Timestamp(0)),
            from: Some(Timestamp(-86_400_000)),
            filter: "tier = pro".to_owned(),
            by: Dimension::Category,
            whose: Whose::Teams,
            sort: "-mean".to_owned(),
            which: Some(Which::Went(None, Some(Place::Absent))),
            ..Address::default()
        };
        let href = address.href();
        assert_eq!(
            href,
            "/insights?as_of=1970-01-01&from=1969-12-31&filter=tier%20%3D%20pro&by=category&averages=teams&sort=-mean&which=any.absent"
        );
        assert_eq!(read(href.split_once('?').unwrap().1), address);
        assert_eq!(Address::default().href(), PATH);
    }

    #[test]
    fn what_makes_no_sense_is_as_at_first() {
        assert_eq!(read("as_of=2999-01-01&from=never&days=3&by=shoe&averages=mine&which=up"), Address::default());
        assert_eq!(read("days=7").span(), Some(7));
        assert_eq!(read("from=2026-01-01&days=7").span(), None);
    }

    #[test]
    fn a_span_ends_with_its_first_day() {
        let asked = read("days=7").asked(NOW);
        assert_eq!(asked.from, Timestamp(NOW.day_start().plus_days(-6).0 - 1));
        assert_eq!(asked.at, None);
        let asked = read("as_of=1970-01-31").asked(NOW);
        assert_eq!(
            (asked.from.iso_date(), asked.at.unwrap().iso_date()),
            ("1970-01-01".to_owned(), "1970-01-31".to_owned())
        );
    }

    #[test]
    fn only_the_present_has_a_list_of_accounts() {
        let address = read("filter=tier%20%3D%20pro");
        let href = address.accounts("band = watch", "score").unwrap();
        assert_eq!(href, "/accounts?filter=%28tier%20%3D%20pro%29%20and%20band%20%3D%20watch&sort=score");
        assert!(domain::filter::parse("(tier = pro) and band = watch", &domain::accounts::catalogue()).is_ok());
        assert_eq!(read("as_of=2026-01-01").accounts("", "score"), None);
    }
}
