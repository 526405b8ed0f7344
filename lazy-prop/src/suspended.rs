//! Futures that wait inside of the body of another value.

use crate::cycle;
use crate::waits::{Body, Listed, way};

/// A future that waits, or computes, inside of the body of another value.
#[derive(Default)]
pub(crate) struct Suspended(Option<Listed>);

impl Suspended {
    /// The future is left while it waits for `wanted`, or computes it.
    ///
    /// Called each time, because a future can be polled inside of one body now and of another, or
    /// of none, later.
    ///
    /// # Panics
    /// If a body that this one runs in computes `wanted`, or waits for one that does.
    pub(crate) fn on(&mut self, wanted: Body) {
        let path = cycle::path();
        if let Some(start) = path.iter().position(|body| body.0 == wanted.0) {
            needs_itself(&way(wanted.1, &path[start + 1..]));
        }
        if self.0.as_ref().is_some_and(|listed| listed.is_in(&path)) {
            return;
        }
        self.0 = None;
        if !path.is_empty() {
            match Listed::task(path, wanted) {
                Ok(listed) => self.0 = Some(listed),
                Err(way) => needs_itself(&way),
            }
        }
    }
}

fn needs_itself(way: &str) -> ! {
    panic!("a lazy value needs itself: {way}")
}
