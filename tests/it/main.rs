//! Each behaviour once, by family; the number in a test's comment is the behaviour's in the
//! conformance list that other libraries' tests were distilled to.

// The tests write what users might, in good style or bad; `lints.rs` is the crate in good style.
#![allow(clippy::style, clippy::complexity, clippy::never_loop)]

mod basics;
mod changes;
mod contract;
mod control_flow;
mod derives;
mod failure;
mod functions;
mod generics;
mod homes;
mod hygiene;
mod literals;
mod looking;
mod moved;
mod property;
mod returns;
mod size;
mod threads;
