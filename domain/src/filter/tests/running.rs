//! The SQL of both engines, word by word, and of sorting and paging.

use uuid::Uuid;

use super::super::Scope;
use super::super::sort::{self, Page};
use super::super::sql::{self, Engine, Param, Sql};
use super::{MAYA, catalogue, read, scope};
use crate::time::DAY_MS;

fn compiled(text: &str, engine: Engine) -> Sql {
    let catalogue = catalogue();
    sql::compile(&read(text), &scope(&catalogue), engine, 3)
}

fn text(value: &str) -> Param {
    Param::Text(value.to_owned())
}

#[test]
fn sqlite_gets_this() {
    let day = 20_778 * DAY_MS;
    let table: [(&str, &str, Vec<Param>); 16] = [
        ("", "TRUE", vec![]),
        ("score < 50.5", "COALESCE(a.score < $3, FALSE)", vec![Param::Integer(50_500_000)]),
        ("arr > 10k", "COALESCE(a.annual_minor > $3, FALSE)", vec![Param::Integer(1_000_000)]),
        ("seats != 5", "NOT COALESCE(json_extract(a.doc, '$.seats') = $3, FALSE)", vec![Param::Number(5.0)]),
        ("tier = Pro", "COALESCE(lower((json_extract(a.doc, '$.tier'))) IN ($3), FALSE)", vec![text("pro")]),
        (
            "name starts \"50%_\\\\\"",
            "COALESCE(lower((a.name)) LIKE $3 ESCAPE '\\', FALSE)",
            vec![text("50\\%\\_\\\\%")],
        ),
        ("owner is me", "COALESCE(a.owner_id IN ($3), FALSE)", vec![Param::Id(MAYA.0)]),
        ("owner = \"Nobody\"", "FALSE", vec![]),
        (
            "renewal within 90 days",
            "(COALESCE(a.renewal_at >= $3, FALSE) AND COALESCE(a.renewal_at < $4, FALSE))",
            vec![Param::Integer(day), Param::Integer(day + 91 * DAY_MS)],
        ),
        ("renewal after 1970-01-02", "COALESCE(a.renewal_at >= $3, FALSE)", vec![Param::Integer(2 * DAY_MS)]),
        (
            "last_login older than 30 days",
            "COALESCE(json_extract(a.doc, '$.last_login_at') < $3, FALSE)",
            vec![Param::Integer(day - 30 * DAY_MS)],
        ),
        (
            "tags has vip",
            "COALESCE(EXISTS (SELECT 1 FROM json_each((json_extract(a.doc, '$.tags'))) WHERE json_each.value IN ($3)), FALSE)",
            vec![text("vip")],
        ),
        ("tags is empty", "(COALESCE(json_array_length(json_extract(a.doc, '$.tags')), 0) = 0)", vec![]),
        ("tier is not empty", "NOT (COALESCE(json_extract(a.doc, '$.tier'), '') = '')", vec![]),
        (
            "custom.plan = pro",
            "COALESCE(lower((CASE WHEN json_type(a.doc, $3) = 'text' THEN json_extract(a.doc, $3) END)) IN ($4), FALSE)",
            vec![text("$.custom.\"plan\""), text("pro")],
        ),
        (
            "not (acme or score = 1)",
            "NOT ((COALESCE(lower((a.name)) LIKE $3 ESCAPE '\\', FALSE) OR \
             COALESCE(lower((a.external_id)) LIKE $4 ESCAPE '\\', FALSE) OR \
             COALESCE(lower((a.domain)) LIKE $5 ESCAPE '\\', FALSE)) OR COALESCE(a.score = $6, FALSE))",
            vec![text("%acme%"), text("%acme%"), text("%acme%"), Param::Integer(1_000_000)],
        ),
    ];
    for (filter, sql, params) in table {
        assert_eq!(compiled(filter, Engine::Sqlite), Sql { text: sql.to_owned(), params }, "{filter}");
    }
}

#[test]
fn postgres_gets_this() {
    let table: [(&str, &str, Vec<Param>); 9] = [
        ("score < 50", "COALESCE(a.score < $3::bigint, FALSE)", vec![Param::Integer(50_000_000)]),
        (
            "seats in (1, 2)",
            "COALESCE(a.seats IN ($3::float8, $4::float8), FALSE)",
            vec![Param::Number(1.0), Param::Number(2.0)],
        ),
        ("tier = Pro", "COALESCE(lower((a.tier) COLLATE \"C\") IN ($3::text), FALSE)", vec![text("pro")]),
        ("owner is me", "COALESCE(a.owner_id IN ($3::uuid), FALSE)", vec![Param::Id(MAYA.0)]),
        (
            "tags in (vip, new)",
            "COALESCE(a.tags @> to_jsonb($3::text) OR a.tags @> to_jsonb($4::text), FALSE)",
            vec![text("vip"), text("new")],
        ),
        (
            "custom.fee > 5",
            "COALESCE(CASE WHEN jsonb_typeof(a.custom -> $3::text) = 'number' THEN (a.custom ->> $3::text)::float8 END \
             > $4::float8, FALSE)",
            vec![text("fee"), Param::Number(500.0)],
        ),
        (
            "beta = yes",
            "COALESCE(CASE WHEN jsonb_typeof(a.custom -> $3::text) = 'boolean' THEN (a.custom ->> $3::text)::boolean END \
             = $4::boolean, FALSE)",
            vec![text("beta"), Param::Bool(true)],
        ),
        (
            "custom.products has crm",
            "COALESCE(CASE WHEN jsonb_typeof(a.custom -> $3::text) = 'array' THEN (a.custom -> $3::text) END \
             @> to_jsonb($4::text), FALSE)",
            vec![text("products"), text("crm")],
        ),
        (
            "custom.sponsor is me",
            "COALESCE(lower((CASE WHEN jsonb_typeof(a.custom -> $3::text) = 'string' THEN a.custom ->> $3::text END) \
             COLLATE \"C\") IN ($4::text), FALSE)",
            vec![text("sponsor"), text(&Uuid::from_u128(10).to_string())],
        ),
    ];
    for (filter, sql, params) in table {
        assert_eq!(compiled(filter, Engine::Postgres), Sql { text: sql.to_owned(), params }, "{filter}");
    }
}

#[test]
fn nobody_is_me_to_the_system() {
    let catalogue = catalogue();
    let system = Scope { me: None, ..scope(&catalogue) };
    assert_eq!(sql::compile(&read("owner is me"), &system, Engine::Sqlite, 1).text, "FALSE");
    assert_eq!(sql::compile(&read("owner is not me"), &system, Engine::Sqlite, 1).text, "NOT FALSE");
}

#[test]
fn a_list_is_sorted_with_its_empty_rows_last() {
    let catalogue = catalogue();
    let sorts = sort::parse(" -score , NAME, arr,-name", &catalogue).unwrap();
    assert_eq!(sort::print(&sorts), "-score,name,arr_minor");
    let sql = sort::compile(&sorts, &catalogue, Engine::Postgres, 1);
    let expected = "a.score DESC NULLS LAST, lower((a.name) COLLATE \"C\") ASC NULLS LAST, a.annual_minor ASC NULLS LAST, a.id DESC";
    assert_eq!(sql, Sql { text: expected.to_owned(), params: vec![] });
    assert_eq!(sort::compile(&[], &catalogue, Engine::Sqlite, 1).text, "a.id");
    let sql = sort::compile(&sort::parse("custom.größe", &catalogue).unwrap(), &catalogue, Engine::Sqlite, 7);
    assert!(sql.text.contains("WHEN $8 THEN $9 WHEN $10 THEN $11 END ASC NULLS LAST"), "{}", sql.text);
    assert_eq!(sql.params[0], text("$.custom.\"größe\""));
}

#[test]
fn a_sort_that_cannot_be_is_shown_at_its_character() {
    let error = sort::parse("name,scroe", &catalogue()).unwrap_err();
    assert_eq!((error.at, error.len), (5, 5));
    assert!(error.message.contains("Did you mean score?"), "{error}");
    assert!(sort::parse("tags", &catalogue()).is_err());
    assert!(sort::parse("name,tier,stage,band,score,arr", &catalogue()).is_err());
    assert!(sort::parse("a.id; drop table", &catalogue()).is_err());
}

#[test]
fn a_page_is_never_larger_than_the_limit() {
    let sql = Page::new(1_000_000, 400).compile(Engine::Postgres, 5);
    assert_eq!(sql.text, "LIMIT $5::bigint OFFSET $6::bigint");
    assert_eq!(sql.params, [Param::Integer(200), Param::Integer(400)]);
    let smuggled: Page = serde_json::from_str(r#"{"limit":9999,"offset":0}"#).unwrap();
    assert_eq!(smuggled.limit(), 200);
    assert_eq!(Page::new(0, 0).limit(), 1);
}
