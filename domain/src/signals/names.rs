//! Which account a text is about: by web domain or by name, with whole words and without legal forms.

use std::collections::HashMap;

use super::{Matched, address};
use crate::id::AccountId;

/// Most accounts a person is asked to choose between.
pub const CANDIDATES_MAX: usize = 8;
/// Words behind a name that are its legal form and are seldom written in news.
const LEGAL_FORMS: [&str; 42] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "se",
    "mbh",
    "ug",
    "ev",
    "sa",
    "sas",
    "sarl",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "pty",
    "pte",
    "kk",
    "sro",
    "zrt",
    "kft",
    "group",
    "holding",
    "holdings",
];
/// Names that are everyday words: by themselves they are left to a person.
const EVERYDAY: [&str; 40] = [
    "target", "orange", "apple", "square", "gap", "shell", "ally", "ford", "visa", "box", "slack", "zoom", "oracle",
    "amazon", "stripe", "square", "bolt", "block", "chase", "delta", "united", "general", "national", "first", "next",
    "focus", "element", "indeed", "match", "unity", "snap", "monday", "notion", "linear", "front", "signal", "spring",
    "summit", "progress", "legacy",
];

/// An account that a text is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Identifies the account.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// Its web domain.
    pub domain: Option<String>,
}

/// What a text is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// One account, and how that was found.
    One(AccountId, Matched),
    /// Several could be meant, or the name is an everyday word; a person decides.
    Unsure(Vec<AccountId>),
    /// None that is known.
    Nobody,
}

/// The names of a portfolio, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The rest of each name by its first word, longest first.
    by_word: HashMap<String, Vec<(Vec<String>, AccountId)>>,
    by_domain: HashMap<String, Vec<AccountId>>,
}

/// Returns whether tags name a company, whatever its case and its legal form.
#[must_use]
pub fn is_tagged(tags: &[String], company: &str) -> bool {
    let words = bare_words(company);
    !words.is_empty() && tags.iter().any(|tag| bare_words(tag) == words)
}

impl Names {
    /// Returns an index of these accounts.
    #[must_use]
    pub fn of(accounts: impl IntoIterator<Item = Known>) -> Self {
        let mut names = Self::default();
        for account in accounts {
            let words = bare_words(&account.name);
            if let Some((first, rest)) = words.split_first().filter(|_| account.name.chars().count() >= 3) {
                names.by_word.entry(first.clone()).or_default().push((rest.to_vec(), account.id));
            }
            let domain = account.domain.as_deref().map(|domain| address::host(domain.trim()).to_lowercase());
            if let Some(domain) = domain.filter(|domain| domain.contains('.')) {
                names.by_domain.entry(domain).or_default().push(account.id);
            }
        }
        names.by_word.values_mut().for_each(|rests| rests.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len())));
        names
    }

    /// Returns the account that a headline with its summary and its address is about.
    ///
    /// A domain decides before a name, and a name in the headline before one in the summary.
    #[must_use]
    pub fn find(&self, title: &str, summary: &str, url: Option<&str>) -> About {
        let hosts = url.into_iter().map(|url| address::host(url).to_lowercase());
        let named = title.split_whitespace().chain(summary.split_whitespace()).map(bare_host);
        let domains = hosts.chain(named).filter_map(|host| self.by_domain.get(&host));
        let mut ids: Vec<AccountId> = domains.flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        if let [one] = ids[..] {
            return About::One(one, Matched::Domain);
        }
        for text in [title, summary] {
            match self.find_names(text) {
                About::Nobody => {}
                found => return found,
            }
        }
        About::Nobody
    }

    fn find_names(&self, text: &str) -> About {
        let words = spelled(text);
        let (mut sure, mut unsure): (Vec<AccountId>, Vec<AccountId>) = (Vec::new(), Vec::new());
        let mut place = 0;
        while place < words.len() {
            let Some((ids, length)) = self.at(&words, place) else {
                place += 1;
                continue;
            };
            let is_name = words[place].1 && !(length == 1 && EVERYDAY.contains(&words[place].0.as_str()));
            if ids.len() == 1 && is_name { &mut sure } else { &mut unsure }.extend(ids);
            place += length;
        }
        let tidy = |mut ids: Vec<AccountId>| {
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(CANDIDATES_MAX);
            ids
        };
        match (&tidy(sure)[..], tidy(unsure)) {
            ([one], _) => About::One(*one, Matched::Name),
            ([], unsure) if unsure.is_empty() => About::Nobody,
            ([], unsure) => About::Unsure(unsure),
            (several, _) => About::Unsure(several.to_vec()),
        }
    }

    /// Returns the accounts with the longest name that stands at a place, and how many words it has.
    fn at(&self, words: &[(String, bool)], place: usize) -> Option<(Vec<AccountId>, usize)> {
        let rests = self.by_word.get(&words[place].0)?;
        let stands = |rest: &[String]| {
            rest.iter()
                .enumerate()
                .all(|(nth, word)| words.get(place + 1 + nth).is_some_and(|(there, _)| there == word))
        };
        let longest = rests.iter().find(|(rest, _)| stands(rest))?.0.len();
        let ids = rests.iter().filter(|(rest, _)| rest.len() == longest && stands(rest)).map(|(_, id)| *id);
        Some((ids.collect(), 1 + longest))
    }
}

/// Returns whether a text names somebody, by whole words; for competitors.
#[must_use]
pub fn names(text: &str, name: &str) -> bool {
    let (words, name) = (spelled(text), bare_words(name));
    !name.is_empty() && words.windows(name.len()).any(|window| window.iter().map(|(word, _)| word).eq(name.iter()))
}

/// Returns the words of a name without its legal form; all of them where nothing else is left.
fn bare_words(name: &str) -> Vec<String> {
    let all: Vec<String> = spelled(name).into_iter().map(|(word, _)| word).collect();
    let kept = all.iter().rposition(|word| !LEGAL_FORMS.contains(&word.as_str())).map_or(0, |last| last + 1);
    let kept = if kept == 0 { all.len() } else { kept };
    let from = usize::from(all.first().is_some_and(|word| word == "the") && kept > 1);
    all[from..kept].to_vec()
}

/// Returns the words of a text in lower case, each with whether it was written like a name.
fn spelled(text: &str) -> Vec<(String, bool)> {
    let text = text.replace("'s", " ").replace("’s", " ").replace("S.p.A", "SpA").replace("A/S", "AS");
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.to_lowercase(), word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())))
        .collect()
}

fn bare_host(word: &str) -> String {
    address::host(word.trim_matches(|c: char| !c.is_alphanumeric())).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn portfolio() -> Names {
        let known = |number, name: &str, domain: Option<&str>| Known {
            id: id(number),
            name: name.to_owned(),
            domain: domain.map(str::to_owned),
        };
        Names::of([
            known(1, "Acme GmbH", Some("acme.example")),
            known(2, "Acme Robotics, Inc.", None),
            known(3, "Northwind Traders Ltd", Some("www.northwind.example")),
            known(4, "Northwind Traders", None),
            known(5, "Target Corporation", Some("target.example")),
            known(6, "The Blue Yonder Group", None),
            known(7, "Østfold Mølle A/S", None),
        ])
    }

    #[test]
    fn a_tag_names_a_company_whatever_its_case_and_legal_form() {
        let tags = ["vip".to_owned(), "kestrel success".to_owned()];
        for (company, named) in
            [("Kestrel Success Inc.", true), ("KESTREL SUCCESS", true), ("Kestrel", false), ("vip", true), ("", false)]
        {
            assert_eq!(is_tagged(&tags, company), named, "{company}");
        }
        assert!(!is_tagged(&[], "Kestrel") && !is_tagged(&[String::new()], " "));
    }

    #[test]
    fn a_text_is_matched_by_name_without_the_legal_form() {
        let names = portfolio();
        let one = |number| About::One(id(number), Matched::Name);
        for (title, expected) in [
            ("Acme raises $20m", one(1)),
            ("Acme's profit rises", one(1)),
            ("Acme Robotics raises $20m", one(2)),
            ("ACME ROBOTICS INC. appoints a CFO", one(2)),
            ("Blue Yonder opens an office in Lyon", one(6)),
            ("Østfold Mølle recalls flour", one(7)),
            ("Acmeville votes for a new bridge", About::Nobody),
            ("The acme of skill", About::Unsure(vec![id(1)])),
            ("Northwind Traders sues a supplier", About::Unsure(vec![id(3), id(4)])),
            ("Target misses forecast", About::Unsure(vec![id(5)])),
            ("Acme and Blue Yonder settle", About::Unsure(vec![id(1), id(6)])),
            ("Nothing here", About::Nobody),
        ] {
            assert_eq!(names.find(title, "", None), expected, "{title}");
        }
    }

    #[test]
    fn a_domain_decides_before_a_name() {
        let names = portfolio();
        let target = About::One(id(5), Matched::Domain);
        assert_eq!(names.find("Target misses forecast", "", Some("https://www.target.example/press/1")), target);
        assert_eq!(names.find("A shop (target.example) misses its forecast", "", None), target);
    }

    #[test]
    fn the_summary_counts_where_the_headline_names_nobody() {
        let found = portfolio().find("Robots for everybody", "A round for Acme Robotics.", None);
        assert_eq!(found, About::One(id(2), Matched::Name));
    }

    #[test]
    fn a_competitor_is_named_by_whole_words() {
        assert!(names("Gainful Inc. has an outage", "Gainful"));
        assert!(!names("A gainfully employed team", "Gainful"));
        assert!(!names("Anything", ""));
    }
}
