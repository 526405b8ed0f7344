//! What the processes of services use: the main process, and those that it started.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use super::Row;
use crate::look::Seen;

/// Measures, from one look to the next.
pub(super) struct Meter {
    /// The time of the last look, and the CPU time of each process until then.
    last: Option<(Instant, BTreeMap<i32, f64>)>,
    /// Clock ticks in a second.
    ticks: f64,
    page: u64,
}

/// A process.
struct Process {
    parent: i32,
    /// In seconds.
    cpu: f64,
    /// In bytes.
    memory: u64,
}

impl Meter {
    pub(super) fn new() -> Self {
        #[allow(clippy::cast_precision_loss, reason = "it is about a hundred")]
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        Self {
            last: None,
            ticks,
            page: rustix::param::page_size() as u64,
        }
    }

    /// The services with what they use. The share of CPU time is 0 in the first look.
    pub(super) fn rows(&mut self, all: Vec<Seen>) -> Vec<Row> {
        let (now, processes) = (Instant::now(), self.processes());
        let cpu_of = |(pid, process): (&i32, &Process)| (*pid, process.cpu);
        let times = processes.iter().map(cpu_of).collect();
        let last = self.last.replace((now, times));
        let used = |pid: i32, process: &Process| match &last {
            Some((then, before)) => {
                let passed = now.duration_since(*then).as_secs_f64().max(0.001);
                let before = before.get(&pid).copied();
                (process.cpu - before.unwrap_or(process.cpu)).max(0.0) / passed * 100.0
            }
            None => 0.0,
        };
        let row = |seen: Seen| {
            let tree = seen
                .pid
                .map(|pid| tree(pid, &processes))
                .unwrap_or_default();
            Row {
                cpu: tree.iter().map(|(pid, process)| used(*pid, process)).sum(),
                memory: tree.iter().map(|(_, process)| process.memory).sum(),
                seen,
            }
        };
        all.into_iter().map(row).collect()
    }

    fn processes(&self) -> BTreeMap<i32, Process> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid: i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            Some((pid, self.process(&stat)?))
        })
        .collect()
    }

    /// A line of `/proc/PID/stat`, whose second field may contain anything.
    fn process(&self, stat: &str) -> Option<Process> {
        let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
        let number = |at: usize| fields.get(at)?.parse::<f64>().ok();
        Some(Process {
            parent: fields.get(1)?.parse().ok()?,
            cpu: (number(11)? + number(12)?) / self.ticks,
            memory: fields.get(21)?.parse::<u64>().ok()? * self.page,
        })
    }
}

/// A process and all below it.
fn tree(root: i32, all: &BTreeMap<i32, Process>) -> Vec<(i32, &Process)> {
    let mut found: Vec<_> = all
        .get(&root)
        .map(|process| (root, process))
        .into_iter()
        .collect();
    let mut at = 0;
    while let Some((parent, _)) = found.get(at).copied() {
        let children = all.iter().filter(|(_, process)| process.parent == parent);
        found.extend(children.map(|(pid, process)| (*pid, process)));
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_blanks_and_parentheses_hides_nothing() {
        let meter = Meter::new();
        let rest = "S 7 1 1 0 -1 0 0 0 0 0 100 50 0 0 20 0 1 0 5 1000 3";
        let process = meter.process(&format!("12 (a) b (c) {rest}")).unwrap();
        assert_eq!((process.parent, process.memory), (7, 3 * meter.page));
        assert!((process.cpu - 150.0 / meter.ticks).abs() < 1e-9);
    }

    #[test]
    fn a_tree_has_all_below_its_root() {
        let process = |parent| Process {
            parent,
            cpu: 0.0,
            memory: 1,
        };
        let all = [
            (2, process(1)),
            (3, process(2)),
            (4, process(3)),
            (5, process(1)),
        ]
        .into();
        let pids: Vec<_> = tree(2, &all).into_iter().map(|(pid, _)| pid).collect();
        assert_eq!(pids, [2, 3, 4]);
    }
}
