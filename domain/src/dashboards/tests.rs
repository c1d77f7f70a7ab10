use super::*;
use crate::accounts::catalogue;
use crate::reports::{About, ready};
use uuid::Uuid;

fn dashboard(name: &str, widgets: Vec<Widget>) -> Dashboard {
    Dashboard {
        id: DashboardId(Uuid::nil()),
        version: 1,
        name: name.to_owned(),
        owner_id: UserId(Uuid::nil()),
        shared: false,
        widgets,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    }
}

fn three() -> DashboardDraft {
    let mut draft = DashboardDraft { name: "Mine".to_owned(), shared: false, widgets: Vec::new() };
    for _ in 0..3 {
        draft.add(Shows::Spec(Spec::of(About::Accounts)), String::new(), 2, 1);
    }
    draft
}

fn ids(draft: &DashboardDraft) -> Vec<u32> {
    draft.widgets.iter().map(|widget| widget.id).collect()
}

#[test]
fn every_template_is_a_valid_dashboard_of_its_own_reports() {
    for key in TEMPLATES {
        let draft = template(key, "Morning".to_owned()).unwrap();
        assert!(draft.widgets.len() > 5, "{key}");
        let made = dashboard(&draft.name, draft.widgets.clone());
        assert_eq!(made.clone().check(&catalogue()), Ok(made), "{key}: canonical as it is");
    }
    assert_eq!(template("intern", String::new()), None);
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let mut draft = three();
    draft.widgets[1].id = 1;
    draft.widgets[0].width = 5;
    draft.widgets[2].shows = Shows::Spec(Spec { filter: "tear = pro".to_owned(), ..Spec::default() });
    let Err(Refusal::Invalid(wrong)) = dashboard(" ", draft.widgets).check(&catalogue()) else { panic!() };
    let fields: Vec<&str> = wrong.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "widgets", "widgets", "filter"]);
    let mut many = three();
    for _ in 0..WIDGETS_MAX {
        many.add(Shows::Report(ReportId(Uuid::nil())), String::new(), 1, 1);
    }
    assert!(dashboard("Many", many.widgets).check(&catalogue()).is_err());
    let spec = Spec { filter: "ARR > 10k".to_owned(), ..ready("by_band").unwrap() };
    let mut one = DashboardDraft { widgets: Vec::new(), ..three() };
    one.add(Shows::Spec(spec), " Big ".to_owned(), 4, 3);
    let kept = dashboard("One", one.widgets).check(&catalogue()).unwrap();
    assert_eq!(kept.widgets[0].name, "Big");
    assert!(matches!(&kept.widgets[0].shows, Shows::Spec(spec) if spec.filter == "arr_minor > 10000"));
}

#[test]
fn widgets_are_moved_as_far_as_there_is_room() {
    let mut draft = three();
    assert_eq!((draft.shift(1, 1), ids(&draft)), (Some(1), vec![2, 1, 3]));
    assert_eq!((draft.shift(1, 9), ids(&draft)), (Some(2), vec![2, 3, 1]));
    assert_eq!((draft.shift(1, -9), ids(&draft)), (Some(0), vec![1, 2, 3]));
    assert_eq!((draft.put_at(3, 1), ids(&draft)), (Some(0), vec![3, 1, 2]));
    assert_eq!((draft.put_at(3, 9), ids(&draft)), (None, vec![3, 1, 2]), "onto nothing");
    assert_eq!(draft.shift(9, 1), None);
}

#[test]
fn widgets_are_resized_as_far_as_it_goes_and_new_ones_get_a_new_number() {
    let mut draft = three();
    assert_eq!(draft.resize(1, 1, 1), Some((3, 2)));
    assert_eq!(draft.resize(1, 9, 9), Some((WIDTH_MAX, HEIGHT_MAX)));
    assert_eq!(draft.resize(1, -9, -9), Some((1, 1)));
    draft.remove(2);
    draft.add(Shows::Report(ReportId(Uuid::nil())), "New".to_owned(), 1, 1);
    assert_eq!(ids(&draft), [1, 3, 4]);
    draft.widget_mut(4).unwrap().name = "Newer".to_owned();
    assert_eq!(draft.widgets[2].name, "Newer");
}
