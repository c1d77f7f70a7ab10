//! Since you left: what happened while one was away, each number with the way to it.

use domain::portfolio::SinceYouLeft;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::links;
use super::server_fns::mark_seen;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::language::use_language;
use crate::live::use_live;
use crate::ui::toast::use_toasts;

struct Counter {
    count: u32,
    label: fn(Locale) -> &'static str,
    href: String,
}

/// What happened since the person last looked, until they say that they have seen it.
#[component]
pub(super) fn Strip(
    /// What happened.
    since: SinceYouLeft,
    /// Called once the person has said so.
    seen: Callback<()>,
) -> impl IntoView {
    let (language, toasts, live) = (use_language(), use_toasts(), use_live());
    let counters = counters(&since);
    // Sign-ins and the like stand in the log as well, but are no news.
    let at = since.at.filter(|_| counters.iter().any(|counter| counter.count > 0));
    // Only so many lines of the log are counted; the rest counts as seen with them.
    let capped = at.is_some() && since.to_seq < boot::boot().seq;
    let heading = move || match at {
        Some(at) => td_string!(language.get(), today.since, age = format::age(at, boot::now())),
        None => td_string!(language.get(), today.since_nothing).to_owned(),
    };
    let to_seq = since.to_seq;
    let mark = move |_| {
        let end = to_seq.max(live.seq.get_untracked());
        spawn_local(async move {
            match mark_seen(end).await {
                Ok(()) => seen.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <section class="stack" data-gap="small" aria-labelledby="since-heading">
            <div class="row" data-spread>
                <div class="row" data-align="baseline">
                    <h2 class="card-title" id="since-heading">{heading}</h2>
                    <span class="card-sub" hidden=!capped>{text!(today.since_capped)}</span>
                </div>
                <button class="button" data-size="small" data-look="quiet" type="button" hidden=at.is_none() on:click=mark>
                    {text!(today.mark_seen)}
                </button>
            </div>
            {at.is_some().then(|| view! {
                <div class="today-strip">
                    {counters.into_iter().map(|counter| view! {
                        <a class="today-count" href=counter.href data-empty=(counter.count == 0).then_some("")>
                            <span class="today-count-value">{format::integer(i64::from(counter.count))}</span>
                            {move || (counter.label)(language.get())}
                        </a>
                    }).collect_view()}
                </div>
            })}
        </section>
    }
}

fn counters(since: &SinceYouLeft) -> [Counter; 7] {
    let days = since.at.map_or(0, |at| boot::now().day_start().days_since(at.day_start())) + 1;
    let lately = |field: &str, sort: &str| links::accounts(&format!("{field} within last {days} days"), sort, false);
    [
        Counter {
            count: since.new_alerts,
            label: |locale| td_string!(locale, today.new_alerts),
            href: "/alerts".to_owned(),
        },
        Counter {
            count: since.health_drops,
            label: |locale| td_string!(locale, today.drops),
            href: links::accounts("trend_7d <= -5", "trend_7d", false),
        },
        Counter {
            count: since.health_rises,
            label: |locale| td_string!(locale, today.rises),
            href: links::accounts("trend_7d >= 5", "-trend_7d", false),
        },
        Counter {
            count: since.new_accounts,
            label: |locale| td_string!(locale, today.new_accounts),
            href: lately("created_at", "-created_at"),
        },
        Counter {
            count: since.new_tickets,
            label: |locale| td_string!(locale, today.new_tickets),
            href: links::accounts("ticket_count > 0", "-ticket_count", false),
        },
        Counter {
            count: since.new_activities,
            label: |locale| td_string!(locale, today.new_activities),
            href: lately("last_activity_at", "-last_activity_at"),
        },
        Counter {
            count: since.edits,
            label: |locale| td_string!(locale, today.edits),
            href: lately("updated_at", "-updated_at"),
        },
    ]
}
