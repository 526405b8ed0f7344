//! Whether a variable can borrow its host, as far as its type tells.
//!
//! In `let n = count(self);` the macro sees neither the function nor the type. While `n` borrows the
//! host, nothing can be cleared, so the type is asked for, as that of a place is (see `places.rs`):
//! [`Changes`] allows clearing, and [`Looks`] does not.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::{Index, Range, RangeInclusive};
use core::time::Duration;

use crate::places::{Changes, Looks, Probe};

/// A type of std that can borrow nothing.
pub trait Owned {}

macro_rules! owned {
    ($($({$($generics:tt)*})? $ty:ty),* $(,)?) => {
        $(impl<$($($generics)*)?> Owned for $ty {})*
    };
}

owned! {
    (), bool, char, String, Duration, Ordering, core::fmt::Error,
    core::num::ParseIntError, core::num::ParseFloatError, core::str::Utf8Error,
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64,
    {A: Owned} (A,), {A: Owned, B: Owned} (A, B), {A: Owned, B: Owned, C: Owned} (A, B, C),
    {A: Owned, B: Owned, C: Owned, D: Owned} (A, B, C, D),
    {T: Owned, const N: usize} [T; N], {T: Owned} Option<T>, {T: Owned, E: Owned} Result<T, E>,
    {T: Owned} Vec<T>, {T: Owned} VecDeque<T>, {T: Owned} LinkedList<T>, {T: Owned} BinaryHeap<T>,
    {T: Owned} BTreeSet<T>, {K: Owned, V: Owned} BTreeMap<K, V>,
    {T: Owned} Range<T>, {T: Owned} RangeInclusive<T>,
    {T: Owned} Box<T>, {T: Owned} Rc<T>, {T: Owned} Arc<T>, Box<str>, Rc<str>, Arc<str>,
    {T: Owned} Box<[T]>, {T: Owned} Rc<[T]>, {T: Owned} Arc<[T]>,
}

/// The types that need the standard library.
#[cfg(feature = "std")]
mod std_types {
    use std::collections::{HashMap, HashSet};
    use std::ffi::OsString;
    use std::path::PathBuf;
    use std::time::{Instant, SystemTime};

    use super::Owned;

    owned! {
        PathBuf, OsString, Instant, SystemTime, std::io::Error,
        {K: Owned, V: Owned, S} HashMap<K, V, S>, {T: Owned, S} HashSet<T, S>,
    }
}

/// A variable that can borrow nothing.
pub trait OfOwned {
    /// The host can be cleared beside it.
    #[inline]
    fn loan(&self) -> Changes {
        Changes
    }
}

impl<T: Owned> OfOwned for Probe<T> {}

/// Any other variable.
pub trait OfBorrowing {
    /// The host may be borrowed.
    #[inline]
    fn loan(&self) -> Looks {
        Looks
    }
}

impl<T: ?Sized> OfBorrowing for &Probe<T> {}

// Several variables: one that may borrow is enough.

impl Index<Looks> for Looks {
    type Output = Self;

    #[inline]
    fn index(&self, _: Self) -> &Self {
        self
    }
}

impl Index<Changes> for Looks {
    type Output = Self;

    #[inline]
    fn index(&self, _: Changes) -> &Self {
        self
    }
}
