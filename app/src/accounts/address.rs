//! What the address says about the grid: the view, and where the person went on from it.

use domain::filter::sort::{self, Sort};
use domain::views::{DEFAULT_COLUMNS, READY_VIEWS, View};
use leptos_router::params::ParamsMap;

/// The grid's own path.
pub const PATH: &str = "/accounts";

/// The part of the address that the grid reads; what is not there comes from the view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// The key of a ready view, or the id of a saved one.
    pub view: String,
    /// Another filter than the view's.
    pub filter: Option<String>,
    /// Another order than the view's.
    pub sort: Option<String>,
    /// Other columns than the view's.
    pub columns: Option<Vec<String>>,
}

impl Address {
    /// Returns what the query of an address says.
    pub fn read(query: &ParamsMap) -> Self {
        let words = |text: String| text.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        Self {
            view: query.get("view").unwrap_or_default(),
            filter: query.get("filter"),
            sort: query.get("sort"),
            columns: query.get("columns").map(words).filter(|keys| !keys.is_empty()),
        }
    }

    /// Returns the address of a view as it was saved.
    pub fn of_view(view: &str) -> Self {
        Self { view: view.to_owned(), ..Self::default() }
    }

    /// Returns the address as it is put into links.
    pub fn href(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.view.is_empty() {
            query.insert("view", self.view.clone());
        }
        let parts = [
            ("filter", self.filter.clone()),
            ("sort", self.sort.clone()),
            ("columns", self.columns.as_ref().map(|keys| keys.join(","))),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                query.insert(key, value);
            }
        }
        format!("{PATH}{}", query.to_query_string())
    }
}

/// What a view shows before anybody goes on from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// The key or id by which the address names it.
    pub view: String,
    /// Which accounts.
    pub filter: String,
    /// In which order.
    pub sort: String,
    /// With which columns.
    pub columns: Vec<String>,
}

impl Base {
    /// Returns the view that an address names; one that does not exist is all accounts.
    pub fn of(view: &str, views: &[View]) -> Self {
        let saved = view.parse().ok().and_then(|id| views.iter().find(|saved| saved.id == id));
        if let Some(saved) = saved {
            let (filter, sort, columns) = (saved.filter.clone(), saved.sort.clone(), saved.columns.clone());
            return Self { view: view.to_owned(), filter, sort, columns };
        }
        let columns = DEFAULT_COLUMNS.map(str::to_owned).to_vec();
        let ready = READY_VIEWS.iter().find(|ready| ready.key == view).or(READY_VIEWS.first());
        let (key, filter, sort) = ready.map_or(("", "", ""), |ready| (ready.key, ready.filter, ready.sort));
        Self { view: key.to_owned(), filter: filter.to_owned(), sort: sort.to_owned(), columns }
    }
}

/// What the grid shows now.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The key or id of the view it started from.
    pub view: String,
    /// Which accounts.
    pub filter: String,
    /// In which order.
    pub sort: String,
    /// With which columns.
    pub columns: Vec<String>,
    /// Whether it differs from the view.
    pub differs: bool,
}

impl Look {
    /// Returns what an address shows.
    pub fn of(address: &Address, views: &[View]) -> Self {
        let base = Base::of(&address.view, views);
        let filter = address.filter.clone().unwrap_or_else(|| base.filter.clone());
        let sort = address.sort.clone().unwrap_or_else(|| base.sort.clone());
        let columns = address.columns.clone().unwrap_or_else(|| base.columns.clone());
        let differs = filter != base.filter || sort != base.sort || columns != base.columns;
        Self { view: base.view, filter, sort, columns, differs }
    }

    /// Returns how a column is sorted: whether descending, or not at all.
    pub fn sorted(&self, key: &str) -> Option<bool> {
        let sorts = self.sort.split(',').map(str::trim);
        sorts
            .map(|word| word.strip_prefix('-').map_or((word, false), |word| (word, true)))
            .find(|(word, _)| *word == key)
            .map(|(_, down)| down)
    }

    /// Returns the order after a press on a column: up, then down, then not at all. `add` keeps the other columns.
    pub fn pressed(&self, key: &str, add: bool, catalogue: &domain::fields::Catalogue) -> String {
        let mut sorts = sort::parse(&self.sort, catalogue).unwrap_or_default();
        let was = sorts.iter().position(|sort| sort.key == key);
        let next = match was.and_then(|at| sorts.get(at)).map(|sort| sort.descending) {
            None => Some(false),
            Some(false) => Some(true),
            Some(true) => None,
        };
        let next = next.map(|descending| Sort { key: key.to_owned(), descending });
        if !add {
            return sort::print(next.as_slice());
        }
        match (was, next) {
            (Some(at), Some(next)) => sorts[at] = next,
            (Some(at), None) => drop(sorts.remove(at)),
            (None, Some(next)) => {
                sorts.truncate(sort::SORTS_MAX - 1);
                sorts.push(next);
            }
            (None, None) => {}
        }
        sort::print(&sorts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::accounts::catalogue;

    #[test]
    fn an_address_survives_the_round_trip() {
        let address = Address {
            view: "mine".into(),
            filter: Some("tier = \"a & b\" and arr > 10k".into()),
            sort: Some(String::new()),
            columns: Some(vec!["name".into(), "custom.plan".into()]),
        };
        let href = address.href();
        let query = href.split_once('?').unwrap().1;
        assert!(!query.contains(' ') && !query.contains('"'), "{query}");
        assert_eq!(Address::of_view("mine").href(), "/accounts?view=mine");
        assert_eq!(Address::default().href(), "/accounts");
    }

    #[test]
    fn a_press_sorts_up_then_down_then_not() {
        let mut look = Look::of(&Address::default(), &[]);
        assert_eq!((look.view.as_str(), look.sort.as_str()), ("all", "name"));
        look.sort = look.pressed("arr_minor", false, &catalogue());
        assert_eq!(look.sort, "arr_minor");
        look.sort = look.pressed("arr_minor", false, &catalogue());
        assert_eq!((look.sort.as_str(), look.sorted("arr_minor")), ("-arr_minor", Some(true)));
        look.sort = look.pressed("name", true, &catalogue());
        assert_eq!(look.sort, "-arr_minor,name");
        look.sort = look.pressed("arr_minor", true, &catalogue());
        assert_eq!(look.sort, "name");
    }
}
