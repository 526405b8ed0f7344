//! Handlers that are down, slow, or broken: what is queued, what is dropped, and who is delayed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use collect::collector::Problem;
use collect::handler::Handler;
use collect::outlet::Outlet;
use collect::queue::Pieces;
use serde::Deserialize;

use super::handlers::{batch, delivery, prepared};
use super::peers::{Manner, Peer, eventually};

const SOON: &str = "retry = 0.02\nretry_max = 0.1\ntimeout = 0.5";

/// The numbers from 0 on.
fn numbers(count: u32) -> Vec<f64> {
    (0..count).map(f64::from).collect()
}

fn received(peer: &Peer) -> Vec<f64> {
    peer.lines()
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap().parse().unwrap())
        .collect()
}

#[test]
fn nothing_is_lost_while_graphite_is_closed() {
    let peer = Peer::new(Manner::Reads);
    peer.close();
    let graphite = delivery(
        "graphite",
        &format!("port = {}\nbatch = 7\n{SOON}", peer.port),
    );
    for number in numbers(100) {
        graphite.publish(&batch(&[number]));
    }
    eventually("it fails", || graphite.stats().failures > 3);
    assert_eq!(
        (graphite.stats().queued, graphite.stats().dropped),
        (100, 0)
    );
    peer.open();
    eventually("all is sent", || graphite.stats().sent == 100);
    assert_eq!(received(&peer), numbers(100));
}

#[test]
fn nothing_is_lost_when_graphite_accepts_and_never_reads() {
    let peer = Peer::new(Manner::Sleeps);
    let graphite = delivery("graphite", &format!("port = {}\n{SOON}", peer.port));
    graphite.publish(&batch(&numbers(100)));
    // Small enough for the kernel to take it, and for nobody to read it.
    eventually("it fails", || graphite.stats().failures > 0);
    assert_eq!((graphite.stats().sent, graphite.stats().queued), (0, 100));
    peer.set(Manner::Reads);
    eventually("all is sent", || graphite.stats().sent == 100);
    assert_eq!(received(&peer), numbers(100));
}

#[test]
fn nothing_is_lost_when_graphite_resets_in_the_middle_of_a_batch() {
    let peer = Peer::new(Manner::Resets);
    let graphite = delivery("graphite", &format!("port = {}\n{SOON}", peer.port));
    graphite.publish(&batch(&numbers(20_000)));
    eventually("it fails", || graphite.stats().failures > 2);
    assert_eq!(graphite.stats().sent, 0);
    peer.set(Manner::Reads);
    eventually("all is sent", || graphite.stats().sent == 20_000);
    assert_eq!(received(&peer), numbers(20_000));
}

#[test]
fn a_full_queue_keeps_the_newest_and_counts_what_it_drops() {
    let peer = Peer::new(Manner::Reads);
    peer.close();
    let graphite = delivery(
        "graphite",
        &format!("port = {}\nqueue = 10\nbatch = 3\n{SOON}", peer.port),
    );
    for number in numbers(100) {
        graphite.publish(&batch(&[number]));
    }
    eventually("it fails", || graphite.stats().failures > 1);
    eventually("the queue is cut", || graphite.stats().queued == 10);
    assert_eq!(graphite.stats().dropped, 90);
    peer.open();
    eventually("all is sent", || graphite.stats().sent == 10);
    assert_eq!(received(&peer), numbers(100)[90..]);
}

#[test]
fn a_handler_that_is_slow_delays_no_other_one() {
    let (slow, good) = (Peer::new(Manner::Sleeps), Peer::new(Manner::Reads));
    let outlet = Outlet::default();
    let second = Duration::from_secs(1);
    let graphite = prepared(
        "graphite",
        &format!("port = {}\nqueue = 50\ntimeout = 1000", slow.port),
    );
    let pickle = prepared("pickle", &format!("port = {}", good.port));
    outlet.set(vec![graphite, pickle], second, second).unwrap();
    let start = Instant::now();
    for number in numbers(1000) {
        outlet.publish(&batch(&[number]));
    }
    assert!(start.elapsed() < Duration::from_secs(20));
    eventually("the good one has all", || outlet.stats()[1].1.sent == 1000);
    let (_, stats) = &outlet.stats()[0];
    assert_eq!(stats.sent, 0);
    assert!(
        stats.queued <= 1050 && stats.dropped + stats.queued == 1000,
        "{stats:?}"
    );
}

#[test]
fn a_handler_that_is_changed_keeps_its_queue() {
    let (old, new) = (Peer::new(Manner::Reads), Peer::new(Manner::Reads));
    old.close();
    let outlet = Outlet::default();
    let second = Duration::from_secs(1);
    outlet
        .set(
            vec![prepared(
                "graphite",
                &format!("port = {}\nretry = 1000\nretry_max = 1000", old.port),
            )],
            second,
            second,
        )
        .unwrap();
    outlet.publish(&batch(&numbers(10)));
    eventually("it fails", || outlet.stats()[0].1.failures > 0);
    // It does not wait for the end of the pause.
    outlet
        .set(
            vec![prepared("graphite", &format!("port = {}", new.port))],
            second,
            second,
        )
        .unwrap();
    outlet.publish(&batch(&[10.0]));
    eventually("all is sent", || outlet.stats()[0].1.sent == 11);
    assert_eq!(received(&new), numbers(11));
}

#[test]
fn what_is_queued_is_sent_at_the_end_as_far_as_the_limit_goes() {
    let peer = Peer::new(Manner::Reads);
    peer.close();
    let outlet = Outlet::default();
    let second = Duration::from_secs(1);
    let section = format!(
        "port = {}\nretry = 1000\nretry_max = 1000\nbatch = 2",
        peer.port
    );
    outlet
        .set(vec![prepared("graphite", &section)], second, second)
        .unwrap();
    outlet.publish(&batch(&numbers(10)));
    eventually("it fails", || outlet.stats()[0].1.failures > 0);
    peer.open();
    outlet.stop(Instant::now() + Duration::from_secs(60));
    assert_eq!(received(&peer), numbers(10));
    // And nobody waits longer than that.
    let outlet = Outlet::default();
    let sleeper = Peer::new(Manner::Sleeps);
    outlet
        .set(
            vec![prepared("graphite", &format!("port = {}", sleeper.port))],
            second,
            second,
        )
        .unwrap();
    outlet.publish(&batch(&[1.0]));
    let start = Instant::now();
    outlet.stop(start + Duration::from_millis(300));
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

/// A handler of this test's, found as all others are.
struct Fragile;

collect::handler!(Fragile);

static SENDS: AtomicUsize = AtomicUsize::new(0);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Handler for Fragile {
    const NAME: &'static str = "fragile";
    const ABOUT: &'static str = "Panics at first.";
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn send(&mut self, _: &Pieces, _: Instant) -> Result<(), Problem> {
        assert!(SENDS.fetch_add(1, Ordering::Relaxed) > 2, "not yet");
        Ok(())
    }
}

#[test]
fn a_handler_that_panics_tries_again() {
    let fragile = delivery("fragile", "retry = 0.01\nretry_max = 0.01");
    fragile.publish(&batch(&[1.0]));
    eventually("it is sent", || fragile.stats().sent == 1);
    assert_eq!(fragile.stats().failures, 3);
}
