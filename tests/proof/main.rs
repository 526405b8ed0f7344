//! Proof that no read is stale: random hosts, each written with `#[lazy]` and without, get the same
//! random calls and must give the same answers. The bodies read, change, branch, loop, leave and hand the
//! host on in any order; the methods stand in several impl blocks; fields are hosts themselves.
//!
//! `cargo run --release -p tests --bin proof` is the long run, of 500 hosts and 1,000,000 calls;
//! `-- HOSTS CALLS SEED` makes it another. The tests run a share of it, and plant a mistake.

mod body;
mod changes;
mod field;
mod host;
mod method;
mod mistake;
mod project;
mod property;

use std::process::ExitCode;

use project::{Outcome, Project};

fn main() -> ExitCode {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|word| word.parse().expect("a number"));
    let mut next = |default| numbers.next().unwrap_or(default);
    let (hosts, calls, seed) = (next(500), next(1_000_000), next(1));
    let count = usize::try_from(hosts).expect("a count");
    println!("{hosts} hosts, {calls} calls, seed {seed}");
    let folder = format!("{hosts}-hosts");
    match Project::write(&folder, count, seed, &[]).run(calls, true) {
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
    use crate::mistake::Mistake;

    #[test]
    fn hosts_with_lazy_properties_answer_as_those_that_compute_anew() {
        match Project::write("share", 25, 7, &[]).run(50_000, false) {
            Outcome::Equal(said) => assert!(said.contains("50000 calls"), "{said}"),
            Outcome::Differ(said) => panic!("{said}"),
        }
    }

    /// A host may hide a mistake by chance, so each is planted in several.
    #[test]
    fn mistakes_that_are_made_on_purpose_are_found() {
        const HOSTS: usize = 3;
        let planted = Mistake::ALL.map(|mistake| [mistake; HOSTS]).concat();
        let project = Project::write("planted", planted.len(), 1, &planted);
        for (position, mistake) in Mistake::ALL.iter().enumerate() {
            let mut hosts = position * HOSTS..(position + 1) * HOSTS;
            let differs = |host| matches!(project.run_one(host, 3_000), Outcome::Differ(_));
            assert!(hosts.any(differs), "{mistake:?} is not found");
        }
    }
}
