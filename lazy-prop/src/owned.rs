//! What a borrowed return type keeps: `&str` keeps a `String`, `&T` a `T`.

use alloc::{ffi::CString, string::String, vec::Vec};
use core::ffi::CStr;

/// A type that a lazy property can lend as `&Self`, and the owned form that its cell keeps.
///
/// Chosen by type, so aliases work, and so does a type of your own that is named `Path`.
#[diagnostic::on_unimplemented(
    message = "a lazy property can't tell what to keep for `&{Self}`",
    label = "`{Self}` has no owned form of its own",
    note = "name what the cell keeps and the body makes: `#[lazy(store = Box<{Self}>)]`"
)]
pub trait Lend {
    /// What the cell keeps and the body evaluates to.
    type Kept;

    /// Borrows the kept value.
    fn lend(kept: &Self::Kept) -> &Self;
}

/// Anything sized is kept as it is.
#[diagnostic::do_not_recommend]
impl<T> Lend for T {
    type Kept = T;

    #[inline]
    fn lend(kept: &T) -> &T {
        kept
    }
}

impl<T> Lend for [T] {
    type Kept = Vec<T>;

    #[inline]
    fn lend(kept: &Vec<T>) -> &[T] {
        kept
    }
}

macro_rules! kept_as {
    ($($borrowed:ty => $owned:ty),* $(,)?) => {$(
        impl Lend for $borrowed {
            type Kept = $owned;

            #[inline]
            fn lend(kept: &$owned) -> &$borrowed {
                kept
            }
        }
    )*};
}

kept_as!(str => String, CStr => CString);

#[cfg(feature = "std")]
kept_as!(std::path::Path => std::path::PathBuf, std::ffi::OsStr => std::ffi::OsString);
