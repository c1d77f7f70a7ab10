//! Alerts, rules and facts in words.

use domain::alerts::list::{AlertEvent, AlertRow};
use domain::alerts::{Alert, Dismissal, Kind, Outcome, Priority, Quoted, Rule, Rung, State, Step, Unit};
use domain::id::UserId;
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use serde_json::Value;

use crate::accounts::labels;
use crate::i18n::{Locale, td_string};
use crate::{boot, format};

/// A function that finds the text of a key in one group of the translations.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident $group:ident: $($word:ident)+) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(key: &str, locale: Locale) -> Option<&'static str> {
            Some(match key {
                $(stringify!($word) => td_string!(locale, alerts.$group.$word),)+
                _ => return None,
            })
        }
    };
}

keyed! {
    /// Returns what a fact is called.
    known_fact facts:
        score_drop_7d score_drop_14d score_drop_30d score_drop_60d score_drop_90d churn_probability
        arr_times_typical days_since_touch days_since_customer days_since_login days_to_renewal days_to_notice
        days_to_deadline tenure_days open_tickets urgent_tickets open_escalations tickets_60d tickets_usual_60d nps
        days_since_nps payments_failed amount_failed days_overdue contacts_known contacts_active champions
        champions_left_90d champion_days_silent usage_28d usage_change_28d feature_change_28d seats_used_pct
        pricing_visits_28d news_bad_14d news_good_30d news_growth_30d competitor_bad_14d market_sentiment_30d
        website_down tls_days_left accounts average_churn_probability average_score at_risk_pct arr_at_risk_pct rule
}

keyed! {
    /// Returns the name of a rule that came with Keepwell.
    known_rule rules:
        score_drop usage_drop customer_silent we_are_silent champion_gone champion_silent single_threaded
        renewal_risk payment_failed onboarding_slipping ticket_escalated ticket_silence technical_issue bad_news
        expansion_ready feature_interest competitor_bad_news growth advocate portfolio_risk many_falling
}

keyed! {
    /// Returns the sentence of a rule that came with Keepwell, with places for facts and numbers.
    known_sentence says:
        score_drop usage_drop customer_silent we_are_silent champion_gone champion_silent single_threaded
        renewal_risk payment_failed onboarding_slipping ticket_escalated ticket_silence technical_issue bad_news
        expansion_ready feature_interest competitor_bad_news growth advocate portfolio_risk many_falling group
}

keyed! {
    /// Returns what a number of a rule is called, by the rule's key and its own.
    known_parameter params:
        score_drop_points score_drop_clear usage_drop_pct usage_drop_clear customer_silent_days we_are_silent_days
        champion_silent_days single_threaded_times single_threaded_days renewal_risk_days renewal_risk_score
        renewal_risk_clear onboarding_slipping_days onboarding_slipping_adoption ticket_escalated_escalations
        ticket_escalated_urgent ticket_silence_tickets technical_issue_days bad_news_headlines expansion_ready_score
        expansion_ready_pct expansion_ready_clear expansion_ready_pct_clear feature_interest_pct
        feature_interest_score feature_interest_clear competitor_bad_news_days growth_score growth_pct growth_visits
        growth_clear advocate_nps advocate_days advocate_score portfolio_risk_pct portfolio_risk_clear
        score_drop_window many_falling_accounts many_falling_days
}

keyed! {
    /// Returns what to do about the alerts of a rule, step by step, with a bar between two steps.
    known_steps todo:
        score_drop usage_drop customer_silent we_are_silent champion_gone champion_silent single_threaded
        renewal_risk payment_failed onboarding_slipping ticket_escalated ticket_silence technical_issue bad_news
        expansion_ready feature_interest competitor_bad_news growth advocate portfolio_risk many_falling custom
}

/// Returns the word for a priority.
#[must_use]
pub fn priority(priority: Priority, locale: Locale) -> &'static str {
    match priority {
        Priority::Critical => td_string!(locale, alerts.critical),
        Priority::High => td_string!(locale, alerts.high),
        Priority::Medium => td_string!(locale, alerts.medium),
        Priority::Low => td_string!(locale, alerts.low),
    }
}

/// Returns the word for a kind.
#[must_use]
pub fn kind(kind: Kind, locale: Locale) -> &'static str {
    match kind {
        Kind::Risk => td_string!(locale, alerts.kind_risk),
        Kind::Opportunity => td_string!(locale, alerts.kind_opportunity),
        Kind::Portfolio => td_string!(locale, alerts.kind_portfolio),
    }
}

/// Returns the word for where an alert stands.
#[must_use]
pub fn state(state: State, locale: Locale) -> &'static str {
    match state {
        State::New => td_string!(locale, alerts.state_new),
        State::Acknowledged => td_string!(locale, alerts.state_acknowledged),
        State::InProgress => td_string!(locale, alerts.state_in_progress),
        State::Resolved => td_string!(locale, alerts.state_resolved),
        State::Dismissed => td_string!(locale, alerts.state_dismissed),
    }
}

/// Returns how an alert ended, or nothing while it is open.
#[must_use]
pub fn ending(alert: &Alert, locale: Locale) -> Option<&'static str> {
    alert
        .dismissal
        .map(|dismissal| dismissed(dismissal, locale))
        .or(alert.outcome.map(|outcome| led_to(outcome, locale)))
}

/// Returns the short word for what an alert led to.
#[must_use]
pub fn led_to(outcome: Outcome, locale: Locale) -> &'static str {
    match outcome {
        Outcome::Handled => td_string!(locale, alerts.short_handled),
        Outcome::Won => td_string!(locale, alerts.short_won),
        Outcome::NoEffect => td_string!(locale, alerts.short_no_effect),
        Outcome::Lost => td_string!(locale, alerts.short_lost),
        Outcome::Cleared => td_string!(locale, alerts.short_cleared),
        Outcome::RuleOff => td_string!(locale, alerts.short_rule_off),
    }
}

/// Returns the sentence for what an alert can have led to.
#[must_use]
pub fn outcome(outcome: Outcome, locale: Locale) -> &'static str {
    match outcome {
        Outcome::Handled => td_string!(locale, alerts.outcome_handled),
        Outcome::Won => td_string!(locale, alerts.outcome_won),
        Outcome::NoEffect => td_string!(locale, alerts.outcome_no_effect),
        Outcome::Lost => td_string!(locale, alerts.outcome_lost),
        Outcome::Cleared => td_string!(locale, alerts.outcome_cleared),
        Outcome::RuleOff => td_string!(locale, alerts.outcome_rule_off),
    }
}

/// Returns the short word for why an alert was dismissed.
#[must_use]
pub fn dismissed(dismissal: Dismissal, locale: Locale) -> &'static str {
    match dismissal {
        Dismissal::NotTrue => td_string!(locale, alerts.short_not_true),
        Dismissal::Known => td_string!(locale, alerts.short_known),
        Dismissal::NotImportant => td_string!(locale, alerts.short_not_important),
        Dismissal::Other => td_string!(locale, alerts.short_else),
    }
}

/// Returns the sentence for why an alert can be dismissed.
#[must_use]
pub fn dismissal(dismissal: Dismissal, locale: Locale) -> &'static str {
    match dismissal {
        Dismissal::NotTrue => td_string!(locale, alerts.dismissal_not_true),
        Dismissal::Known => td_string!(locale, alerts.dismissal_known),
        Dismissal::NotImportant => td_string!(locale, alerts.dismissal_not_important),
        Dismissal::Other => td_string!(locale, alerts.dismissal_else),
    }
}

/// Returns who an alert was brought to.
#[must_use]
pub fn rung(rung: Rung, locale: Locale) -> &'static str {
    match rung {
        Rung::Owner => td_string!(locale, alerts.rung_owner),
        Rung::Manager => td_string!(locale, alerts.rung_manager),
        Rung::Sponsor => td_string!(locale, alerts.rung_sponsor),
    }
}

/// Returns what was done with an alert, as a toast begins.
#[must_use]
pub fn done(step: &Step, locale: Locale) -> &'static str {
    did(step.key(), locale).unwrap_or_default()
}

/// Returns what was done by the word of a step.
#[must_use]
pub fn did(step: &str, locale: Locale) -> Option<&'static str> {
    Some(match step {
        "acknowledge" => td_string!(locale, alerts.did_acknowledge),
        "start" => td_string!(locale, alerts.did_start),
        "resolve" => td_string!(locale, alerts.did_resolve),
        "dismiss" => td_string!(locale, alerts.did_dismiss),
        "snooze" => td_string!(locale, alerts.did_snooze),
        "wake" => td_string!(locale, alerts.did_wake),
        "assign" => td_string!(locale, alerts.did_assign),
        "escalate" => td_string!(locale, alerts.did_escalate),
        "note" => td_string!(locale, alerts.did_note),
        "reopen" => td_string!(locale, alerts.did_reopen),
        _ => return None,
    })
}

/// Returns what happened to an alert.
#[must_use]
pub fn event(what: &str, locale: Locale) -> String {
    let known = match what {
        "raised" => Some(td_string!(locale, alerts.event_raised)),
        "updated" => Some(td_string!(locale, alerts.event_updated)),
        "joined" => Some(td_string!(locale, alerts.event_joined)),
        "resolved" => Some(td_string!(locale, alerts.event_resolved)),
        "woken" => Some(td_string!(locale, alerts.event_woken)),
        "undone" => Some(td_string!(locale, alerts.event_undone)),
        step => did(step, locale),
    };
    known.unwrap_or(what).to_owned()
}

/// Returns what an event is about, in words.
#[must_use]
pub fn event_detail(event: &AlertEvent, locale: Locale) -> String {
    let detail = event.detail.as_str();
    let word = Value::String(detail.to_owned());
    let known = match event.what.as_str() {
        "assign" if detail.is_empty() => Some(td_string!(locale, alerts.assign_owner).to_owned()),
        "assign" => person(detail.parse().ok()),
        "escalate" => serde_json::from_value(word).ok().map(|known| rung(known, locale).to_owned()),
        "dismiss" => serde_json::from_value(word).ok().map(|known| dismissed(known, locale).to_owned()),
        "resolve" | "resolved" => serde_json::from_value(word).ok().map(|known| led_to(known, locale).to_owned()),
        "raised" | "updated" | "woken" => Priority::from_key(detail).map(|known| priority(known, locale).to_owned()),
        "snooze" => detail.parse().ok().map(Timestamp::from_date).map(format::date),
        "joined" => Some(String::new()),
        _ => None,
    };
    known.unwrap_or_else(|| detail.to_owned())
}

/// Returns what a rule is called: built-in ones are translated, people's own are called what people called them.
#[must_use]
pub fn rule_name(rule: &Rule, locale: Locale) -> String {
    let known = rule.key.as_deref().and_then(|key| known_rule(key, locale));
    known.map_or_else(|| rule.name.clone(), str::to_owned)
}

/// Returns what the rule of an alert is called.
#[must_use]
pub fn alert_name(alert: &Alert, locale: Locale) -> String {
    name_of(&alert.reason.key, &alert.rule_name, locale)
}

/// Returns what a rule is called, by the word it is translated by and what people called it.
#[must_use]
pub fn name_of(key: &str, name: &str, locale: Locale) -> String {
    known_rule(key, locale).unwrap_or(name).to_owned()
}

/// Returns what a number of a rule is called.
#[must_use]
pub fn parameter(rule: &Rule, key: &str, label: &str, locale: Locale) -> String {
    let known = rule.key.as_deref().and_then(|rule| known_parameter(&format!("{rule}_{key}"), locale));
    known.map_or_else(|| label.to_owned(), str::to_owned)
}

/// Returns what a fact or a field is called.
#[must_use]
pub fn fact(key: &str, locale: Locale) -> String {
    let known = known_fact(key, locale).or_else(|| labels::known(key, locale));
    known.map_or_else(|| key.strip_prefix("custom.").unwrap_or(key).replace('_', " "), str::to_owned)
}

/// Returns the steps to take about an alert.
#[must_use]
pub fn steps(alert: &Alert, locale: Locale) -> Vec<&'static str> {
    let known = known_steps(&alert.reason.key, locale).or_else(|| known_steps("custom", locale));
    known.unwrap_or_default().split('|').collect()
}

/// Returns a quoted fact as people read it; a dash for nothing.
#[must_use]
pub fn quoted(quoted: &Quoted, currency: Currency, locale: Locale) -> String {
    let number = quoted.value.as_f64();
    match (quoted.unit, number) {
        (Unit::Days, Some(1.0)) => td_string!(locale, alerts.day).to_owned(),
        (Unit::Days, Some(days)) => td_string!(locale, alerts.days, n = format::number(days.round())),
        (Unit::Points, Some(points)) => format::number((points * 10.0).round() / 10.0),
        (Unit::Percent, Some(percent)) => format::percent(percent),
        (Unit::Money, Some(minor)) => format::money(Money { minor: minor.round() as i64, currency }),
        (Unit::Date, Some(at)) => format::date(Timestamp(at as i64)),
        (_, Some(number)) => format::number(number),
        (_, None) => text(&quoted.key, &quoted.value, locale),
    }
}

fn text(key: &str, value: &Value, locale: Locale) -> String {
    match value {
        Value::Bool(true) => td_string!(locale, common.yes).to_owned(),
        Value::Bool(false) => td_string!(locale, common.no).to_owned(),
        Value::String(rule) if key == "rule" => known_rule(rule, locale).map_or_else(|| rule.clone(), str::to_owned),
        Value::String(word) => labels::choice(key, word, locale),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => "–".to_owned(),
    }
}

/// Returns why an alert stands there, in one sentence that quotes the facts of now.
#[must_use]
pub fn reason(alert: &Alert, locale: Locale) -> String {
    let currency = alert.worth.currency;
    let Some(sentence) = known_sentence(&alert.reason.key, locale) else {
        let facts = alert.facts_now.iter().take(3).filter(|fact| !fact.value.is_null());
        let facts = facts.map(|one| {
            td_string!(locale, alerts.because, label = fact(&one.key, locale), value = quoted(one, currency, locale))
        });
        return facts.collect::<Vec<_>>().join(" · ");
    };
    fill(sentence, &|key| {
        let numbers = alert.reason.numbers.get(key).map(|number| format::number(*number));
        numbers.or_else(|| alert.quoted(key).map(|one| quoted(one, currency, locale)))
    })
}

/// Returns a sentence with its places, written `{key}` and `$key`, filled; what is not known is a dash.
fn fill(sentence: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some(place) = rest.find(['{', '$']) {
        filled.push_str(&rest[..place]);
        let (mark, after) = rest[place..].split_at(1);
        let end =
            after.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).unwrap_or(after.len());
        let (key, behind) = after.split_at(end);
        filled.push_str(&value(key).unwrap_or_else(|| "–".to_owned()));
        rest = if mark == "{" { behind.strip_prefix('}').unwrap_or(behind) } else { behind };
    }
    filled.push_str(rest);
    filled
}

/// Returns the name of a person of the workspace.
#[must_use]
pub fn person(id: Option<UserId>) -> Option<String> {
    boot::people().into_iter().find(|user| Some(user.id) == id).map(|user| user.name)
}

/// Returns what an alert is about: the account's name, or the whole portfolio.
#[must_use]
pub fn about(row: &AlertRow, locale: Locale) -> String {
    if row.alert.account_id.is_none() { td_string!(locale, alerts.portfolio).to_owned() } else { row.account.clone() }
}

/// Returns a stretch of time: `12 min`, `5 h`, `3 d`.
#[must_use]
pub fn span(ms: Option<i64>) -> String {
    ms.map_or_else(|| "–".to_owned(), |ms| format::age(Timestamp(0), Timestamp(ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_sentence_are_filled_and_what_is_not_known_is_a_dash() {
        let known = |key: &str| match key {
            "points" => Some("20".to_owned()),
            "score" => Some("41".to_owned()),
            _ => None,
        };
        assert_eq!(fill("Fell by $points points, to {score}; {nps}.", &known), "Fell by 20 points, to 41; –.");
        assert_eq!(fill("Nothing to fill.", &known), "Nothing to fill.");
    }

    #[test]
    fn every_built_in_rule_has_its_words() {
        let locale = Locale::default();
        for rule in domain::alerts::built_in() {
            let key = rule.key.clone().unwrap_or_default();
            assert!(known_rule(&key, locale).is_some(), "{key} has no name");
            assert!(known_sentence(&key, locale).is_some(), "{key} has no sentence");
            assert!(known_steps(&key, locale).is_some(), "{key} has no steps");
            for one in &rule.parameters {
                assert!(known_parameter(&format!("{key}_{}", one.key), locale).is_some(), "{key}: {}", one.key);
            }
        }
        for fact in domain::alerts::facts::Fact::ALL {
            assert!(known_fact(fact.key(), locale).is_some(), "{} has no name", fact.key());
        }
    }
}
