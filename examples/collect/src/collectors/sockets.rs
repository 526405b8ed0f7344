//! The number of sockets in use.

use std::io::ErrorKind;

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(Sockets);

struct Sockets;

impl Collector for Sockets {
    const NAME: &'static str = "sockets";
    const ABOUT: &'static str =
        "How many sockets of each protocol are in use, and what memory they take.";
    const NEEDS: Option<&'static str> = Some("net/sockstat");
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        tell(run, &run.text("net/sockstat")?)?;
        match run.text("net/sockstat6") {
            Ok(text) => tell(run, &text),
            // The kernel has no IPv6.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// `TCP: inuse 5 orphan 0` becomes `tcp_inuse` and `tcp_orphan`.
fn tell(run: &mut Run<'_>, text: &str) -> Result<(), Problem> {
    for line in text.lines() {
        let (protocol, counts) = line
            .split_once(": ")
            .ok_or("net/sockstat is of another form")?;
        let words: Vec<_> = counts.split_whitespace().collect();
        for pair in words.chunks_exact(2) {
            run.count(
                &format!("{}_{}", protocol.to_lowercase(), pair[0]),
                pair[1].parse()?,
            );
        }
    }
    Ok(())
}
