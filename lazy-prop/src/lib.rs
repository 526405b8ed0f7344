#![cfg_attr(feature = "std", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "std"),
    doc = "Compute once, on first use; this is the documentation without the feature `std`."
)]
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod cycle;
mod forget;
mod host;
mod owned;
mod property;
mod read;
#[cfg(feature = "verify")]
mod verify;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use host::{Lazy, LazyHost, Property, UnknownProperty};
pub use property::LazyProperty;
#[cfg(feature = "verify")]
pub use verify::Verify;

#[cfg_attr(feature = "std", doc = include_str!("../docs/lazy.md"))]
pub use lazy_prop_derive::lazy;

/// The rules of the macros, each with what the compiler says of who breaks it.
#[cfg(all(feature = "std", any(doc, doctest)))]
pub mod rules {
    #![doc = include_str!("../docs/lazy-rules.md")]
}

/// What happens to a kept value when what it was computed from changes.
#[cfg(all(feature = "std", any(doc, doctest)))]
pub mod changes {
    #![doc = include_str!("../docs/changes.md")]
}

/// The thread-safe twins.
#[cfg(feature = "std")]
pub mod sync {
    pub use crate::property::sync::LazyProperty;
}
