//! Pickled lists for Graphite, which reads them with less work than lines.

use std::time::Instant;

use serde_pickle::SerOptions;

use super::carbon::{Carbon, Settings};
use crate::collector::Problem;
use crate::handler::Handler;
use crate::queue::Pieces;

crate::handler!(Pickle);

struct Pickle {
    carbon: Carbon,
}

/// The metrics in one list. carbon refuses lists of more than 1 MiB.
const LIST: usize = 500;

impl Handler for Pickle {
    const NAME: &'static str = "pickle";
    const ABOUT: &'static str = "Sends pickled lists to Graphite's carbon daemon by TCP.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            carbon: Carbon::new(settings, 2004),
        }
    }

    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem> {
        self.carbon.send(&frames(metrics)?, deadline)
    }
}

/// Lists of `(path, (time, value))`, each after its length.
fn frames(metrics: &Pieces) -> Result<Vec<u8>, Problem> {
    let entries = metrics
        .iter()
        .map(|metric| (metric.path(), (metric.sample.time, metric.sample.value)));
    let entries: Vec<_> = entries.collect();
    let mut bytes = vec![];
    for list in entries.chunks(LIST) {
        // A format that Python 2 reads too.
        let list = serde_pickle::to_vec(&list, SerOptions::new().proto_v2())?;
        bytes.extend(u32::try_from(list.len())?.to_be_bytes());
        bytes.extend(list);
    }
    Ok(bytes)
}
