mod signal;

use std::collections::{BTreeMap, HashSet};

use domain::id::UserId;
use domain::time::Timestamp;
use domain::{accounts, activities, contacts as people, support, surveys as answers};
use uuid::Uuid;

use super::activities::ALL_TEXTS;
use super::plots::Standing;
use super::*;

/// 21 November 2026, 09:00 UTC.
const NOW: Timestamp = Timestamp(1_795_251_600_000);

fn options(accounts: u32, volume: Volume) -> Options {
    let owners = (1..=4).map(|number| UserId(Uuid::from_u128(number))).collect();
    Options { seed: 7, accounts, now: NOW, owners, volume }
}

fn told(plot: Plot) -> Vec<Story> {
    let stories: Vec<Story> =
        portfolio(options(1_200, Volume::Full)).filter(|story| story.plot == plot).take(25).collect();
    assert!(stories.len() >= 12, "{plot:?}: {}", stories.len());
    stories
}

/// Returns the mean of a metric from `newest` to `oldest` days ago.
fn mean(story: &Story, metric: &str, newest: i64, oldest: i64) -> f64 {
    let today = NOW.day_start();
    let days = story.usage.iter().filter(|usage| usage.metric == metric);
    let values: Vec<f64> = days
        .filter(|usage| (newest..=oldest).contains(&today.days_since(usage.day)))
        .map(|usage| usage.value)
        .collect();
    assert!(!values.is_empty(), "{} has no {metric} {newest} to {oldest} days ago", story.account.name);
    values.iter().sum::<f64>() / values.len() as f64
}

fn days_ago(moment: Timestamp) -> i64 {
    NOW.day_start().days_since(moment.day_start())
}

#[test]
fn the_same_seed_tells_the_same_stories() {
    let text = |options| serde_json::to_string(&portfolio(options).map(as_json).collect::<Vec<_>>()).unwrap();
    let first = text(options(60, Volume::Full));
    assert_eq!(first, text(options(60, Volume::Full)));
    assert_eq!(first, text(Options { now: Timestamp(NOW.0 + 3_600_000), ..options(60, Volume::Full) }));
    assert_ne!(first, text(Options { seed: 8, ..options(60, Volume::Full) }));
}

#[test]
fn a_larger_portfolio_begins_with_the_smaller_one() {
    let small: Vec<Story> = portfolio(options(60, Volume::Light)).collect();
    let large: Vec<Story> = portfolio(options(200, Volume::Light)).take(60).collect();
    assert!(small == large);
}

#[test]
fn the_first_accounts_are_the_known_ones() {
    let first: Vec<(String, Plot)> =
        portfolio(options(12, Volume::Light)).map(|story| (story.account.name, story.plot)).collect();
    let known: Vec<(String, Plot)> = first_accounts().into_iter().map(|(name, plot)| (name.to_owned(), plot)).collect();
    assert_eq!(first, known);
}

#[test]
fn names_keys_domains_and_ids_are_unique() {
    let mut seen = HashSet::new();
    let mut once = |what: &str, text: String| assert!(seen.insert(format!("{what} {text}")), "{what} {text} twice");
    for story in portfolio(options(20_000, Volume::Light)) {
        once("name", story.account.name);
        once("key", story.account.external_id.unwrap());
        once("domain", story.account.domain.unwrap());
        once("id", story.account.id.to_string());
    }
    for story in portfolio(options(400, Volume::Full)) {
        for contact in &story.contacts {
            once("email", contact.email.clone().unwrap());
            once("id of a contact", contact.id.to_string());
        }
        story.tickets.into_iter().for_each(|ticket| once("ticket", ticket.external_id.unwrap()));
        story.invoices.into_iter().for_each(|invoice| once("invoice", invoice.external_id.unwrap()));
        story.responses.into_iter().for_each(|response| once("response", response.external_id.unwrap()));
        story.activities.into_iter().for_each(|activity| once("activity", activity.id.to_string()));
    }
}

#[test]
fn composed_names_stay_unique_beyond_the_first_round() {
    let mut seen = HashSet::new();
    for number in 0..120_000 {
        let name = companies::compose(number, 4_711).name;
        assert!(seen.insert(name.clone()), "{name}");
    }
}

#[test]
fn ids_are_version_seven() {
    for story in portfolio(options(30, Volume::Full)) {
        assert_eq!(story.account.id.0.get_version_num(), 7);
        let written = story.account.id.0.as_u128() >> 80;
        assert_eq!(written, story.account.created_at.0.unsigned_abs().into());
    }
}

#[test]
fn parents_come_before_their_children() {
    let mut seen = HashSet::new();
    let mut children: BTreeMap<_, u32> = BTreeMap::new();
    for story in portfolio(options(2_000, Volume::Light)) {
        if let Some(parent) = story.account.parent_id {
            assert!(seen.contains(&parent), "{}", story.account.name);
            *children.entry(parent).or_default() += 1;
        }
        seen.insert(story.account.id);
    }
    assert!(children.len() >= 75);
    assert!(children.values().all(|count| (2..=4).contains(count)));
}

#[test]
fn values_keep_to_the_closed_lists_and_limits() {
    for story in portfolio(options(400, Volume::Full)) {
        let account = &story.account;
        assert!(accounts::STAGES.contains(&account.stage.as_deref().unwrap()));
        assert!(account.risk_level.as_deref().is_none_or(|level| accounts::RISK_LEVELS.contains(&level)));
        let percents = [account.sentiment, account.engagement_score, account.satisfaction_score];
        let percents = percents.into_iter().chain([account.adoption_pct, account.churn_risk_pct]).flatten();
        assert!(percents.into_iter().all(|percent| (0.0..=100.0).contains(&percent)));
        assert!(account.tags.is_sorted());
        assert!(account.owner_id.is_some());
        for contact in &story.contacts {
            assert!(people::ROLES.contains(&contact.role.as_deref().unwrap()));
            let email = contact.email.as_deref().unwrap();
            assert!(
                email.is_ascii() && email.ends_with(&format!("@{}", account.domain.as_deref().unwrap())),
                "{email}"
            );
        }
        assert!(story.tickets.iter().all(|t| support::SEVERITIES.contains(&t.severity.as_deref().unwrap())));
        for response in &story.responses {
            let most = match response.kind.as_str() {
                "nps" => 10.0,
                "csat" => 5.0,
                _ => 7.0,
            };
            assert!(answers::KINDS.contains(&response.kind.as_str()) && response.score <= most);
            assert!(response.kind == "nps" || response.score >= 1.0);
        }
        assert!(story.activities.iter().all(|activity| activities::KINDS.contains(&activity.kind.as_str())));
        assert!(story.activities.iter().all(|activity| !activity.body.contains(['{', '}'])));
        for invoice in &story.invoices {
            assert_eq!(invoice.lines.iter().map(|line| line.amount_minor).sum::<i64>(), invoice.amount_minor);
            assert!(invoice.amount_minor > 0);
        }
        let seats = account.seats.unwrap();
        let users = story.usage.iter().filter(|usage| usage.metric == "active_users");
        assert!(users.into_iter().all(|usage| (0.0..=seats).contains(&usage.value)));
    }
}

#[test]
fn nothing_happens_in_the_future_or_before_the_account_existed() {
    for story in portfolio(options(400, Volume::Full)) {
        let created = story.account.created_at;
        let within = |moment: Timestamp| assert!(created <= moment && moment <= NOW, "{}", story.account.name);
        let maybe = |moment: Option<Timestamp>| moment.into_iter().for_each(within);
        within(story.account.updated_at);
        maybe(story.account.last_login_at);
        maybe(story.account.last_activity_at);
        for contact in &story.contacts {
            [contact.created_at, contact.updated_at].into_iter().for_each(within);
            [contact.left_at, contact.last_touch_at].into_iter().for_each(maybe);
            assert!(contact.left_at.is_none() || contact.last_touch_at <= contact.left_at);
        }
        for ticket in &story.tickets {
            within(ticket.opened_at);
            [ticket.escalated_at, ticket.resolved_at].into_iter().for_each(maybe);
            assert!(ticket.resolved_at.is_none_or(|resolved| resolved >= ticket.opened_at));
        }
        for invoice in &story.invoices {
            within(invoice.issued_at);
            [invoice.paid_at, invoice.failed_at].into_iter().for_each(maybe);
        }
        story.usage.iter().for_each(|usage| within(usage.day));
        assert!(story.usage.iter().all(|usage| usage.day == usage.day.day_start()));
        story.responses.iter().for_each(|response| within(response.answered_at));
        story.activities.iter().for_each(|activity| within(activity.happened_at));
    }
}

#[test]
fn usage_has_one_value_a_day_and_metric() {
    for story in portfolio(options(60, Volume::Full)) {
        let days: HashSet<(&str, i64)> = story.usage.iter().map(|usage| (usage.metric.as_str(), usage.day.0)).collect();
        assert_eq!(days.len(), story.usage.len());
        assert!(story.usage.len() <= 3 * 132);
    }
}

#[test]
fn light_stories_are_short() {
    for (number, story) in (0u32..).zip(portfolio(options(1_000, Volume::Light))) {
        let most = if number.is_multiple_of(super::usage::SEASONED_EVERY) { 132 } else { 40 };
        assert!(story.usage.len() <= most && story.contacts.len() <= 2 && story.tickets.len() <= 3);
        assert!(story.invoices.len() <= 4 && story.activities.len() <= 4 && story.responses.len() <= 2);
    }
}

#[test]
fn a_light_portfolio_has_seasons_too() {
    let mut weddings: Vec<Story> = portfolio(options(4_000, Volume::Light))
        .filter(|story| story.account.category.as_deref() == Some("weddings & events"))
        .collect();
    // As they are learnt: from the hundred oldest.
    weddings.sort_by_key(|story| story.account.id);
    weddings.truncate(100);
    let series = |story: &Story| {
        let main = story.usage.iter().filter(|day| day.metric == "active_users");
        main.map(|day| (day.day, day.value)).collect::<Vec<_>>()
    };
    let series: Vec<_> = weddings.iter().map(series).collect();
    let learnt = domain::health::SeasonProfile::learned("weddings", &series, NOW).unwrap();
    assert!(learnt.weekly[25] > 1.5 && learnt.weekly[3] < 0.7, "{:?}", learnt.weekly);
}

#[test]
fn more_than_half_of_the_accounts_are_meant_to_be_healthy() {
    let options = options(4_000, Volume::Light);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for number in 0..options.accounts {
        let word = match Outline::of(&options, number).standing {
            Standing::Healthy => "healthy",
            Standing::Watch => "watch",
            Standing::AtRisk => "at risk",
            Standing::Critical => "critical",
        };
        *counts.entry(word).or_default() += 1;
    }
    // About one in four that are meant to be watched score as healthy, which makes it three in five.
    let share = |word: &str| f64::from(counts[word]) / 40.0;
    assert!((share("healthy") - 54.0).abs() < 3.0, "{counts:?}");
    assert!((share("watch") - 26.0).abs() < 3.0, "{counts:?}");
    assert!((share("at risk") - 12.0).abs() < 2.0, "{counts:?}");
    assert!((share("critical") - 8.0).abs() < 2.0, "{counts:?}");
}

#[test]
fn a_steady_account_stays_as_it_was() {
    for story in told(Plot::Steady) {
        let ratio = mean(&story, "key_feature_events", 1, 28) / mean(&story, "key_feature_events", 29, 120);
        assert!((0.8..1.15).contains(&ratio), "{} {ratio}", story.account.name);
    }
}

#[test]
fn a_thriving_account_fills_its_seats_and_promotes_us() {
    for story in told(Plot::Thriving) {
        let users = mean(&story, "active_users", 1, 14);
        assert!(users >= 0.82 * story.account.seats.unwrap(), "{}", story.account.name);
        assert!(story.responses.iter().filter(|response| response.kind == "nps").all(|nps| nps.score >= 9.0));
        let (newest, oldest) = (story.invoices.first().unwrap(), story.invoices.last().unwrap());
        assert!(newest.amount_minor >= oldest.amount_minor);
    }
}

#[test]
fn a_champion_who_left_takes_the_contact_and_the_usage_along() {
    for story in told(Plot::ChampionLeft) {
        let champion = &story.contacts[0];
        let left_days = days_ago(champion.left_at.unwrap());
        assert_eq!(champion.role.as_deref(), Some("champion"));
        assert!((40..=90).contains(&left_days));
        assert!(story.activities.iter().all(|activity| days_ago(activity.happened_at) >= left_days));
        let ratio = mean(&story, "logins", 1, 7) / mean(&story, "logins", left_days, 180);
        assert!(ratio < 0.78, "{} {ratio}", story.account.name);
        assert!(story.activities[0].body.contains(&champion.name), "{}", story.activities[0].body);
    }
}

#[test]
fn adoption_falls_by_more_than_half_while_people_still_sign_in() {
    for story in told(Plot::AdoptionFell) {
        let ratio = |metric: &str| mean(&story, metric, 1, 14) / mean(&story, metric, 57, 120);
        assert!((0.22..0.5).contains(&ratio("key_feature_events")), "{}", ratio("key_feature_events"));
        assert!(ratio("logins") > 0.6, "{}", ratio("logins"));
    }
}

#[test]
fn tickets_pile_up_unsolved_and_escalated() {
    for story in told(Plot::TicketsPiledUp) {
        let open: Vec<_> = story.tickets.iter().filter(|ticket| ticket.resolved_at.is_none()).collect();
        assert!(open.len() >= 2);
        assert!(
            open.iter().any(|ticket| ticket.severity.as_deref() == Some("urgent") && ticket.escalated_at.is_some())
        );
        assert!(open.iter().all(|ticket| days_ago(ticket.opened_at) <= 40));
        assert!(story.account.ticket_count.unwrap() >= 2.0);
        assert_eq!(story.responses[0].kind, "csat");
        assert!(story.responses[0].score <= 3.0);
    }
}

#[test]
fn a_seasonal_business_is_busy_in_june_and_quiet_in_november() {
    // The last June before 21 November lies 145 to 170 days back.
    for story in told(Plot::Seasonal) {
        let ratio = mean(&story, "active_users", 1, 14) / mean(&story, "active_users", 145, 170);
        assert!(ratio < 0.6, "{} {ratio}", story.account.name);
        let last_year = mean(&story, "key_feature_events", 1, 14) / mean(&story, "key_feature_events", 355, 379);
        assert!((0.7..1.6).contains(&last_year), "{last_year}");
    }
}

#[test]
fn a_new_customer_ramps_up() {
    for story in told(Plot::Onboarding) {
        let age = days_ago(story.account.created_at);
        assert!((20..=80).contains(&age));
        assert_eq!(story.account.stage.as_deref(), Some("onboarding"));
        let key = "key_feature_events";
        assert!(mean(&story, key, 1, 5) > 1.8 * mean(&story, key, age * 2 / 3 - 7, age), "{}", story.account.name);
    }
}

#[test]
fn payment_trouble_leaves_failed_and_overdue_invoices() {
    for story in told(Plot::PaymentTrouble) {
        assert!(story.invoices.iter().filter(|invoice| invoice.paid_at.is_none()).count() >= 2);
        assert!(story.invoices.iter().any(|invoice| invoice.failed_at.is_some()));
        assert!(story.invoices.iter().any(|invoice| invoice.paid_at.is_none() && invoice.due_at < Some(NOW)));
    }
}

#[test]
fn nobody_was_in_touch_with_a_silent_account_for_two_months() {
    for story in told(Plot::Silent) {
        assert!(story.activities.iter().all(|activity| days_ago(activity.happened_at) >= 60));
        assert!(story.responses.iter().all(|response| days_ago(response.answered_at) >= 60));
        assert!(days_ago(story.account.last_activity_at.unwrap()) >= 60);
    }
}

#[test]
fn a_churned_account_stopped_months_ago() {
    for story in told(Plot::Churned) {
        assert_eq!(story.account.stage.as_deref(), Some("churned"));
        assert_eq!(story.account.arr_minor, Some(0));
        assert!(story.account.archived_at.is_none());
        assert!(story.usage.iter().all(|usage| days_ago(usage.day) >= 70));
        assert!(story.account.renewal_at < Some(NOW));
    }
}

#[test]
fn there_are_enough_texts_and_none_repeats() {
    let texts: Vec<&str> = ALL_TEXTS.iter().flat_map(|list| list.iter().copied()).collect();
    assert!(texts.iter().all(|text| activities::KINDS.contains(&text.split_once(": ").unwrap().0)));
    assert!(texts.len() >= 80, "{}", texts.len());
    assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
}

#[test]
fn a_portfolio_without_owners_is_told_too() {
    let story = portfolio(Options { owners: Vec::new(), ..options(1, Volume::Light) }).next().unwrap();
    assert_eq!(story.account.owner_id, None);
}

fn as_json(story: Story) -> serde_json::Value {
    let plot = format!("{:?}", story.plot);
    serde_json::json!([
        plot,
        story.account,
        story.contacts,
        story.usage,
        story.tickets,
        story.invoices,
        story.responses,
        story.activities,
    ])
}
