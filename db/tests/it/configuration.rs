//! Configuration: out as one file, in again anywhere, with every mistake named and every change taken back.

use db::views::ViewDraft;
use db::{
    Error, accounts, alerts, batches, configuration, dashboards, formula, health, identity, log, reports, undo, views,
};
use domain::alerts::{Kind, Parameter, Rule, Unit, built_in};
use domain::changes::Change;
use domain::configuration::{Pick, Plan, Section, State};
use domain::dashboards::{DashboardDraft, Shows, Widget};
use domain::fields::Subject;
use domain::id::{RuleId, WorkspaceId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::reports::{ReportDraft, Spec};
use serde_json::json;
use uuid::Uuid;

use crate::cards::{card, put_into_force};
use crate::support::{self, NOW, PASSWORD, TestDb};

/// Gives the workspace something of everything that a configuration holds, with texts that are hard to write.
async fn furnish(t: &TestDb) {
    let mut tx = t.write(&t.admin).await;
    identity::rename_workspace(&mut tx, "Acme: \"west\" & #1", "EUR".parse().unwrap()).await.unwrap();
    health::set_rollup_rule(&mut tx, domain::health::Rollup::Worst).await.unwrap();
    formula::create(&mut tx, "Yearly worth", "ARR * 2").await.unwrap();
    formula::create(&mut tx, "Above", "if [Yearly worth] > 10\nthen 1 else 0").await.ok();
    formula::create(&mut tx, "A quarter", "[Yearly worth] / 4").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = t.write(&t.manager).await;
    let first = health::cards(&mut tx).await.unwrap()[0].clone();
    put_into_force(&mut tx, Some(first.scorecard), domain::health::Scorecard { name: first.name, ..card(70.0) }).await;
    let named =
        domain::health::Scorecard { name: "no: [1, 2] ünï".into(), applies_to: "tier = pro".into(), ..card(12.5) };
    let second = put_into_force(&mut tx, None, named.clone()).await;
    health::save_draft(&mut tx, Some(second), None, domain::health::Scorecard { priority: 7, ..named }).await.unwrap();
    let changed = built_in().into_iter().find(|rule| !rule.parameters.is_empty()).unwrap();
    alerts::change_rule(&mut tx, Rule { cooldown_days: 33, ..changed }).await.unwrap();
    let own = alerts::create_rule(&mut tx, rule("Quiet 'n' small")).await.unwrap();
    alerts::switch_rule(&mut tx, own.id, false).await.unwrap();
    for name in ["Shared", "Shared", "yes"] {
        views::create(&mut tx, view(name, true)).await.unwrap();
    }
    views::create(&mut tx, view("Mine alone", false)).await.unwrap();
    let draft = |name: &str, shared| ReportDraft { name: name.into(), shared, spec: Spec::default() };
    let open = reports::create(&mut tx, draft("By band", true)).await.unwrap();
    let own = reports::create(&mut tx, draft("My secret", false)).await.unwrap();
    let shown = [Shows::Report(open.id), Shows::Report(own.id), Shows::Spec(Spec::default())];
    let widget = |(id, shows): (u32, Shows)| Widget { id, name: "yes".into(), shows, width: 2, height: 1 };
    let widgets = (1..).zip(shown).map(widget).collect();
    dashboards::create(&mut tx, DashboardDraft { name: "Board".into(), shared: true, widgets }).await.unwrap();
    tx.commit().await.unwrap();
}

fn view(name: &str, shared: bool) -> ViewDraft {
    let columns = vec!["name".to_owned(), "score".to_owned()];
    ViewDraft { name: name.into(), filter: "arr > 5".into(), sort: "-arr".into(), columns, shared }
}

fn rule(name: &str) -> Rule {
    Rule {
        id: RuleId(Uuid::nil()),
        version: 0,
        key: None,
        name: name.into(),
        kind: Kind::Risk,
        condition: "score < $least".into(),
        clear: None,
        parameters: vec![Parameter {
            key: "least".into(),
            label: "Least score".into(),
            value: 12.5,
            min: 0.0,
            max: 100.0,
            choices: Vec::new(),
            unit: Unit::Points,
        }],
        scope: "tier = pro".into(),
        for_minutes: 0,
        clear_minutes: 60,
        cooldown_days: 14,
        urgency: 1.5,
        effort: 1.0,
        says: "The score is {score}.".into(),
        off_at: None,
        off_by: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

async fn export(t: &TestDb, actor: &Actor) -> String {
    let mut tx = t.write(actor).await;
    let text = configuration::export(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    text
}

async fn preview(t: &TestDb, actor: &Actor, text: &str) -> Plan {
    configuration::preview(&t.db, actor, text, &[]).await.unwrap()
}

/// Brings a file in and returns the batch.
async fn bring(t: &TestDb, actor: &Actor, text: &str, picks: &[Pick]) -> Option<domain::id::BatchId> {
    let plan = configuration::preview(&t.db, actor, text, picks).await.unwrap();
    assert!(plan.problems.is_empty(), "{t:?}: {:?}", plan.problems);
    configuration::apply(&t.db, actor, "file.yaml", text, picks, &plan.mark).await.unwrap().batch
}

async fn second_workspace(t: &TestDb) -> (WorkspaceId, Actor) {
    let workspace = identity::create_workspace(&t.db, "Second").await.unwrap();
    let new = identity::NewUser {
        email: "anna@example.com".into(),
        name: "Anna".into(),
        role: Role::Admin,
        password: PASSWORD.into(),
    };
    let user = identity::create_user(&t.db, &Actor::system(workspace), new).await.unwrap();
    (workspace, Actor { workspace, user: Some(user), role: Role::Admin })
}

fn changed(plan: &Plan) -> Vec<(Section, &str, State)> {
    let items = plan.items.iter().filter(|item| item.state != State::Same && item.state != State::Kept);
    items.map(|item| (item.section, item.name.as_str(), item.state)).collect()
}

#[tokio::test]
async fn what_goes_out_comes_in_elsewhere_and_goes_out_the_same() {
    for t in support::databases().await {
        furnish(&t).await;
        let text = export(&t, &t.admin).await;
        for private in ["Mine alone", "My secret", "@", &t.admin.user.unwrap().to_string()] {
            assert!(!text.contains(private), "{t:?}: {private} in\n{text}");
        }
        let same = preview(&t, &t.admin, &text).await;
        assert_eq!((changed(&same), &same.problems), (Vec::new(), &Vec::new()), "{t:?}: {text}");
        assert_eq!(bring(&t, &t.admin, &text, &[]).await, None, "{t:?}: what is there changes nothing");

        let (_, anna) = second_workspace(&t).await;
        let before = export(&t, &anna).await;
        let batch = bring(&t, &anna, &text, &[]).await.unwrap();
        assert_eq!(export(&t, &anna).await, text, "{t:?}");
        let report = undo::undo(&t.db, &anna, batch).await.unwrap();
        assert_eq!((report.conflicts, &report.examples), (0, &Vec::new()), "{t:?}");
        assert_eq!(export(&t, &anna).await, before, "{t:?}: taken back");
        undo::undo(&t.db, &anna, report.batch).await.unwrap();
        assert_eq!(export(&t, &anna).await, text, "{t:?}: and put back");
        assert!(log::verify(&mut t.read(&anna).await).await.unwrap().is_ok(), "{t:?}");
    }
}

#[tokio::test]
async fn who_takes_and_who_brings_stands_in_the_log() {
    for t in support::databases().await {
        export(&t, &t.admin).await;
        let text = "keepwell: 1\nviews:\n  - {name: Few, columns: [name]}\n";
        let batch = bring(&t, &t.admin, text, &[]).await.unwrap();
        let lines = log::after(&mut t.read(&t.admin).await, 0, 1_000).await.unwrap();
        let taken = lines.iter().find(|line| line.change == Change::Exported).unwrap();
        assert_eq!((&taken.after["what"], taken.actor), (&json!("configuration"), t.admin.user), "{t:?}");
        let brought: Vec<_> = lines.iter().filter(|line| line.batch == Some(batch)).collect();
        assert_eq!(brought.len(), 1, "{t:?}");
        assert_eq!((brought[0].subject, brought[0].actor), (Subject::View, t.admin.user), "{t:?}");
        let history = configuration::history(&mut t.read(&t.admin).await).await.unwrap();
        assert_eq!(history[0].counts, json!({"added": 1, "changed": 0, "removed": 0, "unchanged": 0}), "{t:?}");
    }
}

#[tokio::test]
async fn every_mistake_is_named_with_its_line_and_nothing_is_written() {
    for t in support::databases().await {
        let before = export(&t, &t.admin).await;
        let text = "\
keepwell: 1
workspace:
  currency: euros
fields:
  - key: one
    label: One
    formula: two + 1
  - {key: two, label: Two, formula: one + 1}
  - {key: Bad Key, label: Bad, kind: number}
rules:
  - name: Odd
    kind: risk
    condition: nonsense <
    for_minutes: 0
    clear_minutes: 0
    cooldown_days: 1
    urgency: 9
    effort: 1
views:
  - name: Wide
    columns:
      - nothing
scorecards:
  - name: New
    published:
      name: New
      groups: []
dashboards:
  - name: Board
    widgets:
      - {width: 1, height: 1, report: Nowhere}
";
        let plan = preview(&t, &t.admin, text).await;
        let lines: Vec<u32> = plan.problems.iter().filter_map(|problem| problem.line).collect();
        assert_eq!(lines, [3, 7, 8, 9, 13, 17, 22, 27, 31], "{t:?}: {:#?}", plan.problems);
        let error = configuration::apply(&t.db, &t.admin, "x", text, &[], &plan.mark).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Conflict(_))), "{t:?}: {error:?}");
        assert_eq!(export(&t, &t.admin).await, before, "{t:?}");
    }
}

#[tokio::test]
async fn what_is_no_configuration_is_refused_before_anything_is_looked_at() {
    let t = &support::databases().await[0];
    let laughs = "keepwell: 1\na: &a [x, x]\nb: &b [*a, *a]\nviews: [*b, *b]\n";
    let deep = format!("keepwell: 1\nviews: {}{}\n", "[".repeat(500), "]".repeat(500));
    let nested = format!("keepwell: 1\nviews: {}{}\n", "[".repeat(40), "]".repeat(40));
    let many = format!("keepwell: 1\nviews: [{}]\n", "1,".repeat(250_000));
    let wide = format!("{{keepwell: 1{}}}", (0..2_000).map(|n| format!(", k{n}: 1")).collect::<String>());
    for (text, line, words) in [
        ("", Some(1), "nothing"),
        ("just words", Some(1), "not a configuration"),
        ("views: []", Some(1), "keepwell: 1"),
        ("keepwell: 2", Some(1), "keepwell: 1"),
        ("keepwell: 1\nview: []", Some(2), "no part “view”"),
        ("keepwell: 1\nviews: {}", Some(2), "as a list"),
        ("keepwell: 1\nviews:\n  - {name: A, columns: [name], colour: red}", Some(3), "no “colour”"),
        ("keepwell: 1\nviews:\n  - name: A\n    columns: name", Some(4), "columns"),
        ("keepwell: 1\nviews: []\nviews: []", Some(3), "twice"),
        ("keepwell: 1\nviews:\n\t- a", Some(3), "not YAML"),
        ("keepwell: 1\n---\nkeepwell: 1", None, "one document"),
        ("keepwell: !int 1", Some(1), "written out"),
        (laughs, Some(2), "written out"),
        (&deep, Some(2), "not YAML"),
        (&nested, Some(2), "too deep"),
        (&many, Some(2), "more in this file"),
        (&wide, Some(1), "more here"),
    ] {
        let plan = preview(t, &t.admin, text).await;
        let problem = plan.problems.first().unwrap_or_else(|| panic!("accepted: {text:.60}"));
        let words = words.replace("written out", "Write this out");
        assert!(problem.message.contains(&words), "{text:.60}: {problem:?}");
        assert!(line.is_none() || problem.line == line, "{text:.60}: {problem:?}");
    }
    let huge = format!("keepwell: 1\n{}", "# long\n".repeat(200_000));
    assert!(configuration::preview(&t.db, &t.admin, &huge, &[]).await.is_err());
}

#[tokio::test]
async fn only_what_is_ticked_goes_and_never_what_others_need() {
    for t in support::databases().await {
        furnish(&t).await;
        let full = export(&t, &t.admin).await;
        let empty = "keepwell: 1\n";
        let plan = preview(&t, &t.admin, empty).await;
        assert!(!plan.changes() && plan.count(State::Kept) > 8, "{t:?}: {plan:?}");
        let pick = |section, name: &str| Pick { section, name: name.into() };
        let all: Vec<Pick> = plan.items.iter().map(|item| pick(item.section, &item.name)).collect();
        let refused = configuration::preview(&t.db, &t.admin, empty, &all).await.unwrap();
        assert_eq!(refused.problems.len(), 1, "{t:?}: {:?}", refused.problems);
        assert!(refused.problems[0].message.contains("only scorecard"), "{t:?}: {:?}", refused.problems);
        let worth = [pick(Section::Fields, "yearly_worth")];
        let refused = configuration::preview(&t.db, &t.admin, empty, &worth).await.unwrap();
        assert!(refused.problems[0].message.contains("A quarter"), "{t:?}: {:?}", refused.problems);
        let last = all.iter().rposition(|pick| pick.section == Section::Scorecards).unwrap();
        let mut most = all;
        most.remove(last);
        let batch = bring(&t, &t.admin, empty, &most).await.unwrap();
        let left = preview(&t, &t.admin, empty).await;
        assert_eq!(left.items.len(), 1, "{t:?}: {left:?}");
        let report = undo::undo(&t.db, &t.admin, batch).await.unwrap();
        assert_eq!(report.conflicts, 0, "{t:?}: {report:?}");
        assert_eq!(export(&t, &t.admin).await, full, "{t:?}");
    }
}

#[tokio::test]
async fn differences_are_named_value_by_value_and_somebody_faster_is_noticed() {
    for t in support::databases().await {
        furnish(&t).await;
        let text = export(&t, &t.admin).await;
        let edited = text.replace("cooldown_days: 33", "cooldown_days: 44").replace("value: 12.5", "value: 20");
        let plan = preview(&t, &t.admin, &edited).await;
        let found: Vec<(String, Option<&str>, Option<&str>)> = plan
            .items
            .iter()
            .flat_map(|item| &item.differences)
            .map(|one| (one.path.join("/"), one.before.as_deref(), one.after.as_deref()))
            .collect();
        let expected = [
            ("cooldown_days".to_owned(), Some("33"), Some("44")),
            ("parameters/least/value".to_owned(), Some("12.5"), Some("20")),
        ];
        assert_eq!(found, expected, "{t:?}");
        let mut tx = t.write(&t.manager).await;
        views::create(&mut tx, view("Faster", true)).await.unwrap();
        tx.commit().await.unwrap();
        let error = configuration::apply(&t.db, &t.admin, "x", &edited, &[], &plan.mark).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Conflict(_))), "{t:?}: {error:?}");
    }
}

#[tokio::test]
async fn what_was_changed_since_is_left_as_it_is() {
    for t in support::databases().await {
        furnish(&t).await;
        let text = export(&t, &t.admin).await;
        let (_, anna) = second_workspace(&t).await;
        let batch = bring(&t, &anna, &text, &[]).await.unwrap();
        let mut tx = t.write(&anna).await;
        let heads = health::cards(&mut tx).await.unwrap();
        let draft = heads.iter().find(|head| head.draft.is_some()).unwrap();
        health::publish(&mut tx, draft.scorecard, draft.draft.unwrap(), String::new()).await.unwrap();
        identity::rename_workspace(&mut tx, "Third", "CHF".parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let report = undo::undo(&t.db, &anna, batch).await.unwrap();
        let reasons: Vec<&str> = report.examples.iter().map(|conflict| conflict.reason.as_str()).collect();
        assert_eq!(reasons, ["Somebody changed this scorecard since.", "The settings were changed since."], "{t:?}");
        let mut tx = t.read(&anna).await;
        assert_eq!(identity::workspace(&mut tx).await.unwrap().0, "Third", "{t:?}");
        assert!(views::list(&mut tx).await.unwrap().is_empty(), "{t:?}: the rest went");
        assert!(accounts::custom_fields(&mut tx).await.unwrap().is_empty(), "{t:?}");
    }
}

#[tokio::test]
async fn only_administrators_bring_in_and_take_back() {
    for t in support::databases().await {
        let text = "keepwell: 1\nviews:\n  - {name: Few, columns: [name]}\n";
        for actor in [&t.viewer, &t.csm, &t.manager] {
            for refused in [
                configuration::preview(&t.db, actor, text, &[]).await.map(|_| ()),
                configuration::apply(&t.db, actor, "x", text, &[], "").await.map(|_| ()),
            ] {
                assert!(matches!(refused, Err(Error::Refused(Refusal::Forbidden))), "{t:?}: {refused:?}");
            }
        }
        let batch = bring(&t, &t.admin, text, &[]).await.unwrap();
        assert!(undo::undo(&t.db, &t.manager, batch).await.is_err(), "{t:?}");
        assert!(batches::get(&mut t.read(&t.admin).await, batch).await.unwrap().undone_at.is_none(), "{t:?}");
        // The command line has no user; what it brings belongs to the first administrator.
        let system = Actor::system(t.workspace);
        let more = "keepwell: 1\nreports:\n  - name: Bands\n    spec: {about: accounts, state: all, filter: '', by: band, measures: [count], shape: table, order: {by: count, descending: true}, top: 10}\n";
        bring(&t, &system, more, &[]).await.unwrap();
        let all = reports::list(&mut t.read(&t.viewer).await).await.unwrap();
        assert_eq!(all[0].owner_id, t.admin.user.unwrap(), "{t:?}");
    }
}

#[tokio::test]
async fn a_scorecard_that_came_before_anybody_is_not_fitted_anew() {
    for t in support::databases().await {
        let (workspace, system) = {
            let workspace = identity::create_workspace(&t.db, "Fresh").await.unwrap();
            (workspace, Actor::system(workspace))
        };
        let first = health::cards(&mut t.read(&system).await).await.unwrap()[0].name.clone();
        let text = format!(
            "keepwell: 1\nscorecards:\n  - name: {first}\n    published:\n      name: {first}\n      groups:\n        - key: g\n          label: G\n          weight: 1\n          measures:\n            - {{key: m, label: M, weight: 1, source: {{fact: adoption_pct}}, scale: {{curve: [[0, 0], [100, 100]]}}}}\n"
        );
        bring(&t, &system, &text, &[]).await.unwrap();
        let mut tx = t.write(&system).await;
        assert!(!health::refit_default(&mut tx).await.unwrap(), "{t:?} {workspace:?}");
    }
}
