//! Each behaviour once, by family; the number in a test's comment is the behaviour's in the
//! conformance list that other libraries' tests were distilled to.

mod basics;
mod contract;
mod derives;
mod failure;
mod functions;
mod generics;
mod homes;
mod hygiene;
mod lints;
mod literals;
mod looking;
mod property;
mod returns;
mod size;
mod threads;
