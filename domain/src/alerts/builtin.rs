//! The rules that come with Keepwell: rows of the same language that people write theirs in.

mod opportunities;

use super::alert::{Kind, Unit};
use super::rule::{Parameter, Rule};
use crate::id::RuleId;
use crate::time::Timestamp;

/// One row of the table below.
struct Row {
    key: &'static str,
    name: &'static str,
    kind: Kind,
    condition: &'static str,
    clear: Option<&'static str>,
    parameters: Vec<Parameter>,
    for_minutes: u32,
    cooldown_days: u32,
    urgency: f64,
    effort: f64,
    says: &'static str,
}

impl Default for Row {
    fn default() -> Self {
        Self {
            key: "",
            name: "",
            kind: Kind::Risk,
            condition: "",
            clear: None,
            parameters: Vec::new(),
            for_minutes: 0,
            cooldown_days: 14,
            urgency: 1.0,
            effort: 1.0,
            says: "",
        }
    }
}

/// Minutes of a day.
const DAY: u32 = 24 * 60;

fn days(key: &str, label: &str, value: f64) -> Parameter {
    number(key, label, Unit::Days, value, (0.0, 730.0))
}

fn number(key: &str, label: &str, unit: Unit, value: f64, (min, max): (f64, f64)) -> Parameter {
    Parameter { key: key.to_owned(), label: label.to_owned(), value, min, max, choices: Vec::new(), unit }
}

fn percent(key: &str, label: &str, value: f64) -> Parameter {
    number(key, label, Unit::Percent, value, (0.0, 1_000.0))
}

fn points(key: &str, label: &str, value: f64) -> Parameter {
    number(key, label, Unit::Points, value, (0.0, 100.0))
}

fn count(key: &str, label: &str, value: f64) -> Parameter {
    number(key, label, Unit::Count, value, (0.0, 1_000.0))
}

/// Returns the rules that come with Keepwell, each on and with its own parameters, in the order in which they are
/// shown.
#[must_use]
pub fn built_in() -> Vec<Rule> {
    let rows = health().into_iter().chain(people()).chain(terms()).chain(support()).chain(outside());
    let rows = rows.chain(opportunities::rows()).chain(portfolio());
    rows.map(rule).collect()
}

fn rule(row: Row) -> Rule {
    let Row { key, name, kind, condition, clear, parameters, for_minutes, cooldown_days, urgency, effort, says } = row;
    Rule {
        id: id_of(key),
        version: 0,
        key: Some(key.to_owned()),
        name: name.to_owned(),
        kind,
        condition: condition.to_owned(),
        clear: clear.map(str::to_owned),
        parameters,
        scope: String::new(),
        for_minutes,
        clear_minutes: 0,
        cooldown_days,
        urgency,
        effort,
        says: says.to_owned(),
        off_at: None,
        off_by: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    }
}

/// Returns the id of a built-in rule: its word after Fowler, Noll and Vo, so that rows can be moved and added.
fn id_of(key: &str) -> RuleId {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in key.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    RuleId(uuid::Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid())
}

fn health() -> Vec<Row> {
    let mut window = days("window", "Days looked back", 30.0);
    window.choices = vec![7.0, 14.0, 30.0, 60.0, 90.0];
    vec![
        Row {
            key: "score_drop",
            name: "Health declined",
            condition: "score_drop_$(window)d > $points",
            clear: Some("score_drop_$(window)d <= $clear"),
            parameters: vec![points("points", "Points lost", 20.0), window, points("clear", "Over when below", 10.0)],
            for_minutes: DAY,
            cooldown_days: 30,
            urgency: 1.5,
            effort: 2.0,
            says: "Health fell by more than $points points in $window days, to {score}.",
            ..Row::default()
        },
        Row {
            key: "usage_drop",
            name: "Usage dropped",
            condition: "usage_change_28d < -$pct and usage_28d is not empty",
            clear: Some("usage_change_28d > -$clear"),
            parameters: vec![percent("pct", "Fall in per cent", 40.0), percent("clear", "Over when above", 20.0)],
            // Four weeks against four weeks are calm by themselves. To wait another day costs a warning where one leaves.
            cooldown_days: 30,
            urgency: 1.5,
            effort: 2.0,
            says: "Usage changed by {usage_change_28d} against the 28 days before, like seasons compared with like.",
            ..Row::default()
        },
    ]
}

fn people() -> Vec<Row> {
    vec![
        Row {
            key: "customer_silent",
            name: "The customer is silent",
            condition: "days_since_customer > $days",
            parameters: vec![days("days", "Days of silence", 30.0)],
            cooldown_days: 30,
            effort: 1.0,
            urgency: 1.5,
            says: "No sign of life from the customer for {days_since_customer}: no use, no ticket, no answer.",
            ..Row::default()
        },
        Row {
            key: "we_are_silent",
            name: "We are silent",
            // Accounts below the middle are rarely called on purpose.
            condition: "days_since_touch > $days and (arr_times_typical is empty or arr_times_typical >= 1)",
            parameters: vec![days("days", "Days of silence", 60.0)],
            cooldown_days: 14,
            says: "We were last in touch {days_since_touch} ago.",
            ..Row::default()
        },
        Row {
            key: "champion_gone",
            name: "The champion left",
            condition: "champions_left_90d > 0 and champions = 0",
            cooldown_days: 90,
            urgency: 2.0,
            effort: 3.0,
            says: "The champion left, and nobody has taken the part: {contacts_active} contacts are active.",
            ..Row::default()
        },
        Row {
            key: "champion_silent",
            name: "The champion is silent",
            condition: "champion_days_silent > $days",
            parameters: vec![days("days", "Days of silence", 90.0)],
            cooldown_days: 30,
            urgency: 1.2,
            effort: 1.0,
            says: "No champion was in touch for {champion_days_silent}.",
            ..Row::default()
        },
        Row {
            key: "single_threaded",
            name: "Only one contact",
            condition: "contacts_active = 1 and arr_times_typical >= $times and tenure_days > $days",
            parameters: vec![
                count("times", "Least revenue beside the middle account", 2.0),
                days("days", "Days as a customer", 90.0),
            ],
            for_minutes: 7 * DAY,
            cooldown_days: 90,
            effort: 3.0,
            says: "Only one of {contacts_known} contacts was in touch in 90 days.",
            ..Row::default()
        },
    ]
}

fn terms() -> Vec<Row> {
    vec![
        Row {
            key: "renewal_risk",
            name: "Renewal at risk",
            condition: "days_to_deadline >= 0 and days_to_deadline <= $days and score < $score",
            clear: Some("days_to_deadline < 0 or days_to_deadline > $days or score >= $clear"),
            parameters: vec![
                days("days", "Days before the notice or renewal", 90.0),
                points("score", "Score below", 60.0),
                points("clear", "Over when from", 65.0),
            ],
            cooldown_days: 30,
            urgency: 2.0,
            effort: 3.0,
            says: "{days_to_deadline} are left to decide on the renewal, and health is {score}.",
            ..Row::default()
        },
        Row {
            key: "payment_failed",
            name: "Payment failed",
            condition: "payments_failed > 0",
            cooldown_days: 7,
            urgency: 2.0,
            effort: 0.5,
            says: "{payments_failed} failed and not yet paid: {amount_failed}.",
            ..Row::default()
        },
        Row {
            key: "onboarding_slipping",
            name: "Onboarding is slipping",
            condition: "stage = onboarding and tenure_days > $days and \
                        (adoption_pct is empty or adoption_pct < $adoption)",
            parameters: vec![days("days", "Days since the start", 60.0), percent("adoption", "Adoption below", 40.0)],
            cooldown_days: 30,
            urgency: 1.5,
            effort: 2.0,
            says: "Still in onboarding {tenure_days} after the start, with {adoption_pct} adoption.",
            ..Row::default()
        },
    ]
}

fn support() -> Vec<Row> {
    vec![
        Row {
            key: "ticket_escalated",
            name: "Tickets escalated",
            condition: "open_escalations >= $escalations or urgent_tickets >= $urgent",
            parameters: vec![
                count("escalations", "Open escalations from", 1.0),
                count("urgent", "Open urgent tickets from", 2.0),
            ],
            cooldown_days: 14,
            urgency: 2.0,
            effort: 1.0,
            says: "{open_escalations} open escalations and {urgent_tickets} urgent tickets of {open_tickets} open ones.",
            ..Row::default()
        },
        Row {
            key: "ticket_silence",
            name: "Tickets stopped",
            condition: "tickets_60d = 0 and tickets_usual_60d >= $tickets and usage_change_28d < 0",
            parameters: vec![count("tickets", "Usual tickets in 60 days", 3.0)],
            for_minutes: DAY,
            cooldown_days: 60,
            effort: 1.0,
            says: "No ticket in 60 days, where {tickets_usual_60d} were usual, while usage falls.",
            ..Row::default()
        },
    ]
}

fn outside() -> Vec<Row> {
    vec![
        Row {
            key: "technical_issue",
            name: "Their website has a problem",
            condition: "website_down = yes or tls_days_left < $days",
            parameters: vec![days("days", "Days left of the certificate", 14.0)],
            cooldown_days: 7,
            says: "Website down: {website_down}; days left of the certificate: {tls_days_left}.",
            ..Row::default()
        },
        Row {
            key: "bad_news",
            name: "Bad news",
            condition: "news_bad_14d >= $headlines",
            parameters: vec![count("headlines", "Bad headlines from", 1.0)],
            cooldown_days: 14,
            urgency: 1.2,
            effort: 1.0,
            says: "{news_bad_14d} bad headlines in 14 days.",
            ..Row::default()
        },
    ]
}

fn portfolio() -> Vec<Row> {
    let risk = Row {
        for_minutes: 15,
        key: "portfolio_risk",
        name: "The portfolio is at risk",
        kind: Kind::Portfolio,
        condition: "average_churn_probability > $pct",
        clear: Some("average_churn_probability < $clear"),
        parameters: vec![
            percent("pct", "Average probability to leave", 35.0),
            percent("clear", "Over when below", 30.0),
        ],
        cooldown_days: 7,
        urgency: 2.0,
        effort: 8.0,
        says: "The average probability to leave is {average_churn_probability}; {at_risk_pct} of accounts are at risk.",
    };
    vec![
        risk,
        // Gathered by the engine: the condition is about the members, not about the portfolio's facts.
        Row {
            key: "many_falling",
            name: "Many accounts, one cause",
            kind: Kind::Portfolio,
            condition: "accounts >= $accounts",
            parameters: vec![
                number("accounts", "Accounts from", Unit::Count, 5.0, (2.0, 1_000.0)),
                number("days", "Within days", Unit::Days, 3.0, (1.0, 30.0)),
            ],
            cooldown_days: 7,
            urgency: 2.0,
            effort: 8.0,
            says: "{accounts} accounts have the same alert for the same cause within $days days.",
            ..Row::default()
        },
    ]
}
