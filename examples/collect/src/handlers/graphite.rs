//! Lines of text for Graphite.

use std::time::Instant;

use super::carbon::{Carbon, Settings};
use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Graphite);

struct Graphite {
    carbon: Carbon,
}

impl Handler for Graphite {
    const NAME: &'static str = "graphite";
    const ABOUT: &'static str = "Sends lines of text to Graphite's carbon daemon by TCP.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            carbon: Carbon::new(settings, 2003),
        }
    }

    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem> {
        self.carbon.send(metrics.lines().as_bytes(), deadline)
    }
}
