//! The check that no value needs itself: it knows which bodies run on this thread.
//!
//! A read of a computed value never comes here. Without it, such a body would overflow the stack
//! (`unsync`) or wait for itself for ever (`sync`). Circles that several threads or tasks close
//! together are found in [`waits`](crate::waits).

#[cfg(not(feature = "std"))]
pub(crate) use unwatched::enter;
#[cfg(feature = "async")]
pub(crate) use watched::path;
#[cfg(feature = "std")]
pub(crate) use watched::{Running, address, enter};

/// Without threads to be local to, there is nothing to check against.
#[cfg(not(feature = "std"))]
mod unwatched {
    /// The twin of the watched one.
    pub(crate) struct Running;

    impl Running {
        #[allow(clippy::unused_self, reason = "that of the twin is used")]
        pub(crate) fn computes(&self) {}
    }

    impl Drop for Running {
        fn drop(&mut self) {}
    }

    pub(crate) fn enter<C: crate::read::Fill>(_cell: &C, _name: &'static str) -> Running {
        Running
    }
}

#[cfg(feature = "std")]
mod watched {
    use core::cell::{Cell, OnceCell, RefCell};
    use core::ptr;
    use std::string::String;
    use std::thread_local;
    use std::vec::Vec;

    use crate::waits::{Body, Listed, way};

    /// The address of no cell.
    const NONE: usize = 0;

    thread_local! {
        /// The cell of the body that started while no other ran. Most do, and a first read can be
        /// so short that a list would show: this is a word, which nothing has to set up or drop.
        static OUTER: Cell<usize> = const { Cell::new(NONE) };
        /// The name of that body, if several threads or tasks can wait for it. Others need none,
        /// because the way back to their cell ends with the name that the reader has.
        static OUTER_NAME: Cell<&'static str> = const { Cell::new("") };
        static THREAD: Thread = const { Thread::new() };
    }

    /// What else runs on this thread.
    struct Thread {
        /// The bodies that started while another ran, the innermost last.
        inner: RefCell<Vec<Body>>,
        /// Shows to others that this thread waits. It is there from the first wait on.
        listed: OnceCell<Listed>,
    }

    impl Thread {
        const fn new() -> Self {
            Self {
                inner: RefCell::new(Vec::new()),
                listed: OnceCell::new(),
            }
        }

        fn enter(&self, cell: usize, name: &'static str, waits: bool) -> Result<(), String> {
            let mut inner = self.inner.borrow_mut();
            if is_outer(cell) {
                return Err(way(name, &inner));
            }
            if let Some(start) = inner.iter().position(|(running, _)| *running == cell) {
                return Err(way(name, &inner[start + 1..]));
            }
            if waits {
                let listed = self.listed.get_or_init(Listed::thread);
                listed.wait(outer(), &inner, (cell, name))?;
            }
            inner.push((cell, name));
            Ok(())
        }

        fn leave(&self) {
            self.inner.borrow_mut().pop();
            self.computes();
        }

        /// It waits no longer.
        fn computes(&self) {
            if let Some(listed) = self.listed.get() {
                listed.over();
            }
        }
    }

    /// Where a cell is: what tells it from all others.
    #[inline]
    pub(crate) fn address<C>(cell: &C) -> usize {
        ptr::from_ref(cell).addr()
    }

    /// The body that computes the value of `cell` runs until what this gives is dropped. If
    /// threads share the cell, this one waits for the value before, until it
    /// [computes](Running::computes).
    ///
    /// # Panics
    /// If the value of `cell` is already being computed on this thread, or on one that waits for a
    /// value that this one computes: the message names each value on the way from `cell` back to
    /// it.
    #[inline]
    pub(crate) fn enter<C: crate::read::Fill>(cell: &C, name: &'static str) -> Running {
        if C::IS_SHARED {
            Running::wait(address(cell), name)
        } else {
            Running::enter(address(cell), name, false)
        }
    }

    /// A body that runs: it is taken off the list when this is dropped, by a panic too.
    pub(crate) struct Running {
        cell: usize,
    }

    impl Running {
        /// The body runs from now on; `is_shared` if other threads or tasks can wait for it.
        ///
        /// # Panics
        /// If it runs already on this thread.
        #[inline]
        pub(crate) fn enter(cell: usize, name: &'static str, is_shared: bool) -> Self {
            if is_outer(NONE) {
                OUTER.set(cell);
                if is_shared {
                    OUTER_NAME.set(name);
                }
            } else {
                enter_inner(cell, name, false);
            }
            Self { cell }
        }

        /// As [`enter`](Self::enter), but the thread waits for the value until it
        /// [computes](Self::computes).
        ///
        /// A thread that runs no other body holds nothing that others need, so it is not listed.
        ///
        /// # Panics
        /// If a thread or task that computes the value waits for one that this thread computes.
        #[inline]
        pub(crate) fn wait(cell: usize, name: &'static str) -> Self {
            if is_outer(NONE) {
                OUTER.set(cell);
                OUTER_NAME.set(name);
            } else {
                enter_inner(cell, name, true);
            }
            Self { cell }
        }

        /// The thread waits for the value no longer, because it is the one that computes it.
        #[inline]
        pub(crate) fn computes(&self) {
            if !is_outer(self.cell) {
                computes_inner();
            }
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
    fn is_outer(cell: usize) -> bool {
        OUTER.get() == cell
    }

    fn outer() -> Body {
        (OUTER.get(), OUTER_NAME.get())
    }

    // A thread that is being torn down has no list any more, and computes unchecked.

    #[inline(never)]
    fn enter_inner(cell: usize, name: &'static str, waits: bool) {
        let entered = THREAD.try_with(|thread| thread.enter(cell, name, waits));
        if let Ok(Err(way)) = entered {
            panic!("a lazy value needs itself: {way}");
        }
    }

    #[inline(never)]
    fn computes_inner() {
        let _ = THREAD.try_with(Thread::computes);
    }

    #[inline(never)]
    fn leave_inner() {
        let _ = THREAD.try_with(Thread::leave);
    }

    /// The bodies that run on this thread, the innermost last.
    #[cfg(feature = "async")]
    pub(crate) fn path() -> Vec<Body> {
        let mut path = Vec::new();
        if !is_outer(NONE) {
            path.push(outer());
            let _ = THREAD.try_with(|thread| path.extend_from_slice(&thread.inner.borrow()));
        }
        path
    }
}
