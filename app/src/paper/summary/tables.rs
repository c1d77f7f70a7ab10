//! The tables of a summary.

use domain::alerts::Priority;
use domain::chart::Tone;
use domain::insights::Moved;
use domain::money::Money;
use domain::report::{Bar, Block, Cell, Column, Row, RowLook, Table};
use domain::reports::{Answer, Dimension, Measure};

use super::super::pen::{Paper, heading, muted, noted};
use super::standing::{before, share_of};
use super::{Known, Present, Risk};
use crate::alerts::words as alert_words;
use crate::format;
use crate::i18n::td_string;
use crate::insights::{cause, place};
use crate::reports::group_name;
use crate::ui::health::{band_tone, band_word};

/// Accounts of each list.
const ROWS: usize = 6;

fn count(count: u32) -> Cell {
    Cell::text(format::integer(i64::from(count)))
}

fn money(list: &[Money]) -> Cell {
    Cell::text(format::money_list(list))
}

/// The bands with how many stood and stand in each, and what those pay.
pub(super) fn bands(known: &Known, paper: &Paper) -> Table {
    let (locale, insight) = (paper.locale, &known.insight);
    let all: u32 = insight.bands.iter().map(|total| total.accounts).sum();
    let rows = insight.bands.iter().filter(|total| total.band.is_some() || total.accounts > 0).map(|total| {
        let then = before(known, total.band);
        let change = i64::from(total.accounts) - i64::from(then);
        let sign = if change > 0 { "+" } else { "" };
        let share = if all == 0 { 0.0 } else { f64::from(total.accounts) * 100.0 / f64::from(all) };
        let tone = band_tone(total.band);
        Row::plain(vec![
            Cell::text(band_word(total.band, locale)).toned(Some(tone)).strong(),
            count(then),
            count(total.accounts),
            Cell::text(format!("{sign}{}", format::integer(change))),
            Cell::bar(Bar { from: 0.0, to: share, tone }),
            Cell::text(format::percent(share.round())),
            money(&total.value),
        ])
    });
    let mut rows: Vec<Row> = rows.collect();
    let whole = format::add_up(insight.bands.iter().flat_map(|total| &total.value));
    rows.push(Row {
        cells: vec![
            Cell::text(td_string!(locale, paper.total)),
            Cell::default(),
            count(all),
            Cell::default(),
            Cell::default(),
            Cell::default(),
            money(&whole),
        ],
        look: RowLook::Total,
    });
    Table {
        columns: vec![
            Column::new(td_string!(locale, paper.band), 17.0),
            Column::numbers(td_string!(locale, paper.then), 9.0),
            Column::numbers(td_string!(locale, paper.now), 9.0),
            Column::numbers(td_string!(locale, paper.change), 11.0),
            Column::new("", 16.0),
            Column::numbers(td_string!(locale, paper.share), 9.0),
            Column::numbers(td_string!(locale, paper.arr), 29.0),
        ],
        rows,
    }
}

/// Those that moved most, with why.
pub(super) fn moved(title: &str, list: &[Moved], known: &Known, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    if list.is_empty() {
        return vec![heading(title), muted(td_string!(locale, paper.none))];
    }
    let row = |moved: &Moved| {
        let driver = known.insight.drivers.iter().find(|(account, _)| *account == moved.account);
        let driver = driver.map_or_else(|| "–".to_owned(), |(_, driver)| cause(driver, locale));
        let delta = moved.delta().unwrap_or_default();
        let tone = if delta.0 < 0 { Tone::Negative } else { Tone::Positive };
        let score = moved.to.1.map_or_else(|| "–".to_owned(), format::points);
        let went = format!("{} → {}", place(moved.from.0, false, locale), place(moved.to.0, true, locale));
        let went = if moved.from.0 == moved.to.0 { place(moved.to.0, true, locale) } else { went };
        Row::plain(vec![
            Cell::text(moved.name.clone()).leading(paper.account(moved.account)),
            Cell::text(score),
            Cell::text(format::signed_points(delta)).toned(Some(tone)),
            Cell::text(went),
            Cell::text(moved.annual.map_or_else(|| "–".to_owned(), format::money_short)),
            Cell::text(driver),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.account), 26.0),
        Column::numbers(td_string!(locale, paper.score), 9.0),
        Column::numbers(td_string!(locale, paper.change), 11.0),
        Column::new(td_string!(locale, paper.band), 18.0),
        Column::numbers(td_string!(locale, paper.arr), 13.0),
        Column::new(td_string!(locale, paper.why), 23.0),
    ];
    vec![heading(title), Block::Table(Table { columns, rows: list.iter().take(ROWS).map(row).collect() })]
}

/// Those that left, if any.
pub(super) fn left(known: &Known, paper: &Paper) -> Vec<Block> {
    let (locale, list) = (paper.locale, &known.insight.movement.departures);
    if list.is_empty() {
        return Vec::new();
    }
    let row = |moved: &Moved| {
        Row::plain(vec![
            Cell::text(moved.name.clone()),
            Cell::text(place(moved.from.0, false, locale)).toned(Some(band_tone(moved.from.0.band()))),
            Cell::text(moved.from.1.map_or_else(|| "–".to_owned(), format::points)),
            Cell::text(moved.annual.map_or_else(|| "–".to_owned(), format::money_short)),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.account), 46.0),
        Column::new(td_string!(locale, paper.stood), 22.0),
        Column::numbers(td_string!(locale, paper.score), 14.0),
        Column::numbers(td_string!(locale, paper.arr), 18.0),
    ];
    let total = format::money_list(&known.insight.movement.left.1);
    let rows = list.iter().take(ROWS).map(row).collect();
    vec![noted(td_string!(locale, paper.departures), total), Block::Table(Table { columns, rows })]
}

/// What went well: opportunities that were won, and who came.
pub(super) fn wins(known: &Known, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let won = known.present.iter().flat_map(|present| &present.won).map(|row| {
        let name = alert_words::alert_name(&row.alert, locale);
        Row::plain(vec![
            Cell::text(row.account.clone()).leading(row.alert.account_id.and_then(|id| paper.account(id))),
            Cell::text(name).noted(alert_words::reason(&row.alert, locale)),
            Cell::text(row.alert.resolved_at.map(format::date).unwrap_or_default()),
            Cell::text(row.annual.map_or_else(|| "–".to_owned(), format::money_short)),
        ])
    });
    let came = known.insight.movement.arrivals.iter().map(|moved| {
        Row::plain(vec![
            Cell::text(moved.name.clone()).leading(paper.account(moved.account)),
            Cell::text(td_string!(locale, paper.is_new)),
            Cell::default(),
            Cell::text(moved.annual.map_or_else(|| "–".to_owned(), format::money_short)),
        ])
    });
    let rows: Vec<Row> = won.take(ROWS).chain(came.take(ROWS)).collect();
    if rows.is_empty() {
        return vec![heading(td_string!(locale, paper.wins)), muted(td_string!(locale, paper.no_wins))];
    }
    let columns = vec![
        Column::new(td_string!(locale, paper.account), 30.0),
        Column::new(td_string!(locale, paper.what), 42.0),
        Column::new(td_string!(locale, paper.day), 14.0),
        Column::numbers(td_string!(locale, paper.arr), 14.0),
    ];
    vec![heading(td_string!(locale, paper.wins)), Block::Table(Table { columns, rows })]
}

/// What is at risk in each segment.
pub(super) fn by_tier(known: &Known, present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let whole = &known.insight.everybody.value;
    let row = |group: &domain::reports::Group| {
        let share = share_of(&group.numbers.arr, whole);
        let bar = Bar { from: 0.0, to: share.unwrap_or_default(), tone: Tone::BandAtRisk };
        Row::plain(vec![
            Cell::text(group_name(group, Dimension::Tier, locale)),
            count(group.numbers.count),
            money(&group.numbers.arr),
            Cell::bar(bar),
            Cell::text(share.map_or_else(|| "–".to_owned(), format::percent)),
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.segment), 26.0),
        Column::numbers(td_string!(locale, paper.accounts), 14.0),
        Column::numbers(td_string!(locale, paper.arr_at_risk), 22.0),
        Column::new("", 24.0),
        Column::numbers(td_string!(locale, paper.of_all_arr), 14.0),
    ];
    let rows: Vec<Row> = present.by_tier.groups.iter().map(row).collect();
    if rows.is_empty() {
        return vec![heading(td_string!(locale, paper.risk_by_tier)), muted(td_string!(locale, paper.no_risk))];
    }
    vec![heading(td_string!(locale, paper.risk_by_tier)), Block::Table(Table { columns, rows })]
}

/// The accounts at risk that pay most, with the reason.
pub(super) fn worst(present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    if present.worst.is_empty() {
        return Vec::new();
    }
    let row = |risk: &Risk| {
        let (account, health) = (&risk.row.account, risk.row.health.as_ref());
        let why = risk.alert.as_ref().map(|row| {
            let name = alert_words::alert_name(&row.alert, locale);
            Cell::text(name).noted(alert_words::reason(&row.alert, locale))
        });
        let pulls = risk
            .drivers
            .as_ref()
            .map(|drivers| drivers.down.iter().take(2).map(|one| cause(one, locale)).collect::<Vec<_>>().join(" · "));
        let why = why.unwrap_or_else(|| Cell::text(pulls.clone().unwrap_or_else(|| "–".to_owned())));
        let owner = alert_words::person(account.owner_id).unwrap_or_else(|| "–".to_owned());
        Row::plain(vec![
            Cell::text(account.name.clone()).leading(paper.account(account.id)).noted(owner),
            Cell::text(health.map_or_else(|| "–".to_owned(), |health| format::points(health.score)))
                .toned(health.map(|health| band_tone(Some(health.band)))),
            Cell::text(account.annual().map_or_else(|| "–".to_owned(), format::money_short)),
            Cell::text(account.renewal_at.map_or_else(|| "–".to_owned(), format::date)),
            why,
        ])
    };
    let columns = vec![
        Column::new(td_string!(locale, paper.account), 25.0),
        Column::numbers(td_string!(locale, paper.score), 9.0),
        Column::numbers(td_string!(locale, paper.arr), 12.0),
        Column::new(td_string!(locale, paper.renewal), 15.0),
        Column::new(td_string!(locale, paper.why), 39.0),
    ];
    let rows = present.worst.iter().map(row).collect();
    vec![heading(td_string!(locale, paper.top_risks)), Block::Table(Table { columns, rows })]
}

/// Open alerts by priority.
pub(super) fn alerts(present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let whole = present.risks.whole.count + present.opportunities.whole.count;
    let title = td_string!(locale, paper.open_alerts);
    if whole == 0 {
        return vec![heading(title), muted(td_string!(locale, paper.no_alerts))];
    }
    let of = |answer: &Answer, priority: Priority| {
        let group = answer.groups.iter().find(|group| group.key.as_deref() == Some(priority.key()));
        group.map(|group| group.numbers.clone()).unwrap_or_default()
    };
    let most = present.risks.groups.iter().map(|group| group.numbers.count).max().unwrap_or(1).max(1);
    let rows = Priority::ALL.into_iter().map(|priority| {
        let (risks, chances) = (of(&present.risks, priority), of(&present.opportunities, priority));
        let tone = match priority {
            Priority::Critical => Tone::BandCritical,
            Priority::High => Tone::BandAtRisk,
            Priority::Medium => Tone::BandWatch,
            Priority::Low => Tone::Neutral,
        };
        let bar = Bar { from: 0.0, to: f64::from(risks.count) * 100.0 / f64::from(most), tone };
        Row::plain(vec![
            Cell::text(alert_words::priority(priority, locale)).toned(Some(tone)).strong(),
            count(risks.count),
            Cell::bar(bar),
            count(risks.accounts),
            money(&risks.arr),
            count(chances.count),
        ])
    });
    let columns = vec![
        Column::new(td_string!(locale, paper.priority), 18.0),
        Column::numbers(td_string!(locale, paper.risks), 10.0),
        Column::new("", 15.0),
        Column::numbers(td_string!(locale, paper.accounts), 12.0),
        Column::numbers(td_string!(locale, paper.arr), 27.0),
        Column::numbers(td_string!(locale, paper.opportunities), 18.0),
    ];
    vec![heading(title), Block::Table(Table { columns, rows: rows.collect() })]
}

/// What renews within 90 days, by band and one by one.
pub(super) fn renewals(present: &Present, paper: &Paper) -> Vec<Block> {
    let locale = paper.locale;
    let whole = format::money_list(&present.renewing.whole.arr);
    let head = noted(td_string!(locale, paper.renewals), whole);
    if present.renewals.rows.is_empty() {
        return vec![head, muted(td_string!(locale, paper.no_renewals))];
    }
    let currency = present.renewing.currency();
    let all = present.renewing.whole.bar(Measure::Arr, currency).max(1.0);
    let by_band = present.renewing.groups.iter().map(|group| {
        let band = group.key.as_deref().and_then(domain::health::Band::from_key);
        let share = group.numbers.bar(Measure::Arr, currency) * 100.0 / all;
        Row::plain(vec![
            Cell::text(band_word(band, locale)).toned(Some(band_tone(band))).strong(),
            count(group.numbers.count),
            Cell::bar(Bar { from: 0.0, to: share, tone: band_tone(band) }),
            Cell::text(format::percent(share.round())),
            money(&group.numbers.arr),
        ])
    });
    let columns = vec![
        Column::new(td_string!(locale, paper.band), 20.0),
        Column::numbers(td_string!(locale, paper.accounts), 13.0),
        Column::new("", 26.0),
        Column::numbers(td_string!(locale, paper.share), 12.0),
        Column::numbers(td_string!(locale, paper.arr), 29.0),
    ];
    let bands = Table { columns, rows: by_band.collect() };
    let mut blocks = vec![head, Block::Table(bands), Block::Table(next(present, paper))];
    if present.renewals.total as usize > present.renewals.rows.len() {
        let (shown, of) = (present.renewals.rows.len() as i64, i64::from(present.renewals.total));
        let (shown, of) = (format::integer(shown), format::integer(of));
        blocks.push(muted(td_string!(locale, paper.first_of, shown = shown, of = of)));
    }
    blocks
}

/// The next renewals one by one.
fn next(present: &Present, paper: &Paper) -> Table {
    let locale = paper.locale;
    let row = |row: &domain::accounts::AccountRow| {
        let (account, health) = (&row.account, row.health.as_ref());
        let (band, renewal) = (health.map(|health| health.band), account.renewal_at.unwrap_or_default());
        Row::plain(vec![
            Cell::text(account.name.clone()).leading(paper.account(account.id)),
            Cell::text(format::date(renewal)).noted(format::relative(renewal, paper.at)),
            Cell::text(band_word(band, locale)).toned(Some(band_tone(band))),
            Cell::text(health.map_or_else(|| "–".to_owned(), |health| format::points(health.score))),
            Cell::text(alert_words::person(account.owner_id).unwrap_or_else(|| "–".to_owned())),
            Cell::text(account.annual().map_or_else(|| "–".to_owned(), format::money_short)),
        ])
    };
    Table {
        columns: vec![
            Column::new(td_string!(locale, paper.account), 28.0),
            Column::new(td_string!(locale, paper.renewal), 17.0),
            Column::new(td_string!(locale, paper.band), 14.0),
            Column::numbers(td_string!(locale, paper.score), 10.0),
            Column::new(td_string!(locale, paper.owner), 18.0),
            Column::numbers(td_string!(locale, paper.arr), 13.0),
        ],
        rows: present.renewals.rows.iter().map(row).collect(),
    }
}
