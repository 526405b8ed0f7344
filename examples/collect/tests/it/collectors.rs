//! Each collector on what two kernels have said: Linux 6.1, and 6.18.
//!
//! `before` and `after` were recorded some seconds apart, which count as ten.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use collect::collector::{Machine, Moment};

use super::sandbox::{data, source};

const TIME: u64 = 1_700_000_000;

type Seen = BTreeMap<String, f64>;

/// What a collector sees on a kernel, in the second of two runs.
fn see(name: &str, section: &str, kernel: &str) -> Seen {
    let mut source = source(name, &format!("hostname = \"web1\"\n{section}"));
    let start = Instant::now();
    let run = |half: &str, seconds, source: &mut collect::source::Source| {
        let machine = Machine::at(data(kernel).join(half));
        let now = Moment {
            instant: start + Duration::from_secs(seconds),
            time: TIME + seconds,
        };
        let mut notes = vec![];
        let batch = source.run(&machine, now, &mut notes).unwrap();
        assert_eq!(notes, [""; 0]);
        batch
    };
    let first = run("before", 0, &mut source);
    assert_eq!(
        (first.host.as_str(), first.prefix.as_str()),
        ("web1", "servers.web1")
    );
    let second = run("after", 10, &mut source);
    assert!(second.samples.iter().all(|sample| sample.time == TIME + 10));
    second
        .samples
        .iter()
        .map(|sample| (sample.name.to_string(), sample.value))
        .collect()
}

fn published(seen: &Seen, expected: &[(&str, f64)]) {
    for (name, value) in expected {
        let found = seen
            .get(*name)
            .unwrap_or_else(|| panic!("no {name} in {seen:?}"));
        assert!((found - value).abs() < 0.01, "{name}: {found}, not {value}");
    }
}

fn unpublished(seen: &Seen, part: &str) {
    assert!(
        !seen.keys().any(|name| name.contains(part)),
        "{part} in {seen:?}"
    );
}

#[test]
fn cpu_tells_percents() {
    let old = see("cpu", "", "linux-6.1");
    published(
        &old,
        &[
            ("cpu.total.user", 6.1),
            ("cpu.total.system", 6.45),
            ("cpu.total.idle", 78.95),
            ("cpu.total.softirq", 0.75),
        ],
    );
    published(
        &old,
        &[
            ("cpu.cpu0.user", 11.7),
            ("cpu.cpu1.idle", 83.9),
            ("cpu.cpu1.guest_nice", 0.0),
        ],
    );
    let new = see("cpu", "each = false", "linux-6.18");
    published(
        &new,
        &[
            ("cpu.total.user", 41.5),
            ("cpu.total.iowait", 0.05),
            ("cpu.total.steal", 0.25),
        ],
    );
    unpublished(&new, "cpu0");
}

#[test]
fn memory_tells_bytes() {
    let old = see("memory", "", "linux-6.1");
    published(
        &old,
        &[
            ("memory.MemTotal", 223_376.0 * 1024.0),
            ("memory.MemFree", 181_312.0 * 1024.0),
            ("memory.SwapTotal", 0.0),
        ],
    );
    let new = see("memory", "", "linux-6.18");
    published(
        &new,
        &[
            ("memory.MemTotal", 24_684_092.0 * 1024.0),
            ("memory.MemAvailable", 23_912_568.0 * 1024.0),
        ],
    );
}

#[test]
fn loadavg_tells_loads_and_processes() {
    let old = see("loadavg", "", "linux-6.1");
    published(
        &old,
        &[
            ("loadavg.01", 0.19),
            ("loadavg.05", 0.05),
            ("loadavg.15", 0.02),
        ],
    );
    let new = see("loadavg", "", "linux-6.18");
    published(
        &new,
        &[
            ("loadavg.01", 6.78),
            ("loadavg.processes_running", 3.0),
            ("loadavg.processes_total", 126.0),
        ],
    );
}

#[test]
fn uptime_tells_minutes() {
    published(
        &see("uptime", "", "linux-6.1"),
        &[("uptime.minutes", 29.40 / 60.0)],
    );
    published(
        &see("uptime", "", "linux-6.18"),
        &[("uptime.minutes", 2194.99 / 60.0)],
    );
}

#[test]
fn files_tells_how_many_are_open() {
    published(
        &see("files", "", "linux-6.1"),
        &[("files.assigned", 0.0), ("files.max", 20898.0)],
    );
    published(
        &see("files", "", "linux-6.18"),
        &[
            ("files.assigned", 797.0),
            ("files.unused", 0.0),
            ("files.max", 2_466_186.0),
        ],
    );
}

#[test]
fn sockets_tells_each_protocol() {
    published(
        &see("sockets", "", "linux-6.1"),
        &[("sockets.sockets_used", 0.0), ("sockets.udp6_inuse", 0.0)],
    );
    let new = see("sockets", "", "linux-6.18");
    published(
        &new,
        &[
            ("sockets.sockets_used", 20.0),
            ("sockets.tcp_inuse", 1.0),
            ("sockets.tcp_tw", 8.0),
            ("sockets.tcp_mem", 204.0),
        ],
    );
}

#[test]
fn network_tells_bytes_in_a_second() {
    let old = see("network", "", "linux-6.1");
    published(
        &old,
        &[
            ("network.eth0.rx_byte", 29.4),
            ("network.eth0.rx_packets", 0.3),
            ("network.lo.tx_byte", 0.0),
        ],
    );
    let new = see("network", "", "linux-6.18");
    published(&new, &[("network.eth0.rx_errors", 0.0)]);
    unpublished(&new, "ifb0");
    unpublished(&see("network", "interfaces = '^lo$'", "linux-6.18"), "eth0");
}

#[test]
fn iostat_tells_reads_and_writes_in_a_second() {
    let old = see("iostat", "", "linux-6.1");
    published(
        &old,
        &[
            ("iostat.vda.writes_per_second", 1.2),
            ("iostat.vda.write_byte_per_second", 412_160.0),
            ("iostat.vda.util_percentage", 0.68),
        ],
    );
    let new = see("iostat", "", "linux-6.18");
    published(
        &new,
        &[
            ("iostat.vda.reads_per_second", 6.7),
            ("iostat.vda.read_byte_per_second", 31129.6),
            ("iostat.vda.in_progress", 0.0),
        ],
    );
    unpublished(&new, "loop0");
}

#[test]
fn diskspace_tells_file_systems_that_are_on_disks() {
    let new = see("diskspace", "", "linux-6.18");
    assert!(new["diskspace.root.byte_used"] > 0.0);
    unpublished(&new, "proc");
    // Its root is in memory.
    unpublished(&see("diskspace", "", "linux-6.1"), "root");
    unpublished(&see("diskspace", "exclude = '^/$'", "linux-6.18"), "root");
}

#[test]
fn processes_are_counted_with_their_children() {
    let old = see(
        "processes",
        "names = { boot = '^init$', none = 'nosuch' }",
        "linux-6.1",
    );
    // The two `sleep` come from it.
    published(
        &old,
        &[
            ("processes.boot.processes", 3.0),
            ("processes.boot.memory", 451.0 * 4096.0),
            ("processes.boot.cpu_percent", 15.0),
        ],
    );
    published(&old, &[("processes.none.processes", 0.0)]);
    unpublished(&old, "none.cpu_percent");
    let new = see(
        "processes",
        "commands = { naps = '^sleep 2', all = '^sleep' }",
        "linux-6.18",
    );
    published(
        &new,
        &[
            ("processes.naps.processes", 2.0),
            ("processes.all.threads", 2.0),
            ("processes.all.cpu_percent", 0.0),
        ],
    );
}

#[test]
fn a_counter_that_began_anew_tells_nothing_and_one_of_32_bits_goes_on() {
    let machine = Machine::at("/proc");
    let mut counters = collect::collector::Counters::new();
    let start = Instant::now();
    let mut rates = |seconds: u64, value: u64| {
        let now = Moment {
            instant: start + Duration::from_secs(seconds),
            time: 0,
        };
        let mut run = collect::collector::Run::new(&machine, &mut counters, now, Duration::ZERO);
        run.rate("whole", value);
        run.rate_of_32_bits("narrow", value, 1.0);
        run.samples
            .into_iter()
            .map(|sample| (sample.name.to_string(), sample.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(rates(0, (1 << 32) - 100), []);
    assert_eq!(
        rates(10, (1 << 32) - 50),
        [("whole".into(), 5.0), ("narrow".into(), 5.0)]
    );
    assert_eq!(rates(20, 50), [("narrow".into(), 10.0)]);
    assert_eq!(
        rates(30, 60),
        [("whole".into(), 1.0), ("narrow".into(), 1.0)]
    );
    // By the time that has passed, not by the interval.
    assert_eq!(
        rates(60, 360),
        [("whole".into(), 10.0), ("narrow".into(), 10.0)]
    );
    assert_eq!(rates(70, 0), []);
}
