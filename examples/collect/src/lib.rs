//! The modules of `collect`, from the command line down to the system:
//!
//! - [`app`]: the commands, a short method each; [`run`], [`once`], [`top`] and [`mod@import`] do for
//!   them what takes more lines.
//! - [`config`], [`plan`]: what the files say, and what is made of it.
//! - [`mod@collector`]: what a collector is, and `collectors`, one module each; [`source`]: one with
//!   its configuration; [`rounds`]: one at work, by its
//!   [`schedule`].
//! - [`mod@handler`]: what a handler is, and `handlers`, one module each; [`delivery`]: one with its
//!   queue; [`outlet`]: all of them; [`pipeline`]: all of both.
//! - [`kind`]: how both are found; [`metric`], [`queue`]: what goes from one to the other.
//! - [`child`]: programs that are run; `url`: addresses; [`repeats`]: what is logged once; [`error`]: what goes wrong.

pub mod app;
pub mod child;
pub mod collector;
mod collectors;
pub mod config;
pub mod delivery;
pub mod error;
pub mod handler;
mod handlers;
pub mod import;
pub mod kind;
pub mod metric;
pub mod once;
pub mod outlet;
pub mod pipeline;
pub mod plan;
pub mod queue;
pub mod repeats;
pub mod rounds;
pub mod run;
pub mod schedule;
pub mod source;
pub mod top;
mod url;

#[doc(hidden)]
pub use inventory;
