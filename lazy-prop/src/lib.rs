#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "command-core")]
pub mod command;
mod cycle;
mod host;
mod owned;
mod property;
mod read;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[cfg(feature = "command-core")]
pub use command::face::{command, commands, options};
pub use host::{Lazy, LazyHost, Property, UnknownProperty};
pub use lazy_prop_derive::lazy;
pub use property::LazyProperty;

/// The thread-safe twins.
#[cfg(feature = "std")]
pub mod sync {
    pub use crate::property::sync::LazyProperty;
}
