//! All handlers together: where metrics go.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::delivery::{Delivery, Prepared, Stats};
use crate::metric::Batch;

/// The handlers at work.
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

    /// How each handler does.
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

    /// Goes on with these handlers. One that was there keeps its queue; one that is no more sends
    /// what it has, as far as it can in this time.
    ///
    /// # Errors
    /// If there can be no more threads.
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

    /// Sends what is queued, as far as that can be done until then.
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
        // A little more, for what ends at that time still says so.
        delivery.join(until + Duration::from_millis(500));
    }
}
