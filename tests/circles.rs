//! Random graphs of values that need each other, read by several threads: none hangs, and only
//! values that need themselves panic, each with a way that is there.
//!
//! `CIRCLES=100000 cargo test --release -p tests --test circles` plays so many rounds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex, Weak};
use std::time::Duration;
use std::{env, panic, process, thread};

use lazy_prop::sync::LazyProperty;

const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const THREADS: usize = 4;

struct Node {
    at: usize,
    graph: Weak<Graph>,
    value: LazyProperty<usize, fn(&Self) -> usize>,
}

struct Graph {
    needs: Vec<Vec<usize>>,
    nodes: Vec<Node>,
    /// The node that each thread reads, in each of its turns.
    turns: [Vec<usize>; THREADS],
}

impl Graph {
    /// Half of these have circles.
    fn random(random: &mut fastrand::Rng) -> Arc<Self> {
        let count = random.usize(2..=NAMES.len());
        let mut needs: Vec<Vec<usize>> = (0..count)
            .map(|at| (0..at).filter(|_| random.usize(0..3) == 0).collect())
            .collect();
        if random.bool() {
            let from = random.usize(0..count);
            let to = random.usize(from..count);
            needs[from].push(to);
            random.shuffle(&mut needs[from]);
        }
        let turns = [(); THREADS].map(|()| (0..3).map(|_| random.usize(0..count)).collect());
        Arc::new_cyclic(|graph| Self {
            nodes: (0..count).map(|at| Node::new(at, graph.clone())).collect(),
            needs,
            turns,
        })
    }

    /// Whether the value of `at` needs one that needs itself.
    fn is_circular(&self, at: usize, way: &mut Vec<usize>) -> bool {
        if way.contains(&at) {
            return true;
        }
        way.push(at);
        let circular = self.needs[at]
            .iter()
            .any(|next| self.is_circular(*next, way));
        way.pop();
        circular
    }

    /// What the value would be if it were computed at each read.
    fn plain(&self, at: usize) -> usize {
        1 + self.needs[at]
            .iter()
            .map(|next| self.plain(*next))
            .sum::<usize>()
    }

    fn check(&self, at: usize, read: Result<usize, String>) {
        match (self.is_circular(at, &mut Vec::new()), read) {
            (false, Ok(value)) => assert_eq!(value, self.plain(at)),
            (true, Err(message)) => self.check_way(&message),
            (_, read) => panic!("node {at} of {:?} gives {read:?}", self.needs),
        }
    }

    /// That each step of the way is there, and the last one ends where the first began.
    fn check_way(&self, message: &str) {
        let way = message.strip_prefix("a lazy value needs itself: ");
        let way = way.unwrap_or_else(|| panic!("another panic: {message}"));
        let mut steps = Vec::new();
        for part in way.split(", ") {
            let names = part.split(" here").next().unwrap();
            let names = names.split(" on ").next().unwrap();
            let names = names.split(" -> ").map(|name| {
                let at = NAMES.iter().position(|known| *known == name);
                at.unwrap_or_else(|| panic!("no name in: {message}"))
            });
            let names: Vec<usize> = names.collect();
            steps.extend(names.windows(2).map(|step| (step[0], step[1])));
        }
        for (from, to) in &steps {
            assert!(
                self.needs[*from].contains(to),
                "{message}: {:?}",
                self.needs
            );
        }
        assert!(
            steps.windows(2).all(|pair| pair[0].1 == pair[1].0),
            "{message}"
        );
        assert_eq!(steps[0].0, steps[steps.len() - 1].1, "{message}");
    }
}

impl Node {
    fn new(at: usize, graph: Weak<Graph>) -> Self {
        let value: LazyProperty<usize, fn(&Self) -> usize> = LazyProperty::new(|node: &Self| {
            if fastrand::u8(0..4) == 0 {
                thread::yield_now();
            }
            let graph = node.graph.upgrade().unwrap();
            let needs = graph.needs[node.at].iter();
            1 + needs.map(|next| graph.nodes[*next].read()).sum::<usize>()
        });
        Self {
            at,
            graph,
            value: value.named(NAMES[at], ""),
        }
    }

    fn read(&self) -> usize {
        *self.value.get(self)
    }
}

#[test]
fn none_hangs_and_none_is_called_falsely() {
    let rounds = env::var("CIRCLES").map_or(2_000, |rounds| rounds.parse().unwrap());
    panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or_default();
        if !text.starts_with("a lazy value needs itself") {
            eprintln!("{info}");
        }
    }));
    let seed = env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    eprintln!("SEED={seed}");
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    let graph = Mutex::new(Graph::random(&mut random.lock().unwrap()));
    let round = AtomicUsize::new(0);
    let across = AtomicUsize::new(0);
    let start = Barrier::new(THREADS);
    let play = |own: usize| {
        while round.load(SeqCst) < rounds {
            if start.wait().is_leader() {
                *graph.lock().unwrap() = Graph::random(&mut random.lock().unwrap());
                round.fetch_add(1, SeqCst);
            }
            start.wait();
            let graph = Arc::clone(&graph.lock().unwrap());
            for at in &graph.turns[own] {
                let read = catch_unwind(AssertUnwindSafe(|| graph.nodes[*at].read()));
                let read = read.map_err(|panic| *panic.downcast::<String>().unwrap());
                if read
                    .as_ref()
                    .is_err_and(|message| message.contains(" here, "))
                {
                    across.fetch_add(1, SeqCst);
                }
                graph.check(*at, read);
            }
            start.wait();
        }
    };
    thread::scope(|scope| {
        let play = &play;
        let players: Vec<_> = (0..THREADS)
            .map(|own| scope.spawn(move || play(own)))
            .collect();
        watch(&round, || {
            players.iter().all(thread::ScopedJoinHandle::is_finished)
        });
    });
    eprintln!("circles across threads: {}", across.load(SeqCst));
}

/// Ends the program when there is no new round for a minute.
fn watch(round: &AtomicUsize, is_over: impl Fn() -> bool) {
    let (mut last, mut idle) = (0, 0);
    while !is_over() {
        thread::sleep(Duration::from_millis(10));
        let now = round.load(SeqCst);
        idle = if now == last { idle + 1 } else { 0 };
        last = now;
        if idle > 6_000 {
            eprintln!("hangs in round {now}");
            process::abort();
        }
    }
}
