//! The parts of `svc`, from the command line down to the system:
//!
//! - [`app`]: the commands, a short method each; [`define`], [`fleet`], [`show`], [`logs`], [`events`], [`import`],
//!   [`export`], [`top`], [`web`], [`env_file`] and [`boot`] do for them what takes more than a few lines.
//! - [`service`], [`name`], [`pattern`], [`instances`]: what a service is, and which ones a command means; [`registry`]: where that is kept.
//! - [`control`]: starting and stopping, seen from a command; [`order`]: who goes first; [`look`]: how
//!   a service is; [`hand`], [`condition`]: who handles it, and its state in a word.
//! - [`shim`]: the process that looks after one service; [`spawn`], [`streams`], [`program`],
//!   [`ending`], [`exit`], [`restarts`]: how that starts, ends and comes back; [`adopted`]: one that another shim had started; [`state`]: what the
//!   shim writes down of it.
//! - [`ready`], [`notices`], [`await_state`]: when one counts as started, and waiting for that; [`health`], [`check`]: whether it
//!   works; [`schedule`], [`file_watch`], [`reload`]: what starts it, restarts it and makes it read its files.
//! - [`account`], [`limits`], [`cgroup`]: what it may do; [`helper`]: a command that runs beside it.
//! - [`log`]: what services write, and the process that keeps it.
//! - [`identity`], [`stat`], [`mark`], [`tree`], [`stray`], [`lock`], [`trust`], [`paths`]: processes and files that are
//!   surely those which are meant.
//! - [`outcome`], [`json`], [`time`]: how facts are printed.
//! - [`error`]: what goes wrong, in one line each; [`kill_point`]: how tests break it.

pub mod account;
pub mod adopted;
pub mod app;
pub mod await_state;
pub mod boot;
pub mod cgroup;
pub mod check;
pub mod condition;
pub mod control;
pub mod define;
pub mod ending;
pub mod env_file;
pub mod error;
pub mod events;
pub mod exit;
pub mod export;
pub mod file_watch;
pub mod fleet;
pub mod hand;
pub mod health;
pub mod helper;
pub mod identity;
pub mod import;
pub mod instances;
pub mod json;
pub mod kill_point;
pub mod limits;
pub mod lock;
pub mod log;
pub mod logs;
pub mod look;
pub mod mark;
pub mod millis;
pub mod name;
pub mod notices;
pub mod order;
pub mod outcome;
pub mod own;
pub mod paths;
pub mod pattern;
pub mod program;
pub mod ready;
pub mod registry;
pub mod reload;
pub mod restarts;
pub mod schedule;
pub mod service;
pub mod shim;
pub mod show;
pub mod spawn;
pub mod stat;
pub mod state;
pub mod stray;
pub mod streams;
pub mod surroundings;
pub mod time;
pub mod top;
pub mod tree;
pub mod trust;
pub mod unattended;
pub mod web;
