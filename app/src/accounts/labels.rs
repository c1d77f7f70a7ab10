//! The words above columns and in cells.

use domain::fields::{Field, FieldType};

use crate::i18n::{Locale, td_string};

/// Returns what a field is called; custom fields are called what people called them.
pub fn field(field: &Field, locale: Locale) -> String {
    known(&field.key, locale).map_or_else(|| field.label.clone(), str::to_owned)
}

/// Returns what a built-in field is called.
pub fn known(key: &str, locale: Locale) -> Option<&'static str> {
    figure(key, locale).or_else(|| attribute(key, locale))
}

fn attribute(key: &str, locale: Locale) -> Option<&'static str> {
    Some(match key {
        "name" => td_string!(locale, accounts.field_name),
        "external_id" => td_string!(locale, accounts.field_external_id),
        "domain" => td_string!(locale, accounts.field_domain),
        "parent_id" => td_string!(locale, accounts.field_parent_id),
        "tier" => td_string!(locale, accounts.field_tier),
        "stage" => td_string!(locale, accounts.field_stage),
        "churn_reason" => td_string!(locale, accounts.field_churn_reason),
        "category" => td_string!(locale, accounts.field_category),
        "country" => td_string!(locale, accounts.field_country),
        "owner_id" => td_string!(locale, accounts.field_owner_id),
        "currency" => td_string!(locale, accounts.field_currency),
        "arr_minor" => td_string!(locale, accounts.field_arr_minor),
        "mrr_minor" => td_string!(locale, accounts.field_mrr_minor),
        "contract_start" => td_string!(locale, accounts.field_contract_start),
        "renewal_at" => td_string!(locale, accounts.field_renewal_at),
        "notice_days" => td_string!(locale, accounts.field_notice_days),
        "notice_at" => td_string!(locale, accounts.field_notice_at),
        "last_login_at" => td_string!(locale, accounts.field_last_login_at),
        "last_activity_at" => td_string!(locale, accounts.field_last_activity_at),
        "tags" => td_string!(locale, accounts.field_tags),
        "created_at" => td_string!(locale, accounts.field_created_at),
        "updated_at" => td_string!(locale, accounts.field_updated_at),
        _ => return None,
    })
}

fn figure(key: &str, locale: Locale) -> Option<&'static str> {
    Some(match key {
        "score" => td_string!(locale, accounts.field_score),
        "band" => td_string!(locale, accounts.field_band),
        "coverage" => td_string!(locale, accounts.field_coverage),
        "trend_7d" => td_string!(locale, accounts.field_trend_7d),
        "trend_30d" => td_string!(locale, accounts.field_trend_30d),
        "trend_90d" => td_string!(locale, accounts.field_trend_90d),
        "rollup" => td_string!(locale, accounts.field_rollup),
        "churn_pct" => td_string!(locale, accounts.field_churn_pct),
        "seats" => td_string!(locale, accounts.field_seats),
        "risk_level" => td_string!(locale, accounts.field_risk_level),
        "sentiment" => td_string!(locale, accounts.field_sentiment),
        "engagement_score" => td_string!(locale, accounts.field_engagement_score),
        "satisfaction_score" => td_string!(locale, accounts.field_satisfaction_score),
        "adoption_pct" => td_string!(locale, accounts.field_adoption_pct),
        "churn_risk_pct" => td_string!(locale, accounts.field_churn_risk_pct),
        "ticket_count" => td_string!(locale, accounts.field_ticket_count),
        _ => return None,
    })
}

/// Returns the word for one choice of a field.
pub fn choice(key: &str, word: &str, locale: Locale) -> String {
    let known = match (key, word) {
        ("stage", "onboarding") => td_string!(locale, accounts.stage_onboarding),
        ("stage", "adoption") => td_string!(locale, accounts.stage_adoption),
        ("stage", "value") => td_string!(locale, accounts.stage_value),
        ("stage", "renewal") => td_string!(locale, accounts.stage_renewal),
        ("stage", "churned") => td_string!(locale, accounts.stage_churned),
        ("churn_reason", word) => churn_reason(word, locale),
        ("risk_level", "low") => td_string!(locale, accounts.risk_low),
        ("risk_level", "medium") => td_string!(locale, accounts.risk_medium),
        ("risk_level", "high") => td_string!(locale, accounts.risk_high),
        ("risk_level", "critical") => td_string!(locale, accounts.risk_critical),
        _ => word,
    };
    known.to_owned()
}

fn churn_reason(word: &str, locale: Locale) -> &str {
    match word {
        "price" => td_string!(locale, accounts.churn_price),
        "budget" => td_string!(locale, accounts.churn_budget),
        "low_adoption" => td_string!(locale, accounts.churn_low_adoption),
        "missing_feature" => td_string!(locale, accounts.churn_missing_feature),
        "product_fit" => td_string!(locale, accounts.churn_product_fit),
        "support" => td_string!(locale, accounts.churn_support),
        "competitor" => td_string!(locale, accounts.churn_competitor),
        "champion_left" => td_string!(locale, accounts.churn_champion_left),
        "acquired" => td_string!(locale, accounts.churn_acquired),
        "closed" => td_string!(locale, accounts.churn_closed),
        "other" => td_string!(locale, accounts.churn_other),
        word => word,
    }
}

/// Returns what a ready view is called.
pub fn ready_view(key: &str, locale: Locale) -> &'static str {
    match key {
        "mine" => td_string!(locale, accounts.view_mine),
        "at_risk" => td_string!(locale, accounts.view_at_risk),
        "renewals_90_days" => td_string!(locale, accounts.view_renewals_90_days),
        "silent_30_days" => td_string!(locale, accounts.view_silent_30_days),
        _ => td_string!(locale, accounts.view_all),
    }
}

/// Returns the word by which the styles know how a field's values stand in their cells.
pub fn kind(field: &Field) -> &'static str {
    match (field.key.as_str(), &field.kind) {
        ("band", _) => "band",
        (_, FieldType::Number | FieldType::Percent) => "number",
        (_, FieldType::Money) => "money",
        (_, FieldType::Date) => "date",
        _ => "text",
    }
}
