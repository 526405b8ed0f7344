//! Lines on standard output, as Graphite would get them.

use std::io::{self, Write};
use std::time::Instant;

use super::Nothing;
use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Stdout);

struct Stdout;

impl Handler for Stdout {
    const NAME: &'static str = "stdout";
    const ABOUT: &'static str = "Prints what Graphite would get.";
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn send(&mut self, metrics: &Pieces, _: Instant) -> Result<(), Problem> {
        let mut out = io::stdout().lock();
        out.write_all(metrics.lines().as_bytes())?;
        Ok(out.flush()?)
    }
}
