//! The owned form of a borrowed return type: `String` for `&str`, `T` for `&T`.

use alloc::{ffi::CString, string::String, vec::Vec};
use core::ffi::CStr;

/// A type that a lazy property can lend as `&Self`, and the owned form that its cell keeps.
///
/// The type decides, so aliases work, and so does your own type named `Path`.
#[diagnostic::on_unimplemented(
    message = "`&{Self}` does not say what to keep",
    label = "`{Self}` has no owned form",
    note = "name the type to keep, which the body makes: `#[lazy(store = Box<{Self}>)]`"
)]
pub trait Lend {
    /// The type that the cell keeps and the body makes.
    type Kept;

    /// Borrows the kept value.
    fn lend(kept: &Self::Kept) -> &Self;
}

/// A sized type is its own owned form.
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
