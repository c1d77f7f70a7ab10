use domain::id::UserId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::seeds::{LOSS_SIGNAL_DAYS, Options, Plot, Story, Volume, history, portfolio};

/// 21 November 2026, 09:00 UTC.
const NOW: Timestamp = Timestamp(1_795_251_600_000);

fn options(accounts: u32, volume: Volume) -> Options {
    let owners = (1..=4).map(|number| UserId(Uuid::from_u128(number))).collect();
    Options { seed: 7, accounts, now: NOW, owners, volume }
}

#[test]
fn the_last_state_is_the_present_one_and_states_are_in_order() {
    for story in portfolio(options(400, Volume::Full)).chain(portfolio(options(400, Volume::Light))) {
        assert!(story.states.windows(2).all(|pair| pair[0].0 < pair[1].0), "{}", story.account.name);
        assert!(story.states.windows(2).all(|pair| pair[0].1 != pair[1].1), "{}", story.account.name);
        let (begin, end) = (story.states.first().unwrap(), story.states.last().unwrap());
        assert!(begin.0 == story.account.created_at && end.0 < NOW, "{}", story.account.name);
        assert!(end.1 == story.account, "{}", story.account.name);
        assert!(story.states.iter().all(|(at, state)| state.last_activity_at.is_none_or(|touch| touch <= *at)));
        assert!(story.states.iter().all(|(at, state)| state.last_login_at.is_none_or(|login| login <= *at)));
        for contact in &story.contacts {
            let happened: Vec<Timestamp> = story.activities.iter().map(|activity| activity.happened_at).collect();
            assert!(history::of_contact(contact, true, &happened).last().unwrap().1 == *contact);
        }
        assert!(story.tickets.iter().all(|ticket| history::of_ticket(ticket).last().unwrap().1 == *ticket));
        assert!(story.invoices.iter().all(|invoice| history::of_invoice(invoice).last().unwrap().1 == *invoice));
    }
}

#[test]
fn adoption_falls_a_known_time_before_a_loss_and_people_notice_late() {
    let state = |story: &Story, days: i64| {
        let at = story.account.renewal_at.unwrap().plus_days(-days);
        story.states.iter().rev().find(|(since, _)| *since <= at).map(|(_, state)| state.clone())
    };
    let mut losses = 0;
    for story in portfolio(options(2_000, Volume::Full)).filter(|story| story.plot == Plot::Churned) {
        let (before, after) = (state(&story, LOSS_SIGNAL_DAYS + 1), state(&story, LOSS_SIGNAL_DAYS - 80));
        let (Some(before), Some(after)) = (before, after) else { continue };
        losses += 1;
        if let (Some(well), Some(fallen)) = (before.adoption_pct, after.adoption_pct) {
            assert!(well > 75.0 && fallen < 30.0, "{}: {well} {fallen}", story.account.name);
        }
        assert!(after.churn_risk_pct.is_none_or(|risk| risk < 30.0), "{}", story.account.name);
        let silent = story.account.renewal_at.unwrap().plus_days(1 - LOSS_SIGNAL_DAYS);
        assert!(story.contacts[0].last_touch_at.is_none_or(|touch| touch <= silent), "{}", story.account.name);
    }
    assert!(losses >= 60, "{losses}");
}

#[test]
fn money_is_lost_and_won_at_renewals() {
    let (mut lost, mut won) = (0, 0);
    for story in portfolio(options(2_000, Volume::Full)) {
        let arr: Vec<i64> = story.states.iter().filter_map(|(_, state)| state.arr_minor).collect();
        lost += arr.windows(2).filter(|pair| pair[1] < pair[0] && pair[1] > 0).count();
        won += arr.windows(2).filter(|pair| pair[1] > pair[0]).count();
        let newest = story.invoices.first().map(|invoice| invoice.amount_minor);
        assert!(newest.is_none_or(|amount| amount > 0));
    }
    assert!(lost >= 20 && won >= 300, "{lost} {won}");
}
