//! The order of services.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::Name;
use crate::service::Service;

/// Services in the order in which they start.
#[derive(Debug, Default)]
pub struct Order {
    /// Each service is in a later step than those in its `after` that are among them. All services
    /// of a step may start at once. They stop in reverse order.
    pub steps: Vec<Vec<Service>>,
    /// The services that wait for each other, a list for each cycle. They are in no step.
    pub circles: Vec<Vec<Service>>,
}

impl Order {
    /// The order of these services.
    #[must_use]
    pub fn of(services: Vec<Service>) -> Self {
        let named = |service: Service| (service.name.clone(), service);
        let mut left: BTreeMap<Name, Service> = services.into_iter().map(named).collect();
        let mut order = Self::default();
        while !left.is_empty() {
            let waiting: BTreeSet<Name> = left.keys().cloned().collect();
            let waits = |service: &Service| {
                let mut after = service.after.iter();
                after.any(|after| waiting.iter().any(|name| is_meant(after, name)))
            };
            let (later, mut now): (BTreeMap<_, _>, BTreeMap<_, _>) =
                left.into_iter().partition(|(_, service)| waits(service));
            left = later;
            if now.is_empty() {
                let circle = circle(&left);
                now.extend(
                    circle
                        .into_iter()
                        .filter_map(|name| left.remove_entry(&name)),
                );
                order.circles.push(now.into_values().collect());
            } else {
                order.steps.push(now.into_values().collect());
            }
        }
        order
    }
}

/// Whether a name in an `after` means this service: it is its name, or it is an instance of it.
fn is_meant(after: &Name, name: &Name) -> bool {
    after == name || name.is_instance_of(after)
}

/// A cycle among services that all wait for each other.
fn circle(services: &BTreeMap<Name, Service>) -> Vec<Name> {
    let mut way: Vec<Name> = services.keys().take(1).cloned().collect();
    loop {
        let Some(last) = way.last().and_then(|name| services.get(name)) else {
            return way;
        };
        let mut names = services.keys();
        let next = names.find(|name| last.after.iter().any(|after| is_meant(after, name)));
        let Some(next) = next else {
            return way;
        };
        if let Some(start) = way.iter().position(|name| name == next) {
            return way.split_off(start);
        }
        way.push(next.clone());
    }
}

/// The cycle that a service would close, if any: its name, and each service it waits for, back to
/// itself.
#[must_use]
pub fn closes(service: &Service, all: &[Service]) -> Option<Vec<Name>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![service.name.clone()]];
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        let last = all
            .iter()
            .find(|other| other.name == *last && *last != service.name);
        let last = last.or((way.len() == 1).then_some(service));
        let after = last.map_or(&[][..], |last| &last.after);
        let others = all.iter().map(|other| &other.name).chain([&service.name]);
        for next in others.filter(|name| after.iter().any(|after| is_meant(after, name))) {
            if *next == service.name {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                ways.push([&way[..], std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}
