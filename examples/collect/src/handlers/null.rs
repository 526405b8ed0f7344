//! Accepts all metrics and discards them.

use std::time::Instant;

use super::Nothing;
use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Null);

struct Null;

impl Handler for Null {
    const NAME: &'static str = "null";
    const ABOUT: &'static str = "Takes everything and does nothing, to try collectors.";
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn send(&mut self, _: &Pieces, _: Instant) -> Result<(), Problem> {
        Ok(())
    }
}
