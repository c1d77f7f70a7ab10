//! The rows that the browser holds: pages around what is on the screen, the oldest given up first.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::accounts::{self, AccountPage, AccountRow};
use domain::churn::ChurnSummary;
use domain::fields;
use domain::health::{HealthSummary, Points};
use domain::id::AccountId;
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use serde_json::{Map, Value};

use super::server_fns::PAGE_ROWS;

/// Pages that are held at most.
const PAGES_MAX: usize = 40;

/// A row as the grid shows it: the account as its JSON document, so that all fields are read the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Which account.
    pub id: AccountId,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// All fields by their keys.
    pub doc: Map<String, Value>,
    /// Its present health.
    pub health: Option<HealthSummary>,
    /// The health of the accounts below it.
    pub rollup: Option<Points>,
    /// How likely it is lost.
    pub churn: Option<ChurnSummary>,
}

impl From<AccountRow> for Item {
    fn from(row: AccountRow) -> Self {
        let doc = match serde_json::to_value(&row.account) {
            Ok(Value::Object(doc)) => doc,
            _ => Map::new(),
        };
        let AccountRow { account, health, rollup, churn } = row;
        Self { id: account.id, version: account.version, name: account.name, doc, health, rollup, churn }
    }
}

impl Item {
    /// Returns the value of a field: what is stored, or what follows from it.
    pub fn value(&self, key: &str) -> Cow<'_, Value> {
        accounts::value(&self.doc, key)
    }

    /// Returns whether a field shows what follows from another one.
    pub fn is_derived(&self, key: &str) -> bool {
        key == "arr_minor" && accounts::is_arr_derived(&self.doc)
    }

    /// Returns a health figure by its field's key.
    pub fn points(&self, key: &str) -> Option<Points> {
        match key {
            "rollup" => return self.rollup,
            "churn_pct" => return self.churn.map(|churn| churn.pct),
            _ => {}
        }
        let health = self.health.as_ref()?;
        match key {
            "score" => Some(health.score),
            "coverage" => Some(health.coverage),
            "trend_7d" => health.trend_7d,
            "trend_30d" => health.trend_30d,
            "trend_90d" => health.trend_90d,
            _ => None,
        }
    }

    /// Returns a date by its field's key.
    pub fn date(&self, key: &str) -> Option<Timestamp> {
        self.value(key).as_i64().map(Timestamp)
    }

    /// Returns the currency of the row's amounts.
    pub fn currency(&self) -> Currency {
        self.value("currency").as_str().and_then(|code| code.parse().ok()).unwrap_or(Currency::USD)
    }

    /// Returns an amount by its field's key.
    pub fn money(&self, key: &str) -> Option<Money> {
        Some(Money { minor: self.value(key).as_i64()?, currency: self.currency() })
    }

    /// Returns whether there is nothing to show for a field.
    pub fn is_empty(&self, key: &str) -> bool {
        match key {
            "score" | "band" | "trend_7d" | "trend_30d" | "trend_90d" => false,
            "coverage" | "rollup" | "churn_pct" => self.points(key).is_none(),
            key => match self.value(key).as_ref() {
                Value::Null => true,
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                _ => false,
            },
        }
    }

    /// Returns whether a field shows something else than it did.
    pub fn differs(&self, old: &Self, key: &str) -> bool {
        match key {
            "band" => self.health.as_ref().map(|health| health.band) != old.health.as_ref().map(|health| health.band),
            "score" | "coverage" | "rollup" | "churn_pct" | "trend_7d" | "trend_30d" | "trend_90d" => {
                self.points(key) != old.points(key)
            }
            key => self.value(key) != old.value(key),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Page {
    items: Vec<Arc<Item>>,
    used: u32,
    stale: bool,
}

/// The pages of one list of accounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cache {
    pages: BTreeMap<u32, Page>,
    loading: BTreeSet<u32>,
    failed: BTreeSet<u32>,
    /// How many accounts the list has.
    pub total: u32,
    uses: u32,
}

impl Cache {
    /// Returns a row, if it is here.
    pub fn row(&self, index: u32) -> Option<Arc<Item>> {
        let page = self.pages.get(&(index / PAGE_ROWS))?;
        page.items.get(usize::try_from(index % PAGE_ROWS).ok()?).cloned()
    }

    /// Returns whether there is anything to show.
    pub fn is_blank(&self) -> bool {
        self.pages.is_empty()
    }

    /// Returns an account, if it is here.
    pub fn find(&self, id: AccountId) -> Option<Arc<Item>> {
        self.pages.values().flat_map(|page| &page.items).find(|item| item.id == id).cloned()
    }

    /// Returns whether the rows from one to before another show one of these accounts.
    pub fn shows(&self, from: u32, to: u32, ids: &BTreeSet<AccountId>) -> bool {
        (from..to).filter_map(|index| self.row(index)).any(|item| ids.contains(&item.id))
    }

    /// Returns the pages of these rows that must be loaded, and notes that they are on their way.
    pub fn claim(&mut self, from: u32, to: u32) -> Vec<u32> {
        self.uses += 1;
        let mut wanted = Vec::new();
        for number in from / PAGE_ROWS..=to.saturating_sub(1) / PAGE_ROWS {
            let page = self.pages.get_mut(&number);
            let fresh = page.is_some_and(|page| {
                page.used = self.uses;
                !page.stale
            });
            if !fresh && !self.failed.contains(&number) && self.loading.insert(number) {
                wanted.push(number);
            }
        }
        wanted
    }

    /// Takes a page in; returns the rows that stood in its place.
    pub fn put(&mut self, number: u32, page: AccountPage) -> Vec<Arc<Item>> {
        self.total = page.total;
        self.loading.remove(&number);
        let items = page.rows.into_iter().map(|row| Arc::new(Item::from(row))).collect();
        let old = self.pages.insert(number, Page { items, used: self.uses, stale: false });
        while self.pages.len() > PAGES_MAX {
            let oldest = self.pages.iter().min_by_key(|(_, page)| page.used).map(|(number, _)| *number);
            oldest.and_then(|number| self.pages.remove(&number));
        }
        old.map(|page| page.items).unwrap_or_default()
    }

    /// Returns a page's rows.
    pub fn items(&self, number: u32) -> &[Arc<Item>] {
        self.pages.get(&number).map_or(&[], |page| &page.items)
    }

    /// Notes that a page did not come.
    pub fn fail(&mut self, number: u32) {
        self.loading.remove(&number);
        self.failed.insert(number);
    }

    /// Lets everything that failed or is on its way be asked for again.
    pub fn forgive(&mut self) {
        self.failed.clear();
        self.loading.clear();
    }

    /// Marks everything as out of date; it stays on the screen until the new rows are here.
    pub fn age(&mut self) {
        self.pages.values_mut().for_each(|page| page.stale = true);
    }

    /// Marks the pages that hold one of these accounts as out of date.
    pub fn age_pages_of(&mut self, ids: &BTreeSet<AccountId>) {
        for page in self.pages.values_mut() {
            page.stale |= page.items.iter().any(|item| ids.contains(&item.id));
        }
    }

    /// Puts another value into a field of an account, before the server has agreed.
    pub fn set_value(&mut self, id: AccountId, key: &str, value: &Value) {
        self.change(id, |item| {
            fields::set(&mut item.doc, key, value.clone());
            if key == "name"
                && let Some(name) = value.as_str()
            {
                item.name = name.to_owned();
            }
        });
    }

    /// Replaces an account by what the server says it is.
    pub fn replace(&mut self, row: AccountRow) {
        let new = Item::from(row);
        self.change(new.id, move |item| *item = new.clone());
    }

    fn change(&mut self, id: AccountId, change: impl Fn(&mut Item)) {
        let items = self.pages.values_mut().flat_map(|page| &mut page.items);
        for item in items.filter(|item| item.id == id) {
            change(Arc::make_mut(item));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::accounts::Account;
    use uuid::Uuid;

    fn page(first: u128, rows: u128, total: u32) -> AccountPage {
        let row = |id| AccountRow {
            account: Account::new(AccountId(Uuid::from_u128(id)), format!("Account {id}"), Timestamp(0)),
            health: None,
            rollup: None,
            churn: None,
        };
        AccountPage { rows: (first..first + rows).map(row).collect(), total, offset: 0, seq: 1 }
    }

    #[test]
    fn only_missing_and_stale_pages_are_asked_for_once() {
        let mut cache = Cache::default();
        assert_eq!(cache.claim(0, 150), [0, 1]);
        assert_eq!(cache.claim(0, 150), [0u32; 0]);
        cache.put(0, page(0, 100, 250));
        cache.put(1, page(100, 100, 250));
        assert_eq!(cache.row(150).unwrap().name, "Account 150");
        cache.age_pages_of(&BTreeSet::from([AccountId(Uuid::from_u128(150))]));
        assert_eq!(cache.claim(90, 110), [1]);
        cache.fail(1);
        assert_eq!(cache.claim(90, 110), [0u32; 0]);
        cache.forgive();
        assert_eq!(cache.claim(90, 110), [1]);
    }

    #[test]
    fn the_page_that_was_longest_out_of_sight_goes_first() {
        let mut cache = Cache::default();
        for number in 0..=40u32 {
            cache.claim(number * PAGE_ROWS, number * PAGE_ROWS + 1);
            cache.put(number, page(u128::from(number * PAGE_ROWS), 100, 9_000));
        }
        assert!(cache.row(0).is_none());
        assert!(cache.row(4_000).is_some());
    }

    #[test]
    fn a_value_is_shown_before_the_server_agrees() {
        let mut cache = Cache::default();
        cache.put(0, page(0, 1, 1));
        let before = cache.row(0).unwrap();
        cache.set_value(before.id, "custom.plan", &Value::from("pro"));
        let after = cache.row(0).unwrap();
        assert_eq!(&*after.value("custom.plan"), "pro");
        assert!(after.differs(&before, "custom.plan") && !after.differs(&before, "name"));
        assert!(before.is_empty("custom.plan") && !after.is_empty("custom.plan"));
    }
}
