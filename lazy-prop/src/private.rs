//! Only generated code uses this module. It changes without notice.

pub use core;
pub use once_cell::unsync;

pub use crate::guard::Guard;
pub use crate::host::{Home, Lazy};
pub use crate::known::class;
pub use crate::loans::{OfBorrowing, OfOwned};
pub use crate::owned::Lend;
pub use crate::places::{
    InnerBox, InnerHost, NoHost, OfKnown, OfReference, OfUnknown, OfValue, probe,
};
pub use crate::read::{
    ByClone, ByValue, ByValueOr, Cell, clone_of, cloned, copied, copied_or, copy_of, in_place,
    lent, lent_by, lent_ok, lent_option, lent_result,
};
pub use crate::texts::{target_of, target_of_all, target_unless};

/// The cells that threads share.
#[cfg(feature = "std")]
pub mod sync {
    // For a property whose error is not kept, because std's cell has no stable `get_or_try_init`.
    pub use once_cell::sync::OnceCell;
    // For all others, because it is smaller.
    pub use std::sync::OnceLock;
}

/// Cells whose values expire, and their reads.
#[cfg(feature = "std")]
pub mod expiring {
    pub use crate::expiring::{Expiring, Meanwhile, expiring, expiring_ok};
}

/// Cells whose readers don't wait.
#[cfg(feature = "std")]
pub mod racing {
    pub use crate::racing::Racing;
}

/// Cells that are awaited, and their reads.
#[cfg(feature = "async")]
pub mod awaited {
    pub use async_lock::OnceCell as Awaited;

    pub use crate::awaited::{
        AwaitedExpiring, expiring, expiring_ok, kept, kept_ok, kept_option, kept_result, lent,
        lent_ok, lent_option, lent_result, never,
    };
}

/// The cells of a host's first home.
#[cfg(feature = "testing")]
pub fn cells<H: Home<0>>(host: &H) -> &H::Cells {
    host.cells()
}

/// Code that only the feature `verify` needs.
#[cfg(feature = "verify")]
#[macro_export]
#[doc(hidden)]
macro_rules! __if_verify {
    ($($item:tt)*) => { $($item)* };
}

/// Code that only the feature `verify` needs.
#[cfg(not(feature = "verify"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __if_verify {
    ($($item:tt)*) => {};
}

pub use crate::__if_verify as if_verify;
pub use crate::unchanged::{OfContainer, OfOther};
#[cfg(feature = "verify")]
pub use crate::verify::{ByEq, Pair, Uncompared, Verify};
pub use alloc::vec::Vec;

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
