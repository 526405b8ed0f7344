//! The program itself: the metrics that its handlers have sent, queued and dropped.

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(Itself);

struct Itself;

impl Collector for Itself {
    const NAME: &'static str = "collect";
    const ABOUT: &'static str =
        "What each handler has sent, holds and has dropped, and what memory this program takes.";
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        for (handler, stats) in (run.machine.stats)() {
            let handler = crate::metric::part(&handler);
            run.count(&format!("{handler}.sent"), stats.sent);
            run.count(&format!("{handler}.queued"), stats.queued);
            run.count(&format!("{handler}.dropped"), stats.dropped);
            run.count(&format!("{handler}.failures"), stats.failures);
        }
        let pages: procfs_core::process::StatM = run.read("self/statm")?;
        run.count("memory", pages.resident * rustix::param::page_size() as u64);
        Ok(())
    }
}
