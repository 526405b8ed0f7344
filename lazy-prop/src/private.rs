//! What generated code needs, and nobody else: it changes without notice.

pub use core;
#[cfg(feature = "std")]
pub use once_cell::sync;
pub use once_cell::unsync;

pub use crate::forget::Forgetting;
pub use crate::host::{Home, Lazy, Property};
pub use crate::owned::Lend;
pub use crate::read::{
    ByClone, ByValue, Cell, cloned, copied, lent, lent_ok, lent_option, lent_result,
};
