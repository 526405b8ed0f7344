//! The command half: what a command line does, one family a module.

mod contract;
