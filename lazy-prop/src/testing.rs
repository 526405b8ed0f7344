//! For tests of your own: whether a property is computed, and a clock that can be moved (feature
//! `testing`, for a dev-dependency).
//!
//! ```
//! use lazy_prop::testing::{assert_computed, assert_not_computed};
//! use lazy_prop::lazy;
//!
//! #[lazy]
//! struct Report { title: String, text: String }
//!
//! #[lazy]
//! impl Report {
//!     #[lazy]
//!     fn words(&self) -> usize { self.text.split(' ').count() }
//!
//!     fn set_title(&mut self, title: &str) { self.title = title.into(); }
//!     fn push(&mut self, text: &str) { self.text.push_str(text); }
//!     fn new(text: &str) -> Self { Self { title: String::new(), text: text.into() } }
//! }
//!
//! let mut report = Report::new("one two");
//! assert_not_computed!(report, words);
//! report.words();
//! report.set_title("numbers");
//! assert_computed!(report, words);        // a title changes no count
//! report.push(" three");
//! assert_not_computed!(report, words);
//! ```

use core::time::Duration;

#[cfg(feature = "stats")]
use crate::host::LazyHost;

use crate::clock::AHEAD;

/// Moves the clock by which values expire ahead, for the thread that calls it.
///
/// ```
/// use std::time::Duration;
/// use lazy_prop::{lazy, testing};
///
/// #[lazy]
/// struct Shop { price: std::cell::Cell<u32> }
///
/// #[lazy]
/// impl Shop {
///     #[lazy(ttl = Duration::from_secs(60))]
///     fn price(&self) -> u32 { self.price.get() }
///     fn new(price: u32) -> Self { Self { price: price.into() } }
/// }
///
/// let shop = Shop::new(1);
/// assert_eq!(shop.price(), 1);
/// shop.price.set(2);
/// assert_eq!(shop.price(), 1);
/// testing::advance(Duration::from_secs(61));
/// assert_eq!(shop.price(), 2);
/// ```
pub fn advance(by: Duration) {
    AHEAD.set(AHEAD.get() + by);
}

/// How many bodies of the host's properties ran while `read` did (feature `stats` too).
///
/// ```
/// use lazy_prop::{lazy, testing};
///
/// #[lazy]
/// struct Report { text: String }
///
/// #[lazy]
/// impl Report {
///     #[lazy]
///     fn words(&self) -> usize { self.text.split(' ').count() }
///     #[lazy]
///     fn average(&self) -> usize { self.text.len() / self.words() }
///     fn new(text: &str) -> Self { Self { text: text.into() } }
/// }
///
/// let report = Report::new("one two");
/// let computations = testing::count_computations(&report, |report| {
///     report.average();
///     report.words();
/// });
/// assert_eq!(computations, 2);
/// ```
///
/// Of a second home sum up its [`stats`](crate::Lazy::stats).
#[cfg(feature = "stats")]
pub fn count_computations<H: LazyHost<0>, R>(host: &H, read: impl FnOnce(&H) -> R) -> u64 {
    let before = host.computations();
    read(host);
    host.computations() - before
}

/// Fails unless a property of a host is computed: `assert_computed!(report, words)`.
///
/// A name that is no property does not compile. Of a second home ask
/// [`is_computed`](crate::Lazy::is_computed).
#[macro_export]
#[doc(hidden)]
macro_rules! __assert_computed {
    ($host:expr, $property:ident $(,)?) => {
        ::core::assert!(
            $crate::__private::Cell::is_computed(&$crate::__private::cells(&$host).$property),
            "`{}` is not computed",
            ::core::stringify!($property),
        )
    };
}

/// Fails if a property of a host is computed: `assert_not_computed!(report, words)`.
///
/// A name that is no property does not compile. Of a second home ask
/// [`is_computed`](crate::Lazy::is_computed).
#[macro_export]
#[doc(hidden)]
macro_rules! __assert_not_computed {
    ($host:expr, $property:ident $(,)?) => {
        ::core::assert!(
            !$crate::__private::Cell::is_computed(&$crate::__private::cells(&$host).$property),
            "`{}` is computed",
            ::core::stringify!($property),
        )
    };
}

#[doc(inline)]
pub use crate::{
    __assert_computed as assert_computed, __assert_not_computed as assert_not_computed,
};
