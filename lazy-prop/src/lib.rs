// The README shows both halves, so it is the front page only where both are there.
#![cfg_attr(feature = "command", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "command"),
    doc = "Compute once, on first use: see [`lazy`](macro@lazy) and [`LazyProperty`]."
)]
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "async")]
mod awaited;
#[cfg(feature = "std")]
mod clock;
#[cfg(feature = "command-core")]
pub mod command;
mod cycle;
#[cfg(feature = "std")]
mod expiring;
mod guard;
mod host;
mod known;
mod loans;
mod owned;
mod places;
mod property;
#[cfg(feature = "std")]
mod racing;
mod read;
#[cfg(feature = "async")]
mod suspended;
#[cfg(feature = "testing")]
pub mod testing;
mod texts;
mod told;
mod unchanged;
#[cfg(feature = "verify")]
mod verify;
#[cfg(feature = "std")]
mod waits;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[cfg(feature = "command-core")]
pub use command::face::{command, commands, options};
pub use host::{Lazy, LazyHost, Property, UnknownProperty};
pub use property::LazyProperty;
#[cfg(feature = "stats")]
pub use told::Stats;
#[cfg(feature = "verify")]
pub use verify::Verify;

#[cfg_attr(feature = "std", doc = include_str!("../docs/lazy.md"))]
pub use lazy_prop_derive::lazy;

/// The rules of the macros: what the compiler refuses, why, and what to write instead.
#[cfg(all(feature = "std", any(doc, doctest)))]
pub mod rules {
    /// The rules of `#[lazy]`.
    pub mod lazy {
        #![doc = include_str!("../docs/lazy-rules.md")]
    }

    /// The rules of `#[command]`.
    #[cfg(feature = "command")]
    pub mod command {
        #![doc = include_str!("../docs/command-rules.md")]
    }
}

// The package `tests/guide` runs the guide's code, which needs crates that this one does not.
#[cfg(all(feature = "std", doc, not(doctest)))]
pub mod guide;

/// The thread-safe twins.
#[cfg(feature = "std")]
pub mod sync {
    pub use crate::property::sync::LazyProperty;
}
