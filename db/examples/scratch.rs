//! scratch
use sqlx::{Connection, Executor, SqliteConnection, AssertSqlSafe};
use std::time::Instant;
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let r = s.rsplit(')').next().unwrap(); let f: Vec<&str> = r.split_whitespace().collect(); (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap())/100.0 }
async fn step(c: &mut SqliteConnection, name: &str, rows: &[(uuid::Uuid, String)], table: &str, size: usize) {
    let t = Instant::now(); let u = cpu();
    let mut tx = c.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let one = if table == "changes" { "(?, 5, x'00', x'00', ?, 'created', 'accounts', ?, ?, ?, ?)" } else { "(?, ?, ?)" };
    let head = if table == "changes" { "INSERT INTO changes (workspace_id, at, actor_id, batch_id, seq, change, subject, subject_id, account_id, data, hash)" } else { "INSERT INTO accounts (workspace_id, id, doc)" };
    let sql = format!("{head} VALUES {}", vec![one; size].join(", "));
    let ws = sqlx::query_scalar::<_, Vec<u8>>("select id from workspaces").fetch_one(&mut *tx).await.unwrap();
    let mut seq = 0i64;
    for ch in rows.chunks_exact(size) {
        let mut q = sqlx::query(AssertSqlSafe(sql.clone()));
        for (id, doc) in ch { if table == "changes" { seq += 1; q = q.bind(&ws).bind(seq).bind(id).bind(id).bind(format!("{{\"after\":{doc},\"before\":{{}}}}")).bind(vec![(seq % 251) as u8; 32]); } else { q = q.bind(&ws).bind(id).bind(doc); } }
        if let Err(e) = q.execute(&mut *tx).await { println!("{e} {:?}", ch[0]); return; }
    }
    let (t1, u1) = (t.elapsed().as_secs_f64(), cpu() - u);
    tx.commit().await.unwrap();
    println!("{name} {table} size {size}: exec {t1:.2} s cpu {u1:.2}; commit {:.2} s cpu {:.2}", t.elapsed().as_secs_f64() - t1, cpu() - u - u1);
}
#[tokio::main]
async fn main() {
    let src = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&src).unwrap();
    let rows: Vec<(uuid::Uuid, String)> = text.lines().skip(1).enumerate().map(|(i, l)| {
        let id = uuid::Uuid::now_v7();
        let n = (i as i64 * 7919) % 109300;
        let l = l.replace('"', "");
        let d = serde_json::json!({"id": id, "version": 1, "name": format!("{} Ltd {n}", &l[6..20.min(l.len())].chars().filter(|c| c.is_ascii()).collect::<String>()), "external_id": i.to_string(), "tier": "free", "country": "France", "currency":"USD","mrr_minor": n, "contract_start": 1_200_000_000_000i64 + n, "tags": [], "custom": {"email": "lena.zhang@example.com", "contact_name": "Lena", "health_score": 50, "orders": 12, "lifetime_value": 1234.5, "notes": l.chars().rev().take(60).collect::<String>()}, "last_login_at": 1_200_000_000_000i64, "created_at": 1_200_000_000_000i64, "updated_at": 1_200_000_000_000i64});
        (id, d.to_string().replace("\u{0}", ""))
    }).collect();
    println!("doc {}", rows[5].1);
    for variant in ["plain", "cache", "noindex", "nothing"] {
        let folder = std::env::temp_dir().join(format!("scratch_{}_{variant}", std::process::id()));
        let path = folder.join("k.db");
        let db = db::Db::open(&format!("sqlite://{}", path.display()), db::Clock::System).await.unwrap();
        db::identity::create_workspace(&db, "x").await.unwrap();
        db.close().await;
        let o = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).pragma("cache_size", if variant == "plain" {"-16000"} else {"-128000"}).pragma("temp_store", "memory").pragma("synchronous","full");
        let mut c = SqliteConnection::connect_with(&o).await.unwrap();
        if variant == "noindex" || variant == "nothing" { for i in ["name","external_id","score","arr_minor","renewal_at","trend_7d","owner","band","parent"] { c.execute(AssertSqlSafe(format!("drop index accounts_{i}"))).await.unwrap(); } c.execute("drop index changes_account").await.unwrap(); c.execute("drop index changes_batch").await.unwrap(); }
        if variant == "nothing" { c.execute("drop table accounts").await.unwrap(); c.execute("create table accounts (workspace_id BLOB NOT NULL, id BLOB NOT NULL, doc TEXT NOT NULL, health TEXT, PRIMARY KEY(workspace_id, id))").await.unwrap(); }
        step(&mut c, variant, &rows, "accounts", 256).await;
        step(&mut c, variant, &rows, "changes", 256).await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
