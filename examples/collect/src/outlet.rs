//! All handlers together.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::delivery::{Delivery, Prepared, Stats};
use crate::metric::Batch;

/// The running handlers.
#[derive(Default)]
pub struct Outlet {
    deliveries: RwLock<Vec<Delivery>>,
}

impl Outlet {
    /// Gives a batch to each handler.
    pub fn publish(&self, batch: &Arc<Batch>) {
        let deliveries = self
            .deliveries
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        for delivery in &*deliveries {
            delivery.publish(batch);
        }
    }

    /// The counts of each handler.
    #[must_use]
    pub fn stats(&self) -> Vec<(String, Stats)> {
        let deliveries = self
            .deliveries
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        deliveries
            .iter()
            .map(|delivery| (delivery.name().to_owned(), delivery.stats()))
            .collect()
    }

    /// Changes to these handlers. One that stays keeps its queue. One that is gone sends its queue,
    /// as far as the time allows.
    ///
    /// # Errors
    /// If the system refuses another thread.
    pub fn set(
        &self,
        wanted: Vec<Prepared>,
        log_interval: Duration,
        stop_limit: Duration,
    ) -> io::Result<()> {
        let mut deliveries = self
            .deliveries
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::take(&mut *deliveries);
        for prepared in wanted {
            let place = old
                .iter()
                .position(|delivery| delivery.name() == prepared.name());
            deliveries.push(if let Some(place) = place {
                let mut delivery = old.swap_remove(place);
                delivery.reload(prepared);
                delivery
            } else {
                Delivery::start(prepared, log_interval)?
            });
        }
        drop(deliveries);
        stop(old, Instant::now() + stop_limit);
        Ok(())
    }

    /// Sends the queued metrics, as far as possible until then.
    pub fn stop(&self, until: Instant) {
        let mut deliveries = self
            .deliveries
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        stop(std::mem::take(&mut *deliveries), until);
    }
}

/// All at once, so that a slow one takes no time from the others.
fn stop(deliveries: Vec<Delivery>, until: Instant) {
    for delivery in &deliveries {
        delivery.stop(until);
    }
    for delivery in deliveries {
        // A little more time, because a handler that ends at the limit still reports.
        delivery.join(until + Duration::from_millis(500));
    }
}
