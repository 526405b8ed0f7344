//! Reading a property: one primitive, [`try_get`], and what each kind of signature makes of it.
//!
//! The path of a computed value is inlined into the accessor; all that a first read needs, the
//! body included, stays out of it.

use core::convert::Infallible;

use crate::cycle;

/// What `once_cell`'s two cells have in common.
pub trait Cell {
    /// The kept value.
    type Value;

    /// The value, if there is one.
    fn get(&self) -> Option<&Self::Value>;

    /// Drops the value, if there is one.
    fn forget(&mut self);

    /// The value, made by `body` if there is none yet.
    fn get_or_try_init<E>(
        &self,
        body: impl FnOnce() -> Result<Self::Value, E>,
    ) -> Result<&Self::Value, E>;
}

macro_rules! cell {
    ($cell:ident :: OnceCell) => {
        impl<T> Cell for once_cell::$cell::OnceCell<T> {
            type Value = T;

            #[inline]
            fn get(&self) -> Option<&T> {
                self.get()
            }

            #[inline]
            fn forget(&mut self) {
                drop(self.take());
            }

            #[inline]
            fn get_or_try_init<E>(&self, body: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
                self.get_or_try_init(body)
            }
        }
    };
}

cell!(unsync::OnceCell);
#[cfg(feature = "std")]
cell!(sync::OnceCell);

/// What `lend` makes of the value of `cell`, made by `body` if there is none yet; an error is not
/// kept.
///
/// `name` is what a cycle's panic calls the value.
#[inline]
fn try_read<'c, C: Cell, R, E>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> Result<C::Value, E>,
    lend: impl FnOnce(&'c C::Value) -> R,
) -> Result<R, E> {
    match cell.get() {
        Some(value) => Ok(lend(value)),
        None => first(body, cell, name, lend),
    }
}

/// Lends too, so that an accessor ends in a jump here and needs no stack for coming back. And
/// `body`, which is the accessor's `&self` as a rule, stands first, where that is already.
#[cold]
#[inline(never)]
fn first<'c, C: Cell, R, E>(
    body: impl FnOnce() -> Result<C::Value, E>,
    cell: &'c C,
    name: &'static str,
    lend: impl FnOnce(&'c C::Value) -> R,
) -> Result<R, E> {
    cycle::watch(cell, name, || cell.get_or_try_init(body)).map(lend)
}

/// What `lend` makes of the value of `cell`, made by `body` if there is none yet.
#[inline]
fn read<'c, C: Cell, R>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> C::Value,
    lend: impl FnOnce(&'c C::Value) -> R,
) -> R {
    let Ok(read) = try_read(cell, name, || Ok::<_, Infallible>(body()), lend);
    read
}

/// The value of `cell`, made by `body` if there is none yet; an error is not kept.
#[inline]
pub(crate) fn try_get<'c, C: Cell, E>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> Result<C::Value, E>,
) -> Result<&'c C::Value, E> {
    try_read(cell, name, body, |value| value)
}

/// The value of `cell`, made by `body` if there is none yet.
#[inline]
pub(crate) fn get<'c, C: Cell>(
    cell: &'c C,
    name: &'static str,
    body: impl FnOnce() -> C::Value,
) -> &'c C::Value {
    read(cell, name, body, |value| value)
}

/// What `fn(&self) -> T` asks of `T`.
#[diagnostic::on_unimplemented(
    message = "a lazy property that returns `{Self}` by value needs it to be `Copy`",
    label = "`{Self}` is not `Copy`",
    note = "lend the kept value, `-> &{Self}`, or clone it at each read, `#[lazy(cloned)]`"
)]
pub trait ByValue: Copy {}

#[diagnostic::do_not_recommend]
impl<T: Copy> ByValue for T {}

/// What `#[lazy(cloned)]` asks of `T`.
#[diagnostic::on_unimplemented(
    message = "`#[lazy(cloned)]` needs `{Self}` to be `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "lend the kept value instead: `-> &{Self}` without `cloned`"
)]
pub trait ByClone: Clone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> ByClone for T {}

/// `-> T`
#[inline]
pub fn copied<V: ByValue>(
    cell: &impl Cell<Value = V>,
    name: &'static str,
    body: impl FnOnce() -> V,
) -> V {
    read(cell, name, body, |value| *value)
}

/// `-> T` with `cloned`
#[inline]
pub fn cloned<V: ByClone>(
    cell: &impl Cell<Value = V>,
    name: &'static str,
    body: impl FnOnce() -> V,
) -> V {
    read(cell, name, body, Clone::clone)
}

/// `-> &T`
///
/// Here and below, `lend` is `<T as Lend>::lend`, or `<S as Deref>::deref` with `store = S`.
#[inline]
pub fn lent<'c, K: 'c, T: ?Sized>(
    cell: &'c impl Cell<Value = K>,
    name: &'static str,
    body: impl FnOnce() -> K,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> &'c T {
    read(cell, name, body, lend)
}

/// `-> Option<&T>`
#[inline]
pub fn lent_option<'c, K: 'c, T: ?Sized>(
    cell: &'c impl Cell<Value = Option<K>>,
    name: &'static str,
    body: impl FnOnce() -> Option<K>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Option<&'c T> {
    read(cell, name, body, |value| value.as_ref().map(lend))
}

/// `-> Result<&T, E>`
#[inline]
pub fn lent_ok<'c, K: 'c, T: ?Sized, E>(
    cell: &'c impl Cell<Value = K>,
    name: &'static str,
    body: impl FnOnce() -> Result<K, E>,
    lend: impl FnOnce(&'c K) -> &'c T,
) -> Result<&'c T, E> {
    try_read(cell, name, body, lend)
}

/// `-> Result<&T, &E>`
#[inline]
pub fn lent_result<'c, K: 'c, L: 'c, T: ?Sized, E: ?Sized>(
    cell: &'c impl Cell<Value = Result<K, L>>,
    name: &'static str,
    body: impl FnOnce() -> Result<K, L>,
    lend: impl FnOnce(&'c K) -> &'c T,
    lend_error: impl FnOnce(&'c L) -> &'c E,
) -> Result<&'c T, &'c E> {
    read(cell, name, body, |value| {
        value.as_ref().map(lend).map_err(lend_error)
    })
}
