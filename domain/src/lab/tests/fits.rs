//! The arithmetic: fits, areas, intervals.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::super::folds::{Dice, FOLDS, by_account, stratified};
use super::super::logistic::{Logistic, Problem, Sign, fit, probability};
use super::super::matrix::Rows;
use super::super::metrics::{auc, brier, calibration, cut, log_loss};
use crate::id::AccountId;

fn near(left: f64, right: f64, within: f64) {
    assert!((left - right).abs() <= within, "{left} is not {right}");
}

#[test]
fn a_fit_finds_the_odds_of_a_two_by_two_table() {
    // 10 of 40 without the mark and 30 of 40 with it: odds of 1/3 and 3, a ratio of 9.
    let mut rows = Rows::new(1);
    let mut outcome = Vec::new();
    for (mark, lost, all) in [(0.0, 10, 40), (1.0, 30, 40)] {
        for index in 0..all {
            rows.push(&[(0, mark)]);
            outcome.push(index < lost);
        }
    }
    let problem = Problem { rows: &rows, outcome: &outcome, penalty: &[0.0], signs: &[], toward: &[] };
    let fitted = fit(&problem, None).unwrap().model;
    near(fitted.intercept, (1.0f64 / 3.0).ln(), 1e-6);
    near(fitted.weights[0], 9.0f64.ln(), 1e-6);
}

#[test]
fn a_weight_keeps_its_sign_and_the_others_make_the_best_of_it() {
    let mut dice = Dice::new(3);
    let mut rows = Rows::new(2);
    let mut outcome = Vec::new();
    for _ in 0..2_000 {
        let (first, second) = (dice.share() - 0.5, dice.share() - 0.5);
        rows.push(&[(0, first), (1, second)]);
        outcome.push(dice.share() < probability(3.0 * first - 2.0 * second));
    }
    let fitted = |signs: &[Sign]| {
        let problem = Problem { rows: &rows, outcome: &outcome, penalty: &[0.1, 0.1], signs, toward: &[] };
        fit(&problem, None).unwrap().model
    };
    let free = fitted(&[]);
    assert!(free.weights[0] > 2.0 && free.weights[1] < -1.0, "{free:?}");
    let bound = fitted(&[Sign::Rising, Sign::Rising]);
    assert_eq!(bound.weights[1], 0.0);
    assert!(bound.weights[0] > 2.0, "{bound:?}");
    let loose = fitted(&[Sign::Rising, Sign::Falling]);
    near(loose.weights[0], free.weights[0], 1e-4);
    near(loose.weights[1], free.weights[1], 1e-4);
}

#[test]
fn the_odds_without_a_row_are_those_of_a_fit_without_it() {
    let mut dice = Dice::new(11);
    let draws: Vec<(Vec<(u32, f64)>, bool)> = (0..120)
        .map(|_| {
            let row: Vec<(u32, f64)> = (0..3).map(|column| (column, dice.share() - 0.5)).collect();
            let happened = dice.share() < probability(4.0 * row[0].1);
            (row, happened)
        })
        .collect();
    let fitted = |skip: Option<usize>| {
        let (mut rows, mut outcome) = (Rows::new(3), Vec::new());
        for (_, (row, happened)) in draws.iter().enumerate().filter(|(index, _)| Some(*index) != skip) {
            rows.push(row);
            outcome.push(*happened);
        }
        let problem = Problem { rows: &rows, outcome: &outcome, penalty: &[1.0; 3], signs: &[], toward: &[] };
        let fitted = fit(&problem, None).unwrap();
        let left_out = fitted.left_out(&problem).unwrap();
        (fitted.model, left_out)
    };
    let (_, quick) = fitted(None);
    for index in (0..120).step_by(17) {
        let (without, _): (Logistic, _) = fitted(Some(index));
        near(quick[index], without.log_odds(&draws[index].0), 0.01);
    }
}

#[test]
fn the_area_counts_pairs_and_ties_half() {
    let outcome = [true, true, false, false, false];
    let all = |scores: &[f64]| auc(scores, &outcome).unwrap().value;
    near(all(&[5.0, 4.0, 3.0, 2.0, 1.0]), 1.0, 1e-12);
    near(all(&[1.0, 1.0, 1.0, 1.0, 1.0]), 0.5, 1e-12);
    // Of six pairs, 3 > {1, 2}, 2 > {1}, 2 = {2}: 3.5 for the right order.
    near(all(&[3.0, 2.0, 4.0, 2.0, 1.0]), 3.5 / 6.0, 1e-12);
    assert!(auc(&[1.0, 2.0], &[true, true]).is_none());
}

#[test]
fn the_interval_is_delongs() {
    // By hand: the losses beat 4/4, 3/4 and 2/4 of the others; the others are beaten by 3/3, 3/3, 2/3 and 1/3.
    let area = auc(&[9.0, 6.0, 4.0, 7.0, 5.0, 2.0, 1.0], &[true, true, true, false, false, false, false]).unwrap();
    near(area.value, 0.75, 1e-12);
    let error = (0.0625f64 / 3.0 + (0.0625 + 0.0625 + 1.0 / 144.0 + 25.0 / 144.0) / 3.0 / 4.0).sqrt();
    near(area.low, 0.75 - 1.959_964 * error, 1e-9);
    near(area.high, 1.0, 1e-12);
}

#[test]
fn misses_are_measured() {
    near(brier(&[0.8, 0.4], &[true, false]), 0.1, 1e-12);
    near(log_loss(&[0.0, 0.0], &[true, false]), std::f64::consts::LN_2, 1e-12);
    let scores: Vec<f64> = (0..100).map(|row| f64::from(row) / 100.0).collect();
    let outcome: Vec<bool> = (0..100).map(|row| row >= 90).collect();
    let bins = calibration(&scores, &outcome);
    assert_eq!(bins.len(), 10);
    near(bins[9].observed, 1.0, 1e-12);
    near(bins[9].predicted, 0.945, 1e-12);
    let cut = cut(&scores, &outcome, 0.2).unwrap();
    near(cut.recall, 1.0, 1e-12);
    near(cut.precision, 0.5, 1e-12);
}

#[test]
fn folds_have_the_same_share_of_losses_at_every_run() {
    let outcome: Vec<bool> = (0..1_003).map(|row| row % 7 == 0).collect();
    let parts = stratified(&outcome, FOLDS, 5);
    assert_eq!(parts, stratified(&outcome, FOLDS, 5));
    assert_ne!(parts, stratified(&outcome, FOLDS, 6));
    for fold in 0..FOLDS {
        let rows = parts.iter().filter(|part| **part == fold).count();
        let losses = parts.iter().zip(&outcome).filter(|(part, lost)| **part == fold && **lost).count();
        assert!((100..=101).contains(&rows) && (14..=15).contains(&losses), "{fold}: {rows} {losses}");
    }
}

#[test]
fn an_account_stays_in_one_part_and_the_lost_ones_are_dealt_out_evenly() {
    let mut dice = Dice::new(9);
    let ids: Vec<AccountId> = (0..60).map(|_| AccountId(Uuid::from_u64_pair(dice.roll(), dice.roll()))).collect();
    // Twenty accounts were lost after three months each, forty stayed for twelve.
    let rows = ids.iter().enumerate().flat_map(|(index, id)| {
        let months = if index % 3 == 0 { 3 } else { 12 };
        (0..months).map(move |month| (*id, months == 3 && month == 2))
    });
    let (accounts, outcome): (Vec<AccountId>, Vec<bool>) = rows.unzip();
    let parts = by_account(&accounts, &outcome, 5);
    for id in &ids {
        let theirs: BTreeSet<usize> =
            (0..parts.len()).filter(|row| accounts[*row] == *id).map(|row| parts[row]).collect();
        assert_eq!(theirs.len(), 1);
    }
    for fold in 0..5 {
        let rows: Vec<usize> = (0..parts.len()).filter(|row| parts[*row] == fold).collect();
        assert_eq!((rows.len(), rows.iter().filter(|row| outcome[**row]).count()), (108, 4), "{fold}");
    }
}
