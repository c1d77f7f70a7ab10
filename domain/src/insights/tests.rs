use uuid::Uuid;

use super::*;
use crate::money::Currency;

const USD: Currency = Currency::USD;

/// Returns an account with a number as its id, and as its name.
fn at(number: u128, score: Option<f64>, arr: i64) -> Standing {
    let band = |score: f64| match score {
        s if s >= 75.0 => Band::Healthy,
        s if s >= 55.0 => Band::Watch,
        s if s >= 35.0 => Band::AtRisk,
        _ => Band::Critical,
    };
    Standing {
        account: AccountId(Uuid::from_u128(number)),
        name: format!("Account {number}"),
        owner: Some(UserId(Uuid::from_u128(number % 2))),
        team: number.is_multiple_of(2).then(|| "North".to_owned()),
        group: (number != 3).then(|| "pro".to_owned()),
        annual: (arr != 0).then_some(Money { minor: arr, currency: USD }),
        score: score.map(Points::from_f64),
        band: score.map(band),
        churned: false,
    }
}

fn moved(before: &[Standing], after: &[Standing]) -> Report {
    report(Timestamp(0), Timestamp(1), before, after)
}

#[test]
fn every_account_is_in_one_cell_and_its_revenue_with_it() {
    let before = [at(1, Some(80.0), 100), at(2, Some(60.0), 200), at(3, None, 300), at(4, Some(50.0), 400)];
    let mut after = vec![at(1, Some(50.0), 150), at(2, Some(60.5), 200), at(3, Some(70.0), 300), at(5, Some(90.0), 7)];
    after[3].churned = false;
    let movement = moved(&before, &after).movement;
    let cell = |from: &str, to: &str| {
        let (from, to) = (Place::from_key(from).unwrap(), Place::from_key(to).unwrap());
        movement
            .cells
            .iter()
            .find(|cell| (cell.from, cell.to) == (from, to))
            .map(|cell| (cell.accounts, cell.value[0].minor))
    };
    assert_eq!(cell("healthy", "at_risk"), Some((1, 150)));
    assert_eq!(cell("watch", "watch"), Some((1, 200)));
    assert_eq!(cell("none", "watch"), Some((1, 300)));
    assert_eq!(cell("at_risk", "absent"), Some((1, 400)), "what left is counted with what it paid");
    assert_eq!(cell("absent", "healthy"), Some((1, 7)));
    assert_eq!(movement.cells.iter().map(|cell| cell.accounts).sum::<u32>(), 5);
}

#[test]
fn less_than_a_point_is_no_movement_and_who_fell_most_comes_first() {
    let before = [at(1, Some(80.0), 1), at(2, Some(60.0), 1), at(3, Some(40.0), 1), at(4, Some(20.0), 1)];
    let after = [at(1, Some(60.0), 1), at(2, Some(59.1), 1), at(3, Some(39.0), 1), at(4, Some(21.0), 1)];
    let movement = moved(&before, &after).movement;
    assert_eq!((movement.fell.0, movement.rose.0), (2, 1));
    let names: Vec<&str> = movement.fallers.iter().map(|moved| moved.name.as_str()).collect();
    assert_eq!(names, ["Account 1", "Account 3"]);
    assert_eq!(movement.fallers[0].delta(), Some(Points::from_f64(-20.0)));
}

#[test]
fn who_churned_has_left_and_who_came_is_new() {
    let before = [at(1, Some(30.0), 500), at(2, Some(50.0), 900)];
    let mut after = vec![at(1, Some(20.0), 500), at(3, Some(80.0), 40)];
    after[0].churned = true;
    let movement = moved(&before, &after).movement;
    let names = |list: &[Moved]| list.iter().map(|moved| moved.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&movement.departures), ["Account 2", "Account 1"], "those that paid most first");
    assert_eq!(movement.left, (2, vec![Money { minor: 1_400, currency: USD }]));
    assert_eq!(names(&movement.arrivals), ["Account 3"]);
}

#[test]
fn means_are_plain_and_weighted_and_the_change_is_of_the_same_accounts() {
    let before = [at(2, Some(50.0), 0), at(4, Some(90.0), 0)];
    let after = [at(2, Some(60.0), 300), at(4, Some(90.0), 100), at(6, Some(30.0), 0), at(8, None, 50)];
    let report = moved(&before, &after);
    let all = report.everybody.clone();
    assert_eq!((all.accounts, all.scored, all.at_risk), (4, 3, 1));
    assert_eq!(all.mean, Some(Points::from_f64(60.0)));
    assert_eq!(all.weighted, Some(Points::from_f64(67.5)));
    assert_eq!(all.change, Some(Points::from_f64(5.0)), "the new account changes no mean");
    assert_eq!(all.value, [Money { minor: 450, currency: USD }]);
    assert!((all.at_risk_pct() - 100.0 / 3.0).abs() < 1e-9);
    assert_eq!(report.owners, [(Some(UserId(Uuid::from_u128(0))), all.clone())]);
    assert_eq!(report.teams, [(Some("North".to_owned()), all)]);
    assert_eq!(moved(&[], &[]).everybody, Average::default());
}

#[test]
fn the_distribution_holds_every_score_once_and_marks_ranks() {
    let after: Vec<Standing> = (1..=20).map(|number| at(number, Some(number as f64 * 5.0), 1)).collect();
    let spread = moved(&[], &after).spread;
    assert_eq!(spread.bins.iter().map(|bin| bin.accounts).sum::<u32>(), 20);
    assert_eq!(spread.bins.last().map(|bin| (bin.low, bin.accounts)), Some((95, 2)), "100 is in the last range");
    assert_eq!(spread.bins[0].band, None);
    assert_eq!(spread.bins[8].band, Some(Band::AtRisk));
    let marked: Vec<(u8, f64)> = spread.markers.iter().map(|(rank, score)| (*rank, score.as_f64())).collect();
    assert_eq!(marked, [(10, 10.0), (25, 25.0), (50, 50.0), (75, 75.0), (90, 90.0)]);
    let [pro, nameless] = spread.groups.as_slice() else { panic!("{:?}", spread.groups) };
    assert_eq!((pro.name.as_deref(), pro.accounts, pro.bands), (Some("pro"), 19, [6, 4, 4, 5]));
    assert_eq!((nameless.name.as_deref(), nameless.accounts), (None, 1));
    assert_eq!(moved(&[], &[]).spread.markers, []);
}

#[test]
fn what_stands_behind_a_number_is_as_many_as_the_number_says() {
    let before: Vec<Standing> = (1..=40).map(|number| at(number, Some(number as f64 * 2.0), 10)).collect();
    let after: Vec<Standing> =
        (5..=45).map(|number| at(number, (number % 7 != 0).then_some(100.0 - number as f64), 10)).collect();
    let report = moved(&before, &after);
    let count = |which: Which| rows(&before, &after, &which).1;
    for cell in &report.movement.cells {
        assert_eq!(count(Which::Went(Some(cell.from), Some(cell.to))), cell.accounts, "{cell:?}");
    }
    for band in &report.bands {
        let place = band.band.map_or(Place::Unscored, Place::Band);
        assert_eq!(count(Which::Went(None, Some(place))), band.accounts);
    }
    for bin in &report.spread.bins {
        assert_eq!(count(Which::Bin(bin.low)), bin.accounts, "{bin:?}");
    }
    for (owner, average) in &report.owners {
        assert_eq!(count(Which::Owner(*owner)), average.accounts);
    }
    for (team, average) in &report.teams {
        assert_eq!(count(Which::Team(team.clone())), average.accounts);
    }
    assert_eq!(report.teams.len(), 2, "those without a team stand together");
    for group in &report.spread.groups {
        assert_eq!(count(Which::Group(group.name.clone())), group.accounts);
    }
    let Movement { rose, fell, came, left, .. } = report.movement;
    let counted = [Which::Rose, Which::Fell, Which::Came, Which::Left, Which::All].map(count);
    assert_eq!(counted, [rose.0, fell.0, came.0, left.0, 41]);
}

#[test]
fn an_address_says_which_accounts_are_meant() {
    let owner = UserId(Uuid::from_u128(7));
    let all = [
        Which::All,
        Which::Rose,
        Which::Fell,
        Which::Came,
        Which::Left,
        Which::Went(Some(Place::Band(Band::AtRisk)), Some(Place::Absent)),
        Which::Went(None, Some(Place::Unscored)),
        Which::Bin(95),
        Which::Owner(Some(owner)),
        Which::Owner(None),
        Which::Team(Some("North. West".to_owned())),
        Which::Team(None),
        Which::Group(Some("North. America".to_owned())),
        Which::Group(None),
    ];
    for which in all {
        assert_eq!(which.to_string().parse(), Ok(which));
    }
    for nonsense in ["", "up", "bin.3", "bin.100", "bin.", "at_risk", "at_risk.nowhere", "owner.me"] {
        assert_eq!(nonsense.parse::<Which>(), Err(()), "{nonsense}");
    }
}

#[test]
fn few_peers_say_nothing() {
    let peers = |accounts, below| Peers { by: Dimension::Tier, name: "pro".to_owned(), accounts, below };
    assert_eq!(peers(4, 3).better_than_pct(), None);
    assert_eq!(peers(5, 4).better_than_pct(), Some(100));
    assert_eq!(peers(5, 0).better_than_pct(), Some(0));
    assert_eq!(peers(1_000, 998).better_than_pct(), Some(99));
}

#[test]
fn fifty_and_all_drivers_add_up_to_what_rules_and_people_then_change() {
    let measure = |key: &str, points: f64, weight: f64| crate::health::MeasureResult {
        key: key.to_owned(),
        label: key.to_owned(),
        raw: None,
        observed_at: None,
        points: Some(Points::from_f64(points)),
        state: crate::health::MeasureState::Fresh,
        nominal: Points::from_f64(weight),
        effective: Points::from_f64(weight),
        contribution: Points::from_f64(points * weight / 100.0),
    };
    let measures = vec![
        measure("logins", 90.0, 30.0),
        measure("tickets", 10.0, 25.0),
        measure("nps", 60.0, 20.0),
        measure("adoption", 55.0, 15.0),
        measure("touch", 52.0, 10.0),
    ];
    let base: Points = measures.iter().map(|measure| measure.contribution).sum();
    let full = Points::FULL;
    let group = crate::health::GroupResult {
        key: "all".to_owned(),
        label: "All".to_owned(),
        score: Some(base),
        nominal: full,
        effective: full,
        measures,
    };
    let cap = crate::health::AppliedException {
        key: "urgent".to_owned(),
        label: "An urgent ticket is open".to_owned(),
        before: base,
        after: Points::from_f64(40.0),
    };
    let mut evaluation = crate::health::Evaluation {
        at: Timestamp(5),
        base: Some(base),
        computed: Some(cap.after),
        score: Some(cap.after),
        band: Some(Band::AtRisk),
        coverage: full,
        groups: vec![group],
        exceptions: vec![cap],
        override_: None,
    };
    let drivers = drivers(&evaluation);
    let keys = |causes: &[Cause]| causes.iter().map(|cause| cause.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&drivers.up), ["logins", "nps", "adoption"]);
    assert_eq!(keys(&drivers.down), ["tickets"]);
    let named: Points = drivers.up.iter().chain(&drivers.down).map(|cause| cause.delta).sum();
    assert_eq!(Points::NEUTRAL + named + drivers.rest, base);
    assert_eq!(drivers.rest, Points::from_f64(0.2), "what is not named");
    assert_eq!(
        (drivers.exceptions.len(), &drivers.computed, &drivers.by_hand),
        (1, &None, &None),
        "the rule has its line"
    );
    let manual = crate::health::AppliedOverride {
        score: Points::from_f64(5.0),
        reason: "They told us.".to_owned(),
        author: "Maya".to_owned(),
        until: Timestamp(9),
    };
    (evaluation.score, evaluation.override_) = (Some(manual.score), Some(manual.clone()));
    let by_hand = super::drivers(&evaluation);
    assert_eq!((by_hand.up, by_hand.down, by_hand.rest), (drivers.up, drivers.down, drivers.rest), "it is no driver");
    assert_eq!((by_hand.computed, by_hand.by_hand), (Some(Points::from_f64(40.0)), Some(manual)));
}
