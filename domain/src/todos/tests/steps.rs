use super::*;
use crate::id::UserId;
use crate::refusal::Refusal;

fn when(text: &str, minute: Option<u16>) -> When {
    When { day: day(text), minute }
}

#[test]
fn the_moments_follow_the_clock_of_the_person_across_summer_and_winter() {
    let settled = |due: When, zone: &str| moments::settled(todo(|draft| draft.due = Some(due)), zone);
    let winter = settled(when("2026-12-01", Some(9 * 60)), "Europe/Berlin");
    assert_eq!(winter.due_at.unwrap().iso(), "2026-12-01T08:00:00.000Z");
    let summer = settled(when("2026-07-01", Some(9 * 60)), "Europe/Berlin");
    assert_eq!(summer.due_at.unwrap().iso(), "2026-07-01T07:00:00.000Z");
    let day = settled(when("2026-12-01", None), "America/New_York");
    assert_eq!(day.due_at.unwrap().iso(), "2026-12-02T05:00:00.000Z", "late from the end of the day on");
    assert_eq!(day.ring_at.unwrap().iso(), "2026-12-01T13:00:00.000Z", "told in the morning");
    let here = moments::here(NOW, "Asia/Tokyo");
    assert_eq!((here.today.iso_date().as_str(), here.minute), ("2026-11-21", 18 * 60));
    assert_eq!(moments::here(Timestamp(NOW.0 + 8 * 3_600_000), "Asia/Tokyo").today.iso_date(), "2026-11-22");
}

#[test]
fn a_task_stands_where_its_day_and_its_reminder_put_it() {
    let table = [
        (None, None, Standing::Undated),
        (Some(when("2026-11-20", None)), None, Standing::Overdue { days: 1 }),
        (Some(when("2026-11-21", Some(8 * 60))), None, Standing::Overdue { days: 0 }),
        (Some(when("2026-11-21", Some(10 * 60))), None, Standing::Today),
        (Some(when("2026-11-21", None)), None, Standing::Today),
        (Some(when("2026-11-22", None)), None, Standing::Tomorrow),
        (Some(when("2026-11-25", None)), None, Standing::Later { days: 4 }),
        (Some(when("2026-11-25", None)), Some(when("2026-11-21", None)), Standing::Reminded),
        (Some(when("2026-11-25", None)), Some(when("2026-11-24", None)), Standing::Later { days: 4 }),
        (None, Some(when("2026-11-20", None)), Standing::Reminded),
    ];
    for (due, remind, wanted) in table {
        let todo = todo(|draft| (draft.due, draft.remind) = (due, remind));
        assert_eq!(standing(&todo, here()), wanted, "{due:?} {remind:?}");
    }
}

#[test]
fn what_comes_again_comes_again_when_it_is_done() {
    let sam = Some(UserId(Uuid::from_u128(5)));
    let weekly = todo(|draft| {
        draft.due = Some(when("2026-11-20", Some(540)));
        draft.remind = Some(when("2026-11-19", Some(600)));
        draft.repeat = Some(Repeat::Weeks { every: 1, on: vec![4] });
    });
    let done = take(&weekly, &TodoStep::Complete, sam, here()).unwrap().unwrap();
    assert_eq!((done.done_at, done.done_by), (Some(NOW), sam));
    let next = successor(&done, here()).unwrap();
    assert_eq!((next.due, next.remind), (Some(when("2026-11-27", Some(540))), Some(when("2026-11-26", Some(600)))));
    assert_eq!((next.done_at, next.follows, next.version), (None, Some(weekly.id), 1));
    assert_eq!(take(&done, &TodoStep::Complete, sam, here()), Ok(None), "once");
    assert_eq!(take(&done, &TodoStep::Reopen, sam, here()).unwrap().unwrap(), weekly);
    let once = todo(|draft| draft.due = Some(when("2026-11-20", None)));
    assert_eq!(successor(&once, here()), None);
}

#[test]
fn a_task_is_postponed_with_its_reminder_and_skipped_to_its_next_day() {
    let one = todo(|draft| {
        draft.due = Some(when("2026-11-20", Some(540)));
        draft.remind = Some(when("2026-11-18", None));
    });
    let later = take(&one, &TodoStep::Postpone { to: day("2026-11-23") }, None, here()).unwrap().unwrap();
    assert_eq!((later.due, later.remind), (Some(when("2026-11-23", Some(540))), Some(when("2026-11-21", None))));
    let free = take(&todo(|_| {}), &TodoStep::Postpone { to: day("2026-11-23") }, None, here()).unwrap().unwrap();
    assert_eq!(free.due, Some(when("2026-11-23", None)), "one without a day gets one");
    for wrong in ["2026-11-20", "2036-01-01"] {
        let refused = take(&one, &TodoStep::Postpone { to: day(wrong) }, None, here());
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong}");
    }
    assert!(matches!(take(&one, &TodoStep::Skip, None, here()), Err(Refusal::Conflict(_))));
    let daily = Todo { repeat: Some(Repeat::Days { every: 2 }), ..one };
    let skipped = take(&daily, &TodoStep::Skip, None, here()).unwrap().unwrap();
    assert_eq!(skipped.due, Some(when("2026-11-22", Some(540))));
    let done = take(&daily, &TodoStep::Complete, None, here()).unwrap().unwrap();
    assert!(matches!(take(&done, &TodoStep::Skip, None, here()), Err(Refusal::Conflict(_))), "what is done stays");
}

#[test]
fn a_draft_is_tidied_or_refused() {
    let draft = |title: &str| TodoDraft { title: title.into(), ..TodoDraft::default() };
    assert_eq!(draft("  Call \n Ada ").checked(NOW).unwrap().title, "Call Ada");
    for wrong in [
        draft(" "),
        draft(&"x".repeat(201)),
        TodoDraft { note: "x".repeat(4_001), ..draft("Call") },
        TodoDraft { due: Some(When { day: NOW, minute: None }), ..draft("Call") },
        TodoDraft { due: Some(when("2026-12-01", Some(1_440))), ..draft("Call") },
        TodoDraft { remind: Some(When { day: Timestamp(-DAY_MS), minute: None }), ..draft("Call") },
        TodoDraft { repeat: Some(Repeat::Days { every: 0 }), ..draft("Call") },
    ] {
        assert!(matches!(wrong.clone().checked(NOW), Err(Refusal::Invalid(_))), "{wrong:?}");
    }
    let weekly = TodoDraft { repeat: Some(Repeat::Weeks { every: 1, on: vec![0] }), ..draft("Call") };
    assert_eq!(weekly.checked(here().today).unwrap().due, Some(when("2026-11-23", None)));
    assert_eq!(When::typed("2026-11-23", "09:30"), Some(when("2026-11-23", Some(570))));
    assert_eq!(When::typed("2026-11-23", ""), Some(when("2026-11-23", None)));
    assert_eq!(When::typed("", "09:30"), None);
}
