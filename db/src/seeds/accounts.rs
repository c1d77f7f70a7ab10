//! The account itself: first its outline, which every other part agrees with, then its fields.

use domain::accounts::Account;
use domain::id::{AccountId, UserId};
use domain::money::Currency;
use domain::time::Timestamp;

use super::companies::{self, BRANCHES, CATEGORIES, NAMED};
use super::contacts::{COUNTRIES, Country};
use super::plots::{Business, Plot, Standing};
use super::random::{Part, Random};
use super::{Options, Volume};

/// Size classes in the order of [`Outline::tier`].
pub(super) const TIERS: [&str; 3] = ["enterprise", "mid", "starter"];

/// What is decided about an account before the details are told.
pub(super) struct Outline {
    pub(super) seed: u64,
    pub(super) number: u32,
    /// Whether it left and was put away.
    pub(super) is_former: bool,
    pub(super) volume: Volume,
    pub(super) today: Timestamp,
    pub(super) plot: Plot,
    pub(super) standing: Standing,
    /// How many days ago the plot turned; zero where it did not.
    pub(super) turn_days: i64,
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) category: usize,
    pub(super) country: &'static Country,
    pub(super) tier: usize,
    /// How many days it has been a customer.
    pub(super) age_days: i64,
    /// In how many days it renews; negative once it has left.
    pub(super) renewal_days: i64,
    pub(super) arr_minor: i64,
    pub(super) seats: i64,
    pub(super) currency: Currency,
}

impl Outline {
    /// Decides the outline of one account from the seed and its number alone.
    pub(super) fn of(options: &Options, number: u32) -> Self {
        let mut random = Random::new(options.seed, number, Part::Outline);
        let role = Role::of(options.seed, number, &mut random);
        let plot_drawn = Plot::draw(&mut random, business(role.category));
        let is_former = number >= options.accounts;
        let plot = if is_former { Plot::Churned } else { role.plot.unwrap_or(plot_drawn) };
        let standing_drawn = Standing::draw(&mut random, plot);
        let standing = if role.plot.is_some() { Standing::typical(plot) } else { standing_drawn };
        let (earliest, latest) = plot.turn_days();
        let turn_days = random.between(earliest, latest);
        let (age_days, renewal_days) = contract(&mut random, plot, turn_days);
        let today = options.now.day_start();
        let (arr_minor, seats) = size(&mut random, role.tier);
        let currency = currency(&mut random, role.country);
        let id = AccountId(random.id(today.plus_days(-age_days)));
        Self {
            seed: options.seed,
            number,
            is_former,
            volume: options.volume,
            today,
            plot,
            standing,
            turn_days,
            id,
            domain: companies::domain(&role.name),
            name: role.name,
            category: role.category,
            country: role.country,
            tier: role.tier,
            age_days,
            renewal_days,
            arr_minor,
            seats,
            currency,
        }
    }

    /// Returns when it was put away: in the evening, a week after it had left.
    pub(super) fn archived_at(&self) -> Option<Timestamp> {
        self.is_former.then_some(Timestamp(self.today.plus_days(8 - self.turn_days).0 + 20 * 3_600_000))
    }

    /// Starts the stream of numbers of one part of this account.
    pub(super) fn random(&self, part: Part) -> Random {
        Random::new(self.seed, self.number, part)
    }

    /// Returns an office hour of a day in the past; never of today, which may not have come so far.
    pub(super) fn moment(&self, random: &mut Random, days_ago: i64) -> Timestamp {
        let minutes = random.between(7 * 60, 17 * 60);
        Timestamp(self.today.plus_days(-days_ago.max(1)).0 + minutes * 60_000)
    }
}

/// Tells the fields of the account.
pub(super) fn tell(outline: &Outline, options: &Options, last_touch: Option<Timestamp>, open_tickets: f64) -> Account {
    let mut random = outline.random(Part::Account);
    let created_at = outline.today.plus_days(-outline.age_days);
    let mut account = Account::new(outline.id, outline.name.clone(), created_at);
    let churned = outline.plot == Plot::Churned;
    account.external_id = Some(format!("C-{}", 100_001 + u64::from(outline.number)));
    account.domain = Some(outline.domain.clone());
    account.parent_id = parent_of(outline.seed, outline.number).map(|parent| Outline::of(options, parent).id);
    account.tier = Some(TIERS[outline.tier].to_owned());
    account.stage = Some(stage(outline).to_owned());
    account.churn_reason = churn_reason(outline);
    account.category = Some(CATEGORIES[outline.category].to_owned());
    account.country = Some(outline.country.name.to_owned());
    account.owner_id = owner(&options.owners, outline.number);
    account.currency = outline.currency;
    account.arr_minor = Some(if churned { 0 } else { outline.arr_minor });
    account.mrr_minor = Some(if churned { 0 } else { outline.arr_minor / 12 });
    account.contract_start = Some(created_at);
    account.renewal_at = Some(outline.today.plus_days(outline.renewal_days));
    account.notice_days = Some([90, 60, 30][outline.tier]);
    account.seats = Some(outline.seats as f64);
    account.ticket_count = Some(open_tickets);
    account.last_activity_at = last_touch;
    account.last_login_at = Some(last_login(outline, &mut random));
    account.tags = tags(outline, &mut random);
    judge(outline, &mut random, &mut account);
    account.archived_at = outline.archived_at();
    account.updated_at = last_touch.unwrap_or(created_at).max(created_at);
    account
}

/// Fills in what people and other systems think of the account; some of it is unknown.
fn judge(outline: &Outline, random: &mut Random, account: &mut Account) {
    let (low, high) = outline.standing.score_range();
    let mut score = |share_known: i64, bend: i64| {
        let value = (random.between(low, high) + bend + random.between(-4, 4)).clamp(0, 100);
        random.chance(share_known).then_some(value as f64)
    };
    let (adoption_bend, satisfaction_bend) = match outline.plot {
        Plot::AdoptionFell => (-12, 10),
        Plot::TicketsPiledUp => (10, -12),
        Plot::Seasonal => (-8, 6),
        Plot::Onboarding => (-25, 4),
        Plot::PaymentTrouble => (15, 8),
        _ => (0, 0),
    };
    account.sentiment = score(80, 0);
    account.engagement_score = score(90, 0);
    account.satisfaction_score = score(85, satisfaction_bend);
    account.adoption_pct = score(92, adoption_bend);
    account.churn_risk_pct = score(88, 0).map(|health| 100.0 - health);
    let risk = match outline.standing {
        Standing::Healthy => "low",
        Standing::Watch => "medium",
        Standing::AtRisk => "high",
        Standing::Critical => "critical",
    };
    account.risk_level = random.chance(75).then(|| risk.to_owned());
}

fn last_login(outline: &Outline, random: &mut Random) -> Timestamp {
    let days = match outline.plot {
        Plot::Churned => outline.turn_days,
        Plot::ChampionLeft | Plot::AdoptionFell => random.between(3, 12),
        Plot::Silent => random.between(4, 20),
        _ => random.between(1, 3),
    };
    outline.moment(random, days)
}

fn stage(outline: &Outline) -> &'static str {
    match outline.plot {
        Plot::Churned => "churned",
        Plot::Onboarding => "onboarding",
        _ if outline.renewal_days <= 90 => "renewal",
        _ if outline.age_days < 365 => "adoption",
        _ => "value",
    }
}

/// Returns why an account left; of one in eight nobody asked.
fn churn_reason(outline: &Outline) -> Option<String> {
    const MOST: [&str; 8] = [
        "low_adoption",
        "competitor",
        "price",
        "champion_left",
        "low_adoption",
        "budget",
        "missing_feature",
        "support",
    ];
    let is_known = outline.plot == Plot::Churned && outline.number % 8 != 7;
    is_known.then(|| MOST[outline.number as usize / 2 % MOST.len()].to_owned())
}

fn tags(outline: &Outline, random: &mut Random) -> Vec<String> {
    const COMMON: [&str; 9] = [
        "api user",
        "beta tester",
        "case study",
        "co-marketing",
        "multi-year",
        "power users",
        "price sensitive",
        "single sign-on",
        "strategic",
    ];
    let own = match outline.plot {
        Plot::Thriving => Some("reference"),
        Plot::Seasonal => Some("seasonal"),
        Plot::Onboarding => Some("new logo"),
        Plot::PaymentTrouble => Some("dunning"),
        _ => None,
    };
    let count = random.weighted(&[45, 35, 20]);
    let mut tags: Vec<String> = own.map(str::to_owned).into_iter().collect();
    tags.extend((0..count).map(|_| (*random.pick(&COMMON)).to_owned()));
    tags.sort();
    tags.dedup();
    tags
}

/// Returns the owner: round robin, but every third account goes to the more senior half.
fn owner(owners: &[UserId], number: u32) -> Option<UserId> {
    let number = usize::try_from(number).ok()?;
    let seniors = owners.len().div_ceil(2);
    let place = if number.is_multiple_of(3) { (number / 3) % seniors.max(1) } else { number % owners.len().max(1) };
    owners.get(place).copied()
}

/// Name, place and size of an account.
struct Role {
    name: String,
    category: usize,
    country: &'static Country,
    tier: usize,
    plot: Option<Plot>,
}

impl Role {
    fn of(seed: u64, number: u32, random: &mut Random) -> Self {
        let named = usize::try_from(number).ok().and_then(|place| NAMED.get(place));
        if let Some(named) = named {
            let name = named.name.to_owned();
            let country = Country::named(named.country);
            return Self { name, category: named.category, country, tier: named.tier, plot: named.plot };
        }
        let shift = Random::new(seed, 0, Part::Family).bits();
        let drawn = Country::draw(random);
        if let Some(parent) = parent_of(seed, number) {
            let family = companies::compose(parent, shift);
            // Neighbours in the family take neighbouring branches, so no two get the same.
            let place = Random::new(seed, parent, Part::Family).place(BRANCHES.len());
            let step = usize::try_from(number - parent).unwrap_or(0);
            let (branch, country) = BRANCHES[(place + step) % BRANCHES.len()];
            let name = format!("{} {branch}", family.name);
            return Self { name, category: family.category, country: Country::named(country), tier: 1, plot: None };
        }
        let composed = companies::compose(number, shift);
        let is_parent = number % FAMILY_EVERY == FAMILY_PLACE;
        let tier = if is_parent { 0 } else { random.weighted(&[15, 40, 45]) };
        let country = composed.country.map_or(drawn, Country::named);
        Self { name: composed.name, category: composed.category, country, tier, plot: None }
    }
}

/// One account in so many is the parent of those that follow it.
const FAMILY_EVERY: u32 = 25;
/// The place of the parent among them.
const FAMILY_PLACE: u32 = 15;

/// Returns the number of the parent of an account, if it has one.
pub(super) fn parent_of(seed: u64, number: u32) -> Option<u32> {
    let place = number % FAMILY_EVERY;
    let step = place.checked_sub(FAMILY_PLACE).filter(|step| (1..=4).contains(step))?;
    let parent = number - step;
    let children = if parent == FAMILY_PLACE { 3 } else { Random::new(seed, parent, Part::Family).bits() % 3 + 2 };
    (u64::from(step) <= children).then_some(parent)
}

fn business(category: usize) -> Business {
    match CATEGORIES[category] {
        "weddings & events" => Business::Weddings,
        "photography" | "hospitality" => Business::Summer,
        _ => Business::YearRound,
    }
}

/// Returns for how many days it has been a customer and in how many it renews.
fn contract(random: &mut Random, plot: Plot, turn_days: i64) -> (i64, i64) {
    let years = random.between(1, 5);
    match plot {
        Plot::Onboarding => {
            let age = random.between(20, 80);
            (age, 365 - age)
        }
        Plot::Churned => (turn_days + 365 * years.min(4), -turn_days),
        _ => {
            // Troubles need some history to fall from, so the youngest contract is six months old.
            let renewal = random.between(3, 365);
            let age = 365 * years - renewal;
            if age < 180 { (age + 365, renewal) } else { (age, renewal) }
        }
    }
}

/// Returns ARR in minor units and seats; deciles of each tier look like a log-normal curve.
fn size(random: &mut Random, tier: usize) -> (i64, i64) {
    const ARR_DECILES: [[i64; 11]; 3] = [
        [48_000, 62_000, 75_000, 90_000, 108_000, 130_000, 160_000, 200_000, 270_000, 400_000, 900_000],
        [9_000, 12_000, 14_500, 17_500, 21_000, 25_000, 30_000, 36_500, 46_000, 62_000, 120_000],
        [480, 840, 1_150, 1_450, 1_800, 2_250, 2_800, 3_500, 4_500, 6_200, 12_000],
    ];
    const SEAT_PRICE: [i64; 3] = [560, 420, 240];
    let decile = random.place(10);
    let (from, to) = (ARR_DECILES[tier][decile], ARR_DECILES[tier][decile + 1]);
    // Whole amounts a month, so that twelve invoices add up to the year exactly.
    let monthly = random.between(from, to) / 12;
    let seats = (monthly * 12 / SEAT_PRICE[tier]).max(3);
    (monthly * 12 * 100, seats)
}

fn currency(random: &mut Random, country: &Country) -> Currency {
    let local = random.chance(60);
    country.currency.filter(|_| local).and_then(|code| code.parse().ok()).unwrap_or(Currency::USD)
}

impl Country {
    /// Returns the country with this name, or the first one.
    fn named(name: &str) -> &'static Self {
        COUNTRIES.iter().find(|country| country.name == name).unwrap_or(&COUNTRIES[0])
    }

    /// Draws a country in proportion to how many customers are there.
    fn draw(random: &mut Random) -> &'static Self {
        let mut left = random.between(0, COUNTRIES.iter().map(|country| country.weight).sum::<i64>() - 1);
        for country in &COUNTRIES {
            if left < country.weight {
                return country;
            }
            left -= country.weight;
        }
        &COUNTRIES[0]
    }
}
