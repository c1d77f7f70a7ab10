//! Dashboards in words.

use domain::dashboards::{Shows, Widget};

use super::server_fns::Told;
use crate::i18n::{Locale, td_string};
use crate::reports::report_name;

/// Returns what a widget is called: as somebody named it, else as its report is.
pub(super) fn widget(widget: &Widget, told: Option<&Told>, locale: Locale) -> String {
    if !widget.name.is_empty() {
        return widget.name.clone();
    }
    match &widget.shows {
        Shows::Spec(spec) => report_name(spec, locale),
        Shows::Report(_) => {
            let report = told.and_then(|told| told.report.clone());
            report.unwrap_or_else(|| td_string!(locale, dashboards.a_report).to_owned())
        }
    }
}

/// Returns what a template is called.
pub(super) fn template(key: &str, locale: Locale) -> &'static str {
    match key {
        "csm" => td_string!(locale, dashboards.template_csm),
        "manager" => td_string!(locale, dashboards.template_manager),
        _ => td_string!(locale, dashboards.template_executive),
    }
}

/// Returns what a template shows.
pub(super) fn template_text(key: &str, locale: Locale) -> &'static str {
    match key {
        "csm" => td_string!(locale, dashboards.template_csm_text),
        "manager" => td_string!(locale, dashboards.template_manager_text),
        _ => td_string!(locale, dashboards.template_executive_text),
    }
}
