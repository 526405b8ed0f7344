//! The program as its users meet it: real processes, in directories of their own.

mod sandbox;

mod care;
mod checkers;
mod concurrent;
mod disks;
mod environment;
mod events;
mod exchange;
mod export;
mod failures;
mod follow;
mod foreground;
mod identity;
mod inheritance;
mod input;
mod instances;
mod json;
mod kill_points;
mod log;
mod many;
mod names;
mod nested;
mod order;
mod orphan;
mod output;
mod ready;
mod registry_files;
mod rename;
mod restart;
mod rights;
mod start;
mod stop;
mod stray;
mod top;
mod tree;
mod trust;
#[path = "../users/mod.rs"]
mod users;
mod wait;
mod web;
