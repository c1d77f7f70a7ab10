//! Files as real systems write them, imported by guess alone.

use domain::fields::Subject;
use serde_json::json;

use super::{accounts, counts, import_usual, usual};
use crate::support;

const TELCO: &str = "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,\
    InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,\
    PaperlessBilling,PaymentMethod,MonthlyCharges,TotalCharges,Churn\n\
    7590-VHVEG,Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,Electronic check,29.85,29.85,No\n\
    5575-GNVDE,Male,0,No,No,34,Yes,No,DSL,Yes,No,Yes,No,No,No,One year,No,Mailed check,56.95,1889.5,No\n\
    4472-LVYGI,Female,0,Yes,Yes,0,No,No phone service,DSL,Yes,No,Yes,Yes,Yes,No,Two year,Yes,Bank transfer (automatic),52.55, ,No\n";

const SCALE: &str = "external_id,name,email,company,country,plan,mrr,health_score,orders,lifetime_value,first_seen,last_seen,notes\n\
    12346,Lena Zhang,lena.zhang.12346@example.com,\"Zhang & \"\"Lena\"\" Ltd, France\",France,free,38.17,52,44,1477.85,\
    2011-06-11 03:39:00,2011-07-12 22:45:00,\"Imported line, contains comma; \"\"quotes\"\" and é ü 漢 12346\"\n";

#[tokio::test]
async fn a_telephone_company_s_customers_are_understood() {
    for t in support::databases().await {
        let report = import_usual(&t, Subject::Account, TELCO).await;
        assert_eq!(counts(&report), [3, 3, 0, 0, 0, 0], "{t:?}: {:?}", report.errors);
        let accounts = accounts(&t).await;
        let second = accounts.iter().find(|account| account.external_id.as_deref() == Some("5575-GNVDE")).unwrap();
        assert_eq!((second.name.as_str(), second.mrr_minor), ("5575-GNVDE", Some(5_695)), "{t:?}");
        assert_eq!(second.custom["tenure"], json!(34), "{t:?}");
        assert_eq!(second.custom["contract"], json!("One year"), "{t:?}");
        assert_eq!(second.custom["online_security"], json!(true), "{t:?}");
        assert_eq!(second.custom["total_charges"], json!(1889.5), "{t:?}");
        let third = accounts.iter().find(|account| account.external_id.as_deref() == Some("4472-LVYGI")).unwrap();
        assert!(!third.custom.contains_key("total_charges"), "{t:?}: a blank is no charge");
        db::health::catch_up(&t.db, t.workspace).await.unwrap();
        let mut tx = t.read(&t.viewer).await;
        let row = db::accounts::row(&mut tx, second.id).await.unwrap();
        assert!(row.health.is_some(), "{t:?}: the columns feed a score");
    }
}

#[tokio::test]
async fn a_customer_list_with_persons_and_companies_is_understood() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, SCALE).await;
        assert_eq!(options.match_keys, ["external_id"], "{t:?}");
        let report = import_usual(&t, Subject::Account, SCALE).await;
        assert_eq!(counts(&report), [1, 1, 0, 0, 0, 0], "{t:?}: {:?}", report.errors);
        let account = &accounts(&t).await[0];
        assert_eq!(account.name, "Zhang & \"Lena\" Ltd, France", "{t:?}");
        assert_eq!((account.tier.as_deref(), account.mrr_minor), (Some("free"), Some(3_817)), "{t:?}");
        assert_eq!(account.custom["contact_name"], json!("Lena Zhang"), "{t:?}");
        assert!(account.custom["notes"].as_str().unwrap().ends_with("漢 12346"), "{t:?}");
    }
}

#[tokio::test]
async fn a_spreadsheet_s_own_ways_are_understood() {
    for t in support::databases().await {
        let text = "sep=;\r\nKundennummer;Name;MRR;Vertragsende\r\nK-1;Bäckerei Süß;1.234,50;31.01.2027\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
        ] {
            let upload = db::import::Upload::decode("kunden.csv", &bytes).unwrap();
            let inspection = db::import::inspect(&t.db, &t.csm, &upload, Subject::Account).await.unwrap();
            assert_eq!((inspection.delimiter, inspection.rows), (';', 1), "{t:?}");
            assert_eq!(inspection.sample, [["K-1", "Bäckerei Süß", "1.234,50", "31.01.2027"]], "{t:?}");
            db::import::run(&t.db, &t.csm, &upload, &inspection.options, &db::import::Progress::new()).await.unwrap();
        }
        let [account] = accounts(&t).await.try_into().unwrap();
        assert_eq!((account.name.as_str(), account.mrr_minor), ("Bäckerei Süß", Some(123_450)), "{t:?}");
    }
}
