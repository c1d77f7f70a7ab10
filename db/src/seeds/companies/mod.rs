//! Names of companies: forty written by hand, then as many as anyone asks for, composed.

mod words;

use super::plots::Plot;
use words::{ENDINGS, ROOTS, WORDS};

/// Lines of business, in the order of the industry words.
pub(super) const CATEGORIES: [&str; 10] = [
    "software",
    "retail",
    "weddings & events",
    "photography",
    "logistics",
    "healthcare",
    "manufacturing",
    "education",
    "hospitality",
    "finance",
];

/// A company written by hand.
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) category: usize,
    pub(super) country: &'static str,
    /// 0 enterprise, 1 mid, 2 starter.
    pub(super) tier: usize,
    /// Its plot, where tests and pictures rely on it.
    pub(super) plot: Option<Plot>,
}

const fn cast(name: &'static str, category: usize, country: &'static str, tier: usize, plot: Plot) -> Named {
    Named { name, category, country, tier, plot: Some(plot) }
}

const fn named(name: &'static str, category: usize, country: &'static str, tier: usize) -> Named {
    Named { name, category, country, tier, plot: None }
}

/// The first accounts of every portfolio. The 16th is the parent of the three after it.
pub(super) const NAMED: [Named; 40] = [
    cast("Northwind Outfitters", 1, "United States", 1, Plot::ChampionLeft),
    cast("Acme Robotics", 6, "United States", 0, Plot::Thriving),
    cast("Blue Heron Weddings", 2, "United States", 2, Plot::Seasonal),
    cast("Lumen & Oak Photography", 3, "United Kingdom", 2, Plot::Steady),
    cast("Harborline Logistics", 4, "Netherlands", 0, Plot::TicketsPiledUp),
    cast("Meridian Health Partners", 5, "United States", 0, Plot::AdoptionFell),
    cast("Saltwater Hotels", 8, "Portugal", 1, Plot::Silent),
    cast("Kestrel Software", 0, "Germany", 1, Plot::Onboarding),
    cast("Bright Path Academy", 7, "Canada", 1, Plot::PaymentTrouble),
    cast("Old Mill Finance", 9, "United Kingdom", 1, Plot::Churned),
    cast("Juniper Street Bakeries", 8, "France", 2, Plot::Steady),
    cast("Tanaka Precision", 6, "Japan", 0, Plot::Thriving),
    named("Fjord & Fell Outdoor", 1, "Norway", 1),
    named("Paper Lantern Events", 2, "Australia", 2),
    named("Ironbridge Freight", 4, "United Kingdom", 1),
    named("Halcyon Hotels", 8, "Spain", 0),
    named("Halcyon Hotels Lisbon", 8, "Portugal", 1),
    named("Halcyon Hotels Madrid", 8, "Spain", 1),
    named("Halcyon Hotels Milan", 8, "Italy", 1),
    named("Quiet Cove Dental", 5, "New Zealand", 2),
    named("Sundial Payroll", 9, "Ireland", 1),
    named("Marigold & Finch", 2, "United States", 2),
    named("Polaris Learning", 7, "Sweden", 1),
    named("Copperfield Tools", 6, "United States", 1),
    named("Tidewater Clinics", 5, "United States", 1),
    named("Third Shelf Books", 1, "United States", 2),
    named("Mango Tree Analytics", 0, "India", 1),
    named("Nightjar Studios", 3, "Germany", 2),
    named("Great Plains Grain Works", 6, "Canada", 0),
    named("Vela Cloud", 0, "Brazil", 1),
    named("Rosewater & Rye Catering", 2, "Ireland", 2),
    named("Steady Hand Surgical", 5, "Switzerland", 0),
    named("Brass Compass Shipping", 4, "Denmark", 1),
    named("Little Acorns Nurseries", 7, "United Kingdom", 2),
    named("Fernweh Travel Lodges", 8, "Austria", 2),
    named("Amber Lane Credit", 9, "Poland", 1),
    named("Golden Hour Portraits", 3, "United States", 2),
    named("Baobab Mobile", 0, "Nigeria", 1),
    named("Casa Verde Interiors", 1, "Mexico", 2),
    named("Union Square Mutual", 9, "United States", 0),
];

/// A composed name, with its line of business and, where the name betrays it, the country.
pub(super) struct Composed {
    pub(super) name: String,
    pub(super) category: usize,
    pub(super) country: Option<&'static str>,
}

/// Composes the name of an account; different numbers never get the same one.
pub(super) fn compose(number: u32, shift: u64) -> Composed {
    let words = WORDS.len() * WORDS[0].len();
    let pairs = (ROOTS.len() * words) as u64;
    // The stride shares no factor with the number of pairs, so every pair comes once a round.
    let pair = usize::try_from((u64::from(number) * STRIDE + shift % pairs) % pairs).unwrap_or(0);
    let round = usize::try_from(u64::from(number) / pairs).unwrap_or(0);
    let (root, word) = (ROOTS[pair % ROOTS.len()], pair / ROOTS.len());
    let category = word % WORDS.len();
    let word = WORDS[category][word / WORDS.len()];
    // Half of all names stand without an ending; each later round takes the next ending.
    let first = if pair.is_multiple_of(2) { 0 } else { (pair / 2) % ENDINGS.len() };
    let (ending, country) = ENDINGS[(first + round) % ENDINGS.len()];
    let lap = round / ENDINGS.len();
    let number = if lap == 0 { String::new() } else { format!(" {}", lap + 1) };
    Composed { name: format!("{root} {word}{ending}{number}"), category, country }
}

/// Returns the web domain of a company, under the top-level domain that is reserved for examples.
pub(super) fn domain(name: &str) -> String {
    let mut slug = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        match letter {
            '&' => slug.push_str("and"),
            _ if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ => {}
        }
    }
    slug.push_str(".example");
    slug
}

/// Where the children of a parent account are.
pub(super) const BRANCHES: [(&str, &str); 12] = [
    ("Europe", "Netherlands"),
    ("North America", "United States"),
    ("Asia Pacific", "Singapore"),
    ("Nordics", "Sweden"),
    ("UK & Ireland", "United Kingdom"),
    ("Iberia", "Spain"),
    ("Latin America", "Mexico"),
    ("Deutschland", "Germany"),
    ("Japan", "Japan"),
    ("India", "India"),
    ("Australia", "Australia"),
    ("Africa", "South Africa"),
];

const STRIDE: u64 = 10_601;
