//! The commands that need no daemon.

use super::sandbox::{Sandbox, text};

#[test]
fn once_prints_true_values_without_a_configuration() {
    let output = Sandbox::new().collect(&["once", "cpu", "memory", "--wait", "0.2"]);
    let text = text(&output);
    let value = |name: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.contains(name))
            .unwrap_or_else(|| panic!("no {name} in {text}"));
        line.split(' ').nth(1).unwrap().parse().unwrap()
    };
    let states = text.lines().filter(|line| line.contains(".cpu.total."));
    let whole: f64 = states
        .map(|line| line.split(' ').nth(1).unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((50.0..=150.0).contains(&whole), "{text}");
    let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total = meminfo
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap();
    let total: f64 = total.parse().unwrap();
    assert!((value("memory.MemTotal") - total * 1024.0).abs() < 1.0);
    assert!(value("memory.MemFree") < value("memory.MemTotal"));
}

#[test]
fn once_says_what_is_not_there() {
    let output = Sandbox::new().collect(&["once", "nosuch"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("there is no collector `nosuch`; there are collect, cpu, "),
        "{said}"
    );
    assert_eq!(Sandbox::new().collect(&["once"]).status.code(), Some(2));
}

#[test]
fn once_takes_the_settings_of_the_configuration() {
    let sandbox = Sandbox::new();
    sandbox.file("collect.toml", "[server]\nhandlers = ['null']\n[collectors.'loadavg mine']\nhostname = 'here'\nallow = '01'\n");
    let text = text(&sandbox.collect(&["once", "loadavg mine"]));
    assert!(text.starts_with("servers.here.loadavg_mine.01 "), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn list_shows_every_kind() {
    let text = text(&Sandbox::new().collect(&["list"]));
    let words = |at: usize| {
        let part = text.split("\n\n").nth(at).unwrap();
        part.lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    // Counted, so that one which the linker drops is missed.
    assert_eq!(
        words(0),
        [
            "collect",
            "cpu",
            "diskspace",
            "files",
            "http",
            "iostat",
            "loadavg",
            "memory",
            "network",
            "ping",
            "processes",
            "scripts",
            "sockets",
            "uptime",
        ]
    );
    assert_eq!(
        words(1),
        [
            "archive",
            "graphite",
            "null",
            "otlp",
            "pickle",
            "prometheus",
            "statsd",
            "stdout"
        ]
    );
    assert!(
        text.contains("Bytes, packets and errors of each network interface in a second."),
        "{text}"
    );
}
