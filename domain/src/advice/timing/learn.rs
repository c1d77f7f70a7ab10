//! From moments to the best time and channel.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;

use super::{BLOCK_HOURS, Channel, Moment, Moments, Seen, TimeSlot, Timing};
use crate::activities::Activity;
use crate::contacts::Contact;
use crate::id::ContactId;
use crate::time::{DAY_MS, Timestamp};

/// How many moments what is known one level up weighs as much as.
const STRENGTH: f64 = 6.0;
/// The same for channels.
const CHANNEL_STRENGTH: f64 = 4.0;
/// Days after a mail within which a sign from the customer counts as an answer.
const ANSWER_DAYS: i64 = 7;
/// Blocks of a day.
const BLOCKS: usize = 8;
/// Blocks of a week.
const CELLS: usize = 7 * BLOCKS;
/// Times that are named.
const TIMES: usize = 3;
/// One hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// Returns the moments of an account: calls and meetings, mails that were answered, and the customer's own signs, such
/// as tickets and survey answers. Notes say nothing about the customer. A mail was answered if the customer gave a sign
/// or was in touch within a week. An activity whose text names a contact was with them, and so is the moment at which a
/// contact was last in touch.
#[must_use]
pub fn of_account(activities: &[Activity], signs: &[Timestamp], contacts: &[Contact]) -> Vec<Moment> {
    let touches = activities.iter().filter_map(|activity| Some((activity, Channel::of(&activity.kind)?)));
    let later: Vec<Timestamp> =
        touches.clone().map(|(activity, _)| activity.happened_at).chain(signs.iter().copied()).collect();
    let is_answered = |at: Timestamp| later.iter().any(|sign| *sign > at && *sign <= at.plus_days(ANSWER_DAYS));
    let mut moments: Vec<Moment> = touches
        .filter(|(activity, channel)| *channel != Channel::Email || is_answered(activity.happened_at))
        .map(|(activity, channel)| Moment {
            at: activity.happened_at,
            channel: Some(channel),
            contact: named_in(&activity.body, contacts),
        })
        .collect();
    for contact in contacts {
        let Some(at) = contact.last_touch_at else { continue };
        match moments.iter_mut().find(|moment| moment.at == at) {
            Some(moment) => moment.contact = moment.contact.or(Some(contact.id)),
            None => moments.push(Moment { at, channel: None, contact: Some(contact.id) }),
        }
    }
    moments.extend(signs.iter().map(|at| Moment { at: *at, channel: None, contact: None }));
    moments
}

/// Returns the contact whose whole name a text holds; of two, the one with the longer name.
fn named_in(text: &str, contacts: &[Contact]) -> Option<ContactId> {
    let named = contacts.iter().filter(|contact| !contact.name.is_empty() && text.contains(&contact.name));
    named.max_by_key(|contact| contact.name.len()).map(|contact| contact.id)
}

/// Returns when and how to reach a contact, or anybody at the account, at a moment.
///
/// Dirichlet-multinomial models in a chain: base → segment → account → contact. The expected shares of one level are
/// the prior of the next and weigh as much as k moments, `share' = (k·share + count) ÷ (k + n)`, with k = `STRENGTH`
/// for the 56 blocks of a week and `CHANNEL_STRENGTH` for the channels (Gelman et al., *Bayesian Data Analysis*, 3rd
/// ed., sections 3.4 and 5.3). Each moment counts on one level only. The base of the blocks is Monday to Friday from 9
/// to 18 with weight 1, the blocks before and after with 0.1, all others with 0.01; that of the channels is
/// [`Channel::ALL`]. A moment at midnight sharp is a date without a time and does not count for the blocks.
#[must_use]
pub fn timing(moments: &Moments, contact: Option<&Contact>, now: Timestamp) -> Timing {
    let zone = contact.and_then(|contact| contact.time_zone.clone());
    let zone: Option<(String, Tz)> = zone.and_then(|name| Some((name.clone(), name.parse().ok()?)));
    let tz = zone.as_ref().map_or(Tz::UTC, |(_, tz)| *tz);
    let id = contact.map(|contact| contact.id);
    let is_theirs = |moment: &&Moment| id.is_some() && moment.contact == id;
    let levels = || {
        let (theirs, others): (Vec<&Moment>, Vec<&Moment>) = moments.account.iter().partition(is_theirs);
        [moments.segment.iter().collect(), others, theirs]
    };
    let (cells, seen) = chain(base(), STRENGTH, &levels(), |moment| cell(moment.at, tz));
    let place = |moment: &Moment| Channel::ALL.iter().position(|(channel, _)| Some(*channel) == moment.channel);
    let (shares, channels_seen) = chain(Channel::ALL.map(|(_, share)| share), CHANNEL_STRENGTH, &levels(), place);
    let mut channels: Vec<(Channel, f64)> = Channel::ALL.iter().map(|(channel, _)| *channel).zip(shares).collect();
    channels.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut best: Vec<(usize, f64)> = cells.into_iter().enumerate().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    best.truncate(TIMES);
    Timing {
        zone: zone.map(|(name, _)| name),
        next_at: best.first().and_then(|(place, _)| next(*place, tz, now)),
        times: best.into_iter().map(|(place, share)| slot(place, share)).collect(),
        seen,
        channels,
        channels_seen,
    }
}

/// Returns the shares at the end of a chain of levels, and how many moments each level has.
fn chain<const N: usize>(
    base: [f64; N],
    strength: f64,
    levels: &[Vec<&Moment>; 3],
    place: impl Fn(&Moment) -> Option<usize>,
) -> ([f64; N], Seen) {
    let mut shares = base;
    let mut totals = [0_u32; 3];
    for (level, total) in levels.iter().zip(&mut totals) {
        let mut counts = [0.0; N];
        for place in level.iter().filter_map(|moment| place(moment)) {
            counts[place] += 1.0;
            *total += 1;
        }
        for (share, count) in shares.iter_mut().zip(counts) {
            *share = (strength * *share + count) / (strength + f64::from(*total));
        }
    }
    let [segment, account, contact] = totals;
    (shares, Seen { contact, account, segment })
}

/// Returns the shares of the blocks of a week before anything is known.
fn base() -> [f64; CELLS] {
    let mut weights = [0.01; CELLS];
    for (place, weight) in weights.iter_mut().enumerate() {
        let (weekday, block) = (place / BLOCKS, place % BLOCKS);
        match block {
            3..=5 if weekday < 5 => *weight = 1.0,
            2 | 6 if weekday < 5 => *weight = 0.1,
            _ => {}
        }
    }
    let total: f64 = weights.iter().sum();
    weights.map(|weight| weight / total)
}

/// Returns the block of a week that a moment falls into; none for a date without a time.
fn cell(at: Timestamp, zone: Tz) -> Option<usize> {
    if at.0.rem_euclid(DAY_MS) == 0 {
        return None;
    }
    let local = DateTime::<Utc>::from_timestamp_millis(at.0)?.with_timezone(&zone);
    let weekday = usize::try_from(local.weekday().num_days_from_monday()).ok()?;
    let block = usize::try_from(local.hour() / BLOCK_HOURS).ok()?;
    Some(weekday * BLOCKS + block)
}

fn slot(place: usize, share: f64) -> TimeSlot {
    let small = |number: usize| u8::try_from(number).unwrap_or_default();
    let hours = u8::try_from(BLOCK_HOURS).unwrap_or(3);
    TimeSlot { weekday: small(place / BLOCKS), from_hour: small(place % BLOCKS) * hours, share }
}

/// Returns the first full hour from now on that lies in a block.
fn next(place: usize, zone: Tz, now: Timestamp) -> Option<Timestamp> {
    let first = now.0.div_euclid(HOUR_MS) + 1;
    let hours = (first..first + 8 * 24).map(|hour| Timestamp(hour * HOUR_MS));
    // A minute past, so that midnight sharp is a time here.
    hours.into_iter().find(|at| cell(Timestamp(at.0 + 60_000), zone) == Some(place))
}
