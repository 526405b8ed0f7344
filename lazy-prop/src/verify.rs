//! Compares each kept value with a fresh one (feature `verify`, for tests).

use alloc::vec::Vec;

/// Finds stale values. `#[lazy]` on an impl block implements it.
///
/// The methods of the block clear what they make stale. A test can find changes that went past them,
/// such as the assignment of a `pub` field elsewhere, or one through a `RefCell`:
///
/// ```
/// use lazy_prop::{Verify, lazy};
///
/// #[lazy]
/// struct Report { pub text: String }
///
/// #[lazy]
/// impl Report {
///     fn new(text: &str) -> Self { Self { text: text.into() } }
///
///     #[lazy]
///     fn words(&self) -> usize { self.text.split_whitespace().count() }
/// }
///
/// let mut report = Report::new("one two");
/// assert_eq!(report.words(), 2);
/// assert!(report.verify().is_empty());
///
/// report.text.push_str(" three");              // past every method
/// assert_eq!(report.verify(), ["words"]);
/// assert_eq!(report.words(), 3);
/// ```
pub trait Verify<const HOME: usize = 0> {
    /// Computes each kept value again, and names those that differ. The new values are kept.
    ///
    /// Values of a type without `PartialEq`, or of a type parameter, count as equal. A value that now
    /// fails to compute differs.
    fn verify(&mut self) -> Vec<&'static str>;
}

/// A kept value and a fresh one. Method lookup finds [`ByEq`] first, and [`Uncompared`] where the
/// bound of `ByEq` does not hold.
pub struct Pair<'p, T>(pub &'p T, pub Option<&'p T>);

/// For values that can be compared.
pub trait ByEq {
    /// Whether the two count as equal.
    fn is_same(&self) -> bool;
}

impl<T: PartialEq> ByEq for Pair<'_, T> {
    fn is_same(&self) -> bool {
        self.1 == Some(self.0)
    }
}

/// For all others.
pub trait Uncompared {
    /// Whether the two count as equal.
    fn is_same(&self) -> bool;
}

impl<T> Uncompared for &Pair<'_, T> {
    fn is_same(&self) -> bool {
        self.1.is_some()
    }
}
