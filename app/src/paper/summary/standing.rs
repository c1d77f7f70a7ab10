//! The first page: how the portfolio stands, and how it stood.

use domain::chart::{Layout, Share, Tone, beside};
use domain::health::{Band, Bands};
use domain::insights::Place;
use domain::money::Money;
use domain::report::{Badge, Block, Fact, Look, Opening, Score};

use super::super::pen::{Paper, muted, noted};
use super::{Known, figures};
use crate::format;
use crate::i18n::td_string;
use crate::ui::health::{band_tone, band_word};

/// Returns the blocks of the first page.
pub(super) fn blocks(known: &Known, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let mut blocks = vec![Block::Opening(Box::new(opening(known, paper)))];
    if known.insight.everybody.accounts == 0 {
        blocks.push(muted(td_string!(locale, paper.nobody)));
        return blocks;
    }
    blocks.push(Block::Text { text: sentence(known, paper), look: Look::Marked });
    blocks.push(Block::Facts(facts(known, paper)));
    let span =
        td_string!(locale, paper.between, from = format::date(known.insight.from), to = format::date(known.insight.to));
    blocks.push(noted(td_string!(locale, paper.bands), span));
    blocks.push(Block::Chart(then_and_now(known, paper)));
    blocks.push(Block::Table(super::tables::bands(known, paper)));
    blocks.push(noted(td_string!(locale, paper.spread), String::new()));
    blocks.push(Block::Chart(figures::spread(known, paper)));
    blocks
}

fn opening(known: &Known, paper: &Paper) -> Opening {
    let (locale, all) = (paper.locale, &known.insight.everybody);
    let filter = if known.filter.trim().is_empty() {
        td_string!(locale, paper.all_accounts).to_owned()
    } else {
        known.filter.clone()
    };
    let score = all.mean.map(|mean| {
        let band = Bands::default().band(mean, None);
        let change = all.change.map(|change| {
            let change = format::signed_points(change);
            td_string!(locale, paper.since, change = change, date = format::date(known.insight.from))
        });
        let weighted = all.weighted.map(|mean| td_string!(locale, paper.weighted, score = format::points(mean)));
        Score {
            label: td_string!(locale, paper.mean_score).to_owned(),
            value: format::score(mean),
            band: Badge { text: band_word(Some(band), locale).to_owned(), tone: band_tone(Some(band)) },
            notes: change.into_iter().chain(weighted).collect(),
        }
    });
    Opening {
        kicker: td_string!(locale, paper.summary_kind).to_owned(),
        name: known.workspace.clone(),
        href: Some(format!("{}/insights", paper.public)),
        badges: vec![Badge { text: filter, tone: Tone::Neutral }],
        score,
    }
}

fn sentence(known: &Known, paper: &Paper) -> String {
    let (locale, movement, all) = (paper.locale, &known.insight.movement, &known.insight.everybody);
    let number = |count: u32| format::integer(i64::from(count));
    let moved = td_string!(
        locale,
        paper.moved,
        rose = number(movement.rose.0),
        fell = number(movement.fell.0),
        date = format::date(known.insight.from)
    );
    if all.at_risk == 0 {
        return format!("{moved} {}", td_string!(locale, paper.no_risk));
    }
    let (count, arr) = (number(all.at_risk), format::money_list(&all.at_risk_value));
    let share = share_of(&all.at_risk_value, &all.value).map_or_else(|| "–".to_owned(), format::percent);
    format!("{moved} {}", td_string!(locale, paper.at_risk_now, count = count, arr = arr, share = share))
}

/// Returns which part of some amounts others are; amounts of several currencies count by their numbers, as they do
/// wherever averages are weighted.
pub(super) fn share_of(part: &[Money], whole: &[Money]) -> Option<f64> {
    let sum = |list: &[Money]| list.iter().map(|money| money.major()).sum::<f64>();
    let whole = sum(whole);
    (whole > 0.0).then(|| (sum(part) * 100.0 / whole).round())
}

fn facts(known: &Known, paper: &Paper) -> Vec<Fact> {
    let (locale, movement, all) = (paper.locale, &known.insight.movement, &known.insight.everybody);
    let number = |count: u32| format::integer(i64::from(count));
    let fact = |label: &str, value: String, note: String| Fact { label: label.to_owned(), value, note };
    let scored = td_string!(locale, paper.scored, count = number(all.scored));
    let mut facts = vec![
        fact(td_string!(locale, paper.accounts), number(all.accounts), scored),
        fact(td_string!(locale, paper.arr), format::money_list(&all.value), String::new()),
        fact(
            td_string!(locale, paper.arr_at_risk),
            format::money_list(&all.at_risk_value),
            td_string!(locale, paper.n_accounts, count = number(all.at_risk)),
        ),
        fact(td_string!(locale, paper.came), number(movement.came.0), format::money_list(&movement.came.1)),
        fact(td_string!(locale, paper.left), number(movement.left.0), format::money_list(&movement.left.1)),
    ];
    if let Some(present) = &known.present {
        let whole = &present.renewing.whole;
        let count = td_string!(locale, paper.n_accounts, count = number(whole.count));
        facts.push(fact(td_string!(locale, paper.renewing), format::money_list(&whole.arr), count));
    }
    facts
}

/// The accounts by band on both days, as two rings.
fn then_and_now(known: &Known, paper: &Paper) -> Layout {
    let locale = paper.locale;
    let bands = || Band::ALL.into_iter().map(Some).chain([None]);
    let word = |band: Option<Band>| band_word(band, locale).to_owned();
    let share = |band: Option<Band>, accounts: u32| Share {
        label: word(band),
        value: f64::from(accounts),
        tone: band_tone(band),
    };
    let then = bands().map(|band| share(band, before(known, band))).collect();
    let now = known.insight.bands.iter().map(|total| share(total.band, total.accounts)).collect();
    let (from, to) = (format::date(known.insight.from), format::date(known.insight.to));
    beside(&[figures::ring(from, then, paper), figures::ring(to, now, paper)], 20.0)
}

/// Returns how many accounts stood in a band on the first day.
pub(super) fn before(known: &Known, band: Option<Band>) -> u32 {
    let place = band.map_or(Place::Unscored, Place::Band);
    known.insight.movement.cells.iter().filter(|cell| cell.from == place).map(|cell| cell.accounts).sum()
}
