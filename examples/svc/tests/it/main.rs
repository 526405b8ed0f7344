//! The program as its users meet it: real processes, in directories of their own.

mod sandbox;

mod disks;
mod environment;
mod failures;
mod follow;
mod foreground;
mod input;
mod output;
mod registry_files;
mod start;
mod trust;
