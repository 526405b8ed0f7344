//! One run of a few collectors, for people to read.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::collector::{Machine, Moment};
use crate::metric::Batch;
use crate::source::Source;

/// Runs the collectors twice, with a pause between because rates need two runs, and prints the
/// result of the second run. Returns whether all went well.
pub fn run(sources: &mut [Source], machine: &Machine, pause: Duration) -> bool {
    let mut notes = HashSet::new();
    let first: Vec<_> = sources
        .iter_mut()
        .map(|source| run_one(source, machine, &mut notes))
        .collect();
    if sources.iter().any(Source::counts) {
        thread::sleep(pause);
    }
    for (source, first) in sources.iter_mut().zip(first) {
        let batch = if source.counts() {
            run_one(source, machine, &mut notes)
        } else {
            first
        };
        for metric in batch.iter().flat_map(|batch| batch.metrics()) {
            println!("{metric}");
        }
    }
    for note in &notes {
        eprintln!("{note}");
    }
    notes.is_empty()
}

fn run_one(
    source: &mut Source,
    machine: &Machine,
    all_notes: &mut HashSet<String>,
) -> Option<Arc<Batch>> {
    let mut notes = vec![];
    let batch = source.run(machine, Moment::now(), &mut notes);
    let batch = batch
        .inspect_err(|problem| notes.push(problem.to_string()))
        .ok();
    all_notes.extend(
        notes
            .into_iter()
            .map(|note| format!("{}: {note}", source.name())),
    );
    batch
}
