//! The hidden field: [`Lazy`] holds a host's cells, [`LazyHost`] says which cells those are.

use alloc::boxed::Box;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

use crate::read::Cell;
use crate::texts;
use crate::told::Told;

/// A type that has lazy properties. `#[lazy]` on an impl block implements it.
///
/// The trait is sealed: its supertrait is not public, so nobody else can implement it.
///
/// `HOME` numbers the blocks of a type that has more than one (see [`lazy`](macro@crate::lazy)).
/// Most types have one block, home 0.
///
/// ```
/// use lazy_prop::{LazyHost, lazy};
///
/// #[lazy]
/// struct Circle { radius: f64 }
///
/// #[lazy]
/// impl Circle {
///     /// The area, in square units.
///     #[lazy]
///     fn area(&self) -> f64 { self.radius.powi(2) * std::f64::consts::PI }
/// }
///
/// let [area] = <Circle as LazyHost>::PROPERTIES else { panic!() };
/// assert_eq!(area.name(), "area");
/// assert_eq!(area.doc(), "The area, in square units.");
/// assert_eq!(area.type_name(), "f64");
/// # Circle { radius: 1.0, lazy: Default::default() }.area();
/// ```
///
/// An implementation by hand does not compile:
///
/// ```compile_fail,E0277
/// struct Circle;
/// impl lazy_prop::LazyHost for Circle {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no home for its lazy properties",
    label = "no `#[lazy]` impl block has cells for this",
    note = "write `#[lazy]` on an `impl {Self}` block; if it asks for more than the struct, name what the kept types need: `#[lazy(bound = \"\")]`"
)]
pub trait LazyHost<const HOME: usize = 0>: Home<HOME> {
    /// The properties of this home, in the order of the source.
    const PROPERTIES: &'static [Property] = <Self::Count as Listed<Self, HOME>>::LIST;
}

// A bound of a home that is not met is reported as "no home", because that error names the fixes.
#[diagnostic::do_not_recommend]
impl<H: Home<HOME> + ?Sized, const HOME: usize> LazyHost<HOME> for H {}

/// `#[lazy]` on an impl block implements this for its host.
pub trait Home<const HOME: usize> {
    /// The names and the facts of the properties, in the form of `texts.rs`. A flat list of literals costs rustc
    /// a sixth of what a list of [`Property`] costs.
    const TEXTS: &'static [&'static str];

    /// `[(); 3]` if there are three properties.
    type Count: Listed<Self, HOME>;

    /// The struct with one cell for each property, in a field with the property's name.
    type Cells;

    /// Cells that are all empty.
    const EMPTY: Self::Cells;

    /// The one place where generated code names the hidden field.
    fn cells(&self) -> &Self::Cells;

    /// Clears all that is kept.
    fn clear_kept(&mut self);

    /// Clears what a change makes stale; the generated code numbers the changes.
    fn clear(cells: &mut Self::Cells, target: usize);

    /// How many bodies ran, where that is counted.
    fn computations(&self) -> u64 {
        0
    }

    /// The cell of the property at this position.
    fn cell(cells: &Self::Cells, position: usize) -> &dyn Cell;
}

/// The list of a home's properties, whose length is that of the array.
pub trait Listed<H: ?Sized, const HOME: usize> {
    /// The properties, in the order of the source.
    const LIST: &'static [Property];
}

impl<H: Home<HOME> + ?Sized, const HOME: usize, const COUNT: usize> Listed<H, HOME>
    for [(); COUNT]
{
    const LIST: &'static [Property] = &list::<H, HOME, COUNT>();
}

const fn list<H: Home<HOME> + ?Sized, const HOME: usize, const COUNT: usize>() -> [Property; COUNT]
{
    let nothing = Property {
        name: "",
        doc: "",
        type_name: (type_name::<H, HOME>, 0),
        reads: &[],
        cleared_by: &[],
    };
    let mut list = [nothing; COUNT];
    let mut rest = texts::properties(H::TEXTS);
    let mut position = 0;
    while position < COUNT {
        let (reads, others) = texts::section(rest.split_at(2).1);
        let (cleared_by, others) = texts::section(others);
        list[position] = Property {
            name: rest[0],
            doc: rest[1],
            type_name: (type_name::<H, HOME>, position),
            reads,
            cleared_by,
        };
        rest = others;
        position += 1;
    }
    list
}

/// The name of the kept type of the property at this position.
fn type_name<H: Home<HOME> + ?Sized, const HOME: usize>(position: usize) -> &'static str {
    H::cell(&H::EMPTY, position).type_name()
}

/// A description of a lazy property, for which no instance is needed: an item of
/// [`LazyHost::PROPERTIES`].
///
/// ```
/// use lazy_prop::{LazyHost, lazy};
///
/// #[lazy]
/// struct Report { text: String }
///
/// #[lazy]
/// impl Report {
///     #[lazy]
///     fn words(&self) -> usize { self.text.split_whitespace().count() }
///
///     fn push(&mut self, word: &str) { self.text.push_str(word); }
/// }
///
/// let words = <Report as LazyHost>::PROPERTIES[0];
/// assert_eq!(words.reads(), ["text"]);
/// assert_eq!(words.cleared_by(), ["push"]);
/// # Report { text: String::new(), lazy: Default::default() }.words();
/// ```
#[derive(Clone, Copy)]
pub struct Property {
    name: &'static str,
    doc: &'static str,
    /// A function of the home, and the position that it is called with.
    type_name: (fn(usize) -> &'static str, usize),
    reads: &'static [&'static str],
    cleared_by: &'static [&'static str],
}

impl Property {
    /// The name of the method.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The method's doc comment; empty if it has none.
    #[must_use]
    pub const fn doc(&self) -> &'static str {
        self.doc
    }

    /// The type of the kept value, as [`core::any::type_name`] prints it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (self.type_name.0)(self.type_name.1)
    }

    /// The fields and properties that the body reads, directly or through other methods of the
    /// block. `["self"]` means that the macro cannot tell.
    #[must_use]
    pub const fn reads(&self) -> &'static [&'static str] {
        self.reads
    }

    /// The methods of the block that clear the value, because they may change what it reads.
    #[must_use]
    pub const fn cleared_by(&self) -> &'static [&'static str] {
        self.cleared_by
    }
}

impl PartialEq for Property {
    fn eq(&self, other: &Self) -> bool {
        let names = |property: &Self| (property.name, property.doc, property.type_name());
        let relations = |property: &Self| (property.reads, property.cleared_by);
        names(self) == names(other) && relations(self) == relations(other)
    }
}

impl Eq for Property {}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property")
            .field("name", &self.name)
            .field("doc", &self.doc)
            .field("type_name", &self.type_name())
            .field("reads", &self.reads)
            .field("cleared_by", &self.cleared_by)
            .finish()
    }
}

/// The hidden field of a host: one cell for each lazy property of its home.
///
/// `#[lazy]` on a struct adds it as `lazy: Lazy<Self>`. It can also be written by hand, in every
/// kind of struct, tuple structs too. It is neutral, so derives on the host do the same as without
/// it: any two are equal to `==`, `Hash` and `Ord`, `Clone` and `Default` give an empty one, and
/// `Debug` names the computed properties and computes none.
///
/// It dereferences to a struct of cells, each in a field with the name of its property. A cell is a
/// `once_cell::unsync::OnceCell`. With `#[lazy(sync)]` it is a `std::sync::OnceLock`, or a
/// `once_cell::sync::OnceCell` where the property returns `Result<&T, E>`, whose `Err` is not kept.
///
/// ```
/// use lazy_prop::{Lazy, lazy};
///
/// struct Point(f64, f64, Lazy<Self>);
///
/// #[lazy(field = 2)]
/// impl Point {
///     #[lazy]
///     fn norm(&self) -> f64 { self.0.hypot(self.1) }
/// }
///
/// let mut point = Point(3.0, 4.0, Lazy::new());
/// assert_eq!(point.2.norm.get(), None);       // look without computing
/// assert_eq!(point.norm(), 5.0);
/// assert_eq!(point.2.is_computed("norm"), Ok(true));
/// point.0 = 0.0;
/// point.2.clear();                            // clear all
/// assert_eq!(point.norm(), 4.0);
/// assert_eq!(point.2.norm.take(), Some(4.0)); // clear one
/// point.2.norm.set(1.0).unwrap();             // preset
/// assert_eq!(point.norm(), 1.0);
/// ```
pub struct Lazy<H: LazyHost<HOME> + ?Sized, const HOME: usize = 0>(
    H::Cells,
    // The last field tells the compiler that this is sized, also when the host has no home. Without
    // it, that error would speak of sizes.
    Told,
);

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Lazy<H, HOME> {
    /// A field with no property computed.
    #[must_use]
    pub const fn new() -> Self {
        Self(H::EMPTY, Told::new())
    }

    /// Clears every property. The next read computes it again.
    pub fn clear(&mut self) {
        self.telling(|cells| *cells = H::EMPTY);
    }

    /// Clears what a change makes stale, by its number in generated code.
    #[doc(hidden)]
    #[inline]
    pub fn clear_target(&mut self, target: usize) {
        self.telling(|cells| H::clear(cells, target));
    }

    /// Clears, and tells of it where a feature asks for that.
    #[inline]
    fn telling(&mut self, clear: impl FnOnce(&mut H::Cells)) {
        #[cfg(any(feature = "stats", feature = "tracing"))]
        let before = self.positions();
        clear(&mut self.0);
        #[cfg(any(feature = "stats", feature = "tracing"))]
        {
            let after = self.positions();
            let cleared = before
                .into_iter()
                .filter(|position| !after.contains(position));
            let host = core::any::type_name::<H>();
            self.1.cleared(H::PROPERTIES, cleared, host);
        }
    }

    /// The positions of the properties that are computed now.
    #[cfg(any(feature = "stats", feature = "tracing"))]
    fn positions(&self) -> alloc::vec::Vec<usize> {
        let positions = 0..H::PROPERTIES.len();
        positions
            .filter(|position| H::cell(&self.0, *position).is_computed())
            .collect()
    }

    /// Generated code says which method clears next.
    #[doc(hidden)]
    #[inline]
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
    pub fn by(&mut self, method: &'static str) -> &mut Self {
        #[cfg(feature = "tracing")]
        self.1.by(method);
        self
    }

    /// Generated code says that a property is read.
    #[doc(hidden)]
    #[inline]
    #[cfg_attr(not(feature = "stats"), expect(unused_variables))]
    pub fn called(&self, property: &str) {
        #[cfg(feature = "stats")]
        self.1.called(H::PROPERTIES, property);
    }

    /// Generated code says that a body begins.
    #[doc(hidden)]
    #[inline]
    #[cfg_attr(not(feature = "stats"), expect(unused_variables))]
    pub fn computes(&self, property: &str) {
        #[cfg(feature = "stats")]
        self.1.computed(H::PROPERTIES, property);
    }

    /// How many bodies of this host's properties ran, where that is counted.
    #[doc(hidden)]
    #[must_use]
    pub fn computations(&self) -> u64 {
        #[cfg(feature = "stats")]
        return self.stats().map(|stats| stats.computations).sum();
        #[cfg(not(feature = "stats"))]
        0
    }

    /// How often each property of this host was computed, read and cleared, in the order of the
    /// source (feature `stats`).
    ///
    /// ```
    /// # use lazy_prop::lazy;
    /// # #[lazy] struct Report { text: String }
    /// # #[lazy] impl Report { #[lazy] fn words(&self) -> usize { self.text.len() } }
    /// let report = Report { text: "one".into(), lazy: Default::default() };
    /// report.words();
    /// report.words();
    /// let words = report.lazy.stats().next().unwrap();
    /// assert_eq!((words.property, words.computations, words.reads), ("words", 1, 1));
    /// ```
    #[cfg(feature = "stats")]
    pub fn stats(&self) -> impl Iterator<Item = crate::Stats> + '_ {
        self.1.stats(H::PROPERTIES)
    }

    /// Whether the property with this name is computed now.
    ///
    /// # Errors
    /// [`UnknownProperty`] if this home has no property with this name.
    pub fn is_computed(&self, name: &str) -> Result<bool, UnknownProperty> {
        let mut properties = H::PROPERTIES.iter();
        match properties.position(|property| property.name == name) {
            Some(position) => Ok(H::cell(&self.0, position).is_computed()),
            None => Err(UnknownProperty {
                name: name.into(),
                known: H::PROPERTIES,
            }),
        }
    }

    /// The names of the properties that are computed now, in the order of the source.
    pub fn computed(&self) -> impl Iterator<Item = &'static str> + '_ {
        let properties = H::PROPERTIES.iter().enumerate();
        let computed = properties.filter(|(position, _)| H::cell(&self.0, *position).is_computed());
        computed.map(|(_, property)| property.name)
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Deref for Lazy<H, HOME> {
    type Target = H::Cells;

    fn deref(&self) -> &H::Cells {
        &self.0
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> DerefMut for Lazy<H, HOME> {
    fn deref_mut(&mut self) -> &mut H::Cells {
        &mut self.0
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Default for Lazy<H, HOME> {
    fn default() -> Self {
        Self::new()
    }
}

/// Gives an empty one: the kept values belong to the original.
impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Clone for Lazy<H, HOME> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> PartialEq for Lazy<H, HOME> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Eq for Lazy<H, HOME> {}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> PartialOrd for Lazy<H, HOME> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Ord for Lazy<H, HOME> {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> Hash for Lazy<H, HOME> {
    fn hash<S: Hasher>(&self, _: &mut S) {}
}

impl<H: LazyHost<HOME> + ?Sized, const HOME: usize> fmt::Debug for Lazy<H, HOME> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lazy ")?;
        let mut names = f.debug_set();
        for name in self.computed() {
            names.entry(&format_args!("{name}"));
        }
        names.finish()
    }
}

/// The error of [`Lazy::is_computed`]: the home has no property with this name.
///
/// ```
/// # use lazy_prop::lazy;
/// # #[lazy] struct Report { text: String }
/// # #[lazy] impl Report { #[lazy] fn words(&self) -> usize { self.text.len() } }
/// let report = Report { text: "one".into(), lazy: Default::default() };
/// let unknown = report.lazy.is_computed("word").unwrap_err();
/// assert_eq!(unknown.name(), "word");
/// assert_eq!(unknown.to_string(), "no lazy property is named `word`; the properties are: `words`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProperty {
    name: Box<str>,
    known: &'static [Property],
}

impl UnknownProperty {
    /// The name that was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for UnknownProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no lazy property is named `{}`; the properties are:",
            self.name
        )?;
        for (i, property) in self.known.iter().enumerate() {
            write!(f, "{} `{}`", if i == 0 { "" } else { "," }, property.name)?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownProperty {}
