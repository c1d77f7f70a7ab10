//! The filter language: SQL on both engines and the predicate agree on every row, and both engines on every order.

use db::accounts::{self, CustomField};
use domain::accounts::{Account, AccountQuery};
use domain::fields::{Catalogue, FieldType, Subject};
use domain::filter::{self, Scope};
use domain::id::AccountId;
use domain::time::DAY_MS;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::{self, NOW, TestDb};

/// A row as the predicate sees it: the document with the health beside it.
struct Row {
    id: AccountId,
    values: Map<String, Value>,
}

const FILTERS: [&str; 84] = [
    "",
    "score < 50",
    "score >= 50",
    "score = 50",
    "score != 50",
    "score in (50, 25.5)",
    "score not in (50)",
    "score is empty",
    "score is not empty",
    "not score < 50",
    "trend_7d < 0",
    "trend_30d > 1.5",
    "coverage >= 80",
    "band = at_risk",
    "band in (at_risk, critical)",
    "band not in (healthy)",
    "band is empty",
    "band != healthy",
    "arr > 10k",
    "arr = 10k",
    "arr != 10k",
    "arr <= 0",
    "arr is empty",
    "arr is not empty",
    "mrr >= 99.99",
    "seats > 5",
    "seats = 2.5",
    "seats != 2.5",
    "seats in (0, 2.5)",
    "adoption > 50",
    "churn_risk_pct <= 10",
    "tier = ENTERPRISE",
    "tier in (pro, enterprise)",
    "tier not in (pro, enterprise)",
    "tier != pro",
    "tier is empty",
    "tier contains ent",
    "tier starts p",
    "tier ends e",
    "stage = renewal",
    "stage is empty",
    "not stage = renewal",
    "name contains acme",
    "name contains ö",
    "name contains Ö",
    "name starts \"50%\"",
    "name contains \"_\"",
    "name contains \"\\\\\"",
    "name ends \"'\"",
    "name = \"acme 1\"",
    "acme",
    "\"ext-1\"",
    "example.com",
    "name is empty",
    "domain is empty",
    "domain not contains example",
    "country in (Norway, \"Côte d’Ivoire\")",
    "currency = usd",
    "owner is me",
    "owner is not me",
    "owner is empty",
    "owner = \"maya@northwind.example\"",
    "owner = Nobody",
    "parent is empty",
    "parent is not empty",
    "tags has vip",
    "tags has VIP",
    "tags in (vip, new)",
    "tags not has vip",
    "tags is empty",
    "renewal within 90 days",
    "renewal within 0 days",
    "renewal before today",
    "renewal = today",
    "renewal != today",
    "last_login older than 30 days",
    "last_login within last 7 days",
    "notice_at < 2026-12-01",
    "custom.plan = gold",
    "custom.licences > 2.5 or custom.licences is empty",
    "custom.beta = yes",
    "custom.beta != yes",
    "custom.kickoff within last 30 days and not (custom.products has crm)",
    "(score < 50 or arr > 10k) and not (tier = pro and tags has vip) and renewal is not empty",
];

const SORTS: [&str; 22] = [
    "",
    "name",
    "-name",
    "score",
    "-score",
    "arr",
    "-arr",
    "renewal",
    "-renewal",
    "trend_7d",
    "-trend_7d",
    "band",
    "-band",
    "stage,-name",
    "owner,name",
    "-seats,arr,-score",
    "tier",
    "-tier,name",
    "custom.plan",
    "-custom.licences,name",
    "custom.beta,-custom.kickoff",
    "domain,-coverage",
];

#[tokio::test]
async fn sql_and_predicate_let_the_same_rows_through() {
    let databases = support::databases().await;
    for t in &databases {
        let rows = fill(t).await;
        let catalogue = accounts::catalogue(&mut t.read(&t.csm).await).await.unwrap();
        let (mut all, mut none) = (0, 0);
        for text in FILTERS {
            let expected = predicted(t, &catalogue, text, &rows);
            let query = AccountQuery { filter: text.to_owned(), sort: String::new(), offset: 0, limit: 200 };
            let page = accounts::page(&mut t.read(&t.csm).await, &query).await;
            let page = page.unwrap_or_else(|error| panic!("{t:?}: {text}: {error:?}"));
            let mut found: Vec<AccountId> = page.rows.iter().map(|row| row.account.id).collect();
            found.sort();
            assert_eq!(found, expected, "{t:?}: {text}");
            assert_eq!(page.total as usize, expected.len(), "{t:?}: {text}");
            all += usize::from(expected.len() == rows.len());
            none += usize::from(expected.is_empty());
        }
        assert!(all <= 3 && none <= 6, "{t:?}: the rows tell the filters apart ({all}, {none})");
    }
}

#[tokio::test]
async fn both_engines_order_rows_alike_and_put_empty_ones_last() {
    let databases = support::databases().await;
    let mut orders: Vec<Vec<Vec<AccountId>>> = Vec::new();
    for t in &databases {
        let rows = fill(t).await;
        let mut of_engine = Vec::new();
        for text in SORTS {
            let query = AccountQuery { filter: String::new(), sort: text.to_owned(), offset: 0, limit: 200 };
            let page = accounts::page(&mut t.read(&t.csm).await, &query).await.unwrap();
            let ids: Vec<AccountId> = page.rows.iter().map(|row| row.account.id).collect();
            let first = text.split(',').next().unwrap_or_default().trim_start_matches('-');
            let key = match first {
                "arr" => "arr_minor",
                "renewal" => "renewal_at",
                "owner" => "owner_id",
                other => other,
            };
            // Words in a field of numbers count as no value.
            let is_empty = |id: &AccountId| {
                let row = rows.iter().find(|row| row.id == *id).unwrap();
                let value = domain::accounts::value(&row.values, key);
                value.is_null() || (key == "custom.licences" && !value.is_number())
            };
            let filled = ids.iter().position(|id| !key.is_empty() && is_empty(id)).unwrap_or(ids.len());
            assert!(key.is_empty() || ids[filled..].iter().all(is_empty), "{t:?}: {text}");
            of_engine.push(ids);
        }
        orders.push(of_engine);
    }
    for (at, text) in SORTS.iter().enumerate() {
        for other in &orders[1..] {
            assert_eq!(orders[0][at], other[at], "{text}");
        }
    }
}

fn predicted(t: &TestDb, catalogue: &Catalogue, text: &str, rows: &[Row]) -> Vec<AccountId> {
    let parsed = filter::parse(text, catalogue).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let look_up = |kind: &FieldType, name: &str| {
        let is_maya = *kind == FieldType::User && name == "maya@northwind.example";
        if is_maya { vec![t.manager.user.unwrap().0] } else { Vec::new() }
    };
    let filter = parsed.resolved(catalogue, &look_up);
    let scope = Scope { catalogue, me: t.csm.user, now: NOW };
    let mut ids: Vec<AccountId> = rows
        .iter()
        .filter(|row| {
            filter::matches(&filter, &scope, &|key: &str| domain::accounts::value(&row.values, key).into_owned())
        })
        .map(|row| row.id)
        .collect();
    ids.sort();
    ids
}

/// Puts the same 150 accounts into every database: each field takes its values in its own rhythm, empty included.
async fn fill(t: &TestDb) -> Vec<Row> {
    let mut tx = t.write(&t.admin).await;
    for (key, kind) in [
        ("plan", FieldType::Text),
        ("licences", FieldType::Number),
        ("beta", FieldType::Bool),
        ("kickoff", FieldType::Date),
        ("products", FieldType::Tags),
    ] {
        let subject = Subject::Account.key().to_owned();
        let (key, label) = (key.to_owned(), key.to_owned());
        let field = CustomField { id: Uuid::now_v7(), version: 1, subject, key, label, kind, formula: None };
        db::subjects::create(&mut tx, &field).await.unwrap();
    }
    let (mut rows, mut updates) = (Vec::new(), Vec::new());
    for at in 0..150 {
        let account = account(t, at);
        db::subjects::create(&mut tx, &account).await.unwrap();
        let mut values = db::subjects::document(&account).unwrap();
        if let Some(notice) = account.notice_at() {
            values.insert("notice_at".into(), json!(notice));
        }
        if let Value::Object(health) = health(at) {
            let text = Value::Object(health.clone()).to_string();
            let id = account.id.0.simple();
            let id = if t.db.is_postgres() { format!("'{id}'") } else { format!("x'{id}'") };
            updates.push(format!("UPDATE accounts SET health = '{text}' WHERE id = {id}"));
            values.extend(health);
        }
        rows.push(Row { id: account.id, values });
    }
    tx.commit().await.unwrap();
    t.execute(&updates.join("; ")).await;
    rows
}

fn pick<T: Clone>(at: usize, rhythm: usize, values: &[Option<T>]) -> Option<T> {
    values[at / rhythm % values.len()].clone()
}

fn words(at: usize, rhythm: usize, values: &[&str]) -> Option<String> {
    Some(values[at / rhythm % values.len()].to_owned()).filter(|word| word != "-")
}

fn account(t: &TestDb, at: usize) -> Account {
    let names =
        ["Acme 1", "acme 2", "Größe", "GRÖSSE", "50% off", "5_0", "back\\slash", "O'", "Zürich", "\u{1f600}", "Ärzte"];
    let name = names.get(at).map_or_else(|| format!("Account {}", at % 40), |name| (*name).to_owned());
    let mut one =
        Account::new(AccountId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + at as u128)), name, NOW);
    let day = |days: i64| Some(NOW.plus_days(days));
    one.external_id = (!at.is_multiple_of(3)).then(|| format!("EXT-{at}"));
    one.domain = (!at.is_multiple_of(4)).then(|| format!("site{at}.example.{}", ["com", "org"][at % 2]));
    one.parent_id = (at > 20 && at.is_multiple_of(5))
        .then(|| AccountId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000)));
    one.tier = words(at, 1, &["Enterprise", "pro", "PRO", "-", "free"]);
    one.stage = words(at, 2, &["renewal", "-", "onboarding", "churned", "value"]);
    one.country = words(at, 3, &["Norway", "-", "Côte d’Ivoire", "norway"]);
    one.owner_id = pick(at, 1, &[t.csm.user, t.manager.user, None]);
    // The same people have other ids on the other engine, but in the same order.
    one.arr_minor =
        pick(at, 1, &[Some(1_000_000), None, Some(1_000_001), Some(0), Some(-500), Some(9_007_199_254_740_993)]);
    one.mrr_minor = pick(at, 2, &[Some(9_999), Some(9_998), None]);
    one.seats = pick(at, 1, &[Some(2.5), Some(0.0), None, Some(10.0)]);
    one.adoption_pct = pick(at, 3, &[Some(50.0), Some(50.1), None]);
    one.churn_risk_pct = pick(at, 2, &[None, Some(10.0), Some(0.1 + 0.2)]);
    one.renewal_at = pick(at, 1, &[day(0), day(90), day(91), None, day(-1), day(45), day(400)]);
    one.notice_days = pick(at, 2, &[Some(30), None, Some(0)]);
    one.last_login_at = pick(at, 1, &[day(-30), day(-31), day(-7), None, day(-8), day(0)]);
    one.tags = [vec![], vec!["vip".to_owned()], vec!["VIP".to_owned(), "new".to_owned()]][at % 3].clone();
    let custom = [
        ("plan", [json!("Gold"), json!(null), json!("silver")][at % 3].clone()),
        ("licences", [json!(2.5), json!(3), json!(null), json!("three")][at % 4].clone()),
        ("beta", [json!(true), json!(null), json!(false)][at / 2 % 3].clone()),
        ("kickoff", [json!(NOW.0 - 3 * DAY_MS), json!(null), json!(NOW.0 - 60 * DAY_MS)][at / 3 % 3].clone()),
        ("products", [json!(["crm"]), json!(["erp", "crm"]), json!(null), json!([])][at % 4].clone()),
    ];
    one.custom =
        custom.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect();
    one
}

fn health(at: usize) -> Value {
    if at % 7 == 6 {
        return Value::Null;
    }
    let scores = [50_000_000i64, 49_999_999, 25_500_000, 100_000_000, 0, 73_123_456];
    let trends = [json!(0), json!(-1), json!(1_500_001), json!(null)];
    let band = ["healthy", "watch", "at_risk", "critical"][at / 2 % 4];
    let coverage = [80_000_000i64, 79_999_999, 100_000_000][at % 3];
    json!({
        "score": scores[at % 6], "band": band, "coverage": coverage, "trend_7d": trends[at % 4], "trend_30d": trends[at / 2 % 4],
        "trend_90d": null, "evaluated_at": NOW, "scorecard": Uuid::nil(), "version": 1, "overridden": false,
    })
}
