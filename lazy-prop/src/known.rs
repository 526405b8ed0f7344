//! The types of std that have a class of methods which only look.
//!
//! `std_methods.rs` of the macro says which methods a class has. A type stands here only if it has all
//! of them, for the name of one that it has not may be that of a user's own trait.

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

/// A type of std whose methods of this class only look.
pub trait Known<C> {}

macro_rules! classes {
    ($($class:ident: $types:tt)*) => {
        /// Classes of methods.
        pub mod class {
            $(
                #[doc = "Methods of a class."]
                pub struct $class;
            )*
        }
        $(known!($class $types);)*
    };
}

macro_rules! known {
    ($class:ident { $($({$($generics:tt)*})? $ty:ty),* $(,)? }) => {
        $(impl<$($($generics)*)?> Known<class::$class> for $ty {})*
    };
}

classes! {
    Every: {
        bool, char, str, String, Duration,
        i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64,
        {T} Vec<T>, {T} VecDeque<T>, {T} LinkedList<T>, {T} BTreeSet<T>, {K, V} BTreeMap<K, V>,
        {T, const N: usize} [T; N], {T} Option<T>, {T, E} Result<T, E>,
    }
    Shown: {
        bool, char, str, String,
        i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64,
    }
    Sized: {
        str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} VecDeque<T>,
        {T} LinkedList<T>, {T} BinaryHeap<T>, {T} BTreeSet<T>, {K, V} BTreeMap<K, V>,
    }
    Iterated: {
        {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} VecDeque<T>, {T} LinkedList<T>,
        {T} BinaryHeap<T>, {T} BTreeSet<T>, {K, V} BTreeMap<K, V>, {T} Option<T>, {T, E} Result<T, E>,
    }
    Ended: { {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} BTreeSet<T> }
    Queued: { {T} VecDeque<T>, {T} LinkedList<T> }
    Indexed: {
        str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} VecDeque<T>,
        {T} BTreeSet<T>, {K, V} BTreeMap<K, V>,
    }
    Searched: {
        str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} VecDeque<T>,
        {T} LinkedList<T>, {T} BTreeSet<T>,
    }
    Affixed: { str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T> }
    Split: { str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T> }
    Repeated: { str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T> }
    Joined: { {T} [T], {T, const N: usize} [T; N], {T} Vec<T> }
    Viewed: { str, String, {T} [T], {T, const N: usize} [T; N], {T} Vec<T>, {T} Option<T>, {T, E} Result<T, E> }
    Peeked: { {T} BinaryHeap<T> }
    Ranged: { {T} BTreeSet<T>, {K, V} BTreeMap<K, V>, {T} VecDeque<T> }
    Grown: { String, {T} Vec<T>, {T} VecDeque<T>, {T} BinaryHeap<T> }
    List: { {T} [T], {T, const N: usize} [T; N], {T} Vec<T> }
    Text: { str, String }
    String: { String }
    Map: { {K, V} BTreeMap<K, V> }
    Sorted: { {K, V} BTreeMap<K, V> }
    Set: { {T} BTreeSet<T> }
    Maybe: { {T} Option<T>, {T, E} Result<T, E> }
    Option: { {T} Option<T> }
    Result: { {T, E} Result<T, E> }
    Number: { i8, i16, i32, i64, i128, isize, f32, f64, u8, u16, u32, u64, u128, usize }
    Whole: { i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize }
    Unsigned: { u8, u16, u32, u64, u128, usize }
    Signed: { i8, i16, i32, i64, i128, isize }
    Real: { f32, f64 }
    Bool: { bool }
    Char: { char }
    Path: {}
    Duration: { Duration }
    Instant: {}
}

/// What is shared can't be changed.
impl<T: ?Sized, C> Known<C> for &T {}
impl<T: ?Sized, C> Known<C> for Rc<T> {}
impl<T: ?Sized, C> Known<C> for Arc<T> {}
/// What is boxed is reached through the box.
impl<T: Known<C> + ?Sized, C> Known<C> for Box<T> {}
impl<T: Known<C> + ToOwned + ?Sized, C> Known<C> for Cow<'_, T> {}

/// The types that need the standard library.
#[cfg(feature = "std")]
mod std_types {
    use std::collections::{HashMap, HashSet};
    use std::path::{Path, PathBuf};
    use std::time::{Instant, SystemTime};

    use super::{Known, class};

    known!(Every { Path, PathBuf, Instant, SystemTime, {K, V, S} HashMap<K, V, S>, {T, S} HashSet<T, S> });
    known!(Sized { {K, V, S} HashMap<K, V, S>, {T, S} HashSet<T, S> });
    known!(Iterated { Path, PathBuf, {K, V, S} HashMap<K, V, S>, {T, S} HashSet<T, S> });
    known!(Indexed { {K, V, S} HashMap<K, V, S>, {T, S} HashSet<T, S> });
    known!(Searched { {T, S} HashSet<T, S> });
    known!(Affixed { Path, PathBuf });
    known!(Joined { Path, PathBuf });
    known!(Viewed { Path, PathBuf });
    known!(Grown { {K, V, S} HashMap<K, V, S>, {T, S} HashSet<T, S> });
    known!(Map { {K, V, S} HashMap<K, V, S> });
    known!(Set { {T, S} HashSet<T, S> });
    known!(Path { Path, PathBuf });
    known!(Instant {
        Instant,
        SystemTime
    });
}
