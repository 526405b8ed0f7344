//! Proof that no read is stale: random hosts, each written with `#[lazy]` and without, get the same
//! random calls and must give the same answers.
//!
//! `cargo run --release -p tests --bin proof` is the long run, of 500 hosts and 1,000,000 calls;
//! `-- HOSTS CALLS SEED` makes it another. The tests run a share of it, and plant a mistake.

mod body;
mod host;
mod project;

use std::process::ExitCode;

use project::{Outcome, Project};

fn main() -> ExitCode {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|word| word.parse().expect("a number"));
    let mut next = |default| numbers.next().unwrap_or(default);
    let (hosts, calls, seed) = (next(500), next(1_000_000), next(1));
    println!("{hosts} hosts, {calls} calls, seed {seed}");
    match Project::write("long", hosts, seed, None).run(calls, true) {
        Outcome::Equal(said) => {
            print!("{said}");
            ExitCode::SUCCESS
        }
        Outcome::Differ(said) => {
            print!("{said}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Project};

    #[test]
    fn hosts_with_lazy_properties_answer_as_those_that_compute_anew() {
        match Project::write("share", 25, 7, None).run(50_000, false) {
            Outcome::Equal(said) => assert!(said.contains("50000 calls"), "{said}"),
            Outcome::Differ(said) => panic!("{said}"),
        }
    }

    #[test]
    fn a_dependency_that_is_left_out_on_purpose_is_found() {
        match Project::write("planted", 3, 7, Some(1)).run(6_000, false) {
            Outcome::Equal(said) => panic!("not found: {said}"),
            Outcome::Differ(said) => assert!(said.contains("host 1"), "{said}"),
        }
    }
}
