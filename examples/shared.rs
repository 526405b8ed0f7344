//! How do several threads share what one of them computes? With `#[lazy(sync)]` on the impl
//! block: the first to ask computes, the others wait for it, and all get the same value.
//!
//! ```text
//! cargo run --example shared
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use lazy_prop::lazy;

const THREADS: usize = 8;

/// The number of times that a body ran, on any thread.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// The prime numbers below a limit.
#[lazy]
struct Primes {
    below: usize,
}

#[lazy(sync)]
impl Primes {
    const fn below(below: usize) -> Self {
        Self { below }
    }

    #[lazy]
    fn all(&self) -> &[usize] {
        RUNS.fetch_add(1, Ordering::Relaxed);
        let mut is_prime = vec![true; self.below];
        is_prime.iter_mut().take(2).for_each(|small| *small = false);
        for number in 2..self.below {
            if is_prime[number] {
                let multiples = is_prime.iter_mut().step_by(number).skip(2);
                multiples.for_each(|multiple| *multiple = false);
            }
        }
        (0..self.below).filter(|&number| is_prime[number]).collect()
    }
}

/// A sync host with a `const` constructor can be a static.
static PRIMES: Primes = Primes::below(1_000_000);

fn main() {
    let counts = thread::scope(|scope| {
        let readers = [(); THREADS].map(|()| scope.spawn(|| PRIMES.all().len()));
        readers.map(|reader| reader.join().expect("reading does not panic"))
    });
    println!("primes that each of {THREADS} threads found: {counts:?}");
    println!("runs of the body: {}", RUNS.load(Ordering::Relaxed));
}
