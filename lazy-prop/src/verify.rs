//! Comparing what is kept with what would be computed now (feature `verify`, for tests).

use alloc::vec::Vec;

/// Finds values that are stale; implemented by `#[lazy]` on an impl block.
///
/// The methods of the block clear what they make stale by themselves. A test can find out whether
/// something that they don't see, such as a `pub` field that is assigned elsewhere or a `RefCell`,
/// went past them:
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
    /// Computes each value that is kept afresh, and names those that differ; the fresh ones are
    /// kept instead.
    ///
    /// Values whose type is not `PartialEq`, or is a parameter, count as equal. A value whose
    /// computation fails now differs.
    fn verify(&mut self) -> Vec<&'static str>;
}

/// A kept value and a fresh one, to be compared if they can be: method lookup finds [`ByEq`]
/// first, and [`Uncompared`] where its bound doesn't hold.
pub struct Pair<'p, T>(pub &'p T, pub Option<&'p T>);

/// For values that can be compared.
pub trait ByEq {
    /// Whether the two are equal, as far as can be told.
    fn is_same(&self) -> bool;
}

impl<T: PartialEq> ByEq for Pair<'_, T> {
    fn is_same(&self) -> bool {
        self.1 == Some(self.0)
    }
}

/// For all others.
pub trait Uncompared {
    /// Whether the two are equal, as far as can be told.
    fn is_same(&self) -> bool;
}

impl<T> Uncompared for &Pair<'_, T> {
    fn is_same(&self) -> bool {
        self.1.is_some()
    }
}
