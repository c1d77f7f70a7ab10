//! The people at the customer, with names and time zones that fit the country.

use domain::activities::Activity;
use domain::contacts::Contact;
use domain::id::ContactId;

use super::Volume;
use super::accounts::Outline;
use super::plots::{LOSS_SIGNAL_DAYS, Plot, Standing};
use super::random::{Part, Random};

/// A country that customers are in.
pub(super) struct Country {
    pub(super) name: &'static str,
    /// Its own currency, where customers there are sometimes billed in it.
    pub(super) currency: Option<&'static str>,
    pub(super) weight: i64,
    calling_code: &'static str,
    zones: &'static [&'static str],
    /// Its place in [`PEOPLE`].
    people: usize,
}

/// Tells the contacts; the first is the champion.
pub(super) fn tell(outline: &Outline) -> Vec<Contact> {
    let mut random = outline.random(Part::Contacts);
    let count = match outline.volume {
        Volume::Light => 2,
        Volume::Full => usize::try_from(random.between(2, [7, 5, 3][outline.tier])).unwrap_or(2),
    };
    let mut contacts: Vec<Contact> = Vec::with_capacity(count);
    for place in 0..count {
        let mut contact = person(outline, &mut random, place);
        let email = contact.email.clone();
        if contacts.iter().any(|other| other.email == email) {
            contact.email = email.map(|email| email.replacen('@', &format!("{}@", place + 1), 1));
        }
        contacts.push(contact);
    }
    contacts
}

/// Notes when the contacts were last in touch: the champion at the account's last touch, others earlier. The champion
/// of an account that left fell silent when the signal of the loss began.
pub(super) fn touch(outline: &Outline, contacts: &mut [Contact], activities: &[Activity]) {
    let Some(last_touch) = activities.first().map(|activity| activity.happened_at) else { return };
    let silent = outline.today.plus_days(-outline.turn_days - LOSS_SIGNAL_DAYS);
    let heard = activities.iter().map(|activity| activity.happened_at).find(|at| *at <= silent);
    for (place, contact) in contacts.iter_mut().enumerate() {
        let days_earlier = i64::try_from(place).unwrap_or(0) * (11 + i64::from(outline.number % 17));
        let touched = match heard {
            Some(heard) if place == 0 && outline.plot == Plot::Churned => heard,
            None if place == 0 && outline.plot == Plot::Churned => continue,
            _ => last_touch.plus_days(-days_earlier),
        };
        if touched >= contact.created_at {
            contact.last_touch_at = Some(touched);
            contact.updated_at = contact.left_at.unwrap_or(touched).max(touched);
        }
    }
}

fn person(outline: &Outline, random: &mut Random, place: usize) -> Contact {
    let (first, last) = name(outline, random);
    let joined_days = if place < 2 { outline.age_days } else { random.between(outline.age_days / 3, outline.age_days) };
    let created_at = outline.today.plus_days(-joined_days.max(1));
    let has_left = place == 0 && outline.plot == Plot::ChampionLeft;
    let left_at = has_left.then(|| outline.today.plus_days(-outline.turn_days));
    let (role, titles) = role(outline, random, place);
    let (low, high) = outline.standing.score_range();
    let sentiment = if role == "detractor" { random.between(5, 25) } else { random.between(low, high) };
    Contact {
        id: ContactId(random.id(created_at)),
        version: 1,
        account_id: outline.id,
        name: format!("{first} {last}"),
        email: Some(format!("{}.{}@{}", ascii(first), ascii(last), outline.domain)),
        phone: random.chance(60).then(|| phone(outline.country, random)),
        title: Some((*random.pick(titles)).to_owned()),
        role: Some(role.to_owned()),
        sentiment: random.chance(65).then_some(sentiment as f64),
        time_zone: Some((*random.pick(outline.country.zones)).to_owned()),
        last_touch_at: None,
        left_at,
        created_at,
        updated_at: left_at.unwrap_or(created_at),
        distinct_from: Vec::new(),
    }
}

fn role(outline: &Outline, random: &mut Random, place: usize) -> (&'static str, &'static [&'static str]) {
    let troubled = matches!(outline.standing, Standing::AtRisk | Standing::Critical);
    match place {
        0 => ("champion", &["Head of Operations", "Operations Manager", "Programme Lead", "Product Owner"]),
        1 => ("decision_maker", &["Chief Operating Officer", "Managing Director", "Finance Director", "Owner"]),
        2 if troubled && random.chance(50) => ("detractor", &["IT Manager", "Head of Procurement", "Controller"]),
        2 => ("admin", &["Systems Administrator", "IT Manager", "Business Systems Analyst"]),
        3 => ("sponsor", &["Chief Executive", "Chief Financial Officer", "VP Operations", "VP Customer Experience"]),
        _ => ("user", &["Coordinator", "Team Lead", "Planner", "Analyst", "Office Manager", "Assistant Manager"]),
    }
}

fn name(outline: &Outline, random: &mut Random) -> (&'static str, &'static str) {
    let local = PEOPLE[outline.country.people];
    let abroad = *random.pick(&PEOPLE);
    // One in eight came from elsewhere.
    let (firsts, lasts) = if random.chance(12) { abroad } else { local };
    (*random.pick(&firsts), *random.pick(&lasts))
}

fn phone(country: &Country, random: &mut Random) -> String {
    // The numbers 555-0100 to 555-0199 are kept free for fiction.
    format!("+{} {} 555 01{:02}", country.calling_code, random.between(201, 989), random.between(0, 99))
}

/// Returns a name as it is written in addresses.
fn ascii(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => plain.push(letter),
            'ä' | 'æ' => plain.push_str("ae"),
            'ö' | 'ø' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'å' | 'á' | 'à' | 'â' | 'ã' | 'ą' => plain.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' => plain.push('e'),
            'í' | 'ï' => plain.push('i'),
            'ó' | 'ô' | 'õ' => plain.push('o'),
            'ú' => plain.push('u'),
            'ñ' | 'ń' => plain.push('n'),
            'ç' => plain.push('c'),
            'ł' => plain.push('l'),
            'ś' => plain.push('s'),
            'ż' => plain.push('z'),
            _ => {}
        }
    }
    plain
}

const fn country(
    name: &'static str,
    weight: i64,
    calling_code: &'static str,
    zones: &'static [&'static str],
    people: usize,
) -> Country {
    Country { name, currency: None, weight, calling_code, zones, people }
}

impl Country {
    const fn billed_in(mut self, currency: &'static str) -> Self {
        self.currency = Some(currency);
        self
    }
}

const US_ZONES: [&str; 4] = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"];

/// The countries that customers are in; the first is also the fallback.
pub(super) const COUNTRIES: [Country; 26] = [
    country("United States", 46, "1", &US_ZONES, 0),
    country("Canada", 6, "1", &["America/Toronto", "America/Vancouver"], 0),
    country("United Kingdom", 9, "44", &["Europe/London"], 0).billed_in("GBP"),
    country("Ireland", 2, "353", &["Europe/Dublin"], 0).billed_in("EUR"),
    country("Germany", 6, "49", &["Europe/Berlin"], 1).billed_in("EUR"),
    country("Austria", 1, "43", &["Europe/Vienna"], 1).billed_in("EUR"),
    country("Switzerland", 2, "41", &["Europe/Zurich"], 1),
    country("France", 4, "33", &["Europe/Paris"], 2).billed_in("EUR"),
    country("Belgium", 1, "32", &["Europe/Brussels"], 2).billed_in("EUR"),
    country("Netherlands", 3, "31", &["Europe/Amsterdam"], 3).billed_in("EUR"),
    country("Sweden", 2, "46", &["Europe/Stockholm"], 4),
    country("Norway", 1, "47", &["Europe/Oslo"], 4),
    country("Denmark", 1, "45", &["Europe/Copenhagen"], 4),
    country("Spain", 2, "34", &["Europe/Madrid"], 5).billed_in("EUR"),
    country("Mexico", 2, "52", &["America/Mexico_City"], 5),
    country("Portugal", 1, "351", &["Europe/Lisbon"], 6).billed_in("EUR"),
    country("Brazil", 2, "55", &["America/Sao_Paulo"], 6),
    country("Italy", 2, "39", &["Europe/Rome"], 7).billed_in("EUR"),
    country("Poland", 1, "48", &["Europe/Warsaw"], 8),
    country("India", 3, "91", &["Asia/Kolkata"], 9),
    country("Singapore", 1, "65", &["Asia/Singapore"], 9),
    country("Japan", 2, "81", &["Asia/Tokyo"], 10),
    country("Australia", 3, "61", &["Australia/Sydney", "Australia/Perth"], 0),
    country("New Zealand", 1, "64", &["Pacific/Auckland"], 0),
    country("Nigeria", 1, "234", &["Africa/Lagos"], 11),
    country("South Africa", 1, "27", &["Africa/Johannesburg"], 11),
];

type Names = [&'static str; 12];

const PEOPLE: [(Names, Names); 12] = [
    (
        [
            "Maya",
            "Daniel",
            "Grace",
            "Owen",
            "Priscilla",
            "Marcus",
            "Hannah",
            "Theo",
            "Caroline",
            "Aaron",
            "Beth",
            "Wes",
        ],
        [
            "Whitaker", "Brooks", "Callahan", "Okafor", "Sinclair", "Reyes", "Hughes", "Park", "Ellison", "Grant",
            "Moss", "Tran",
        ],
    ),
    (
        [
            "Anke", "Jürgen", "Lena", "Matthias", "Sabine", "Florian", "Katrin", "Björn", "Heike", "Tobias", "Ulrike",
            "Emre",
        ],
        [
            "Vogel", "Schäfer", "Brandt", "Krüger", "Lindner", "Weiß", "Hoffmann", "Yilmaz", "Baumann", "Köhler",
            "Seidel", "Roth",
        ],
    ),
    (
        [
            "Amélie", "Julien", "Chloé", "Mathieu", "Inès", "Benoît", "Manon", "Rémi", "Sophie", "Karim", "Élodie",
            "Hugo",
        ],
        [
            "Lefèvre",
            "Moreau",
            "Girard",
            "Dubois",
            "Benali",
            "Fontaine",
            "Roussel",
            "Perrin",
            "Chevalier",
            "Marchand",
            "Noël",
            "Garnier",
        ],
    ),
    (
        ["Sanne", "Bram", "Lotte", "Jeroen", "Femke", "Daan", "Marloes", "Thijs", "Anouk", "Ruben", "Iris", "Youssef"],
        [
            "Bakker",
            "Visser",
            "Jansen",
            "Mulder",
            "Dekker",
            "Hoekstra",
            "Postma",
            "Kuipers",
            "Verhoeven",
            "Smit",
            "Bos",
            "Amrani",
        ],
    ),
    (
        ["Astrid", "Lars", "Ingrid", "Henrik", "Sigrid", "Mikkel", "Freja", "Åsa", "Søren", "Linnea", "Jonas", "Kari"],
        [
            "Lindqvist",
            "Berg",
            "Dahl",
            "Nyström",
            "Holm",
            "Kjær",
            "Ström",
            "Solberg",
            "Ekman",
            "Møller",
            "Haugen",
            "Wallin",
        ],
    ),
    (
        ["Lucía", "Javier", "Carmen", "Diego", "Elena", "Raúl", "Ximena", "Andrés", "Pilar", "Mateo", "Sofía", "Íñigo"],
        [
            "Ortega", "Navarro", "Castillo", "Mendoza", "Ibáñez", "Vega", "Rosales", "Herrera", "Molina", "Núñez",
            "Salazar", "Fuentes",
        ],
    ),
    (
        [
            "Beatriz", "Tiago", "Inês", "João", "Larissa", "Rafael", "Catarina", "Gustavo", "Helena", "Nuno", "Camila",
            "Vasco",
        ],
        [
            "Ferreira", "Carvalho", "Almeida", "Teixeira", "Barros", "Pinto", "Cardoso", "Ramos", "Azevedo", "Moura",
            "Lopes", "Simões",
        ],
    ),
    (
        [
            "Giulia",
            "Marco",
            "Chiara",
            "Luca",
            "Francesca",
            "Paolo",
            "Elisa",
            "Davide",
            "Silvia",
            "Matteo",
            "Valentina",
            "Enzo",
        ],
        [
            "Conti",
            "Ricci",
            "Ferrari",
            "Gallo",
            "Marchetti",
            "Rinaldi",
            "Caruso",
            "Bianchi",
            "Moretti",
            "Villa",
            "Serra",
            "Fabbri",
        ],
    ),
    (
        ["Agnieszka", "Piotr", "Kasia", "Tomasz", "Zofia", "Marek", "Ewa", "Łukasz", "Magda", "Jakub", "Hanna", "Adam"],
        [
            "Nowak",
            "Wiśniewska",
            "Mazur",
            "Krawczyk",
            "Zając",
            "Pawlak",
            "Sikora",
            "Duda",
            "Wrona",
            "Lis",
            "Bielecka",
            "Gąsior",
        ],
    ),
    (
        [
            "Ananya",
            "Rohan",
            "Priya",
            "Arjun",
            "Kavya",
            "Vikram",
            "Meera",
            "Siddharth",
            "Nisha",
            "Rahul",
            "Wei Ling",
            "Deepa",
        ],
        [
            "Iyer",
            "Sharma",
            "Menon",
            "Kulkarni",
            "Banerjee",
            "Reddy",
            "Kapoor",
            "Nair",
            "Tan",
            "Desai",
            "Chatterjee",
            "Joshi",
        ],
    ),
    (
        ["Yuki", "Haruto", "Aiko", "Kenji", "Naomi", "Takumi", "Emi", "Daisuke", "Sakura", "Ren", "Misaki", "Hiroshi"],
        [
            "Sato",
            "Tanaka",
            "Kobayashi",
            "Yamamoto",
            "Nakamura",
            "Ito",
            "Watanabe",
            "Mori",
            "Fujita",
            "Ogawa",
            "Hayashi",
            "Kondo",
        ],
    ),
    (
        [
            "Adaeze", "Thabo", "Ngozi", "Sipho", "Amara", "Kwame", "Zanele", "Chinedu", "Lerato", "Tunde", "Folake",
            "Pieter",
        ],
        [
            "Adeyemi", "Nkosi", "Eze", "Dlamini", "Balogun", "Mokoena", "Okonkwo", "Botha", "Abiola", "Khumalo", "Obi",
            "Naidoo",
        ],
    ),
];
