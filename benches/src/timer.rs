//! Timing in rounds: each round runs every contender, so that a slow moment of the machine hits all of
//! them, and a ratio is the median of the rounds' ratios. A benchmark library measures one function
//! after the other, and does not return numbers for a table with counts.

use std::time::{Duration, Instant};

const ROUNDS: u32 = 41;
/// The time that a contender runs in one round.
const ROUND: Duration = Duration::from_millis(2);

/// The medians of one contender.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    pub(crate) nanoseconds: f64,
    /// The time divided by that of the first contender.
    pub(crate) ratio: f64,
}

/// Times each contender against the first one.
pub(crate) fn paired(contenders: &[fn(u32)]) -> Vec<Time> {
    let times: Vec<u32> = contenders.iter().map(|run| calibrated(*run)).collect();
    let rounds: Vec<Vec<f64>> = (0..ROUNDS)
        .map(|_| {
            contenders
                .iter()
                .zip(&times)
                .map(|(run, times)| nanoseconds(*run, *times))
                .collect()
        })
        .collect();
    let time = |at: usize| Time {
        nanoseconds: median(rounds.iter().map(|round| round[at])),
        ratio: median(rounds.iter().map(|round| round[at] / round[0])),
    };
    (0..contenders.len()).map(time).collect()
}

/// The number of repetitions that fill a round, found during the warm-up.
fn calibrated(run: fn(u32)) -> u32 {
    let mut times = 1_000;
    loop {
        let start = Instant::now();
        run(times);
        if start.elapsed() >= ROUND {
            return times;
        }
        times *= 2;
    }
}

fn nanoseconds(run: fn(u32), times: u32) -> f64 {
    let start = Instant::now();
    run(times);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}

/// The middle one of the values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
