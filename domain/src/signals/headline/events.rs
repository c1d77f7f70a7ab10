//! Which kind of event a headline reports, by documented patterns.

use super::pattern::find as find_pattern;
use super::tokens::Token;
use super::{Event, Kind, Mark};

/// One kind of event: how good it is as such, and how it is written about.
struct Rule {
    event: Event,
    /// What the event alone says; zero where what is said about it decides.
    effect: f64,
    patterns: &'static [&'static str],
}

/// Words before or in an event that take it back: nothing happened, or it is over.
const TAKEN_BACK: [&str; 18] = [
    "no",
    "not",
    "without",
    "never",
    "denies",
    "deny",
    "denied",
    "avoids",
    "avoided",
    "averts",
    "rules",
    "dismisses",
    "dismissed",
    "resolves",
    "resolved",
    "restored",
    "restores",
    "fixed",
];
/// Words that turn a lawsuit into a good thing.
const WON: [&str; 8] = ["wins", "won", "win", "dismisses", "dismissed", "cleared", "acquitted", "victory"];
/// How far before an event such a word may stand.
const REACH: usize = 4;

/// In the order in which they are asked; the first that fits is it.
const RULES: [Rule; 16] = [
    Rule {
        event: Event::Breach,
        effect: -2.0,
        patterns: &[
            "data|security|privacy breach|breaches|leak|leaks|theft",
            "breach|breached|breaches .. data|records|customers|users|systems",
            "ransomware|cyberattack*|cyber-attack*|hacked|hackers|hack|hacking|phishing",
            "cyber attack|attacks|incident|breach",
            "leak|leaked|leaks|exposes|exposed|stolen|stole|steal .. data|records|passwords|customers|users|accounts",
            "data|records|passwords .. stolen|leaked|exposed|compromised",
        ],
    },
    Rule {
        event: Event::Layoffs,
        effect: -2.0,
        patterns: &[
            "lay|lays|laid|laying off",
            "layoff*|lay-off*|redundanc*|furlough*|redundant",
            "cut|cuts|cutting|slash|slashes|slashing|eliminate*|axe|axes|shed|sheds|shedding|trim|trims|reduce|reduces|reducing .. jobs|staff|workforce|positions|headcount|employees|roles|personnel|workers",
            "job|jobs|staff|workforce|personnel|headcount cut|cuts|losses|reduction*",
            "dismiss|dismisses|dismissal|dismissals .. employees|staff|workers|people|personnel",
            "reduction|reductions of|in .. personnel|staff|workforce|jobs|employees",
            "temporary|temporarily .. lay|laid|lay-off*",
        ],
    },
    Rule {
        event: Event::Outage,
        effect: -2.0,
        patterns: &[
            "outage*|downtime",
            "goes|went|knocked offline|down|dark",
            "service|services disruption*|interruption*|disrupted|interrupted|unavailable",
            "disrupts|disrupted|disruption .. service|services|customers|payments",
        ],
    },
    Rule {
        event: Event::Lawsuit,
        effect: -2.0,
        patterns: &[
            "lawsuit*|litigation|sued|sues|suing|indicted|indictment|fined|antitrust",
            "class action|class-action",
            "fraud|bribery|corruption charges|case|probe|investigation|allegations",
            "court|judge|jury|regulator|regulators|prosecutors|tribunal",
            "fine|fines|penalty|penalties of|for|over",
            "under investigation",
            "probe|investigation|inquiry into|over",
            "patent infringement|dispute",
        ],
    },
    Rule {
        event: Event::Acquisition,
        effect: 0.0,
        patterns: &[
            "acquire|acquires|acquired|acquiring|acquisition|acquisitions|takeover|buyout|merger|merge|merges|merged|merging",
            "to buy",
            "buys|bought",
            "take|takes|taking over",
            "taken|takes|going private",
            "sell|sells|sold|selling|divest|divests|divested|divestment .. unit|business|division|stake|subsidiary|operations|shares|holding",
            "stake in",
        ],
    },
    Rule {
        event: Event::Funding,
        effect: 2.0,
        patterns: &[
            "series a|b|c|d|e|f|g|h",
            "raise|raises|raised|raising|secure|secures|secured|closes|closed|lands|landed|bags|nabs|attracts .. $ .. round|funding|investment|financing|capital|investors|seed|from|led|to|in",
            "raise|raises|raised|raising $",
            "seed|funding|venture|investment|financing round|rounds",
            "venture capital|funding",
            "secures|secured|lands|gets|receives|wins funding|investment",
            "ipo",
        ],
    },
    Rule {
        event: Event::Leadership,
        effect: -0.8,
        patterns: &[
            "ceo|cfo|cto|coo|cio|ciso|chief|president|chairman|chairwoman|chair|founder|director|chief .. resign|resigns|resigned|departs|leaves|leaving|quits|ousted|fired|arrested|suspended|abruptly|dies",
            "resignation|departure|ousts|fires .. ceo|cfo|cto|coo|cio|ciso|chief|president|chairman|chair|director|founder",
            "step|steps|stepping|stepped down|aside",
        ],
    },
    Rule {
        event: Event::Leadership,
        effect: 0.0,
        patterns: &[
            "appoint|appoints|appointed|name|names|named|hires|hired|elect|elects|elected|taps|promotes|promoted|recruits|welcomes .. ceo|cfo|cto|coo|cio|ciso|cmo|cro|chief|president|chairman|chairwoman|chair|director|vice|head|board|manager",
            "new|interim ceo|cfo|cto|coo|cio|ciso|cmo|cro|chief|president|chairman|director",
            "ceo|cfo|cto|coo|cio|chief|president|chairman|director .. retire|retires|succeed|succeeds|successor|succession|replaced",
            "appointed|appointment as|of|to",
        ],
    },
    Rule {
        event: Event::Hiring,
        effect: 1.5,
        patterns: &[
            "hiring|recruiting|recruitment",
            "hire|hires|recruit|recruits # ",
            "hire|hires|recruit|recruits|employ .. #|employees|people|staff|engineers|workers|developers",
            "create|creates|add|adds|adding|creating .. jobs|positions|roles|employees|engineers",
            "new jobs|office|offices|headquarters|hub|campus",
            "open|opens|opened|opening .. office|offices|headquarters|hub|campus",
            "expand|expands|doubles|triples|grows .. team|workforce|headcount|staff",
        ],
    },
    Rule {
        event: Event::Partnership,
        effect: 0.9,
        patterns: &[
            "sign|signs|signed|win|wins|won|awarded|receive|receives|received|secures|secured|land|lands|bags|gets|got|obtains|inks .. contract|contracts|deal|agreement|order|orders|tender",
            "contract|contracts|order|orders|deal awarded|won|worth|valued",
            "contract|order|orders .. awarded|won|from|received",
            "selected|chosen|picked by|as",
            "select|selects|selected|chooses|chose|picks .. supplier|provider|partner|platform|solution|system",
        ],
    },
    Rule {
        event: Event::Partnership,
        effect: 0.5,
        patterns: &[
            "partner|partners|partnered|partnering|partnership|partnerships|alliance|teams|collaborate*|collaboration",
            "joint venture",
            "cooperation|co-operation agreement|with",
            "extends|expands|renews|renewed .. agreement|contract|cooperation|partnership",
        ],
    },
    Rule {
        event: Event::Results,
        effect: 0.0,
        patterns: &[
            "profit|profits|revenue|revenues|earnings|ebit|ebitda|turnover|dividend|guidance|eps|loss|losses",
            "net|operating|pretax|pre-tax income|result|sales|profit|loss|margin",
            "sales .. rise|rises|rose|fall|falls|fell|grow|grew|up|down|increased|decreased|declined|dropped|totalled|total*",
            "first|second|third|fourth quarter",
            "q1|q2|q3|q4|h1|h2",
            "full-year|half-year|quarterly|annual|interim results|report|result|sales",
            "share|shares|stock .. rise|rises|rose|fall|falls|fell|gain|gained|drop|dropped|jump|jumped|surge|surged|slump|slumped|tumble|tumbled|plunge|plunged|closed|up|down",
        ],
    },
    Rule {
        event: Event::Product,
        effect: 0.3,
        patterns: &[
            "launch|launches|launched|launching|unveil|unveils|unveiled|introduce|introduces|introduced|introducing|debuts|releases|released",
            "roll|rolls|rolled out",
            "new product|products|version|service|feature|features|solution|platform|app|model|generation",
            "general availability",
        ],
    },
    Rule { event: Event::Partnership, effect: 0.0, patterns: &["agreement|contract|order|deal|cooperation"] },
    Rule {
        event: Event::Results,
        effect: 0.0,
        patterns: &["sales|results|forecast|forecasts|outlook|quarter|income|margin|margins|shares"],
    },
    Rule { event: Event::Product, effect: 0.0, patterns: &["product|products|patent|patents|solution|technology"] },
];

/// Returns the event with the part that names it; no part where it is any other.
pub(super) fn find(tokens: &[Token<'_>]) -> (Event, Vec<Mark>) {
    for rule in &RULES {
        let places = rule.patterns.iter().filter_map(|pattern| find_pattern(pattern.trim(), tokens));
        if let Some((from, to)) = places.min() {
            let effect = effect(rule, tokens, (from, to));
            return (rule.event, vec![Mark { from, to, kind: Kind::Event, effect }]);
        }
    }
    (Event::Other, Vec::new())
}

fn effect(rule: &Rule, tokens: &[Token<'_>], (from, to): (usize, usize)) -> f64 {
    let near = tokens.get(from.saturating_sub(REACH)..(to + REACH).min(tokens.len())).unwrap_or_default();
    let is_near = |words: &[&str]| near.iter().any(|token| words.contains(&token.word.as_str()));
    match rule.event {
        Event::Lawsuit if is_near(&WON) => 1.0,
        Event::Lawsuit if is_near(&["settles", "settled", "settlement", "settle"]) => -0.6,
        Event::Breach | Event::Layoffs | Event::Outage | Event::Lawsuit if is_near(&TAKEN_BACK) => 0.0,
        Event::Funding | Event::Hiring if is_near(&["no", "not", "fails", "freeze", "freezes", "halts", "pauses"]) => {
            -rule.effect
        }
        _ => rule.effect,
    }
}
