//! What is written on timelines, by chapter and plot, with slots in braces.

use super::super::plots::Plot;
use super::super::random::Random;

/// The kind of an activity, a colon and what was written.
pub(super) type Text = &'static str;

/// What the slots of a text are filled with.
pub(super) struct Slots<'a> {
    pub(super) contact: &'a str,
    pub(super) company: &'a str,
    /// A place in the list of features.
    pub(super) feature: usize,
}

/// Splits a text into its kind and what was written.
pub(super) fn kind_and_words(text: Text) -> (&'static str, &'static str) {
    text.split_once(": ").unwrap_or(("note", text))
}

/// Fills the slots of a text: `{contact}`, `{company}`, `{feature}`, `{competitor}` and `{number}`.
pub(super) fn fill(template: &str, random: &mut Random, slots: &Slots) -> String {
    let mut text = String::with_capacity(template.len() + 48);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        match slot {
            "contact" => text.push_str(slots.contact),
            "company" => text.push_str(slots.company),
            "feature" => push_feature(&mut text, FEATURES[slots.feature % FEATURES.len()]),
            "competitor" => text.push_str(COMPETITORS[random.place(COMPETITORS.len())]),
            _ => text.push_str(&random.between(3, 24).to_string()),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Writes the name of a feature, with a capital where a sentence begins.
fn push_feature(text: &mut String, feature: &str) {
    let starts = text.is_empty() || text.ends_with(". ") || text.ends_with(": ");
    let Some(first) = feature.chars().next().filter(|_| starts) else {
        text.push_str(feature);
        return;
    };
    text.extend(first.to_uppercase());
    text.push_str(&feature[first.len_utf8()..]);
}

/// Returns the texts of a plot.
pub(super) fn of_plot(plot: Plot) -> &'static [Text] {
    match plot {
        Plot::Steady => &ORDINARY,
        Plot::Thriving => &THRIVING,
        Plot::ChampionLeft => &CHAMPION_LEFT,
        Plot::AdoptionFell => &ADOPTION_FELL,
        Plot::TicketsPiledUp => &TICKETS_PILED_UP,
        Plot::Seasonal => &OFF_SEASON,
        Plot::Onboarding => &ONBOARDING,
        Plot::PaymentTrouble => &PAYMENT_TROUBLE,
        Plot::Silent => &SILENT,
        Plot::Churned => &CHURNED,
    }
}

const FEATURES: [&str; 12] = [
    "scheduling",
    "the approval flow",
    "the mobile app",
    "custom reporting",
    "the customer portal",
    "bulk import",
    "the shared dashboard",
    "the reminder service",
    "the accounting integration",
    "capacity planning",
    "the template library",
    "the public API",
];

const COMPETITORS: [&str; 6] = ["Bluewave", "Corvid Suite", "Taskhaven", "Stackline", "Orbit Desk", "Plainfield"];

/// Every list of texts, for the tests.
#[cfg(test)]
pub(in crate::seeds) const ALL: [&[Text]; 12] = [
    &START,
    &ORDINARY,
    &PEAK,
    &THRIVING,
    &CHAMPION_LEFT,
    &ADOPTION_FELL,
    &TICKETS_PILED_UP,
    &OFF_SEASON,
    &ONBOARDING,
    &PAYMENT_TROUBLE,
    &SILENT,
    &CHURNED,
];

/// The first weeks of a customer.
pub(super) const START: [Text; 7] = [
    "meeting: Kick-off with {contact}. Goal for the first quarter: {feature} live in one team, old spreadsheets read-only.",
    "note: Handover from sales: bought mainly for {feature}. Came from {competitor}, which they found slow. Budget owner is not the daily user.",
    "call: Went through the first import with {contact}. {number} rows had broken dates; fixed together in ten minutes.",
    "email: Sent {contact} the rollout plan and the short videos. First training is set for next week.",
    "meeting: Training with {number} people. Good questions about {feature}; two asked for printed instructions.",
    "call: First check-in. {contact} says people find their way, and that {feature} was worth the switch on its own.",
    "note: Success criteria agreed with {contact}: weekly plan done in the product, no double entry, month-end in three days.",
];

/// Everyday work with a customer.
pub(super) const ORDINARY: [Text; 32] = [
    "call: Monthly call with {contact}. Nothing burning. They want to try {feature} with one team first.",
    "email: {contact} asked whether {feature} can be limited to managers. Sent the article on roles and offered a short call.",
    "meeting: Quarterly review with {contact} and two team leads. Went through usage by team; the second site is catching up.",
    "note: Looked at usage before the call: {number} people use {feature} every week, mostly the planners.",
    "call: {contact} is preparing next year's budget and asked for a list of what they use. Promised it by Friday.",
    "email: Sent {contact} the release notes with the three points that matter to them, {feature} first.",
    "meeting: Workshop on {feature}, {number} people. Built their first template together; {contact} will own it.",
    "call: Short call. {contact} is happy, but would like exports to keep the column order.",
    "note: They mentioned {competitor} in passing: a sister company uses it. No sign that anybody is looking.",
    "email: {contact} wrote that the new filter saves them an hour on Mondays. Passed it on to the product team.",
    "call: Talked about the holiday season: half the team is away until the end of the month. Next call after that.",
    "meeting: Met {contact} at the trade fair. They are hiring {number} people in spring and will need seats.",
    "note: {contact} prefers mail before ten in the morning; afternoons are on the floor and they do not answer.",
    "email: Followed up on {feature}: {contact} has switched it on for everyone. No complaints so far.",
    "call: {contact} asked how others in the business handle approvals. Offered to introduce them to a reference customer.",
    "meeting: Yearly planning with {contact}. Three goals: {feature} everywhere, one source for reports, fewer manual reminders.",
    "note: Set up a comparison of both sites for the next review. Site two uses {feature} twice as often.",
    "email: Sent the security questionnaire back, {number} questions answered. {contact} will pass it to their IT.",
    "call: {contact} was in a hurry: one question about permissions, solved on the phone.",
    "call: Checked in after the update. {contact} had not noticed it, which they meant as a compliment.",
    "email: {contact} asked for a quote for {number} more seats. Not decided yet, depends on the new office.",
    "meeting: Showed {feature} to the finance team. {contact} wants to see numbers from their own data next time.",
    "note: Their new managing director starts next month. Ask {contact} for an introduction early.",
    "call: {contact} tried {feature} alone and got stuck at the second step. Shared screens; works now.",
    "email: Thanked {contact} for the reference call. The prospect signed.",
    "meeting: Lunch with {contact}. They run everything on our weekly report now and would like it on their phone.",
    "note: Quiet month, usage as always. Next topic: {feature}, which they pay for and hardly use.",
    "call: Asked about renewal early. {contact} sees no reason to change, wants the same terms.",
    "email: {contact} sent {number} wishes from the team. Four exist already; answered with links, logged the others.",
    "meeting: Review with {contact}: month-end takes three days now, it was six. They will tell their board.",
    "call: {contact} worried about the price rise. Walked through the value they get; will send it in writing.",
    "note: {contact} is out for parental leave until summer; deputy named and introduced. All in good order.",
];

const THRIVING: [Text; 8] = [
    "meeting: {contact} presented our results to the board. They want {feature} in {number} more branches this year.",
    "call: Seats are nearly used up again. {contact} asked for {number} more and a discount from the next step.",
    "email: {contact} agreed to a case study. First draft in two weeks, their press team wants to see it.",
    "note: Usage has doubled within a year. They are the ones to ask about {feature} before we change anything.",
    "call: {contact} recommended us to a supplier; introduction came the same afternoon.",
    "meeting: Expansion workshop at {company}. Logistics and service want in; {contact} is writing the business case.",
    "email: Sent the quote for the second division. {contact}: \u{201c}Looks fine, legal has it.\u{201d}",
    "note: They replaced {competitor} in the newly bought company with us, without being asked.",
];

const CHAMPION_LEFT: [Text; 6] = [
    "call: {contact} told me in confidence that they are leaving {company}. No successor named. Asked for an introduction to their boss.",
    "email: {contact} wrote a warm goodbye to all suppliers. The last line says that questions go to the general mailbox for now.",
    "meeting: Last meeting with {contact}. They built most of the {feature} set-up alone, and nobody else has the keys yet.",
    "note: Risk: {contact} was our only strong voice there. Need a second contact before the renewal talks.",
    "call: Handover call with {contact}. The team keeps the tool, but who decides on it is open until the reorganisation is done.",
    "email: Asked {contact} for three names to stay in touch with. Got one, from purchasing.",
];

const ADOPTION_FELL: [Text; 7] = [
    "note: {feature} is used less than half as often as two months ago. Sign-ins are nearly unchanged, so they still come, and do something else.",
    "call: {contact} admits that the planners went back to a shared spreadsheet after the reorganisation. \u{201c}Only for now.\u{201d}",
    "email: Offered a refresher on {feature}. {contact} will ask the team leads; no date yet.",
    "meeting: Watched two users at work. They export, edit outside and paste back. The step that annoys them takes four screens.",
    "call: {contact} mentioned that a consultant brought in {competitor} for a trial in one department.",
    "note: Two of three power users of {feature} changed teams. That explains most of the fall.",
    "email: Sent {contact} a plan of three steps to get {feature} back: clean the templates, train the new leads, review in {number} days.",
];

const TICKETS_PILED_UP: [Text; 7] = [
    "call: {contact} called, angry. {number} hours without orders, and support asked for the same log file twice.",
    "email: Wrote to {contact} with the state of every open ticket and one name for each. Next update tomorrow at nine.",
    "meeting: Crisis call with {contact}, support lead and engineering. Agreed on daily updates until the synchronisation is stable.",
    "note: Escalated to engineering management. The update of last month is the likely cause; a fix is in test.",
    "call: {contact}: \u{201c}If this happens at month-end, I cannot defend you any more.\u{201d} Promised a root cause by Friday.",
    "email: {contact} forwarded a complaint from their own customer about wrong totals. Apologised, offered credit.",
    "note: They asked for the notice period. Came from purchasing, not from {contact}.",
];

const OFF_SEASON: [Text; 6] = [
    "note: Quiet as every winter: no events, hardly any sign-ins. Compare with last year, not with July.",
    "call: {contact} uses the calm months to tidy templates and price lists. Wants new package pages before the fairs.",
    "email: {contact} sent the numbers of the season: {number} more bookings than last year. Back at full speed in April.",
    "meeting: Season review with {contact}. {feature} carried the summer. One wish: waiting lists for popular Saturdays.",
    "call: Checked in on staffing. {contact} will bring back {number} seasonal helpers and asked for a training in March.",
    "note: Renewed without discussion. {contact} says off-season pauses would be nice, but is not going to ask twice.",
];

/// Summer at a summer business.
pub(super) const PEAK: [Text; 6] = [
    "call: Two minutes with {contact} between two events. All is running, no time to talk until September.",
    "note: Record week: highest number of bookings since they joined. No ticket.",
    "email: {contact} wrote at midnight that {feature} saved the weekend. Answered with congratulations and left them in peace.",
    "call: {contact} needed {number} extra logins for helpers by Saturday. Done in an hour.",
    "email: Asked {contact} for a quote for the website. \u{201c}Ask me in November!\u{201d}",
    "note: Peak season. No reviews, no surveys, only quick help until the end of September.",
];

const ONBOARDING: [Text; 8] = [
    "meeting: Kick-off with {contact} and {number} people from the departments. Clear goals, realistic dates, good mood.",
    "call: Import of customers and open orders is done. {contact} found {number} duplicates and cleans them up this week.",
    "email: Sent {contact} the training plan and the invitation for the pilot group.",
    "meeting: First training. The pilot team worked with {feature} on their own data within the hour.",
    "note: Milestone reached: first real week planned in the product. {contact} took a picture of the empty whiteboard.",
    "call: {contact} worries about the accounting integration. Brought in a colleague; test connection stands.",
    "email: {contact} confirmed the go-live date for the second team. Old system stays readable for a month.",
    "note: Sign-ins rise every week. Still open: single sign-on and the reports for management.",
];

const PAYMENT_TROUBLE: [Text; 7] = [
    "email: Accounting says the direct debit came back again. Wrote to {contact} in a friendly tone and offered a new due date.",
    "call: {contact} was surprised about the reminders: the card on file belongs to somebody who left. New one promised.",
    "note: Two invoices overdue while usage is normal. It looks like a cash problem, not like a problem with us.",
    "call: Their finance office pays suppliers every {number} weeks now. {contact} tries to get ours onto the next run.",
    "email: Offered {contact} monthly instalments. They need a yes from the managing director.",
    "note: Agreed with accounting: no lock-out before I have spoken to {contact} in person.",
    "call: {contact} says that head office froze all spending until the bank decides. Hopes for clarity within {number} days.",
];

const SILENT: [Text; 6] = [
    "email: Third mail to {contact} about the review. No answer, not even an out-of-office.",
    "call: Left a message for {contact}. The front desk says they are in meetings all week.",
    "note: {contact} cancelled the review an hour before and proposed no new date.",
    "email: Sent {contact} a one-page summary of what they achieved. Opened twice, no reply.",
    "call: Reached a colleague of {contact} by chance. Says all is fine and that they are busy with the move.",
    "note: Nobody came to the webinar on {feature} although {number} had registered.",
];

const CHURNED: [Text; 7] = [
    "email: {contact} sent the notice in due form. They leave at the end of the term; reason given: costs.",
    "call: Exit talk with {contact}. Head office chose {competitor} for all sites. Nothing we could have turned in the last weeks.",
    "note: Lost. We saw usage fall a quarter before the notice and answered with mails. Next time: visit.",
    "meeting: Tried to save it with a smaller plan. {contact} listened, but the decision had been made above.",
    "email: Confirmed the end of the contract and sent {contact} the full data export. They thanked us for a clean end.",
    "note: Reasons in order: price, missing integration, champion without backing. Worth another try in a year.",
    "call: {contact} offered to stay in touch personally. Leaves the door open for the new site.",
];
