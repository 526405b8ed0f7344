//! What generated code needs, and nobody else: it changes without notice.

pub use core;
#[cfg(feature = "std")]
pub use once_cell::sync;
pub use once_cell::unsync;

pub use crate::host::{Lazy, LazyHost, Property};
pub use crate::owned::Lend;
pub use crate::read::{ByClone, ByValue, cloned, copied, lent, lent_ok, lent_option, lent_result};

#[cfg(feature = "command-core")]
pub use crate::{__meta as meta, __submit as submit};
#[cfg(feature = "command-core")]
pub use lazy_prop_derive::{__entry as entry, __not_in_options as not_in_options};

#[cfg(feature = "command-core")]
pub mod command {
    //! The command line's part.
    pub use crate::command::generated::*;
    pub use crate::command::{Cli, Commands, Place, ladders};
}
