//! Each behaviour once, by family. A number in a test's comment is the number of the behaviour in a list
//! that was drawn from the tests of other libraries.

// These tests write what users might write, in good style or bad. The crate `lints` is in good style.
#![allow(clippy::style, clippy::complexity, clippy::never_loop)]

mod also;
mod at_changes;
mod basics;
mod changes;
mod contract;
mod control_flow;
mod derives;
mod expiring;
mod failure;
mod functions;
mod generics;
mod handed_on;
mod homes;
mod hygiene;
mod in_place;
mod literals;
mod looking;
mod moved;
mod namesakes;
mod nested_hosts;
mod places;
mod property;
mod references;
mod returns;
mod size;
mod struct_update;
mod threads;
mod variables;
mod waiting_borrows;
mod waits;
