//! Ten thousand seeded cases, evaluated and explained, as one number.

use domain::health::{
    Action, Bands, Condition, Context, Evaluation, Exception, FactValue, Facts, Group, Measure, Mode, NullPolicy,
    Operator, Override, Points, Scale, Scorecard, SeasonProfile, Source, TenureScale, evaluate, explain_change, keys,
    summarise_change, waterfall,
};
use domain::time::Timestamp;

/// What all cases come to.
pub const GOLDEN: u64 = 0x7f5d_2a7b_5967_41a3;
/// How many cases there are.
const CASES: usize = 10_000;
/// Cases that share a scorecard before the next one is made up.
const PER_CARD: usize = 7;
const NOW: Timestamp = Timestamp(1_795_251_600_000);
const FACTS: [&str; 8] = [
    keys::USAGE_28D,
    keys::ENGAGEMENT_SCORE,
    keys::DAYS_SINCE_LOGIN,
    keys::OPEN_TICKETS,
    keys::NPS,
    keys::RISK_LEVEL,
    "custom.plan",
    "usage.logins",
];
const WORDS: [&str; 4] = ["low", "Medium", "high", "critical"];

/// Evaluates every case, checks that its explanations add up to the last millionth, and hashes all that came out.
pub fn hash() -> u64 {
    let mut dice = Dice(7);
    let (mut card, mut before) = (card(&mut dice), None::<Evaluation>);
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for case in 0..CASES {
        if case % PER_CARD == 0 {
            card = self::card(&mut dice);
        }
        let after = evaluated(&card, before.as_ref(), &mut dice);
        let steps = waterfall(&after);
        assert_eq!(sum(steps.iter().map(|step| step.delta)), after.score.unwrap_or_default(), "case {case}");
        let mut told = serde_json::to_vec(&(&after, &steps)).unwrap_or_default();
        if let Some(before) = &before {
            let change = explain_change(before, &after);
            let difference = after.score.unwrap_or_default() - before.score.unwrap_or_default();
            assert_eq!(sum(change.iter().map(|step| step.delta)), difference, "case {case}");
            let summary = summarise_change(before, &after);
            let named = sum(summary.causes.iter().map(|cause| cause.delta));
            assert_eq!(named + summary.rest, difference, "case {case}");
            told.extend(serde_json::to_vec(&change).unwrap_or_default());
        }
        assert!(!told.is_empty(), "case {case}");
        for byte in told {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        before = Some(after);
    }
    hash
}

fn sum(parts: impl Iterator<Item = Points>) -> Points {
    parts.sum()
}

fn evaluated(card: &Scorecard, before: Option<&Evaluation>, dice: &mut Dice) -> Evaluation {
    let facts = facts(dice);
    let manual = (dice.below(8) == 0).then(|| Override {
        score: dice.share() * 100.0,
        reason: "They told us.".to_owned(),
        author: "Sam".to_owned(),
        until: NOW.plus_days(i64::from(dice.below(9)) - 2),
    });
    let mut season = SeasonProfile::flat("venue");
    season.weekly.iter_mut().for_each(|index| *index = 0.3 + dice.share());
    let context = Context {
        now: NOW,
        override_: manual.as_ref(),
        previous_band: before.and_then(|before| before.band),
        season: (dice.below(2) == 0).then_some(&season),
    };
    evaluate(card, &facts, &context)
}

fn facts(dice: &mut Dice) -> Facts {
    let mut facts = Facts { tenure_days: Some(i64::from(dice.below(900))), ..Facts::default() };
    for key in FACTS {
        if dice.below(5) == 0 {
            continue;
        }
        for _ in 0..=dice.below(12) {
            let at = NOW.plus_days(-i64::from(dice.below(200)));
            let value = match dice.below(14) {
                0 => FactValue::Absent,
                1 => FactValue::from(WORDS[dice.below(4) as usize]),
                _ if key == keys::RISK_LEVEL => FactValue::from(WORDS[dice.below(4) as usize]),
                2 => FactValue::from(0.0),
                _ => FactValue::from(dice.share() * 120.0),
            };
            facts.observe(key, at, value);
        }
    }
    facts
}

fn card(dice: &mut Dice) -> Scorecard {
    let groups = (0..=dice.below(4)).map(|group| Group {
        key: format!("g{group}"),
        label: format!("Group {group}"),
        weight: weight(dice),
        measures: (0..=dice.below(4)).map(|place| measure(group * 10 + place, dice)).collect(),
    });
    let groups: Vec<Group> = groups.collect();
    let exceptions = (0..dice.below(4)).map(|place| exception(place, dice)).collect();
    let bands = Bands { hysteresis: dice.share() * 5.0, ..Bands::default() };
    Scorecard { name: "Card".to_owned(), groups, exceptions, bands, applies_to: String::new(), priority: 0 }
}

fn weight(dice: &mut Dice) -> f64 {
    if dice.below(10) == 0 { 0.0 } else { dice.share() * 100.0 }
}

fn measure(place: u32, dice: &mut Dice) -> Measure {
    let days = 7 + dice.below(120);
    Measure {
        key: format!("m{place}"),
        label: format!("Measure {place}"),
        weight: weight(dice),
        source: Source::Fact(FACTS[dice.below(8) as usize].to_owned()),
        scale: scale(dice),
        mode: match dice.below(4) {
            0 => Mode::Growth { days },
            1 => Mode::Trend { days },
            2 => Mode::OwnBaseline { days },
            _ => Mode::Absolute,
        },
        null_policy: match dice.below(4) {
            0 => NullPolicy::Exclude,
            1 => NullPolicy::Neutral,
            2 => NullPolicy::Zero,
            _ => NullPolicy::CarryForward { half_life_days: dice.below(90) },
        },
        validity_days: (dice.below(2) == 0).then(|| dice.below(100)),
        tenure: if dice.below(3) == 0 {
            vec![TenureScale { from_days: 0, to_days: Some(90), scale: scale(dice) }]
        } else {
            Vec::new()
        },
        season: dice.below(2) == 0,
    }
}

fn scale(dice: &mut Dice) -> Scale {
    if dice.below(6) == 0 {
        let otherwise = (dice.below(2) == 0).then(|| dice.share() * 100.0);
        return Scale::choices(&[("low", 100.0), ("medium", 61.7), ("high", 33.3), ("critical", 0.0)], otherwise);
    }
    let (low, high) = (dice.share() * 40.0, 60.0 + dice.share() * 60.0);
    let points = if dice.below(2) == 0 { (0.0, 100.0) } else { (100.0, 0.0) };
    Scale::curve(&[(low, points.0), (f64::midpoint(low, high), dice.share() * 100.0), (high, points.1)])
}

fn exception(place: u32, dice: &mut Dice) -> Exception {
    let points = dice.share() * 100.0;
    Exception {
        key: format!("e{place}"),
        label: format!("Exception {place}"),
        when: Condition {
            fact: FACTS[dice.below(5) as usize].to_owned(),
            op: [Operator::Less, Operator::AtMost, Operator::Greater, Operator::AtLeast][dice.below(4) as usize],
            value: (dice.share() * 100.0).into(),
        },
        action: match dice.below(4) {
            0 => Action::Cap(points),
            1 => Action::Floor(points),
            2 => Action::Set(points),
            _ => Action::Minus(points / 4.0),
        },
    }
}

/// SplitMix64: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        ((self.roll() >> 32) % u64::from(end)) as u32
    }

    /// A number from 0 up to 1.
    fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / 9_007_199_254_740_992.0
    }
}
