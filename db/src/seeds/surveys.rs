//! Survey answers, whose scores and words follow the plot.

use domain::contacts::Contact;
use domain::id::ResponseId;
use domain::surveys::Response;

use super::Volume;
use super::accounts::Outline;
use super::plots::{Plot, Standing};
use super::random::{Part, Random};
use super::usage::HISTORY_DAYS;

/// How somebody felt when they answered.
#[derive(Clone, Copy)]
enum Mood {
    Delighted,
    Content,
    Lukewarm,
    Upset,
}

/// Tells the survey answers, newest first.
pub(super) fn tell(outline: &Outline, contacts: &[Contact]) -> Vec<Response> {
    let mut random = outline.random(Part::Surveys);
    let most = if outline.volume == Volume::Light { 2 } else { 9 };
    let first_comment = random.place(12);
    let mut days_ago = newest(outline, &mut random);
    let mut responses = Vec::new();
    while days_ago <= outline.age_days.min(HISTORY_DAYS) && responses.len() < most {
        let place = responses.len();
        responses.push(response(outline, &mut random, contacts, days_ago, (place, first_comment)));
        days_ago += random.between(60, 130);
    }
    responses
}

/// Returns how many days ago the last answer came; who fell silent does not answer surveys either.
fn newest(outline: &Outline, random: &mut Random) -> i64 {
    match outline.plot {
        Plot::ChampionLeft | Plot::Silent | Plot::Churned => outline.turn_days + random.between(6, 30),
        Plot::TicketsPiledUp | Plot::AdoptionFell => random.between(2, 18),
        Plot::Onboarding => random.between(3, 15),
        _ => random.between(3, 75),
    }
}

fn response(
    outline: &Outline,
    random: &mut Random,
    contacts: &[Contact],
    days_ago: i64,
    place: (usize, usize),
) -> Response {
    let mood = mood(outline, random, days_ago);
    let answered_at = outline.moment(random, days_ago);
    // Bad weeks are asked about in the survey that follows each ticket.
    let recent_pile = outline.plot == Plot::TicketsPiledUp && days_ago <= outline.turn_days;
    let kind = if recent_pile { "csat" } else { ["nps", "csat", "ces"][random.weighted(&[66, 24, 10])] };
    let comments = comments(outline, mood, days_ago);
    let comment = comments[(place.0 + place.1) % comments.len()];
    let known = contacts.len().min(3);
    let respondent = (known > 0).then(|| &contacts[random.place(known)]);
    // Whoever joined later did not answer then; the champion did.
    let respondent = respondent.filter(|contact| contact.created_at <= answered_at).or(contacts.first());
    Response {
        id: ResponseId(random.id(answered_at)),
        version: 1,
        account_id: outline.id,
        external_id: Some(format!("R-{}-{:02}", 100_001 + u64::from(outline.number), place.0 + 1)),
        kind: kind.to_owned(),
        score: score(kind, mood, random) as f64,
        comment: random.chance(70).then(|| comment.to_owned()),
        email: respondent.and_then(|contact| contact.email.clone()),
        answered_at,
        created_at: answered_at,
        updated_at: answered_at,
    }
}

fn mood(outline: &Outline, random: &mut Random, days_ago: i64) -> Mood {
    if outline.plot == Plot::Thriving {
        return Mood::Delighted;
    }
    // Those who leave say so when it is too late.
    let bad_since = if outline.plot == Plot::Churned { outline.turn_days + 30 } else { outline.turn_days };
    if outline.plot.is_trouble() && days_ago <= bad_since {
        let sours = matches!(outline.plot, Plot::TicketsPiledUp | Plot::AdoptionFell | Plot::Churned);
        return match outline.standing {
            Standing::Critical | Standing::AtRisk if sours => Mood::Upset,
            Standing::Watch if sours => [Mood::Lukewarm, Mood::Upset][random.place(2)],
            _ => Mood::Lukewarm,
        };
    }
    match outline.standing {
        Standing::Healthy => [Mood::Delighted, Mood::Content][random.weighted(&[65, 35])],
        _ => [Mood::Delighted, Mood::Content, Mood::Lukewarm][random.weighted(&[25, 50, 25])],
    }
}

fn score(kind: &str, mood: Mood, random: &mut Random) -> i64 {
    let (low, high) = match (kind, mood) {
        ("nps", Mood::Delighted) => (9, 10),
        ("nps", Mood::Content) => (7, 8),
        ("nps", Mood::Lukewarm) => (5, 7),
        ("nps", Mood::Upset) => (0, 4),
        ("csat", Mood::Delighted) => (5, 5),
        ("csat", Mood::Content) => (4, 4),
        ("csat", Mood::Lukewarm) => (3, 3),
        ("csat", Mood::Upset) => (1, 2),
        (_, Mood::Delighted) => (6, 7),
        (_, Mood::Content) => (5, 6),
        (_, Mood::Lukewarm) => (3, 4),
        (_, Mood::Upset) => (1, 2),
    };
    random.between(low, high)
}

fn comments(outline: &Outline, mood: Mood, days_ago: i64) -> &'static [&'static str] {
    let told = days_ago <= outline.turn_days;
    match (outline.plot, mood) {
        (Plot::TicketsPiledUp, Mood::Upset | Mood::Lukewarm) if told => &PILED,
        (Plot::AdoptionFell, Mood::Upset | Mood::Lukewarm) if told => &ADOPTION,
        (Plot::Churned, Mood::Upset) => &CHURNED,
        (Plot::PaymentTrouble, Mood::Lukewarm) if told => &PAYMENT,
        (Plot::Onboarding, Mood::Delighted | Mood::Content) => &ONBOARDING,
        (Plot::Seasonal, Mood::Delighted | Mood::Content) => &SEASONAL,
        (_, Mood::Delighted) => &DELIGHTED,
        (_, Mood::Content) => &CONTENT,
        (_, Mood::Lukewarm) => &LUKEWARM,
        (_, Mood::Upset) => &UPSET,
    }
}

const DELIGHTED: [&str; 10] = [
    "Saves us at least a day a week. The whole team would protest if you took it away.",
    "Support answers like people who have used the product themselves.",
    "I recommended you to two other firms in our association.",
    "We closed the month in two days instead of five.",
    "Best rollout of any tool we have bought in ten years.",
    "The new dashboards are what I show the board now.",
    "Even our most sceptical planner asks for more reports.",
    "It just works, including on the old tablets in the yard.",
    "Our account manager knows our business. That is rare.",
    "We are adding the second site because the first one went so well.",
];
const CONTENT: [&str; 8] = [
    "Does what we bought it for. Reporting could be more flexible.",
    "Good product, a bit slow on Monday mornings.",
    "Solid. Would like better keyboard shortcuts.",
    "Happy overall; the mobile app needs some love.",
    "Works well once it is set up. Setting it up took a while.",
    "Helpful support. The price went up faster than our budget.",
    "Most of the team likes it, two still keep their spreadsheet.",
    "Fine. I would give more if exports remembered my columns.",
];
const LUKEWARM: [&str; 7] = [
    "Neither bad nor great. We use perhaps a third of it.",
    "I am not sure we get out what we pay in.",
    "Too many clicks for simple things.",
    "We have not heard much from you lately.",
    "It is all right. Others here know it better than I do.",
    "Training was good, but half of the people it was for have moved on.",
    "Ask me again after the reorganisation.",
];
const UPSET: [&str; 5] = [
    "We were promised more than we got.",
    "Every change on our side costs a week of waiting.",
    "I would not choose it again.",
    "The team has gone back to spreadsheets.",
    "Nobody could tell me when it will be fixed.",
];
const PILED: [&str; 6] = [
    "Three tickets open for weeks and each answer asks for the same screenshot.",
    "We lost a morning of orders and got a standard reply.",
    "The escalation was acknowledged and then nothing happened.",
    "I spend more time writing to support than using the product.",
    "Urgent seems to mean something else to you than to us.",
    "The fix broke something else. Twice.",
];
const ADOPTION: [&str; 5] = [
    "After the new layout our people could not find anything, so they stopped looking.",
    "The step we relied on now takes four screens.",
    "We moved the planning back to the whiteboard.",
    "Only two of us still open it.",
    "A competitor showed us the same thing with half the effort.",
];
const CHURNED: [&str; 5] = [
    "We are leaving at the end of the term. It was too much tool for us.",
    "The head office chose one system for all sites, and it is not yours.",
    "The value was not there for the price.",
    "We asked for the integration for a year.",
    "Nice people, wrong product for where we are going.",
];
const PAYMENT: [&str; 4] = [
    "The product is fine. Dealing with your invoices is not.",
    "We are short of cash this quarter and the reminders do not help.",
    "Our bank changed and nobody here can update the card.",
    "Please bill the holding, not the branch. We asked twice.",
];
const ONBOARDING: [&str; 5] = [
    "Kick-off was well prepared. We know what happens next.",
    "The import took our old files without complaint.",
    "First week: twelve people in, no shouting.",
    "Training was short and to the point.",
    "Looking forward to switching off the old system.",
];
const SEASONAL: [&str; 5] = [
    "In June this thing is the only reason I sleep.",
    "Forty couples at once and not one double booking.",
    "We hardly open it in November, but in May we could not live without it.",
    "Our seasonal helpers learn it in an afternoon.",
    "Couples notice how quickly we answer now.",
];
