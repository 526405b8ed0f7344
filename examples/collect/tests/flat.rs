//! Many metrics for a long time: none is lost, and memory stays as it was.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use collect::config::Config;
use collect::delivery::{Delivery, Prepared};
use collect::metric::{Batch, Sample};

/// Bytes that this process has in memory.
fn memory() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn ten_thousand_metrics_in_each_of_a_hundred_windows() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let lines = Arc::new(AtomicUsize::new(0));
    let counted = lines.clone();
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        for client in listener.incoming() {
            let mut client = client.unwrap();
            while let Ok(length @ 1..) = client.read(&mut buffer) {
                counted.fetch_add(
                    String::from_utf8_lossy(&buffer[..length])
                        .matches('\n')
                        .count(),
                    Ordering::SeqCst,
                );
            }
        }
    });
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("collect.toml");
    fs::write(
        &file,
        format!(
            "[server]\nhandlers = ['graphite']\n[handlers.graphite]\nport = {port}\nqueue = 20000\n"
        ),
    )
    .unwrap();
    let config = Config::load(&file).unwrap();
    let prepared = Prepared::new(&config.handlers[0]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let graphite = Delivery::start(prepared, Duration::from_secs(60)).unwrap();
    let mut early = 0;
    for window in 0..100 {
        let sample = |number| Sample::new(&format!("metric.{number}"), 1.5, 2, window).unwrap();
        let samples = (0..10_000).map(sample).collect();
        graphite.publish(&Arc::new(Batch {
            host: "h".into(),
            prefix: "servers.h".into(),
            ttl: Duration::ZERO,
            samples,
        }));
        let start = Instant::now();
        while graphite.stats().sent < (window + 1) * 10_000 {
            assert!(start.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(1));
        }
        if window == 20 {
            early = memory();
        }
    }
    assert_eq!(lines.load(Ordering::SeqCst), 1_000_000);
    let stats = graphite.stats();
    assert_eq!((stats.dropped, stats.failures, stats.queued), (0, 0, 0));
    let late = memory();
    assert!(late < early + 2_000_000, "{early} bytes became {late}");
}
