//! The words of a configuration on the screen.

use domain::configuration::{Section, State};

use crate::i18n::{Locale, td_string};

/// Returns what a thing of a section is.
pub(super) fn section(section: Section, locale: Locale) -> &'static str {
    match section {
        Section::Workspace => td_string!(locale, configuration.of_workspace),
        Section::Fields => td_string!(locale, configuration.of_fields),
        Section::Scorecards => td_string!(locale, configuration.of_scorecards),
        Section::BuiltInRules => td_string!(locale, configuration.of_built_in_rules),
        Section::Rules => td_string!(locale, configuration.of_rules),
        Section::Views => td_string!(locale, configuration.of_views),
        Section::Reports => td_string!(locale, configuration.of_reports),
        Section::Dashboards => td_string!(locale, configuration.of_dashboards),
    }
}

/// Returns what becomes of a thing.
pub(super) fn state(state: State, locale: Locale) -> &'static str {
    match state {
        State::Added => td_string!(locale, configuration.added),
        State::Changed => td_string!(locale, configuration.changed),
        State::Same => td_string!(locale, configuration.same),
        State::Kept => td_string!(locale, configuration.kept),
        State::Removed => td_string!(locale, configuration.removed),
    }
}

/// Returns how much of an event that is.
pub(super) fn tone(state: State) -> &'static str {
    match state {
        State::Added => "good",
        State::Changed => "info",
        State::Removed => "bad",
        State::Same | State::Kept => "neutral",
    }
}
