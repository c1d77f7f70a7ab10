use super::super::date::DateOrder;
use super::super::mapping::{Mapping, Target};
use super::super::number::NumberStyle;
use super::super::plan::default_match_keys;
use super::super::preview::{Lookup, preview};
use super::{guessed, open, usual};
use crate::fields::{Field, FieldType, Subject};
use crate::{accounts, contacts, revenue, surveys, usage};

pub const TELCO: &str = "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,InternetService,\
OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaperlessBilling,PaymentMethod,\
MonthlyCharges,TotalCharges,Churn
7590-VHVEG,Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,Electronic check,29.85,29.85,No
5575-GNVDE,Male,0,No,No,34,Yes,No,DSL,Yes,No,Yes,No,No,No,One year,No,Mailed check,56.95,1889.5,No
4472-LVYGI,Female,1,Yes,Yes,0,No,No phone service,DSL,Yes,No,Yes,Yes,Yes,No,Two year,Yes,Bank transfer (automatic),52.55, ,Yes
";

pub const SHOP: &str = "external_id,name,email,company,country,plan,mrr,health_score,orders,lifetime_value,first_seen,last_seen,notes
1,Grace Ueda,grace@ueda.example,\"Ueda & \"\"Grace\"\" Ltd, Norway\",Norway,pro,129.00,81,12,1548.00,2024-01-31,2026-10-01T08:00:00Z,\"likes\nlines\"
2,Maya Lind,maya@acme.example,Acme,Sweden,free,0,12.5,0,0.00,2023-05-04,2026-09-30T10:15:00Z,
3,Otto Berg,otto@north.example,,Denmark,enterprise,\"1,900.50\",44,7,99.90,2025-12-24,2026-11-20T23:59:59Z,=cmd
";

fn targets(mapping: &Mapping) -> Vec<String> {
    let word = |target: &Target| match target {
        Target::Field(key) => key.clone(),
        Target::NewCustom { key, kind, .. } => format!("+{key} {kind:?}"),
        Target::Skip => "-".to_owned(),
    };
    mapping.columns.iter().map(|column| word(&column.target)).collect()
}

#[test]
fn a_churn_file_without_names_imports_by_the_guess() {
    let table = open(TELCO);
    let mapping = guessed(&table, &accounts::catalogue(), Subject::Account);
    let found = targets(&mapping);
    for (index, target) in [
        (0, "external_id"),
        (1, "+gender Text"),
        (2, "+senior_citizen Number"),
        (3, "+partner Bool"),
        (5, "+tenure Number"),
        (7, "+multiple_lines Text"),
        (15, "+contract Text"),
        (16, "+paperless_billing Bool"),
        (17, "+payment_method Text"),
        (18, "mrr_minor"),
        (19, "+total_charges Number"),
        (20, "+churn Bool"),
    ] {
        assert_eq!(found[index], target);
    }
    let options = usual(&table, &accounts::catalogue(), Subject::Account);
    let mut names = Vec::new();
    let shown = preview(&mut table.rows(), &options, &accounts::catalogue(), |row| {
        names.push((
            row.when_new["name"].clone(),
            row.fields["mrr_minor"].clone(),
            row.fields.contains_key("custom.total_charges"),
        ));
        Lookup::Missing
    });
    let shown = shown.unwrap();
    assert_eq!((shown.counts.new, shown.counts.invalid, shown.errors_total), (3, 0, 0));
    assert_eq!(names[2], ("4472-LVYGI".into(), 5255.into(), false));
}

#[test]
fn a_shop_file_with_people_and_companies_imports_by_the_guess() {
    let table = open(SHOP);
    let mapping = guessed(&table, &accounts::catalogue(), Subject::Account);
    assert_eq!(
        targets(&mapping),
        [
            "external_id",
            "+contact_name Text",
            "+email Text",
            "name",
            "country",
            "tier",
            "mrr_minor",
            "+health_score Number",
            "+orders Number",
            "+lifetime_value Number",
            "contract_start",
            "last_login_at",
            "+notes Text",
        ]
    );
    let options = usual(&table, &accounts::catalogue(), Subject::Account);
    let mut rows = Vec::new();
    let shown = preview(&mut table.rows(), &options, &accounts::catalogue(), |row| {
        rows.push(row.clone().into_new());
        Lookup::Missing
    });
    let shown = shown.unwrap();
    assert_eq!((shown.counts.new, shown.errors), (3, vec![]));
    assert_eq!(rows[0]["name"], "Ueda & \"Grace\" Ltd, Norway");
    assert_eq!(
        (&rows[2]["name"], &rows[2]["mrr_minor"], &rows[2]["currency"]),
        (&"3".into(), &190_050.into(), &"USD".into())
    );
}

#[test]
fn importing_the_same_file_again_finds_the_custom_fields() {
    let table = open(TELCO);
    let first = guessed(&table, &accounts::catalogue(), Subject::Account);
    let second = guessed(&table, &accounts::catalogue().with(first.new_fields()), Subject::Account);
    assert!(second.new_fields().is_empty());
    assert_eq!(second.column_of("custom.contract"), Some(15));
    assert_eq!(second.column_of("mrr_minor"), Some(18));
}

#[test]
fn what_stands_in_a_column_can_overrule_its_heading() {
    for (text, column, target) in [
        ("name,plan\nA,gold\n", 1, "tier"),
        ("name,plan\nA,Monthly\n", 1, "+plan Text"),
        ("name,status\nA,Onboarding\nB,Churned\n", 1, "stage"),
        ("name,status\nA,red\nB,green\n", 1, "+status Text"),
        ("name,customer\nA,Yes\n", 1, "+customer Bool"),
        ("name,ARR (USD)\nA,100\n", 1, "arr_minor"),
        ("name,Annual revenues\nA,100\n", 1, "+annual_revenues Number"),
        ("name,Renewl date\nA,2026-01-01\n", 1, "renewal_at"),
        ("name,group\nA,7\n", 1, "+group Number"),
        ("name,empty\nA,\n", 1, "-"),
        ("name,code\nA,007\n", 1, "+code Text"),
        ("name,SKU\nA,SKU123\n", 1, "+sku Text"),
        ("email,plan\na@b.example,pro\n", 0, "external_id"),
        ("Error,name\nbad,A\n", 0, "-"),
    ] {
        assert_eq!(targets(&guessed(&open(text), &accounts::catalogue(), Subject::Account))[column], target, "{text}");
    }
}

#[test]
fn no_two_columns_get_the_same_field() {
    let table = open("company,Company Name,account,id,Customer ID,uuid\nA,B,C,1,2,3\n");
    let mapping = guessed(&table, &accounts::catalogue(), Subject::Account);
    let mut found = targets(&mapping);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 6);
}

#[test]
fn conventions_are_decided_for_the_column_and_doubt_is_said() {
    let table = open(
        "name;arr;seats;renewal date;start date\nA;1.234,50;1.234;12/25/2026;01/02/2026\nB;99,9;2.500;01/02/2027;03/04/2026\n",
    );
    let mapping = guessed(&table, &accounts::catalogue(), Subject::Account);
    // Seats and the start date could be read both ways and follow the columns that could not.
    assert!(mapping.columns[1..3].iter().all(|column| column.numbers == NumberStyle::Comma && !column.uncertain));
    assert!(mapping.columns[3..].iter().all(|column| column.dates == DateOrder::MonthFirst && !column.uncertain));
    let table = open("name,seats,renewal date,arr\nA,\"1,234\",01/02/2026,€5\nB,\"2,500\",03/04/2026,€6\n");
    let mapping = guessed(&table, &accounts::catalogue(), Subject::Account);
    assert!(mapping.columns[1].uncertain && mapping.columns[2].uncertain && !mapping.columns[3].uncertain);
    assert_eq!(mapping.currency, Some("EUR".parse().unwrap()));
    let shares = guessed(&open("name,adoption\nA,0.25\nB,1\n"), &accounts::catalogue(), Subject::Account);
    assert!(shares.columns[1].shares_of_one);
}

#[test]
fn other_subjects_skip_what_they_do_not_know() {
    let text = "Company,Full name,E-Mail,Role,Shoe size\nAcme,Maya,MAYA@acme.example,Decision Maker,38\n";
    let mapping = guessed(&open(text), &contacts::catalogue(), Subject::Contact);
    assert_eq!(targets(&mapping), ["account_id", "name", "email", "role", "-"]);
    assert_eq!(default_match_keys(Subject::Contact, &mapping), ["account_id", "email"]);
    let mapping =
        guessed(&open("customer id,event,date,count\n1,logins,2026-01-01,3\n"), &usage::catalogue(), Subject::Usage);
    assert_eq!(targets(&mapping), ["account_id", "metric", "day", "value"]);
    let text = "customer,invoice no,amount,invoice date,currency\n1,R-1,\"1,200.00\",2026-01-01,eur\n";
    let mapping = guessed(&open(text), &revenue::catalogue(), Subject::Invoice);
    assert_eq!(targets(&mapping), ["account_id", "external_id", "amount_minor", "issued_at", "currency"]);
    let text = "account,type,rating,date\n1,NPS,9,2026-01-01\n";
    let mapping = guessed(&open(text), &surveys::catalogue(), Subject::Survey);
    assert_eq!(targets(&mapping), ["account_id", "kind", "score", "answered_at"]);
}

#[test]
fn an_existing_custom_field_is_found_by_label() {
    let catalogue =
        accounts::catalogue().with([Field::new("custom.nps", "Net Promoter Score", FieldType::Number, &[])]);
    let mapping = guessed(&open("name,Net promoter score\nA,n/a\n"), &catalogue, Subject::Account);
    assert_eq!(targets(&mapping), ["name", "custom.nps"]);
}
