//! As many metrics as the handler `graphite` can send: prints how many it sent in a second.
//!
//! `cargo run --release -p collect --example flood -- PORT [METRICS] [BATCH]`
//!
//! With `senders` it plays many machines that send to one Graphite, each with 100 metrics every ten
//! seconds for a minute, from as many connections:
//!
//! `cargo run --release -p collect --example flood -- PORT senders [MACHINES] [SECONDS]`

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss
)]

use std::env;
use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use collect::config::Config;
use collect::delivery::{Delivery, Prepared, Stats};
use collect::metric::{Batch, Sample, unix_time};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number =
        |place: usize, usual: usize| arguments.get(place).map_or(Ok(usual), |text| text.parse());
    let port = arguments.first().ok_or("which port?")?;
    if arguments.get(1).is_some_and(|word| word == "senders") {
        return senders(port, number(2, 1000)?, number(3, 60)?);
    }
    flood(port, number(1, 3_000_000)?, number(2, 20_000)?)
}

fn flood(port: &str, metrics: usize, size: usize) -> Result<(), Box<dyn Error>> {
    let graphite = delivery(&format!(
        "port = {port}\nbatch = {size}\nqueue = {}",
        size * 8
    ))?;
    let batch = batch("flood", size);
    let start = Instant::now();
    for _ in 0..metrics / size {
        // A full queue would drop.
        while graphite.stats().queued > size as u64 * 4 {
            thread::sleep(Duration::from_micros(200));
        }
        graphite.publish(&batch);
    }
    let stats = wait(&graphite);
    let rate = stats.sent as f64 / start.elapsed().as_secs_f64();
    let of_cpu = stats.sent as f64 / cpu_seconds()?;
    println!(
        "{rate:.0} metrics in a second; {of_cpu:.0} in a second of CPU; {} sent, {} dropped",
        stats.sent, stats.dropped
    );
    Ok(())
}

/// The CPU time that this process has taken.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    Ok(ticks / rustix::param::clock_ticks_per_second() as f64)
}

/// Each machine has the splay that its name gives it.
fn senders(port: &str, machines: usize, seconds: usize) -> Result<(), Box<dyn Error>> {
    const INTERVAL: usize = 10;
    let all: Vec<_> = (0..machines)
        .map(|_| delivery(&format!("port = {port}")))
        .collect::<Result<_, _>>()?;
    let start = Instant::now();
    for window in 0..seconds / INTERVAL {
        for (machine, delivery) in all.iter().enumerate() {
            // Over the window, one after the other.
            let at = window as f64 * INTERVAL as f64
                + machine as f64 / machines as f64 * INTERVAL as f64;
            thread::sleep(Duration::from_secs_f64(at).saturating_sub(start.elapsed()));
            delivery.publish(&batch(&format!("machine{machine}"), 100));
        }
    }
    let stats: Vec<Stats> = all.iter().map(wait).collect();
    let sum = |field: fn(&Stats) -> u64| stats.iter().map(field).sum::<u64>();
    println!(
        "{machines} machines: {} sent, {} dropped, {} failures in {:.1} s",
        sum(|stats| stats.sent),
        sum(|stats| stats.dropped),
        sum(|stats| stats.failures),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn delivery(section: &str) -> Result<Delivery, Box<dyn Error>> {
    let file = env::temp_dir().join(format!("flood-{}.toml", std::process::id()));
    fs::write(
        &file,
        format!("[server]\nhandlers = ['graphite']\n[handlers.graphite]\n{section}\n"),
    )?;
    let config = Config::load(&file)?;
    fs::remove_file(&file)?;
    config.verify()?;
    let prepared = Prepared::new(&config.handlers[0]).map_err(|faults| format!("{faults:?}"))?;
    Ok(Delivery::start(prepared, Duration::from_secs(60))?)
}

fn batch(host: &str, size: usize) -> Arc<Batch> {
    let time = unix_time(SystemTime::now()) as u64;
    let sample = |number| {
        Sample::new(
            &format!("cpu.cpu{number}.user"),
            number as f64 / 7.0,
            2,
            time,
        )
    };
    let samples = (0..size)
        .map(sample)
        .collect::<Result<_, _>>()
        .expect("these are metrics");
    Arc::new(Batch {
        host: host.into(),
        prefix: format!("servers.{host}"),
        ttl: Duration::ZERO,
        samples,
    })
}

fn wait(delivery: &Delivery) -> Stats {
    while delivery.stats().queued > 0 {
        thread::sleep(Duration::from_millis(1));
    }
    delivery.stats()
}
