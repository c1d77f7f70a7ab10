//! The state of one website.

use domain::signals::website::Website;
use leptos::prelude::*;

use super::words;
use crate::boot;
use crate::format;
use crate::i18n::td_string;
use crate::language::use_language;

/// The badge of a website.
#[component]
pub(super) fn SiteBadge(
    /// The website.
    website: Website,
) -> impl IntoView {
    let language = use_language();
    let (verdict, paused) = (website.verdict, website.paused_at.is_some());
    view! {
        <span class="badge" data-tone=words::verdict(verdict, language.get_untracked()).0>
            {move || words::verdict(verdict, language.get()).1}
        </span>
        {paused.then(|| view! { " "<span class="badge" data-tone="warn">{text!(signals.paused)}</span> })}
    }
}

/// What the last look at a website found.
#[component]
pub(super) fn SiteFindings(
    /// The website.
    website: Website,
) -> impl IntoView {
    let language = use_language();
    let findings = website.findings;
    (!findings.is_empty()).then(|| {
        view! {
            <ul class="list">
                {findings.into_iter().map(|finding| view! {
                    <li>{move || words::finding(&finding, language.get())}</li>
                }).collect_view()}
            </ul>
        }
    })
}

/// What is known of a website: status, time, certificate, redirects, title.
#[component]
pub(super) fn SiteFacts(
    /// The website.
    website: Website,
) -> impl IntoView {
    let language = use_language();
    let Some(last) = website.last else {
        return view! { <p class="muted">{text!(signals.site_soon)}</p> }.into_any();
    };
    let ago = format::relative(last.at, boot::now());
    let days = last.tls_expires_at.map(|ends| (ends.days_since(boot::now()), format::date(ends)));
    let none = || "–".to_owned();
    let status = last.status.map_or_else(none, |status| status.to_string());
    let hops = last.hops.last().cloned();
    view! {
        <dl class="facts">
            <div><dt>{text!(signals.site_looked)}</dt><dd>{ago}</dd></div>
            <div><dt>{text!(signals.site_status)}</dt><dd>{status}</dd></div>
            <div><dt>{text!(signals.site_time)}</dt><dd>{format!("{} ms", format::integer(i64::from(last.took_ms)))}</dd></div>
            <div><dt>{text!(signals.site_tls)}</dt><dd>{move || match days.clone() {
                Some((days, date)) => td_string!(language.get(), signals.site_tls_days, days = days, date = date),
                None => none(),
            }}</dd></div>
            {hops.map(|hop| view! { <div><dt>{text!(signals.site_leads)}</dt><dd class="wrap-anywhere">{hop}</dd></div> })}
            <div><dt>{text!(signals.site_title)}</dt><dd>{last.title.unwrap_or_else(none)}</dd></div>
        </dl>
    }
    .into_any()
}
