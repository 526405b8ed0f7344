//! The number of open files.

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(Files);

struct Files;

impl Collector for Files {
    const NAME: &'static str = "files";
    const ABOUT: &'static str = "How many files are open on the machine, and how many may be.";
    const NEEDS: Option<&'static str> = Some("sys/fs/file-nr");
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let text = run.text("sys/fs/file-nr")?;
        let numbers: Vec<u64> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [assigned, unused, max] = numbers[..] else {
            return Err(format!("sys/fs/file-nr has {} numbers", numbers.len()).into());
        };
        run.count("assigned", assigned);
        run.count("unused", unused);
        run.count("max", max);
        Ok(())
    }
}
