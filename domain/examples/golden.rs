//! The ten thousand cases of the test `golden`, for a machine that has no test runner: the browser's.

#[path = "../tests/golden/cases.rs"]
mod cases;

fn main() {
    assert_eq!(cases::hash(), cases::GOLDEN);
}
