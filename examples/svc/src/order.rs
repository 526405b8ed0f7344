//! Which services go first.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::name::Name;
use crate::service::Service;

/// The services in steps: each comes in a later step than those that it names as `after`, as far as
/// these are among them. All of a step may start at once; they stop the other way round.
///
/// # Errors
/// If services wait for each other in a circle.
pub fn steps(services: Vec<Service>) -> Result<Vec<Vec<Service>>, Error> {
    let mut left: BTreeMap<Name, Service> = by_name(services);
    let mut steps = vec![];
    while !left.is_empty() {
        let names: BTreeSet<Name> = left.keys().cloned().collect();
        let is_free = |service: &Service| !service.after.iter().any(|name| names.contains(name));
        let (now, later): (BTreeMap<_, _>, BTreeMap<_, _>) =
            left.into_iter().partition(|(_, service)| is_free(service));
        if now.is_empty() {
            return Err(Error::Circle(later.into_keys().collect()));
        }
        steps.push(now.into_values().collect());
        left = later;
    }
    Ok(steps)
}

fn by_name(services: Vec<Service>) -> BTreeMap<Name, Service> {
    let named = |service: Service| (service.name.clone(), service);
    services.into_iter().map(named).collect()
}
