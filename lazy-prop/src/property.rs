//! [`LazyProperty`]: the function and its cell in one field, without a macro.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

/// Defines `LazyProperty` over one of `once_cell`'s two cells, with the documentation given.
///
/// Std's cells do not serve, because `try_get` needs a cell that stays empty when the function fails.
macro_rules! lazy_property {
    ($(#[$doc:meta])* over $cell:path) => {
        $(#[$doc])*
        pub struct LazyProperty<T, F> {
            cell: $cell,
            init: F,
            name: &'static str,
            doc: &'static str,
        }

        impl<T, O: ?Sized, R> LazyProperty<T, fn(&O) -> R> {
            /// A property that `init` computes from its owner. `init` is a function or a closure that
            /// captures nothing; for one that captures, see [`from_fn`](Self::from_fn).
            #[must_use]
            pub const fn new(init: fn(&O) -> R) -> Self {
                Self::from_fn(init)
            }
        }

        impl<T, F> LazyProperty<T, F> {
            /// A property that `init`, of any type, computes from its owner.
            ///
            /// The type of a closure has no name, so the owner becomes generic:
            /// `struct Owner<F> { bar: LazyProperty<u32, F> }`.
            #[must_use]
            pub const fn from_fn(init: F) -> Self {
                Self { cell: <$cell>::new(), init, name: "", doc: "" }
            }

            /// The same property with a name and a description.
            #[must_use]
            pub const fn named(mut self, name: &'static str, doc: &'static str) -> Self {
                self.name = name;
                self.doc = doc;
                self
            }

            /// The value, computed from `owner` on the first read.
            ///
            /// Pass the struct that has the property as a field: the first read decides the value, and
            /// later reads ignore `owner`.
            ///
            /// # Panics
            /// If the function reads the value that it computes (with the feature `std`), or panics
            /// itself. Then the next read tries again.
            pub fn get<O: ?Sized>(&self, owner: &O) -> &T
            where
                F: Fn(&O) -> T,
            {
                $crate::read::get(&self.cell, self.name, || (self.init)(owner))
            }

            /// The value, computed from `owner` on the first read by a function that can fail.
            ///
            /// # Errors
            /// The error of the function. It is not kept, and the next read tries again.
            ///
            /// # Panics
            /// The same as [`get`](Self::get).
            pub fn try_get<O: ?Sized, E>(&self, owner: &O) -> Result<&T, E>
            where
                F: Fn(&O) -> Result<T, E>,
            {
                $crate::read::try_get(&self.cell, self.name, || (self.init)(owner))
            }

            /// The value if it is kept. Computes nothing.
            pub fn peek(&self) -> Option<&T> {
                self.cell.get()
            }

            /// Whether the value is kept.
            pub fn is_computed(&self) -> bool {
                self.peek().is_some()
            }

            /// The name given to [`named`](Self::named), else the empty string.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                self.name
            }

            /// The description given to [`named`](Self::named), else the empty string.
            #[must_use]
            pub const fn doc(&self) -> &'static str {
                self.doc
            }

            /// Sets the value before the first read.
            ///
            /// # Errors
            /// Gives `value` back if one is kept already.
            pub fn set(&self, value: T) -> Result<(), T> {
                self.cell.set(value)
            }

            /// Clears the value and gives it back. The next read computes it again.
            pub fn take(&mut self) -> Option<T> {
                self.cell.take()
            }

            /// The value, if it was computed.
            pub fn into_inner(self) -> Option<T> {
                self.cell.into_inner()
            }
        }

        /// Shows the name, and whether the value is kept. Computes nothing.
        impl<T, F> fmt::Debug for LazyProperty<T, F> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("LazyProperty")
                    .field("name", &self.name)
                    .field("computed", &self.is_computed())
                    .finish_non_exhaustive()
            }
        }

        /// The same function, nothing computed.
        impl<T, F: Clone> Clone for LazyProperty<T, F> {
            fn clone(&self) -> Self {
                Self::from_fn(self.init.clone()).named(self.name, self.doc)
            }
        }

        /// Any two are equal, so that a derive on the owner compares its other fields.
        impl<T, F> PartialEq for LazyProperty<T, F> {
            fn eq(&self, _: &Self) -> bool {
                true
            }
        }

        impl<T, F> Eq for LazyProperty<T, F> {}

        impl<T, F> PartialOrd for LazyProperty<T, F> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<T, F> Ord for LazyProperty<T, F> {
            fn cmp(&self, _: &Self) -> Ordering {
                Ordering::Equal
            }
        }

        impl<T, F> Hash for LazyProperty<T, F> {
            fn hash<S: Hasher>(&self, _: &mut S) {}
        }
    };
}

lazy_property! {
    /// A value that a field computes from its owner on first use: a lazy property without a macro.
    ///
    /// One field holds the function and the value, and each read passes the owner. Any two are equal to
    /// `==`, `Hash` and `Ord`, and a clone has computed nothing, so derives on the owner do the same as
    /// without it. The idea comes from Python's descriptors.
    ///
    /// ```
    /// use lazy_prop::LazyProperty;
    ///
    /// struct Foo { x: u32, bar: LazyProperty<u32, fn(&Foo) -> u32> }
    ///
    /// let mut foo = Foo { x: 21, bar: LazyProperty::new(|foo: &Foo| foo.x * 2).named("bar", "Twice x.") };
    /// assert_eq!(foo.bar.peek(), None);
    /// assert_eq!(*foo.bar.get(&foo), 42);
    /// assert_eq!(foo.bar.set(7), Err(7));
    /// assert_eq!((foo.bar.name(), foo.bar.doc()), ("bar", "Twice x."));
    ///
    /// foo.x = 1;
    /// assert_eq!(foo.bar.take(), Some(42));
    /// assert_eq!(*foo.bar.get(&foo), 2);
    /// ```
    over once_cell::unsync::OnceCell<T>
}

#[cfg(feature = "std")]
pub(crate) mod sync {
    use super::{Hash, Hasher, Ordering, fmt};

    lazy_property! {
        /// The thread-safe [`LazyProperty`](crate::LazyProperty): one thread computes, the others
        /// wait.
        ///
        /// ```
        /// use lazy_prop::sync::LazyProperty;
        ///
        /// struct Foo { x: u32, bar: LazyProperty<u32, fn(&Foo) -> u32> }
        ///
        /// static FOO: Foo = Foo { x: 21, bar: LazyProperty::new(|foo| foo.x * 2) };
        /// assert_eq!(*FOO.bar.get(&FOO), 42);
        /// ```
        over once_cell::sync::OnceCell<T>
    }
}
