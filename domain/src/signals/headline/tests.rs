use super::*;

/// Headlines of ours, with what they report and how good it is.
const CASES: [(&str, Event, Tone); 46] = [
    ("Northwind raises $20m in series B led by Fjord Capital", Event::Funding, Tone::Positive),
    ("Acme secures EUR 12 million seed round", Event::Funding, Tone::Positive),
    ("Acme lays off 200 employees", Event::Layoffs, Tone::Negative),
    ("Northwind to cut 10% of its workforce as sales fall less than feared", Event::Layoffs, Tone::Negative),
    ("No layoffs planned, says Acme", Event::Layoffs, Tone::Neutral),
    ("Acme hit by ransomware, customer data stolen", Event::Breach, Tone::Negative),
    ("Hackers leak records of 2 million Northwind customers", Event::Breach, Tone::Negative),
    ("Acme denies data breach", Event::Breach, Tone::Neutral),
    ("Northwind sued over patent infringement", Event::Lawsuit, Tone::Negative),
    ("Regulator fines Acme over misleading prices", Event::Lawsuit, Tone::Negative),
    ("Court dismisses lawsuit against Acme", Event::Lawsuit, Tone::Positive),
    ("Acme wins lawsuit against former supplier", Event::Lawsuit, Tone::Positive),
    ("Hours of outage at Northwind anger merchants", Event::Outage, Tone::Negative),
    ("Acme services restored after outage", Event::Outage, Tone::Neutral),
    ("Acme appoints Ines Falk as chief financial officer", Event::Leadership, Tone::Neutral),
    ("Northwind CEO resigns abruptly", Event::Leadership, Tone::Negative),
    ("Acme to hire 300 engineers in Lisbon", Event::Hiring, Tone::Positive),
    ("Northwind opens new office in Warsaw", Event::Hiring, Tone::Positive),
    ("Acme freezes hiring", Event::Hiring, Tone::Negative),
    ("Northwind to acquire Blue Yonder", Event::Acquisition, Tone::Neutral),
    ("Acme sells its logistics unit to Fjord", Event::Acquisition, Tone::Neutral),
    ("Acme launches a new app for drivers", Event::Product, Tone::Neutral),
    ("Northwind and Acme announce partnership", Event::Partnership, Tone::Positive),
    ("Acme wins a contract from the city of Oslo", Event::Partnership, Tone::Positive),
    ("Acme profit rises 12 % in third quarter", Event::Results, Tone::Positive),
    ("Operating profit fell to EUR 5.2 mln from EUR 6.1 mln", Event::Results, Tone::Negative),
    ("Operating profit was EUR 6.1 mln, compared to EUR 5.2 mln a year earlier", Event::Results, Tone::Positive),
    ("Operating loss narrowed to EUR 1.2 mln from EUR 3.4 mln", Event::Results, Tone::Positive),
    ("Net loss widened to $4m", Event::Results, Tone::Negative),
    ("Acme swings to a profit of EUR 2 mln from a loss of EUR 1 mln", Event::Results, Tone::Positive),
    ("Northwind posts a loss of EUR 1 mln, compared to a profit of EUR 2 mln", Event::Results, Tone::Negative),
    ("Net sales increased from EUR 70 mn to EUR 78 mn", Event::Results, Tone::Positive),
    ("Northwind shares fell 8% after weak outlook", Event::Results, Tone::Negative),
    ("Acme cuts guidance for 2027", Event::Results, Tone::Negative),
    ("Acme raises full-year guidance", Event::Results, Tone::Positive),
    ("Northwind cuts costs and lifts margins", Event::Results, Tone::Positive),
    ("Revenue did not grow in the first half", Event::Results, Tone::Negative),
    ("Costs rose faster than revenue", Event::Results, Tone::Negative),
    ("Profit before tax halved", Event::Results, Tone::Negative),
    ("Acme warns of weaker demand", Event::Other, Tone::Negative),
    ("Northwind files for bankruptcy", Event::Other, Tone::Negative),
    ("Acme publishes its annual report on 3 March", Event::Results, Tone::Neutral),
    ("Northwind moves to a new building in Turku", Event::Other, Tone::Neutral),
    ("Acme named best employer of the year", Event::Other, Tone::Positive),
    ("Up to 40 people follow the general meeting on line", Event::Other, Tone::Neutral),
    ("", Event::Other, Tone::Neutral),
];

#[test]
fn headlines_are_read_as_people_read_them() {
    let mut wrong = Vec::new();
    for (headline, event, tone) in CASES {
        let found = read(headline);
        if (found.event, found.tone) != (event, tone) {
            wrong.push(format!("{headline}: {:?} {:?} {:?}", found.event, found.tone, found.reasons));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn what_decided_is_named_in_the_words_of_the_headline() {
    let found = read("Operating profit fell to EUR 5.2 mln from EUR 6.1 mln in 2008");
    let words: Vec<(&str, Kind)> = found.reasons.iter().map(|reason| (reason.words.as_str(), reason.kind)).collect();
    assert!(words.contains(&("profit fell to EUR 5.2 mln from EUR 6.1 mln", Kind::Comparison)), "{words:?}");
    let found = read("Acme lays off 200 employees");
    assert_eq!(found.reasons[0].words, "lays off");
    assert!(found.reasons[0].effect < 0.0);
}

#[test]
fn any_text_is_read() {
    for text in ["%", "$", "5 % 5 % from", "from to from to 1 2 3", "—", "Ж 🎉 ﷽", "a|b .. c", &"up ".repeat(10_000)]
    {
        let _ = read(text);
    }
}
