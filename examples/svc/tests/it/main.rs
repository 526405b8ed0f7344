//! The program as its users meet it: real processes, in directories of their own.

mod sandbox;

mod concurrent;
mod identity;
mod inheritance;
mod kill_points;
mod many;
mod order;
mod orphan;
mod restart;
mod start;
mod stop;
mod tree;
