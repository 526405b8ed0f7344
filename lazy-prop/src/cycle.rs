//! The check that no value needs itself: it knows which bodies run on this thread.
//!
//! A read of a computed value never comes here. Without it, such a body would overflow the stack
//! (`unsync`) or wait for itself for ever (`sync`).

/// Without threads to be local to, there is nothing to check against.
#[cfg(not(feature = "std"))]
pub(crate) fn enter<C>(_cell: &C, _name: &'static str) -> impl Sized {}

#[cfg(feature = "std")]
pub(crate) use watched::enter;

#[cfg(feature = "std")]
mod watched {
    use core::cell::{Cell, RefCell};
    use core::{iter, ptr};
    use std::string::String;
    use std::thread_local;
    use std::vec::Vec;

    /// The address of no cell.
    const NONE: usize = 0;

    thread_local! {
        /// The cell of the body that started while no other ran. Most do, and a first read can be
        /// so short that a list would show: this is a word, which nothing has to set up or drop.
        /// It needs no name, for the way back to this cell ends with the name that it has.
        static OUTER: Cell<usize> = const { Cell::new(NONE) };
        /// The cell and the name of each body that started while another ran, the innermost last.
        static INNER: RefCell<Vec<(usize, &'static str)>> = const { RefCell::new(Vec::new()) };
    }

    /// The body that computes the value of `cell` runs until what this gives is dropped.
    ///
    /// # Panics
    /// If the value of `cell` is already being computed on this thread: the message names each
    /// value on the way from `cell` back to it.
    #[inline]
    pub(crate) fn enter<C>(cell: &C, name: &'static str) -> Running {
        Running::enter(ptr::from_ref(cell).addr(), name)
    }

    /// A body that runs: it is taken off the list when this is dropped, by a panic too.
    pub(crate) struct Running {
        cell: usize,
    }

    impl Running {
        #[inline]
        fn enter(cell: usize, name: &'static str) -> Self {
            if OUTER.get() == NONE {
                OUTER.set(cell);
            } else {
                enter_inner(cell, name);
            }
            Self { cell }
        }
    }

    impl Drop for Running {
        #[inline]
        fn drop(&mut self) {
            if OUTER.get() == self.cell {
                OUTER.set(NONE);
            } else {
                leave_inner();
            }
        }
    }

    #[inline(never)]
    fn enter_inner(cell: usize, name: &'static str) {
        // A thread that is being torn down has no list any more, and computes unchecked.
        let entered = INNER.try_with(|inner| {
            let mut inner = inner.borrow_mut();
            if OUTER.get() == cell {
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

    /// The way from the value of this name over those that `bodies` compute back to it.
    fn way(name: &str, bodies: &[(usize, &'static str)]) -> String {
        // Looked at here, so that a read of one that has no name does not have to.
        let shown = |name| match name {
            "" => "LazyProperty",
            name => name,
        };
        let names = iter::once(name).chain(bodies.iter().map(|(_, name)| *name));
        let steps = names.flat_map(|name| [shown(name), " -> "]);
        steps.chain([shown(name)]).collect()
    }
}
