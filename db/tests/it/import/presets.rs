//! Options that are kept for the next file.

use db::Error;
use db::import::{delete_preset, list_presets, save_preset};
use domain::fields::Subject;
use domain::refusal::Refusal;

use super::{FIRST, usual};
use crate::support;

#[tokio::test]
async fn a_preset_is_kept_replaced_and_deleted() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, FIRST).await;
        let headings: Vec<String> = FIRST.lines().next().unwrap().split(',').map(str::to_owned).collect();
        let mut tx = t.write(&t.csm).await;
        let id = save_preset(&mut tx, "Monthly export", &headings, &options).await.unwrap();
        let mut stricter = options.clone();
        stricter.mode = domain::import::plan::Mode::Update;
        assert_eq!(save_preset(&mut tx, "Monthly export", &headings, &stricter).await.unwrap(), id, "{t:?}");
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.csm).await;
        let [preset] = list_presets(&mut tx, Subject::Account).await.unwrap().try_into().unwrap();
        assert_eq!((preset.name.as_str(), &preset.options), ("Monthly export", &stricter), "{t:?}");
        assert!(list_presets(&mut tx, Subject::Contact).await.unwrap().is_empty(), "{t:?}");
        // Another order of the same columns still fits; a missing or a new one does not.
        let turned: Vec<String> = headings.iter().rev().cloned().collect();
        assert_eq!(preset.fit(&turned).unwrap().mapping.columns[0], stricter.mapping.columns[5], "{t:?}");
        assert_eq!(preset.fit(&headings[1..]), None, "{t:?}");
        assert_eq!(preset.fit(&[&headings[..], &["More".to_owned()]].concat()), None, "{t:?}");
        delete_preset(&mut tx, id).await.unwrap();
        assert!(matches!(delete_preset(&mut tx, id).await, Err(Error::Refused(Refusal::NotFound))), "{t:?}");
    }
}

#[tokio::test]
async fn a_viewer_and_a_stranger_keep_no_presets() {
    for t in support::databases().await {
        let options = usual(&t, Subject::Account, FIRST).await;
        let headings = vec![String::new(); 6];
        let mut tx = t.write(&t.viewer).await;
        let refused = save_preset(&mut tx, "x", &headings, &options).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}");
        drop(tx);
        let mut tx = t.write(&t.csm).await;
        let id = save_preset(&mut tx, "x", &headings, &options).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&t.other_workspace().await).await;
        assert!(list_presets(&mut tx, Subject::Account).await.unwrap().is_empty(), "{t:?}");
        assert!(matches!(delete_preset(&mut tx, id).await, Err(Error::Refused(Refusal::NotFound))), "{t:?}");
    }
}
