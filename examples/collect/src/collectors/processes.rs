//! The resources of processes with a name, and of all their children.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use lazy_prop::lazy;
use procfs_core::FromRead;
use procfs_core::process::Stat;
use regex::Regex;
use serde::Deserialize;

use crate::collector::{Collector, Problem, Run, float, system};
use crate::metric::part;

crate::collector!(Processes);

#[lazy]
struct Processes {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Settings {
    /// Groups of processes, by a regular expression for the name that `ps -o comm` shows.
    names: BTreeMap<String, String>,
    /// Groups of processes, by a regular expression for the command line.
    commands: BTreeMap<String, String>,
}

/// Processes that are counted together.
struct Group {
    name: String,
    pattern: Regex,
    /// Whether the pattern is for the command line.
    is_of_command: bool,
}

#[lazy]
impl Processes {
    #[lazy]
    fn groups(&self) -> Result<&[Group], regex::Error> {
        let names = self.settings.names.iter().map(|group| (group, false));
        let commands = self.settings.commands.iter().map(|group| (group, true));
        let group = |((name, pattern), is_of_command): ((&String, &String), bool)| {
            Ok(Group {
                name: part(name),
                pattern: Regex::new(pattern)?,
                is_of_command,
            })
        };
        names.chain(commands).map(group).collect()
    }
}

/// The resources of a group.
#[derive(Default)]
struct Sum {
    processes: u64,
    threads: u64,
    bytes: u64,
    percent: Option<f64>,
}

impl Collector for Processes {
    const NAME: &'static str = "processes";
    const ABOUT: &'static str =
        "What groups of processes take, with all that they have started: time and memory.";
    const NEEDS: Option<&'static str> = Some("self/stat");
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        self.groups()?;
        Ok(())
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let groups = self.groups()?;
        let processes = all(&run.machine.proc)?;
        for group in groups {
            let mut is_in: HashMap<i32, bool> = HashMap::new();
            let mut sum = Sum::default();
            for process in processes.values() {
                if belongs(process, group, &processes, &run.machine.proc, &mut is_in) {
                    add(&mut sum, process, group, run);
                }
            }
            let name = &group.name;
            run.count(&format!("{name}.processes"), sum.processes);
            run.count(&format!("{name}.threads"), sum.threads);
            run.count(&format!("{name}.memory"), sum.bytes);
            if let Some(percent) = sum.percent {
                run.tell(&format!("{name}.cpu_percent"), percent, 2);
            }
        }
        Ok(())
    }
}

/// All processes, without those that end meanwhile.
fn all(proc: &Path) -> Result<HashMap<i32, Stat>, Problem> {
    let entries = fs::read_dir(proc).map_err(|error| format!("{}: {error}", proc.display()))?;
    let pids = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().parse::<i32>().is_ok());
    let stats = pids.filter_map(|entry| Stat::from_file(entry.path().join("stat")).ok());
    Ok(stats.map(|stat| (stat.pid, stat)).collect())
}

/// Whether a process, or one of its ancestors, is in a group.
fn belongs(
    process: &Stat,
    group: &Group,
    processes: &HashMap<i32, Stat>,
    proc: &Path,
    known: &mut HashMap<i32, bool>,
) -> bool {
    if let Some(is_in) = known.get(&process.pid) {
        return *is_in;
    }
    // Noted first, because a list that changed while it was read may have a cycle.
    known.insert(process.pid, false);
    let parent = processes.get(&process.ppid);
    let is_in = matches(process, group, proc)
        || parent.is_some_and(|parent| belongs(parent, group, processes, proc, known));
    known.insert(process.pid, is_in);
    is_in
}

fn matches(process: &Stat, group: &Group, proc: &Path) -> bool {
    if !group.is_of_command {
        return group.pattern.is_match(&process.comm);
    }
    let words = fs::read(proc.join(process.pid.to_string()).join("cmdline")).unwrap_or_default();
    let command = String::from_utf8_lossy(&words).replace('\0', " ");
    group.pattern.is_match(command.trim_end())
}

fn add(sum: &mut Sum, process: &Stat, group: &Group, run: &mut Run<'_>) {
    sum.processes += 1;
    sum.threads += process.num_threads.unsigned_abs();
    sum.bytes += process.rss * rustix::param::page_size() as u64;
    // By process, because the group may have other members next time.
    let counter = format!("{}.{}.{}", group.name, process.pid, process.starttime);
    if let Some(ticks) = run.growth(&counter, process.utime + process.stime) {
        *sum.percent.get_or_insert(0.0) += ticks * 100.0 / float(system().ticks_per_second);
    }
}
