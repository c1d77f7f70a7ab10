//! Server and browser agree bit for bit: ten thousand seeded evaluations and the explanations of their differences.
//! `tools/golden.sh` runs the same cases as WebAssembly.

mod cases;

#[test]
fn ten_thousand_cases_come_to_what_they_always_came_to() {
    let hash = cases::hash();
    assert_eq!(hash, cases::GOLDEN, "{hash:#018x}: if a score was meant to change, this is the new number");
}
