//! Reading a property: one function for each kind of signature, each of them one match.
//!
//! The accessor inlines the read of a kept value. The rest of a first read, the body included, stays
//! out of it. Each property compiles these functions again, because its body has a type of its own.
//! So there is one layer of them, and code that does not need the body is elsewhere.

use core::any::type_name;

use crate::cycle;
use crate::owned::Lend;
#[cfg(feature = "tracing")]
use crate::told::in_span;

/// What the cells have in common.
pub trait Cell {
    /// Whether there is a value.
    fn is_computed(&self) -> bool;

    /// The name of the value's type.
    fn type_name(&self) -> &'static str;

    /// Drops the value, if there is one.
    fn clear(&mut self);
}

/// A cell that a plain body fills.
pub trait Fill: Cell {
    /// The kept value.
    type Value;

    /// Whether several threads can read it at once.
    const IS_SHARED: bool;

    /// The value, if there is one.
    fn get(&self) -> Option<&Self::Value>;

    /// The value, made by `body`. The cell was empty when this thread looked last.
    fn init(&self, body: impl FnOnce() -> Self::Value) -> &Self::Value;
}

/// A cell that stays empty when its body fails. Std's cells cannot do that on stable Rust.
pub trait TryFill: Fill {
    /// The same as [`init`](Fill::init), but an error is not kept.
    fn try_init<E>(&self, body: impl FnOnce() -> Result<Self::Value, E>)
    -> Result<&Self::Value, E>;
}

/// What is the same for all cells that fill themselves once.
macro_rules! cell {
    ($cell:ty) => {
        impl<T> Cell for $cell {
            fn is_computed(&self) -> bool {
                self.get().is_some()
            }

            fn type_name(&self) -> &'static str {
                type_name::<T>()
            }

            #[inline]
            fn clear(&mut self) {
                drop(self.take());
            }
        }
    };
}

cell!(once_cell::unsync::OnceCell<T>);

impl<T> Fill for once_cell::unsync::OnceCell<T> {
    type Value = T;

    const IS_SHARED: bool = false;

    #[inline]
    fn get(&self) -> Option<&T> {
        self.get()
    }

    #[inline]
    fn init(&self, body: impl FnOnce() -> T) -> &T {
        insert(self, body())
    }
}

impl<T> TryFill for once_cell::unsync::OnceCell<T> {
    #[inline]
    fn try_init<E>(&self, body: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        Ok(insert(self, body()?))
    }
}

/// Puts the value into its cell, which is empty unless the body has set it by hand.
#[inline]
fn insert<T>(cell: &once_cell::unsync::OnceCell<T>, value: T) -> &T {
    let Ok(value) = cell.try_insert(value) else {
        panic!("reentrant init");
    };
    value
}

/// The cells that threads share. In both, one thread runs the body, and the others wait.
#[cfg(feature = "std")]
macro_rules! shared {
    ($($cell:ty),+) => { $(
        cell!($cell);

        impl<T> Fill for $cell {
            type Value = T;

            const IS_SHARED: bool = true;

            #[inline]
            fn get(&self) -> Option<&T> {
                self.get()
            }

            #[inline]
            fn init(&self, body: impl FnOnce() -> T) -> &T {
                self.get_or_init(body)
            }
        }
    )+ };
}

#[cfg(feature = "std")]
shared!(std::sync::OnceLock<T>, once_cell::sync::OnceCell<T>);

#[cfg(feature = "std")]
impl<T> TryFill for once_cell::sync::OnceCell<T> {
    #[inline]
    fn try_init<E>(&self, body: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        self.get_or_try_init(body)
    }
}

/// What `$lend` makes of the value of `$cell`, made by `$body` if there is none yet.
///
/// The panic of a cycle calls the value `$name`. This is a macro, because a function would be one more
/// to compile for each property.
macro_rules! read {
    ($cell:ident, $name:ident, $body:ident, $lend:ident) => {
        match $cell.get() {
            Some(value) => $lend(value),
            None => first($body, $cell, $name, $lend),
        }
    };
}

/// Lends too, so that an accessor ends in a jump here and needs no stack for coming back. And
/// `body`, which is the accessor's `&self` as a rule, stands first, where that is already.
#[cold]
#[inline(never)]
fn first<'c, C: Fill, R>(
    body: impl FnOnce() -> C::Value,
    cell: &'c C,
    name: &'static str,
    lend: impl FnOnce(&'c C::Value) -> R,
) -> R {
    let running = cycle::enter(cell, name);
    #[cfg(feature = "tracing")]
    let body = || in_span(name, body);
    let value = cell.init(|| {
        if C::IS_SHARED {
            running.computes();
        }
        body()
    });
    drop(running);
    lend(value)
}

/// The same as [`first`], but an error is not kept.
#[cold]
#[inline(never)]
fn try_first<'c, C: TryFill, R, E>(
    body: impl FnOnce() -> Result<C::Value, E>,
    cell: &'c C,
    name: &'static str,
    lend: impl FnOnce(&'c C::Value) -> R,
) -> Result<R, E> {
    let running = cycle::enter(cell, name);
    #[cfg(feature = "tracing")]
    let body = || in_span(name, body);
    let value = cell.try_init(|| {
        if C::IS_SHARED {
            running.computes();
        }
        body()
    });
    drop(running);
    value.map(lend)
}

/// The value of `cell`, made by `body` if the cell is empty. An error is not kept.
#[inline]
pub(crate) fn try_get<'c, C: TryFill, E>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> Result<C::Value, E>,
) -> Result<&'c C::Value, E> {
    lent_ok(cell, name, body, |value| value)
}

/// The value of `cell`, made by `body` if the cell is empty.
#[inline]
pub(crate) fn get<'c, C: Fill>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> C::Value,
) -> &'c C::Value {
    lent_by(cell, name, body, |value| value)
}

/// The bound of `T` in `fn(&self) -> T`.
#[diagnostic::on_unimplemented(
    message = "a property that returns `{Self}` by value needs `{Self}: Copy`",
    label = "`{Self}` is not `Copy`",
    note = "return `&{Self}` to lend the kept value, or write `#[lazy(cloned)]` to clone it at each read"
)]
pub trait ByValue: Copy {}

#[diagnostic::do_not_recommend]
impl<T: Copy> ByValue for T {}

/// The same where the macro knows what would be lent: `&str` for `String`, `&'static T` in a function.
#[diagnostic::on_unimplemented(
    message = "a property that returns `{Self}` by value needs `{Self}: Copy`",
    label = "`{Self}` is not `Copy`",
    note = "return `{Lent}` to lend the kept value, or write `#[lazy(cloned)]` to clone it at each read"
)]
pub trait ByValueOr<Lent>: Copy {}

#[diagnostic::do_not_recommend]
impl<T: Copy, Lent> ByValueOr<Lent> for T {}

/// The bound of `T` with `#[lazy(cloned)]`.
#[diagnostic::on_unimplemented(
    message = "`#[lazy(cloned)]` needs `{Self}: Clone`",
    label = "`{Self}` is not `Clone`",
    note = "return `&{Self}` without `cloned` to lend the kept value"
)]
pub trait ByClone: Clone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> ByClone for T {}

/// A copy of what is kept, for readers that lend to a function.
#[must_use]
pub fn copy_of<V: ByValue>(value: &V) -> V {
    *value
}

/// A clone of what is kept, for readers that lend to a function.
#[must_use]
pub fn clone_of<V: ByClone>(value: &V) -> V {
    value.clone()
}

/// `-> T`
#[inline]
pub fn copied<V: ByValue>(
    cell: &impl Fill<Value = V>,
    name: &'static str,
    body: impl FnOnce() -> V,
) -> V {
    read!(cell, name, body, copy)
}

/// `-> T`, with what a reader can be lent instead.
#[inline]
pub fn copied_or<Lent, V: ByValueOr<Lent>>(
    cell: &impl Fill<Value = V>,
    name: &'static str,
    body: impl FnOnce() -> V,
) -> V {
    read!(cell, name, body, copy)
}

// Not a closure, because each property would compile its own.
#[inline]
fn copy<V: Copy>(value: &V) -> V {
    *value
}

/// `-> T` with `cloned`
#[inline]
pub fn cloned<V: ByClone>(
    cell: &impl Fill<Value = V>,
    name: &'static str,
    body: impl FnOnce() -> V,
) -> V {
    let clone = V::clone;
    read!(cell, name, body, clone)
}

/// `-> &T`
#[inline]
pub fn lent<'c, T: Lend<Kept: 'c> + ?Sized>(
    cell: &'c impl Fill<Value = T::Kept>,
    name: &'static str,
    body: impl FnOnce() -> T::Kept,
) -> &'c T {
    let lend = T::lend;
    read!(cell, name, body, lend)
}

/// `-> &T` with `store = S`
///
/// Here and below, `lend` is `<S as Deref>::deref`, or `<T as Lend>::lend` without `store`.
#[inline]
pub fn lent_by<'c, K: 'c, T: ?Sized>(
    cell: &'c impl Fill<Value = K>,
    name: &'static str,
    body: impl FnOnce() -> K,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> &'c T {
    read!(cell, name, body, lend)
}

/// `-> Option<&T>`
#[inline]
pub fn lent_option<'c, K: 'c, T: ?Sized>(
    cell: &'c impl Fill<Value = Option<K>>,
    name: &'static str,
    body: impl FnOnce() -> Option<K>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Option<&'c T> {
    let lend = |value: &'c Option<K>| value.as_ref().map(lend);
    read!(cell, name, body, lend)
}

/// `-> Result<&T, E>`
#[inline]
pub fn lent_ok<'c, K: 'c, T: ?Sized, E>(
    cell: &'c impl TryFill<Value = K>,
    name: &'static str,
    body: impl FnOnce() -> Result<K, E>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Result<&'c T, E> {
    match cell.get() {
        Some(value) => Ok(lend(value)),
        None => try_first(body, cell, name, lend),
    }
}

/// `-> Result<&T, &E>`
#[inline]
pub fn lent_result<'c, K: 'c, L: 'c, T: ?Sized, E: ?Sized>(
    cell: &'c impl Fill<Value = Result<K, L>>,
    name: &'static str,
    body: impl FnOnce() -> Result<K, L>,
    lend: impl FnOnce(&'c K) -> &'c T,
    lend_error: impl FnOnce(&'c L) -> &'c E,
) -> Result<&'c T, &'c E> {
    let lend = |value: &'c Result<K, L>| value.as_ref().map(lend).map_err(lend_error);
    read!(cell, name, body, lend)
}

/// `#[lazy(mut)]`: the value of a cell that was filled by the statement before.
///
/// # Panics
/// If the cell is empty.
#[inline]
#[must_use]
pub fn in_place<K>(kept: Option<&mut K>) -> &mut K {
    kept.expect("a property that was read is kept")
}
