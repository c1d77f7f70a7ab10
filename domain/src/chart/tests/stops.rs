//! What charts say where somebody points, and in which order keys go through it.

use super::kinds::donut_of;
use super::*;

fn texts(layout: &Layout) -> Vec<String> {
    layout.stops().into_iter().map(|stop| stop.text).collect()
}

#[test]
fn lines_say_what_all_of_them_are_at_a_moment() {
    let named = |name: &str, values: &[f64]| Series { name: name.to_owned(), ..series(values) };
    let layout = line(&line_of(vec![named("A", &[1.0, f64::NAN, 3.0]), named("B", &[4.0, 5.0])], Scale::Automatic));
    assert_eq!(texts(&layout), ["Day 2026-01-01: A 1 \u{b7} B 4", "Day 2026-01-02: B 5", "Day 2026-01-03: A 3"]);
    let alone = line(&line_of(vec![series(&[7.0])], Scale::Automatic));
    assert_eq!(texts(&alone), ["Day 2026-01-01: 7"], "a line that is alone needs no name");
    let stops = layout.stops();
    for (place, stop) in stops.iter().enumerate() {
        assert_eq!(nearest(&stops, stop.x + 1.0, 0.0), Some(place), "height does not count");
        assert!(stop.x >= 0.0 && stop.x <= layout.width && stop.y >= 0.0 && stop.y <= layout.height, "{stop:?}");
    }
}

#[test]
fn marks_say_what_they_stand_for() {
    let layout = bar(&bars_of(&[3.0, 0.0, 9.0]));
    let stops = layout.stops();
    let bars = layout.marks.iter().filter(|mark| matches!(mark, Mark::Rect { title, .. } if !title.is_empty()));
    assert_eq!(stops.len(), bars.count());
    for (place, stop) in stops.iter().enumerate() {
        assert_eq!(nearest(&stops, stop.x, stop.y), Some(place), "{stop:?}");
    }
    assert_eq!(nearest(&stops, layout.width * 5.0, layout.height), None, "what is far away is not meant");
}

#[test]
fn parts_of_a_ring_are_told_apart_by_their_shape() {
    let stops = donut(&donut_of(&[70.0, 30.0])).stops();
    assert_eq!(stops.len(), 2, "the key beside a part is no stop of its own: {stops:?}");
    // From the top clockwise: seven tenths reach beyond the bottom, the rest is at the left.
    assert_eq!(nearest(&stops, 145.0, 80.0), Some(0));
    assert_eq!(nearest(&stops, 15.0, 80.0), Some(1));
    assert_eq!(nearest(&stops, 470.0, 150.0), None, "what is far away is not meant");
}

#[test]
fn nothing_says_nothing() {
    assert!(texts(&line(&line_of(vec![series(&[f64::NAN])], Scale::Automatic))).is_empty());
    assert!(texts(&bar(&bars_of(&[]))).is_empty());
    assert_eq!(nearest(&[], 1.0, 1.0), None);
}
