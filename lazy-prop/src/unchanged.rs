//! A property that calls `push` on a `Vec` of its host gets one error, which says what to do. rustc's
//! own would advise `&mut self`, and a property can't have that.

use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use crate::places::Probe;

/// A type of std with methods that change it: `push`, `insert`, `clear`.
pub trait Container {}

macro_rules! containers {
    ($($({$($generics:tt)*})? $ty:ty),* $(,)?) => {
        $(impl<$($($generics)*)?> Container for $ty {})*
    };
}

containers! {
    String, {T} Vec<T>, {T} VecDeque<T>, {T} LinkedList<T>, {T} BinaryHeap<T>, {T} BTreeSet<T>,
    {K, V} BTreeMap<K, V>, {T} Option<T>,
}

#[cfg(feature = "std")]
containers! {
    {K, V, S} std::collections::HashMap<K, V, S>, {T, S} std::collections::HashSet<T, S>,
    std::path::PathBuf, std::ffi::OsString,
}

/// No container has it.
#[diagnostic::on_unimplemented(
    message = "a lazy property only reads its host: change this in a plain method that takes `&mut self`",
    label = "this changes a field"
)]
pub trait Unchanged {}

/// The place has a type of std.
pub trait OfContainer {
    /// The place.
    type Place: ?Sized;

    /// Does not compile.
    fn only_reads(&self)
    where
        Self::Place: Unchanged,
    {
    }
}

impl<T: Container + ?Sized> OfContainer for Probe<T> {
    type Place = T;
}

/// The place has any other type.
pub trait OfOther {
    /// Its method may take `&self`.
    fn only_reads(&self) {}
}

impl<T: ?Sized> OfOther for &Probe<T> {}
