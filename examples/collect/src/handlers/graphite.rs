//! Lines of text for Graphite.

use std::io::Write;
use std::time::Instant;

use super::carbon::{Carbon, Settings};
use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Graphite);

struct Graphite {
    carbon: Carbon,
    /// Kept, so that its memory is.
    text: Vec<u8>,
}

impl Handler for Graphite {
    const NAME: &'static str = "graphite";
    const ABOUT: &'static str = "Sends lines of text to Graphite's carbon daemon by TCP.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            carbon: Carbon::new(settings, 2003),
            text: vec![],
        }
    }

    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem> {
        self.text.clear();
        for metric in metrics.iter() {
            writeln!(self.text, "{metric}")?;
        }
        self.carbon.send(&self.text, deadline)
    }
}
