//! Rules and kinds of trouble in words.

use domain::id::UserId;
use domain::quality::{COVERAGE_MIN_PCT, Kind, Rule, STALE_DAYS};

use crate::boot;
use crate::i18n::{Locale, td_string};

/// Returns what is wrong with the accounts that break a rule, in a sentence.
pub(super) fn sentence(rule: Rule, locale: Locale) -> String {
    match rule {
        Rule::NoOwner => td_string!(locale, quality.no_owner).to_owned(),
        Rule::NoContact => td_string!(locale, quality.no_contact).to_owned(),
        Rule::NoArr => td_string!(locale, quality.no_arr).to_owned(),
        Rule::NoRenewal => td_string!(locale, quality.no_renewal).to_owned(),
        Rule::NoStage => td_string!(locale, quality.no_stage).to_owned(),
        Rule::NoScore => td_string!(locale, quality.no_score).to_owned(),
        Rule::OwnerGone => td_string!(locale, quality.owner_gone).to_owned(),
        Rule::RenewalPast => td_string!(locale, quality.renewal_past).to_owned(),
        Rule::Stale => td_string!(locale, quality.stale, days = STALE_DAYS),
        Rule::ThinScore => td_string!(locale, quality.thin_score, share = COVERAGE_MIN_PCT),
        Rule::NoContract => td_string!(locale, quality.no_contract).to_owned(),
        Rule::ContractLate => td_string!(locale, quality.contract_late).to_owned(),
        Rule::ChurnedOpen => td_string!(locale, quality.churned_open).to_owned(),
        Rule::ChurnedPaying => td_string!(locale, quality.churned_paying).to_owned(),
        Rule::Orphan => td_string!(locale, quality.orphan).to_owned(),
        Rule::SameName => td_string!(locale, quality.same_name).to_owned(),
        Rule::SameDomain => td_string!(locale, quality.same_domain).to_owned(),
    }
}

/// Returns what to do about it.
pub(super) fn advice(rule: Rule, locale: Locale) -> &'static str {
    match rule {
        Rule::NoOwner => td_string!(locale, quality.do_no_owner),
        Rule::NoContact => td_string!(locale, quality.do_no_contact),
        Rule::NoArr => td_string!(locale, quality.do_no_arr),
        Rule::NoRenewal => td_string!(locale, quality.do_no_renewal),
        Rule::NoStage => td_string!(locale, quality.do_no_stage),
        Rule::NoScore => td_string!(locale, quality.do_no_score),
        Rule::OwnerGone => td_string!(locale, quality.do_owner_gone),
        Rule::RenewalPast => td_string!(locale, quality.do_renewal_past),
        Rule::Stale => td_string!(locale, quality.do_stale),
        Rule::ThinScore => td_string!(locale, quality.do_thin_score),
        Rule::NoContract => td_string!(locale, quality.do_no_contract),
        Rule::ContractLate => td_string!(locale, quality.do_contract_late),
        Rule::ChurnedOpen => td_string!(locale, quality.do_churned_open),
        Rule::ChurnedPaying => td_string!(locale, quality.do_churned_paying),
        Rule::Orphan => td_string!(locale, quality.do_orphan),
        Rule::SameName => td_string!(locale, quality.do_same_name),
        Rule::SameDomain => td_string!(locale, quality.do_same_domain),
    }
}

/// Returns the heading of a kind of trouble, and what it is.
pub(super) fn kind(kind: Kind, locale: Locale) -> (&'static str, &'static str) {
    match kind {
        Kind::Missing => (td_string!(locale, quality.missing), td_string!(locale, quality.missing_text)),
        Kind::Doubtful => (td_string!(locale, quality.doubtful), td_string!(locale, quality.doubtful_text)),
        Kind::Contradictory => {
            (td_string!(locale, quality.contradictory), td_string!(locale, quality.contradictory_text))
        }
    }
}

/// Returns the name of an owner.
pub(super) fn owner(id: Option<UserId>, locale: Locale) -> String {
    let Some(id) = id else { return td_string!(locale, quality.nobody).to_owned() };
    let found = boot::people().into_iter().find(|person| person.id == id);
    found.map_or_else(|| td_string!(locale, quality.somebody).to_owned(), |person| person.name)
}
