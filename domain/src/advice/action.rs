//! The catalogue of actions, as data.

use serde::{Deserialize, Serialize};

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// To keep the account.
    Keep,
    /// To sell it more; only to a healthy account.
    Grow,
    /// To have it speak for us; only a healthy account is asked.
    Speak,
}

/// Something that can be done. Its name, its reason and its message are texts under its key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Action {
    /// The word that it is stored and translated by.
    pub key: &'static str,
    /// What it is for.
    pub aim: Aim,
    /// The built-in rules whose alerts it answers.
    pub rules: &'static [&'static str],
    /// When it makes sense without an alert, in the language of rules.
    pub when: &'static str,
    /// The facts that are shown with it and that its message may quote.
    pub quotes: &'static [&'static str],
    /// Whom to reach, by role, the best first; where nobody has one of these roles, whoever was in touch last.
    pub roles: &'static [&'static str],
    /// How much it presses in itself, 1 to 3.
    pub urgency: f64,
    /// Hours of work.
    pub effort: f64,
    /// The share of cases that is expected to end well before anything was measured: a judgement, and said to be one.
    pub effect: f64,
}

/// Returns the action with this key, if there is one.
#[must_use]
pub fn find(key: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.key == key)
}

/// All actions.
pub const ACTIONS: [Action; 15] = [
    Action {
        key: "call_champion",
        aim: Aim::Keep,
        rules: &["score_drop", "usage_drop", "champion_silent", "bad_news"],
        when: "champions > 0 and (score_drop_30d > 10 or champion_days_silent > 60)",
        quotes: &["score", "score_drop_30d", "usage_change_28d", "champion_days_silent"],
        roles: &["champion", "decision_maker"],
        urgency: 1.5,
        effort: 0.75,
        effect: 0.35,
    },
    Action {
        key: "find_champion",
        aim: Aim::Keep,
        rules: &["champion_gone"],
        when: "champions_left_90d > 0 and champions = 0",
        quotes: &["champions_left_90d", "contacts_active", "days_to_deadline"],
        roles: &["decision_maker", "sponsor", "admin", "user"],
        urgency: 2.0,
        effort: 3.0,
        effect: 0.45,
    },
    Action {
        key: "find_second_contact",
        aim: Aim::Keep,
        rules: &["single_threaded", "champion_gone"],
        when: "contacts_active <= 1 and tenure_days > 90",
        quotes: &["contacts_active", "contacts_known"],
        roles: &["champion", "decision_maker", "sponsor"],
        urgency: 1.0,
        effort: 2.0,
        effect: 0.4,
    },
    Action {
        key: "win_back",
        aim: Aim::Keep,
        rules: &["customer_silent"],
        when: "days_since_customer > 30",
        quotes: &["days_since_customer", "days_since_login", "days_to_deadline"],
        roles: &["champion", "decision_maker", "sponsor"],
        urgency: 1.5,
        effort: 1.0,
        effect: 0.3,
    },
    Action {
        key: "check_in",
        aim: Aim::Keep,
        rules: &["we_are_silent", "ticket_silence", "champion_silent"],
        when: "days_since_touch > 45",
        quotes: &["days_since_touch", "open_tickets", "score"],
        roles: &["champion", "decision_maker", "admin"],
        urgency: 1.0,
        effort: 0.5,
        effect: 0.25,
    },
    Action {
        key: "executive_call",
        aim: Aim::Keep,
        rules: &["renewal_risk", "score_drop"],
        when: "band = critical or churn_probability >= 50",
        quotes: &["score", "churn_probability", "days_to_deadline"],
        roles: &["sponsor", "decision_maker"],
        urgency: 2.0,
        effort: 3.0,
        effect: 0.4,
    },
    Action {
        key: "renewal_talk",
        aim: Aim::Keep,
        rules: &["renewal_risk", "competitor_bad_news"],
        when: "days_to_deadline >= 0 and days_to_deadline <= 90",
        quotes: &["days_to_deadline", "renewal_at", "notice_at", "score"],
        roles: &["decision_maker", "sponsor", "champion"],
        urgency: 1.5,
        effort: 2.0,
        effect: 0.45,
    },
    Action {
        key: "payment_follow_up",
        aim: Aim::Keep,
        rules: &["payment_failed"],
        when: "payments_failed > 0 or days_overdue > 14",
        quotes: &["payments_failed", "amount_failed", "days_overdue"],
        roles: &["admin", "decision_maker", "champion"],
        urgency: 2.0,
        effort: 0.5,
        effect: 0.6,
    },
    Action {
        key: "ticket_call",
        aim: Aim::Keep,
        rules: &["ticket_escalated"],
        when: "open_escalations > 0 or urgent_tickets >= 2",
        quotes: &["open_escalations", "urgent_tickets", "open_tickets"],
        roles: &["admin", "champion", "decision_maker"],
        urgency: 2.0,
        effort: 1.0,
        effect: 0.5,
    },
    Action {
        key: "onboarding_plan",
        aim: Aim::Keep,
        rules: &["onboarding_slipping"],
        when: "stage = onboarding and tenure_days > 45",
        quotes: &["tenure_days", "adoption_pct", "contacts_active"],
        roles: &["champion", "admin", "decision_maker"],
        urgency: 1.5,
        effort: 2.0,
        effect: 0.45,
    },
    Action {
        key: "training",
        aim: Aim::Keep,
        rules: &["usage_drop", "onboarding_slipping"],
        when: "usage_change_28d < -25 or adoption_pct < 30",
        quotes: &["usage_change_28d", "adoption_pct", "seats_used_pct"],
        roles: &["admin", "champion", "user"],
        urgency: 1.0,
        effort: 2.0,
        effect: 0.35,
    },
    Action {
        key: "technical_warning",
        aim: Aim::Keep,
        rules: &["technical_issue"],
        when: "website_down = yes or tls_days_left < 14",
        quotes: &["website_down", "tls_days_left"],
        roles: &["admin", "champion"],
        urgency: 1.5,
        effort: 0.25,
        effect: 0.5,
    },
    Action {
        key: "expansion_talk",
        aim: Aim::Grow,
        rules: &["expansion_ready", "growth"],
        when: "score >= 75 and seats_used_pct >= 85",
        quotes: &["score", "seats_used_pct", "usage_change_28d"],
        roles: &["decision_maker", "sponsor", "champion"],
        urgency: 1.0,
        effort: 2.0,
        effect: 0.3,
    },
    Action {
        key: "feature_demo",
        aim: Aim::Grow,
        rules: &["feature_interest"],
        when: "feature_change_28d > 60 and score >= 60",
        quotes: &["feature_change_28d", "score"],
        roles: &["champion", "admin"],
        urgency: 1.0,
        effort: 1.0,
        effect: 0.3,
    },
    Action {
        key: "ask_reference",
        aim: Aim::Speak,
        rules: &["advocate"],
        when: "nps >= 9 and days_since_nps <= 90 and score >= 80",
        quotes: &["nps", "days_since_nps", "score"],
        roles: &["champion", "sponsor", "decision_maker"],
        urgency: 1.0,
        effort: 0.5,
        effect: 0.4,
    },
];
