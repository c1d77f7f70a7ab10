//! The timeline: calls, mails, meetings and notes as a person would write them.

mod texts;

#[cfg(test)]
pub(super) use texts::ALL as ALL_TEXTS;

use domain::activities::Activity;
use domain::contacts::Contact;
use domain::id::ActivityId;
use domain::time::Timestamp;

use super::Volume;
use super::accounts::Outline;
use super::plots::Plot;
use super::random::{Part, Random};
use super::usage::{HISTORY_DAYS, season};
use texts::{Slots, Text, fill, kind_and_words};

/// Tells the timeline, newest first.
pub(super) fn tell(outline: &Outline, contacts: &[Contact]) -> Vec<Activity> {
    let mut random = outline.random(Part::Activities);
    let most = if outline.volume == Volume::Light { 4 } else { 60 };
    let cadence = [18, 34, 62][outline.tier];
    let mut days_ago = newest(outline, &mut random, cadence).min(outline.age_days);
    let mut teller = Teller { outline, contacts, places: [random.place(64); CHAPTERS] };
    let mut activities = Vec::new();
    while days_ago <= outline.age_days.min(HISTORY_DAYS) && activities.len() < most {
        activities.push(teller.activity(&mut random, days_ago));
        days_ago += random.between(cadence / 2, cadence * 3 / 2).max(1);
    }
    activities
}

/// Returns how many days ago either side was last in touch.
fn newest(outline: &Outline, random: &mut Random, cadence: i64) -> i64 {
    match outline.plot {
        // The last word of the champion falls in the week before they left.
        Plot::ChampionLeft => outline.turn_days + random.between(1, 6),
        Plot::Silent => outline.turn_days,
        Plot::Churned => outline.turn_days + random.between(0, 6),
        Plot::TicketsPiledUp | Plot::PaymentTrouble | Plot::AdoptionFell => random.between(1, 14),
        Plot::Onboarding => random.between(1, 8),
        _ => random.between(1, cadence.min(40)),
    }
}

/// The chapters a text can belong to.
#[derive(Clone, Copy)]
enum Chapter {
    Start,
    Ordinary,
    Plot,
    Peak,
}

const CHAPTERS: usize = 4;

/// Walks through the texts of each chapter in turn, so that an account rarely repeats itself.
struct Teller<'a> {
    outline: &'a Outline,
    contacts: &'a [Contact],
    places: [usize; CHAPTERS],
}

impl Teller<'_> {
    fn activity(&mut self, random: &mut Random, days_ago: i64) -> Activity {
        let happened_at = self.outline.moment(random, days_ago);
        let chapter = self.chapter(random, days_ago, happened_at);
        let (kind, words) = kind_and_words(self.next_text(chapter));
        // It is one and the same feature that an account gives up.
        let gives_up = self.outline.plot == Plot::AdoptionFell && matches!(chapter, Chapter::Plot);
        let feature = if gives_up { usize::try_from(self.outline.seats).unwrap_or(0) } else { random.place(720) };
        let contact = self.contact(random, chapter, happened_at);
        let body = fill(words, random, &Slots { contact, company: &self.outline.name, feature });
        Activity {
            id: ActivityId(random.id(happened_at)),
            version: 1,
            account_id: self.outline.id,
            kind: kind.to_owned(),
            body,
            happened_at,
            author_id: None,
            created_at: happened_at,
            updated_at: happened_at,
        }
    }

    fn chapter(&self, random: &mut Random, days_ago: i64, happened_at: Timestamp) -> Chapter {
        let outline = self.outline;
        let often = random.chance(40);
        match outline.plot {
            Plot::Onboarding => Chapter::Plot,
            _ if outline.age_days - days_ago <= 45 => Chapter::Start,
            Plot::Seasonal if season(happened_at) > 0.8 => Chapter::Peak,
            Plot::Seasonal if season(happened_at) < 0.4 => Chapter::Plot,
            Plot::Thriving if days_ago <= 270 && often => Chapter::Plot,
            Plot::ChampionLeft if days_ago <= outline.turn_days + 20 => Chapter::Plot,
            Plot::Silent | Plot::Churned if days_ago <= outline.turn_days + 60 => Chapter::Plot,
            Plot::AdoptionFell | Plot::TicketsPiledUp | Plot::PaymentTrouble if days_ago <= outline.turn_days => {
                Chapter::Plot
            }
            _ => Chapter::Ordinary,
        }
    }

    fn next_text(&mut self, chapter: Chapter) -> Text {
        let list: &[Text] = match chapter {
            Chapter::Start => &texts::START,
            Chapter::Ordinary => &texts::ORDINARY,
            Chapter::Peak => &texts::PEAK,
            Chapter::Plot => texts::of_plot(self.outline.plot),
        };
        let place = &mut self.places[chapter as usize];
        // The stride mixes calls with mails; it divides no list's length.
        *place += 11;
        list[*place % list.len()]
    }

    /// Returns the name of somebody who was there then; the champion where the plot is about them.
    fn contact(&self, random: &mut Random, chapter: Chapter, happened_at: Timestamp) -> &str {
        let about_champion = self.outline.plot == Plot::ChampionLeft && matches!(chapter, Chapter::Plot);
        let place = if about_champion { 0 } else { random.place(self.contacts.len().clamp(1, 3)) };
        let there = self.contacts.get(place).filter(|contact| contact.created_at <= happened_at);
        there.or(self.contacts.first()).map_or("the team", |contact| &contact.name)
    }
}
