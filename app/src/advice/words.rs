//! Recommendations in words.

use domain::advice::feedback::Counts;
use domain::advice::message::{self, Message};
use domain::advice::timing::{BLOCK_HOURS, TimeSlot};
use domain::advice::{
    Advice, Channel, Effect, Feedback, Held, Opinion, PathStep, Product, Recommendation, Timing, Usefulness, Verdict,
};
use domain::alerts::{Quoted, Rung};
use domain::health::Band;
use domain::money::Currency;
use serde_json::Value;

use crate::alerts::words as alerts;
use crate::boot;
use crate::format;
use crate::i18n::{Locale, td_string};
use crate::ui::health::band_word;

/// A function that finds the text of an action in one group of the translations.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident $group:ident: $($word:ident)+) => {
        $(#[$doc])*
        fn $name(key: &str, locale: Locale) -> Option<&'static str> {
            Some(match key {
                $(stringify!($word) => td_string!(locale, advice.$group.$word),)+
                _ => return None,
            })
        }
    };
}

keyed! {
    known_name names:
        call_champion find_champion find_second_contact win_back check_in executive_call renewal_talk
        payment_follow_up ticket_call onboarding_plan training technical_warning expansion_talk feature_demo
        ask_reference
}

keyed! {
    known_why whys:
        call_champion find_champion find_second_contact win_back check_in executive_call renewal_talk
        payment_follow_up ticket_call onboarding_plan training technical_warning expansion_talk feature_demo
        ask_reference
}

keyed! {
    known_message messages:
        call_champion find_champion find_second_contact win_back check_in executive_call renewal_talk
        payment_follow_up ticket_call onboarding_plan training technical_warning expansion_talk feature_demo
        ask_reference
}

/// Returns what an action is called.
#[must_use]
pub fn name(action: &str, locale: Locale) -> String {
    known_name(action, locale).map_or_else(|| action.replace('_', " "), str::to_owned)
}

/// Returns why an action is a good idea.
pub(super) fn why(action: &str, locale: Locale) -> &'static str {
    known_why(action, locale).unwrap_or_default()
}

/// Returns the word for a verdict.
pub(super) fn verdict(verdict: Verdict, locale: Locale) -> &'static str {
    match verdict {
        Verdict::Useful => td_string!(locale, advice.useful),
        Verdict::NotUseful => td_string!(locale, advice.not_useful),
        Verdict::Wrong => td_string!(locale, advice.wrong),
    }
}

/// Returns what the person has just said, and why.
pub(super) fn you_said(opinion: &Opinion, locale: Locale) -> String {
    let (word, reason) = (verdict(opinion.verdict, locale), opinion.reason.trim());
    match reason {
        "" => td_string!(locale, advice.you_said, verdict = word),
        reason => td_string!(locale, advice.you_said_why, verdict = word, reason = reason.to_owned()),
    }
}

/// Returns how soon something presses, and the tone of it.
pub(super) fn urgency(value: f64, locale: Locale) -> (&'static str, Option<&'static str>) {
    if value >= 4.0 {
        (td_string!(locale, advice.urgency_now), Some("bad"))
    } else if value >= 2.0 {
        (td_string!(locale, advice.urgency_week), Some("warn"))
    } else {
        (td_string!(locale, advice.urgency_time), None)
    }
}

/// Returns a fact as people read it.
pub(super) fn fact(fact: &Quoted, currency: Currency, locale: Locale) -> String {
    let band = (fact.key == "band").then(|| fact.value.as_str().and_then(Band::from_key)).flatten();
    band.map_or_else(|| alerts::quoted(fact, currency, locale), |band| band_word(Some(band), locale).to_owned())
}

/// Returns the suggested message of a recommendation with its places filled.
pub(super) fn message(option: &Recommendation, advice: &Advice, locale: Locale) -> Message {
    let template = known_message(&option.action, locale).unwrap_or_default();
    let sender = boot::me().map(|me| me.user.name);
    message::write(template, |place| match place {
        "account.name" => Some(advice.name.clone()),
        "contact.name" => option.contact.as_ref().map(|contact| contact.name.clone()),
        "contact.first_name" => option.contact.as_ref().map(|contact| contact.first_name().to_owned()),
        "sender.name" => sender.clone(),
        place => {
            let key = place.strip_prefix("fact.")?;
            let known = option.facts.iter().find(|fact| fact.key == key && !fact.value.is_null())?;
            // Nothing to speak of is not spoken of.
            let is_nothing = known.value.as_f64() == Some(0.0);
            (!is_nothing).then(|| fact(known, advice.currency, locale))
        }
    })
}

/// Returns what a place of a message stands for.
pub(super) fn place(place: &str, locale: Locale) -> String {
    match place {
        "account.name" => td_string!(locale, advice.places.account_name).to_owned(),
        "contact.name" | "contact.first_name" => td_string!(locale, advice.places.contact_name).to_owned(),
        "sender.name" => td_string!(locale, advice.places.sender_name).to_owned(),
        place => alerts::fact(place.strip_prefix("fact.").unwrap_or(place), locale),
    }
}

/// Returns the address that opens a message in a mail program.
pub(super) fn mail_to(email: &str, message: &Message) -> String {
    format!("mailto:{}?subject={}&body={}", encoded(email), encoded(&message.subject), encoded(&message.body))
}

/// Returns a text as a part of an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                encoded.push(char::from(byte));
            }
            // Lines of a mail end like this.
            b'\n' => encoded.push_str("%0D%0A"),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn weekday(day: u8, locale: Locale) -> &'static str {
    match day {
        0 => td_string!(locale, advice.monday),
        1 => td_string!(locale, advice.tuesday),
        2 => td_string!(locale, advice.wednesday),
        3 => td_string!(locale, advice.thursday),
        4 => td_string!(locale, advice.friday),
        5 => td_string!(locale, advice.saturday),
        _ => td_string!(locale, advice.sunday),
    }
}

fn slot(slot: &TimeSlot, locale: Locale) -> String {
    let to = u32::from(slot.from_hour) + BLOCK_HOURS;
    let day = weekday(slot.weekday, locale);
    td_string!(locale, advice.when_slot, day = day, from = slot.from_hour, to = to)
}

/// Returns the best time in a line, and what it rests on in another.
pub(super) fn times(timing: &Timing, with_contact: bool, locale: Locale) -> (String, String) {
    let zone = match &timing.zone {
        Some(zone) => td_string!(locale, advice.when_zone, zone = zone.clone()),
        None => td_string!(locale, advice.when_utc).to_owned(),
    };
    let next = timing.next_at.map(|at| td_string!(locale, advice.when_next, at = format::date_time(at)));
    let best = timing.times.first().map(|best| slot(best, locale));
    let line: Vec<String> = best.into_iter().chain([zone]).chain(next).collect();
    let seen = timing.seen;
    let rests = if seen.total() == 0 {
        td_string!(locale, advice.when_none).to_owned()
    } else if with_contact {
        let (contact, account, segment) = (seen.contact, seen.account, seen.segment);
        td_string!(locale, advice.seen, contact = contact, account = account, segment = segment)
    } else {
        td_string!(locale, advice.seen_account, account = seen.account, segment = seen.segment)
    };
    (line.join(" · "), rests)
}

fn channel(channel: Channel, locale: Locale) -> &'static str {
    match channel {
        Channel::Email => td_string!(locale, advice.channel_email),
        Channel::Call => td_string!(locale, advice.channel_call),
        Channel::Meeting => td_string!(locale, advice.channel_meeting),
    }
}

/// Returns the channels in a line, and what they rest on in another.
pub(super) fn channels(timing: &Timing, with_contact: bool, locale: Locale) -> (String, String) {
    let line = timing.channels.iter().map(|(one, share)| {
        let (name, share) = (channel(*one, locale), format::percent((share * 100.0).round()));
        td_string!(locale, advice.how_share, name = name, share = share)
    });
    let seen = timing.channels_seen;
    let rests = if seen.total() == 0 {
        td_string!(locale, advice.how_none).to_owned()
    } else if with_contact {
        let (contact, account, segment) = (seen.contact, seen.account, seen.segment);
        td_string!(locale, advice.seen, contact = contact, account = account, segment = segment)
    } else {
        td_string!(locale, advice.seen_account, account = seen.account, segment = seen.segment)
    };
    (line.collect::<Vec<_>>().join(", "), rests)
}

/// Returns the expected effect in a line, and what it rests on in another.
pub(super) fn effect(effect: &Effect, locale: Locale) -> (String, String) {
    let whole = |share: f64| format::percent((share * 100.0).round());
    let (share, low, high) = (whole(effect.share), whole(effect.low), whole(effect.high));
    let line = td_string!(locale, advice.effect_share, share = share, low = low, high = high);
    let (acted, well, left) = (effect.measured.acted, effect.measured.well, effect.measured.left);
    let prior = whole(effect.prior);
    let rests = if effect.is_measured() {
        td_string!(locale, advice.effect_measured, well = well, acted = acted, left = left)
    } else if acted > 0 {
        td_string!(locale, advice.effect_few, acted = acted, well = well, prior = prior)
    } else {
        td_string!(locale, advice.effect_none, prior = prior)
    };
    (line, rests)
}

/// Returns what people said, a line for each level on which anything was.
pub(super) fn said(usefulness: &Usefulness, locale: Locale) -> Vec<String> {
    let level = |place: &'static str, counts: Counts| {
        let (useful, not_useful, wrong) = (counts.useful, counts.not_useful, counts.wrong);
        let line = || {
            td_string!(
                locale,
                advice.said_level,
                place = place,
                useful = useful,
                not_useful = not_useful,
                wrong = wrong
            )
        };
        (counts.total() > 0).then(line)
    };
    let levels = [
        level(td_string!(locale, advice.said_account), usefulness.account),
        level(td_string!(locale, advice.said_segment), usefulness.segment),
        level(td_string!(locale, advice.said_elsewhere), usefulness.elsewhere),
    ];
    let lines: Vec<String> = levels.into_iter().flatten().collect();
    if lines.is_empty() { vec![td_string!(locale, advice.said_none).to_owned()] } else { lines }
}

/// Returns an opinion with who said it, when, and why.
pub(super) fn opinion(opinion: &Feedback, locale: Locale) -> String {
    let who = alerts::person(opinion.given_by).unwrap_or_else(|| td_string!(locale, advice.somebody).to_owned());
    let line = format!("{who}, {}: {}", format::date(opinion.given_at), verdict(opinion.verdict, locale));
    if opinion.reason.is_empty() { line } else { format!("{line}. {}", opinion.reason) }
}

/// Returns how the place in the list was worked out, and the urgency in it.
pub(super) fn order(option: &Recommendation, locale: Locale) -> (String, String) {
    let number = format::number;
    let formula = td_string!(
        locale,
        advice.order_formula,
        urgency = number(option.urgency.value),
        effect = number(option.effect.share),
        usefulness = number(option.usefulness.factor),
        effort = number(option.effort),
        value = number(option.value)
    );
    let (base, pressure) = (number(option.urgency.base), number(option.urgency.pressure));
    let urgency = match option.urgency.days_left {
        Some(days) if option.urgency.pressure > 1.0 => {
            td_string!(locale, advice.order_urgency, base = base, pressure = pressure, days = days)
        }
        _ => td_string!(locale, advice.order_urgency_none, base = base),
    };
    (formula, urgency)
}

/// Returns why nothing is to be sold.
pub(super) fn held(held: Held, locale: Locale) -> String {
    match held {
        Held::NoScore => td_string!(locale, advice.held_no_score).to_owned(),
        Held::Band(band) => {
            td_string!(locale, advice.held_band, band = band_word(Some(band), locale))
        }
        Held::RiskOpen => td_string!(locale, advice.held_risk).to_owned(),
        Held::Unpaid => td_string!(locale, advice.held_unpaid).to_owned(),
    }
}

/// Returns what an account may want, in a line.
pub(super) fn product(product: &Product, locale: Locale) -> String {
    let spoken = |metric: &str| metric.replace('_', " ");
    match product {
        Product::Seats { used_pct } => {
            td_string!(locale, advice.product_seats, used = format::percent(used_pct.round()))
        }
        Product::Feature { metric, uses, users, both, lift } => td_string!(
            locale,
            advice.product_feature,
            metric = spoken(metric),
            uses = spoken(uses),
            users = *users,
            both = *both,
            lift = format::number(*lift)
        ),
    }
}

/// Returns a rung, whose names stand on it, and when it is their turn.
pub(super) fn step(step: &PathStep, locale: Locale) -> (&'static str, String, Option<String>) {
    let rung = match step.rung {
        Rung::Owner => td_string!(locale, advice.rung_owner),
        Rung::Manager => td_string!(locale, advice.rung_manager),
        Rung::Sponsor => td_string!(locale, advice.rung_sponsor),
    };
    let names: Vec<String> = step.people.iter().filter_map(|id| alerts::person(Some(*id))).collect();
    let names = if names.is_empty() { td_string!(locale, advice.path_nobody).to_owned() } else { names.join(", ") };
    let at = step.at.map(|at| td_string!(locale, advice.path_at, at = format::date_time(at)));
    let here = step.here.then(|| td_string!(locale, advice.path_here).to_owned());
    (rung, names, at.or(here))
}

/// Returns a role as people read it.
pub(super) fn role(role: &str) -> String {
    role.replace('_', " ")
}

/// Returns whether a fact is worth showing: yes and no are only shown where it is yes.
pub(super) fn is_shown(fact: &Quoted) -> bool {
    fact.value != Value::Bool(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_words_and_its_message_only_places_that_can_be_filled() {
        let locale = Locale::default();
        for action in domain::advice::ACTIONS {
            assert!(known_name(action.key, locale).is_some(), "{} has no name", action.key);
            assert!(known_why(action.key, locale).is_some(), "{} has no reason", action.key);
            let template = known_message(action.key, locale).unwrap_or_default();
            for place in message::places(template) {
                let is_known = match place.strip_prefix("fact.") {
                    Some(fact) => action.quotes.contains(&fact),
                    None => matches!(place, "account.name" | "contact.name" | "contact.first_name" | "sender.name"),
                };
                assert!(is_known, "{}: {place}", action.key);
            }
            for key in action.quotes {
                assert_ne!(alerts::fact(key, locale), key.replace('_', " "), "{key} has no name");
            }
        }
    }

    #[test]
    fn a_message_becomes_an_address() {
        let message = Message { subject: "A & B".into(), body: "Hello,\nyes".into(), missing: Vec::new() };
        assert_eq!(mail_to("a@b.example", &message), "mailto:a@b.example?subject=A%20%26%20B&body=Hello%2C%0D%0Ayes");
    }
}
