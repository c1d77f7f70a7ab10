//! Support tickets: the everyday ones, and those that pile up.

use domain::id::TicketId;
use domain::support::Ticket;

use super::Volume;
use super::accounts::Outline;
use super::plots::{Plot, Standing};
use super::random::{Part, Random};
use super::usage::HISTORY_DAYS;

/// Tells the tickets, newest first.
pub(super) fn tell(outline: &Outline) -> Vec<Ticket> {
    let mut random = outline.random(Part::Support);
    let light = outline.volume == Volume::Light;
    let mut days: Vec<(i64, bool)> = Vec::new();
    if outline.plot == Plot::TicketsPiledUp {
        let most = if light { 3 } else { random.between(5, 7) + i64::from(outline.standing == Standing::Critical) * 3 };
        days.extend((0..most).map(|_| (random.between(2, outline.turn_days), true)));
    }
    let everyday = if light && !days.is_empty() {
        0
    } else if light {
        random.between(0, 2)
    } else {
        random.between(4, [20, 12, 7][outline.tier])
    };
    let newest = if outline.plot == Plot::Churned { outline.turn_days } else { 2 };
    let oldest = outline.age_days.min(HISTORY_DAYS);
    days.extend((0..everyday).map(|_| (random.between(newest, oldest.max(newest)), false)));
    days.retain(|(days_ago, _)| *days_ago <= oldest);
    days.sort_unstable();
    let first_subject = random.place(EVERYDAY.len());
    let mut pile = 0;
    let mut tickets = Vec::with_capacity(days.len());
    for (place, (days_ago, piled)) in days.into_iter().enumerate() {
        let subjects: &[&str] = if piled { &PILED } else { &EVERYDAY };
        let subject = subjects[(first_subject + place) % subjects.len()];
        let mut ticket = ticket(outline, &mut random, days_ago, piled.then_some(pile));
        ticket.external_id = Some(format!("T-{}-{:02}", 100_001 + u64::from(outline.number), place + 1));
        ticket.subject = subject.to_owned();
        tickets.push(ticket);
        pile += usize::from(piled);
    }
    tickets
}

/// Tells one ticket; `pile` is its place among those that piled up.
fn ticket(outline: &Outline, random: &mut Random, days_ago: i64, pile: Option<usize>) -> Ticket {
    let piled = pile.is_some();
    let opened_at = outline.moment(random, days_ago);
    let severities: [i64; 4] = if piled { [0, 10, 50, 40] } else { [38, 54, 8, 0] };
    let severity = ["low", "normal", "high", "urgent"][random.weighted(&severities)];
    // The first of the pile is always the one that was escalated.
    let severity = if pile == Some(0) { "urgent" } else { severity };
    let escalates = pile == Some(0) || (piled && random.chance(30));
    let escalated_at = escalates.then(|| outline.moment(random, days_ago - 1));
    let takes_days = random.between(1, 6);
    let solved = !pile.is_some_and(|place| place < 2 || random.chance(70)) && days_ago - takes_days >= 1;
    let resolved_at = solved.then(|| outline.moment(random, days_ago - takes_days));
    let resolved_at = resolved_at.map(|resolved| resolved.max(escalated_at.unwrap_or(resolved)));
    let rated = if piled { random.between(5, 30) } else { random.between(14, 20) * 5 };
    let satisfaction = (resolved_at.is_some() && random.chance(55)).then_some(rated as f64);
    Ticket {
        id: TicketId(random.id(opened_at)),
        version: 1,
        account_id: outline.id,
        external_id: None,
        subject: String::new(),
        severity: Some(severity.to_owned()),
        opened_at,
        escalated_at,
        resolved_at,
        satisfaction,
        created_at: opened_at,
        updated_at: resolved_at.or(escalated_at).unwrap_or(opened_at),
    }
}

const EVERYDAY: [&str; 28] = [
    "How do we add a second calendar to the same team?",
    "Password reset mail arrives in the spam folder",
    "CSV export leaves out the last column",
    "Can we change the colour of the booking page?",
    "New colleague cannot see the shared dashboard",
    "Dates show in the wrong format for our French office",
    "Please raise our file upload limit",
    "Report totals differ from the overview by one day",
    "Notification arrives twice for the same approval",
    "Request: dark mode for the mobile app",
    "How do we archive last year's projects?",
    "Mobile app asks to sign in every morning",
    "Import stops at a row with an empty e-mail",
    "Question about the invoice of last month",
    "We need a copy of the data processing agreement",
    "Filter by region forgets its setting",
    "Printing the weekly plan cuts off the right edge",
    "Add two licences before Monday, please",
    "Webhook for finished orders fires late",
    "Single sign-on: a user changed their surname",
    "Search does not find names with accents",
    "Can reminders go out in the customer's language?",
    "Duplicate contact after the last import",
    "Approver on holiday: how do we delegate?",
    "Where can I see who changed a price?",
    "Chart on the dashboard is empty on Safari",
    "Template variable shows as plain text",
    "API key expired without a warning",
];

const PILED: [&str; 14] = [
    "Orders of the whole morning are missing since the update",
    "Synchronisation stopped again, third time this month",
    "Nobody in the warehouse can sign in",
    "Wrong totals went out to our customers",
    "API answers 502 every few minutes since Tuesday",
    "Import has been running for nine hours",
    "Still no answer to last week's ticket about missing records",
    "Month-end report is wrong and finance cannot close",
    "App crashes on opening for all tablet users",
    "Approvals vanish from the queue without a trace",
    "Permission change locked out our entire second shift",
    "Data of two branches got mixed up",
    "Pages take forty seconds to load at peak time",
    "Webhooks lost overnight, we had to re-enter by hand",
];
