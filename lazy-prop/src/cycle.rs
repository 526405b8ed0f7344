//! The check that no value needs itself: it knows which bodies run on this thread.
//!
//! A read of a computed value never comes here. Without it, such a body would overflow the stack
//! (`unsync`) or wait for itself for ever (`sync`). Circles that several threads or tasks close
//! together are found in [`waits`](crate::waits).

/// Without threads to be local to, there is nothing to check against.
#[cfg(not(feature = "std"))]
pub(crate) fn enter<C: crate::read::Fill>(_cell: &C, _name: &'static str) -> impl Sized {}

#[cfg(feature = "async")]
pub(crate) use watched::way;
#[cfg(feature = "std")]
pub(crate) use watched::{Body, Running, address, enter, is_outer, path, shown};

#[cfg(feature = "std")]
mod watched {
    use core::cell::{Cell, RefCell};
    use core::{iter, ptr};
    use std::string::String;
    use std::thread_local;
    use std::vec::Vec;

    /// A body that computes a value: the address of the cell, and the name of the value.
    pub(crate) type Body = (usize, &'static str);

    /// The address of no cell.
    const NONE: usize = 0;

    thread_local! {
        /// The cell of the body that started while no other ran. Most do, and a first read can be
        /// so short that a list would show: this is a word, which nothing has to set up or drop.
        static OUTER: Cell<usize> = const { Cell::new(NONE) };
        /// The name of that body, if several threads or tasks can wait for it. Others need none,
        /// because the way back to their cell ends with the name that the reader has.
        static OUTER_NAME: Cell<&'static str> = const { Cell::new("") };
        /// The bodies that started while another ran, the innermost last.
        static INNER: RefCell<Vec<Body>> = const { RefCell::new(Vec::new()) };
    }

    /// Where a cell is: what tells it from all others.
    #[inline]
    pub(crate) fn address<C>(cell: &C) -> usize {
        ptr::from_ref(cell).addr()
    }

    /// The body that computes the value of `cell` runs until what this gives is dropped.
    ///
    /// # Panics
    /// If the value of `cell` is already being computed on this thread: the message names each
    /// value on the way from `cell` back to it.
    #[inline]
    pub(crate) fn enter<C: crate::read::Fill>(cell: &C, name: &'static str) -> Running {
        Running::enter(address(cell), name, C::IS_SHARED)
    }

    /// A body that runs: it is taken off the list when this is dropped, by a panic too.
    pub(crate) struct Running {
        cell: usize,
    }

    impl Running {
        /// As [`enter`], of the cell at an address.
        #[inline]
        pub(crate) fn enter(cell: usize, name: &'static str, is_shared: bool) -> Self {
            if is_outer(NONE) {
                OUTER.set(cell);
                if is_shared {
                    OUTER_NAME.set(name);
                }
            } else {
                enter_inner(cell, name);
            }
            Self { cell }
        }
    }

    impl Drop for Running {
        #[inline]
        fn drop(&mut self) {
            if is_outer(self.cell) {
                OUTER.set(NONE);
            } else {
                leave_inner();
            }
        }
    }

    /// Whether the body of this cell started while no other ran.
    #[inline]
    pub(crate) fn is_outer(cell: usize) -> bool {
        OUTER.get() == cell
    }

    #[inline(never)]
    fn enter_inner(cell: usize, name: &'static str) {
        // A thread that is being torn down has no list any more, and computes unchecked.
        let entered = INNER.try_with(|inner| {
            let mut inner = inner.borrow_mut();
            if is_outer(cell) {
                return Err(way(name, &inner));
            }
            if let Some(start) = inner.iter().position(|(running, _)| *running == cell) {
                return Err(way(name, &inner[start + 1..]));
            }
            inner.push((cell, name));
            Ok(())
        });
        if let Ok(Err(way)) = entered {
            panic!("a lazy value needs itself: {way}");
        }
    }

    #[inline(never)]
    fn leave_inner() {
        // Where there is no list, nothing was entered.
        let _ = INNER.try_with(|inner| inner.borrow_mut().pop());
    }

    /// Puts the bodies that run on this thread into `path`, the innermost last.
    pub(crate) fn path(path: &mut Vec<Body>) {
        path.clear();
        if !is_outer(NONE) {
            path.push((OUTER.get(), OUTER_NAME.get()));
            let _ = INNER.try_with(|inner| path.extend_from_slice(&inner.borrow()));
        }
    }

    /// The way from the value of this name over those that `bodies` compute back to it.
    pub(crate) fn way(name: &str, bodies: &[Body]) -> String {
        let names = iter::once(name).chain(bodies.iter().map(|(_, name)| *name));
        let steps = names.flat_map(|name| [shown(name), " -> "]);
        steps.chain([shown(name)]).collect()
    }

    /// What a message calls the value of this name.
    ///
    /// Looked at here, so that a read of one that has no name does not have to.
    pub(crate) fn shown(name: &str) -> &str {
        match name {
            "" => "LazyProperty",
            name => name,
        }
    }
}
