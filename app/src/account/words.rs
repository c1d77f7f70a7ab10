//! Fields, values and changes in words.

use domain::fields::{Field, FieldType};
use domain::health::{Cause, ChangeSummary, FactValue, Points, Step, StepKind};
use domain::id::UserId;
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use serde_json::Value;

use crate::i18n::{Locale, td_string};
use crate::paper::standard;
use crate::{boot, format};

/// Returns what people see above a field.
pub(super) fn field_label(key: &str, fallback: &str, locale: Locale) -> String {
    let known = match key {
        "name" => td_string!(locale, account.field_name),
        "external_id" => td_string!(locale, account.field_external_id),
        "domain" => td_string!(locale, account.field_domain),
        "parent_id" => td_string!(locale, account.field_parent_id),
        "tier" => td_string!(locale, account.field_tier),
        "stage" => td_string!(locale, account.field_stage),
        "churn_reason" => td_string!(locale, account.field_churn_reason),
        "category" => td_string!(locale, account.field_category),
        "country" => td_string!(locale, account.field_country),
        "owner_id" => td_string!(locale, account.field_owner_id),
        "currency" => td_string!(locale, account.field_currency),
        "arr_minor" => td_string!(locale, account.field_arr_minor),
        "mrr_minor" => td_string!(locale, account.field_mrr_minor),
        "contract_start" => td_string!(locale, account.field_contract_start),
        "renewal_at" => td_string!(locale, account.field_renewal_at),
        "notice_days" => td_string!(locale, account.field_notice_days),
        "seats" => td_string!(locale, account.field_seats),
        "risk_level" => td_string!(locale, account.field_risk_level),
        "sentiment" => td_string!(locale, account.field_sentiment),
        "engagement_score" => td_string!(locale, account.field_engagement_score),
        "satisfaction_score" => td_string!(locale, account.field_satisfaction_score),
        "adoption_pct" => td_string!(locale, account.field_adoption_pct),
        "churn_risk_pct" => td_string!(locale, account.field_churn_risk_pct),
        "ticket_count" => td_string!(locale, account.field_ticket_count),
        "last_login_at" => td_string!(locale, account.field_last_login_at),
        "last_activity_at" | "last_touch_at" => td_string!(locale, account.field_last_activity_at),
        "tags" => td_string!(locale, account.field_tags),
        "email" => td_string!(locale, account.field_email),
        "phone" => td_string!(locale, account.field_phone),
        "title" => td_string!(locale, account.field_title),
        "role" => td_string!(locale, account.field_role),
        "time_zone" => td_string!(locale, account.field_time_zone),
        "left_at" => td_string!(locale, account.field_left_at),
        "archived_at" => td_string!(locale, account.field_archived_at),
        "merged_into" => td_string!(locale, account.field_merged_into),
        "distinct_from" => td_string!(locale, account.field_distinct_from),
        _ if fallback.is_empty() => return spoken(key.strip_prefix("custom.").unwrap_or(key)),
        _ => return fallback.to_owned(),
    };
    known.to_owned()
}

/// Returns a word of a closed list as people read it, and any other word with a capital and without underscores.
pub(crate) fn word(text: &str, locale: Locale) -> String {
    let known = match text {
        "onboarding" => td_string!(locale, account.word_onboarding),
        "adoption" => td_string!(locale, account.word_adoption),
        "value" => td_string!(locale, account.word_value),
        "renewal" => td_string!(locale, account.word_renewal),
        "churned" => td_string!(locale, account.word_churned),
        "low" => td_string!(locale, account.word_low),
        "medium" => td_string!(locale, account.word_medium),
        "normal" => td_string!(locale, account.word_normal),
        "high" => td_string!(locale, account.word_high),
        "urgent" => td_string!(locale, account.word_urgent),
        "critical" => td_string!(locale, account.word_critical),
        "champion" => td_string!(locale, account.word_champion),
        "decision_maker" => td_string!(locale, account.word_decision_maker),
        "sponsor" => td_string!(locale, account.word_sponsor),
        "admin" => td_string!(locale, account.word_admin),
        "user" => td_string!(locale, account.word_user),
        "detractor" => td_string!(locale, account.word_detractor),
        "note" => td_string!(locale, account.word_note),
        "call" => td_string!(locale, account.word_call),
        "email" => td_string!(locale, account.word_email),
        "received" => td_string!(locale, account.word_received),
        "meeting" => td_string!(locale, account.word_meeting),
        "score" => td_string!(locale, account.word_score),
        "alert" => td_string!(locale, account.word_alert),
        "task" => td_string!(locale, account.word_task),
        "ticket" => td_string!(locale, account.word_ticket),
        "invoice" => td_string!(locale, account.word_invoice),
        "survey" => td_string!(locale, account.word_survey),
        "people" => td_string!(locale, account.word_people),
        "nps" => td_string!(locale, account.word_nps),
        "csat" => td_string!(locale, account.word_csat),
        "ces" => td_string!(locale, account.word_ces),
        other => return spoken(other),
    };
    known.to_owned()
}

/// Returns `Active users` for `active_users`.
pub(super) fn spoken(key: &str) -> String {
    let text = key.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns the name of a person of the workspace.
pub(super) fn person(id: Option<UserId>, locale: Locale) -> String {
    let Some(id) = id else { return td_string!(locale, account.system).to_owned() };
    let found = boot::people().into_iter().find(|user| user.id == id);
    found.map_or_else(|| td_string!(locale, account.somebody).to_owned(), |user| user.name)
}

/// Returns a stored value as people read it; empty for none.
pub(crate) fn shown(kind: &FieldType, value: &Value, currency: Currency, locale: Locale) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Money, Value::Number(number)) => {
            format::money(Money { minor: number.as_i64().unwrap_or_default(), currency })
        }
        (FieldType::Percent, Value::Number(number)) => format::percent(number.as_f64().unwrap_or_default()),
        (FieldType::Date, Value::Number(number)) => format::date(Timestamp(number.as_i64().unwrap_or_default())),
        (FieldType::Choice(_), Value::String(text)) => word(text, locale),
        (FieldType::User, Value::String(text)) => person(text.parse().ok(), locale),
        (_, Value::Number(number)) => format::number(number.as_f64().unwrap_or_default()),
        (_, Value::Bool(yes)) => {
            if *yes {
                td_string!(locale, common.yes).to_owned()
            } else {
                td_string!(locale, common.no).to_owned()
            }
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, Value::Object(_)) => value.to_string(),
    }
}

/// Returns a stored value as it is typed.
pub(super) fn typed(kind: &FieldType, value: &Value, currency: Currency) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Money, Value::Number(number)) => {
            Money { minor: number.as_i64().unwrap_or_default(), currency }.major().to_string()
        }
        (FieldType::Date, Value::Number(number)) => Timestamp(number.as_i64().unwrap_or_default()).iso_date(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, other) => other.to_string(),
    }
}

/// Returns what was typed as it is stored, or a sentence that says what to change.
pub(super) fn read(field: &Field, text: &str, currency: Currency, locale: Locale) -> Result<Value, String> {
    let text = text.trim();
    let number = || {
        let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
        digits.parse::<f64>().map_err(|_| td_string!(locale, account.enter_number).to_owned())
    };
    let value = match (&field.kind, text) {
        (_, "") => Value::Null,
        (FieldType::Number | FieldType::Percent, _) => Value::from(number()?),
        (FieldType::Money, _) => Value::from((number()? * 10f64.powi(currency.digits().cast_signed())).round() as i64),
        (FieldType::Date, _) => match day(text) {
            Some(day) => Value::from(day.0),
            None => return Err(td_string!(locale, account.enter_date).to_owned()),
        },
        (FieldType::Bool, _) => Value::from(text == "yes"),
        (FieldType::Tags, _) => text.split(',').map(|tag| Value::from(tag.trim())).collect(),
        _ => Value::from(text),
    };
    domain::accounts::check_value(field, value)
}

/// Returns midnight of a day such as `2026-11-21`.
pub(super) fn day(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_date)
}

/// Returns the steps' deltas rounded to tenths so that what is printed adds up: each total is rounded, not each step.
pub(super) fn printed(start: Points, deltas: impl Iterator<Item = Points>) -> Vec<Points> {
    const TENTH: i64 = Points::MICRO / 10;
    let mut exact = start;
    deltas
        .map(|delta| {
            let before = exact.tenths();
            exact += delta;
            Points((exact.tenths() - before) * TENTH)
        })
        .collect()
}

/// Returns a change to its last digit, for those who want to add up themselves.
pub(super) fn exact(points: Points) -> String {
    format!("{}{:.6}", if points.0 > 0 { "+" } else { "" }, points.as_f64())
}

/// Returns the label of a step.
pub(super) fn step_label(step: &Step, locale: Locale) -> String {
    if let (StepKind::Override, Some(author), Some(until)) = (step.kind, &step.author, step.until) {
        let until = format::date(until);
        return td_string!(locale, account.step_override_by, author = author.clone(), until = until);
    }
    cause_label(&step.label, step.kind, locale)
}

fn cause_label(label: &str, kind: StepKind, locale: Locale) -> String {
    let label = standard(label, locale);
    match kind {
        StepKind::Measure | StepKind::Exception => label,
        StepKind::Appeared => td_string!(locale, account.step_appeared, label = label),
        StepKind::Disappeared => td_string!(locale, account.step_disappeared, label = label),
        StepKind::Weights => td_string!(locale, account.step_weights).to_owned(),
        StepKind::Override => td_string!(locale, account.step_override).to_owned(),
    }
}

/// Returns why a score changed within some days; `None` where it did not.
pub(super) fn why(change: &ChangeSummary, span: &str, locale: Locale) -> Option<String> {
    let (Some(from), Some(to)) = (change.from, change.to) else { return None };
    if from.tenths() == to.tenths() {
        return None;
    }
    let all = change.causes.iter().map(|cause| cause.delta).chain(std::iter::once(change.rest));
    let mut amounts = printed(from, all);
    let rest = amounts.pop().unwrap_or_default();
    let mut parts: Vec<String> = change
        .causes
        .iter()
        .zip(amounts)
        .map(|(cause, amount)| {
            format!("{} {}", cause_label(&cause.label, cause.kind, locale), format::signed_points(amount))
        })
        .collect();
    if rest.tenths() != 0 {
        parts.push(format!("{} {}", td_string!(locale, account.other_causes), format::signed_points(rest)));
    }
    let (from, to, causes) = (format::points(from), format::points(to), parts.join(", "));
    let span = span.to_owned();
    Some(if change.to > change.from {
        td_string!(locale, account.why_rose, from = from, to = to, span = span, causes = causes)
    } else {
        td_string!(locale, account.why_fell, from = from, to = to, span = span, causes = causes)
    })
}

/// Returns what costs a score most.
pub(super) fn drags(drags: &[Cause], locale: Locale) -> Option<String> {
    let one = |cause: &Cause| format!("{} {}", standard(&cause.label, locale), format::signed_points(cause.delta));
    let causes = drags.iter().map(one).collect::<Vec<_>>().join(", ");
    (!causes.is_empty()).then(|| td_string!(locale, account.why_drags, causes = causes))
}

/// Returns a raw value of a measure as people read it.
pub(super) fn raw(value: &FactValue) -> String {
    match value {
        FactValue::Number(number) => format::number(*number),
        FactValue::Text(text) => spoken(text),
        other => other.number().map(format::number).unwrap_or_default(),
    }
}
