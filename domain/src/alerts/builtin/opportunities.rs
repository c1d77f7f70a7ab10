//! What may be won.

use super::{DAY, Kind, Row, count, days, percent, points};

/// Returns the rules about what may be won.
pub(super) fn rows() -> Vec<Row> {
    wishes().into_iter().chain(occasions()).collect()
}

fn wishes() -> Vec<Row> {
    let kind = Kind::Opportunity;
    vec![
        Row {
            key: "expansion_ready",
            name: "Ready to grow",
            kind,
            condition: "score >= $score and (news_good_30d > 0 or seats_used_pct >= $pct)",
            clear: Some("score < $clear or not (news_good_30d > 0 or seats_used_pct >= $pct_clear)"),
            parameters: vec![
                points("score", "Score from", 75.0),
                percent("pct", "Seats used from", 90.0),
                points("clear", "Over when below", 70.0),
                percent("pct_clear", "Over when seats used below", 80.0),
            ],
            for_minutes: DAY,
            cooldown_days: 60,
            effort: 2.0,
            says: "Health is {score}, and {seats_used_pct} of the seats are used.",
            ..Row::default()
        },
        Row {
            key: "feature_interest",
            name: "Interest in a feature",
            kind,
            condition: "feature_change_28d > $pct and score >= $score",
            clear: Some("feature_change_28d < $clear"),
            parameters: vec![
                percent("pct", "Growth in per cent", 60.0),
                points("score", "Score from", 60.0),
                percent("clear", "Over when below", 20.0),
            ],
            for_minutes: DAY,
            cooldown_days: 60,
            effort: 1.0,
            says: "Use of one feature changed by {feature_change_28d} in 28 days.",
            ..Row::default()
        },
        Row {
            key: "competitor_bad_news",
            name: "A competitor has bad news",
            kind,
            condition: "competitor_bad_14d > 0 and days_to_deadline >= 0 and days_to_deadline <= $days",
            parameters: vec![days("days", "Days before the notice or renewal", 120.0)],
            cooldown_days: 30,
            effort: 1.0,
            says: "{competitor_bad_14d} bad headlines about competitors, {days_to_deadline} before the renewal.",
            ..Row::default()
        },
    ]
}

fn occasions() -> Vec<Row> {
    let kind = Kind::Opportunity;
    vec![
        Row {
            key: "growth",
            name: "The customer grows",
            kind,
            condition: "score >= $score and (news_growth_30d > 0 or usage_change_28d > $pct or \
                        pricing_visits_28d >= $visits)",
            clear: Some("not (news_growth_30d > 0 or usage_change_28d > $clear or pricing_visits_28d >= $visits)"),
            parameters: vec![
                points("score", "Score from", 60.0),
                percent("pct", "Growth of usage in per cent", 40.0),
                count("visits", "Visits of the price list from", 3.0),
                percent("clear", "Over when growth below", 15.0),
            ],
            for_minutes: DAY,
            cooldown_days: 60,
            effort: 1.5,
            says: "Usage changed by {usage_change_28d}; {news_growth_30d} headlines of growth.",
            ..Row::default()
        },
        Row {
            key: "advocate",
            name: "Would speak for us",
            kind,
            condition: "nps >= $nps and days_since_nps <= $days and score >= $score",
            parameters: vec![
                count("nps", "Answer from", 9.0),
                days("days", "Days since the answer", 30.0),
                points("score", "Score from", 85.0),
            ],
            for_minutes: DAY,
            cooldown_days: 180,
            effort: 0.5,
            says: "Answered {nps} of 10 {days_since_nps} ago, and health is {score}.",
            ..Row::default()
        },
    ]
}
