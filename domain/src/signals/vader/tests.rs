use super::*;

/// Sentences of ours with what vaderSentiment 3.3.2 says of them.
const CASES: [(&str, f64); 25] = [
    ("The new dashboard is great, thank you!", 0.784),
    ("The new dashboard is GREAT, thank you!!!", 0.8485),
    ("Support was not helpful at all.", 0.0946),
    ("It is okay, but the export is horribly slow and keeps failing.", -0.8625),
    ("We are very unhappy with the last release.", -0.4754),
    ("No problem, we will manage.", 0.3089),
    ("No errors or failures since Monday.", 0.5448),
    ("We have never been so disappointed.", -0.6113),
    ("This is the least useful report we get.", -0.3412),
    ("At least it is not broken any more.", 0.3724),
    ("The migration went smoothly, without doubt a success.", 0.7013),
    ("kind of nice, sort of good", 0.6908),
    ("Why is the login broken again???", -0.5632),
    ("Our renewal is due in March.", 0.0),
    ("Thanks :) you made my day", 0.7096),
    ("Thanks 😀 you saved us", 0.802),
    ("bad ass team, love the new search", -0.4215),
    ("The invoice was wrong, the answer was wrong but the tone was friendly.", 0.296),
    ("I can't say I am happy, yet I am hopeful.", 0.7906),
    ("Yeah right, it will be fixed tomorrow", 0.296),
    ("URGENT: we lost data and nobody answers", 0.0601),
    ("", 0.0),
    ("Barely usable", 0.0),
    ("We have not been disappointed by the onboarding so far", 0.3724),
    ("They could hardly be more helpful", 0.4271),
];

#[test]
fn sentences_sound_as_the_reference_says() {
    for (text, expected) in CASES {
        let found = compound(text);
        assert!((found - expected).abs() < 1e-4, "{text}: {found} instead of {expected}");
    }
}

#[test]
fn a_text_without_rated_words_is_neutral() {
    assert_eq!(tone("Our renewal is due in March."), Tone::Neutral);
    assert_eq!(tone("The new dashboard is great, thank you!"), Tone::Positive);
    assert_eq!(tone("Why is the login broken again???"), Tone::Negative);
}

#[test]
fn any_text_has_a_score_between_minus_one_and_one() {
    let long = "terrible ".repeat(5_000);
    for text in ["but", "no", "kind of", "least good", "never so good", "!!!!!!", "😀😀", "\u{0}", &long] {
        assert!((-1.0..=1.0).contains(&compound(text)), "{text:.20}");
    }
}
