//! What `svc` is made of.
//!
//! - [`app`]: the commands.
//! - [`service`], [`name`]: what is known of a service.
//! - [`registry`]: where that is kept.
//! - [`daemon`]: how a process becomes a daemon, usable by itself.
//! - [`paths`], [`error`], [`trust`], [`kill_point`]: what all of these need.

pub mod daemon;
pub mod error;
pub mod kill_point;
pub mod name;
pub mod paths;
pub mod registry;
pub mod service;
mod sys;
pub mod trust;
