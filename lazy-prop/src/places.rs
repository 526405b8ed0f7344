//! What a place in a host is: rustc decides by its type what a name alone can't tell.
//!
//! In `self.items.len()` the macro sees a name that only looks in std, but not whose `len` it is. So
//! the place's type is asked for, and method lookup answers: it takes the first trait whose bounds
//! hold, and that one gives [`Looks`] or [`Changes`]. With that the hidden field is indexed:
//! [`Looks`] borrows it shared, as the call itself does, and only [`Changes`] borrows it mutably.

use core::marker::PhantomData;
use core::ops::{DerefMut, Index, IndexMut};

use crate::host::{Home, Lazy, LazyHost};
use crate::known::Known;

/// The type of a place, which is never evaluated, and what is done with it.
pub struct Probe<T: ?Sized, C = ()>(PhantomData<fn() -> (C, *const T)>);

/// Asks for the type of the place that `place` would borrow; `C` is the class of the method that is
/// called on it.
#[inline]
pub fn probe<'p, C, T: ?Sized + 'p>(_place: impl FnOnce() -> &'p T) -> Probe<T, C> {
    Probe(PhantomData)
}

/// The place is looked at.
#[derive(Clone, Copy)]
pub struct Looks;

/// The place may be changed.
#[derive(Clone, Copy)]
pub struct Changes;

impl Looks {
    /// There is nothing to clear.
    #[inline]
    // It is called as the method of `Lazy` is.
    #[allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref)]
    pub const fn clear_target(&self, _target: usize) {}

    /// As [`Lazy::by`].
    #[must_use]
    pub const fn by(&self, _method: &'static str) -> &Self {
        self
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Index<Looks> for Lazy<H, HOME> {
    type Output = Looks;

    #[inline]
    fn index(&self, _: Looks) -> &Looks {
        &Looks
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Index<Changes> for Lazy<H, HOME> {
    type Output = Self;

    #[inline]
    fn index(&self, _: Changes) -> &Self {
        self
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> IndexMut<Changes> for Lazy<H, HOME> {
    #[inline]
    fn index_mut(&mut self, _: Changes) -> &mut Self {
        self
    }
}

/// A method whose name looks in std, on a type of std that has it.
pub trait OfKnown {
    /// What the method does.
    #[inline]
    fn look(&self) -> Looks {
        Looks
    }
}

impl<T: Known<C> + ?Sized, C> OfKnown for Probe<T, C> {}

/// Such a method on any other type.
pub trait OfUnknown {
    /// What the method may do.
    #[inline]
    fn look(&self) -> Changes {
        Changes
    }
}

impl<T: ?Sized, C> OfUnknown for &Probe<T, C> {}

/// A pattern that takes a mutable reference apart borrows what it refers to.
pub trait OfReference {
    /// What the pattern may do.
    #[inline]
    fn taken(&self) -> Changes {
        Changes
    }
}

impl<T: ?Sized> OfReference for Probe<&mut T> {}

/// One that takes a value apart copies it.
pub trait OfValue {
    /// What the pattern does.
    #[inline]
    fn taken(&self) -> Looks {
        Looks
    }
}

impl<T: ?Sized> OfValue for &Probe<T> {}

/// A place that is a host itself.
pub trait InnerHost<T: ?Sized> {
    /// Clears all that it keeps.
    fn clear_inner(&self, inner: &mut T);
}

impl<H: Home<0> + ?Sized> InnerHost<H> for &&Probe<H> {
    #[inline]
    fn clear_inner(&self, inner: &mut H) {
        inner.clear_kept();
    }
}

/// A place that leads to a host: a box of one.
pub trait InnerBox<T: ?Sized> {
    /// Clears all that it keeps.
    fn clear_inner(&self, inner: &mut T);
}

impl<B: DerefMut<Target: Home<0>> + ?Sized> InnerBox<B> for &Probe<B> {
    #[inline]
    fn clear_inner(&self, inner: &mut B) {
        (**inner).clear_kept();
    }
}

/// Any other place.
pub trait NoHost<T: ?Sized> {
    /// There is nothing to clear.
    fn clear_inner(&self, inner: &mut T);
}

impl<T: ?Sized> NoHost<T> for Probe<T> {
    #[inline]
    fn clear_inner(&self, _: &mut T) {}
}
