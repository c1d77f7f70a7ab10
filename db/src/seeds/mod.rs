//! A believable demo portfolio: named companies with two years of history and a plot each.
//!
//! Everything is made from the seed and the account's number, one account at a time, without clock
//! or files, so that the same seed tells the same stories on every machine. Days are told relative
//! to the day of `now`. All addresses end in `.example`, which belongs to nobody.

mod accounts;
mod activities;
mod companies;
mod contacts;
pub mod history;
mod plots;
mod random;
mod revenue;
mod support;
mod surveys;
mod terms;
#[cfg(test)]
mod tests;
mod usage;

use domain::accounts::Account;
use domain::activities::Activity;
use domain::contacts::Contact;
use domain::id::{AccountId, UserId};
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;

pub use plots::{LOSS_SIGNAL_DAYS, Plot};

use accounts::Outline;
use history::States;

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// Chooses the stories; the same seed gives the same data.
    pub seed: u64,
    /// How many accounts.
    pub accounts: u32,
    /// The moment the stories lead up to; only its day counts.
    pub now: Timestamp,
    /// Who owns the accounts; the first ones own more. May be empty.
    pub owners: Vec<UserId>,
    /// How much history each account gets.
    pub volume: Volume,
}

impl Options {
    /// Returns how many accounts there are with those that left and were put away.
    ///
    /// A portfolio of a few hundred loses a handful of accounts in two years: too few to learn from, and fewer than a
    /// company of that size remembers.
    #[must_use]
    pub fn total(&self) -> u32 {
        let former =
            if self.volume == Volume::Full && FORMER_AT.contains(&self.accounts) { self.accounts / 5 } else { 0 };
        self.accounts + former
    }
}

/// Portfolios of this size come with customers of the past.
const FORMER_AT: std::ops::RangeInclusive<u32> = 150..=350;

/// How much history an account gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volume {
    /// Two years in detail, for a portfolio that people look at.
    Full,
    /// At most 40 usage points, 2 contacts, 3 tickets, 4 invoices, 2 answers and 4 activities,
    /// for a portfolio that is about its size. One account in ten has its main usage by week, so that seasons show.
    Light,
}

/// One account with everything that is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What happens to it.
    pub plot: Plot,
    /// The account as it is now; a parent always comes before its children.
    pub account: Account,
    /// The states that the account went through, the present one included.
    pub states: States<Account>,
    /// Its people.
    pub contacts: Vec<Contact>,
    /// Daily values of `active_users`, `logins` and `key_feature_events`, oldest first within a
    /// metric. Older than four weeks there is one typical day a week, so compare means, not sums.
    pub usage: Vec<UsageDay>,
    /// Its support tickets, newest first.
    pub tickets: Vec<Ticket>,
    /// Its invoices, newest first.
    pub invoices: Vec<Invoice>,
    /// Its survey answers, newest first.
    pub responses: Vec<Response>,
    /// Its timeline, newest first.
    pub activities: Vec<Activity>,
}

/// Tells the portfolio one account at a time; the same again from the same options.
pub fn portfolio(options: Options) -> impl Iterator<Item = Story> {
    (0..options.total()).map(move |number| tell(&options, number))
}

/// Returns the names and plots of the first accounts, which are the same for every seed.
///
/// | # | Account | Plot |
/// |---|---|---|
/// | 1 | Northwind Outfitters | `ChampionLeft` |
/// | 2 | Acme Robotics | `Thriving` |
/// | 3 | Blue Heron Weddings | `Seasonal` |
/// | 4 | Lumen & Oak Photography | `Steady` |
/// | 5 | Harborline Logistics | `TicketsPiledUp` |
/// | 6 | Meridian Health Partners | `AdoptionFell` |
/// | 7 | Saltwater Hotels | `Silent` |
/// | 8 | Kestrel Software | `Onboarding` |
/// | 9 | Bright Path Academy | `PaymentTrouble` |
/// | 10 | Old Mill Finance | `Churned` |
/// | 11 | Juniper Street Bakeries | `Steady` |
/// | 12 | Tanaka Precision | `Thriving` |
#[must_use]
pub fn first_accounts() -> Vec<(&'static str, Plot)> {
    companies::NAMED.iter().filter_map(|named| Some((named.name, named.plot?))).collect()
}

/// Returns the id of one account of the portfolio, counted from zero.
#[must_use]
pub fn id(options: &Options, number: u32) -> AccountId {
    Outline::of(options, number).id
}

/// Tells the story of one account of the portfolio, counted from zero.
#[must_use]
pub fn tell(options: &Options, number: u32) -> Story {
    let outline = Outline::of(options, number);
    let mut contacts = contacts::tell(&outline);
    let usage = usage::tell(&outline);
    let tickets = support::tell(&outline);
    let invoices = revenue::tell(&outline);
    let responses = surveys::tell(&outline, &contacts);
    let activities = activities::tell(&outline, &contacts);
    let last_touch = activities.first().map(|activity| activity.happened_at);
    contacts::touch(&outline, &mut contacts, &activities);
    let open_tickets = tickets.iter().filter(|ticket| ticket.resolved_at.is_none()).count();
    let account = accounts::tell(&outline, options, last_touch, open_tickets as f64);
    let parent_days = accounts::parent_of(options.seed, number).map(|parent| Outline::of(options, parent).age_days);
    let states = history::tell(&outline, options, &account, (&activities, &tickets), parent_days);
    Story { plot: outline.plot, account, states, contacts, usage, tickets, invoices, responses, activities }
}
