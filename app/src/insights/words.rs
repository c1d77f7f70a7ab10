//! Places, groups and people in words.

use domain::health::{AppliedException, AppliedOverride, Cause, StepKind};
use domain::id::UserId;
use domain::insights::{Dimension, Place, Which};

use crate::i18n::{Locale, td_string};
use crate::paper::standard;
use crate::ui::health::band_word;
use crate::{boot, format};

/// Returns where an account stood; not being there has another word before than after.
pub(crate) fn place(place: Place, is_after: bool, locale: Locale) -> String {
    match place {
        Place::Band(band) => band_word(Some(band), locale),
        Place::Unscored => band_word(None, locale),
        Place::Absent if is_after => td_string!(locale, insights.gone),
        Place::Absent => td_string!(locale, insights.not_yet),
    }
    .to_owned()
}

/// Returns what accounts are grouped by.
pub(super) fn dimension(dimension: Dimension, locale: Locale) -> &'static str {
    match dimension {
        Dimension::Tier => td_string!(locale, insights.by_tier),
        Dimension::Category => td_string!(locale, insights.by_category),
        Dimension::Stage => td_string!(locale, insights.by_stage),
        Dimension::Country => td_string!(locale, insights.by_country),
    }
}

/// Returns the name of a group, with a capital.
pub(super) fn group(name: Option<&str>, locale: Locale) -> String {
    let Some(name) = name else { return td_string!(locale, insights.no_group).to_owned() };
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns the name of an owner.
pub(super) fn owner(id: Option<UserId>, locale: Locale) -> String {
    let Some(id) = id else { return td_string!(locale, insights.nobody).to_owned() };
    let people = boot::me().map(|me| me.people).unwrap_or_default();
    let found = people.into_iter().find(|person| person.id == id);
    found.map_or_else(|| td_string!(locale, insights.somebody).to_owned(), |person| person.name)
}

/// Returns the name of a team.
pub(super) fn team(name: Option<&str>, locale: Locale) -> String {
    name.unwrap_or(td_string!(locale, insights.no_team)).to_owned()
}

/// Returns what caused a movement.
pub(crate) fn cause(cause: &Cause, locale: Locale) -> String {
    let label = standard(&cause.label, locale);
    let label = match cause.kind {
        StepKind::Measure | StepKind::Exception => label,
        StepKind::Appeared => td_string!(locale, insights.cause_new, label = label),
        StepKind::Disappeared => td_string!(locale, insights.cause_gone, label = label),
        StepKind::Weights => td_string!(locale, insights.cause_weights).to_owned(),
        StepKind::Override => td_string!(locale, insights.cause_override).to_owned(),
    };
    format!("{label} {}", format::signed_points(cause.delta))
}

/// Returns who set a score in the place of the computed one, until when, and why.
pub(crate) fn by_hand(manual: &AppliedOverride, locale: Locale) -> String {
    let (score, name) = (format::points(manual.score), manual.author.clone());
    let (until, reason) = (format::date(manual.until), manual.reason.clone());
    td_string!(locale, insights.by_hand, score = score, name = name, until = until, reason = reason)
}

/// Returns which rule changed a score, and how.
pub(super) fn exception(rule: &AppliedException, locale: Locale) -> String {
    let (before, after) = (format::points(rule.before), format::points(rule.after));
    td_string!(locale, insights.by_rule, rule = rule.label.clone(), before = before, after = after)
}

/// Returns which accounts are listed.
pub(super) fn which(which: &Which, by: Dimension, locale: Locale) -> String {
    let any = |place_: Option<Place>, is_after: bool| {
        place_.map_or_else(|| td_string!(locale, insights.any).to_owned(), |found| place(found, is_after, locale))
    };
    match which {
        Which::All => td_string!(locale, insights.which_all).to_owned(),
        Which::Rose => td_string!(locale, insights.which_rose).to_owned(),
        Which::Fell => td_string!(locale, insights.which_fell).to_owned(),
        Which::Came => td_string!(locale, insights.which_came).to_owned(),
        Which::Left => td_string!(locale, insights.which_left).to_owned(),
        Which::Went(from, to) => {
            td_string!(locale, insights.which_went, from = any(*from, false), to = any(*to, true))
        }
        Which::Bin(low) => td_string!(locale, insights.which_bin, range = range(*low)),
        Which::Owner(id) => td_string!(locale, insights.which_owner, name = owner(*id, locale)),
        Which::Team(None) => td_string!(locale, insights.which_no_team).to_owned(),
        Which::Team(Some(name)) => td_string!(locale, insights.which_team, name = name.clone()),
        Which::Group(name) => {
            let (by, name) = (dimension(by, locale), group(name.as_deref(), locale));
            td_string!(locale, insights.which_group, by = by, name = name)
        }
    }
}

/// Returns a range of scores.
pub(super) fn range(low: u8) -> String {
    let high = low.saturating_add(domain::insights::BIN_WIDTH);
    format!("{low}–{}", if high >= 100 { 100 } else { high - 1 })
}
