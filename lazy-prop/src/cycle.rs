//! The check that no value needs itself: it knows which bodies run on this thread.
//!
//! A read of a computed value never comes here. Without it, such a body would overflow the stack
//! (`unsync`) or wait for itself for ever (`sync`).

/// Runs `body`, which computes the value of `cell`.
///
/// # Panics
/// If the value of `cell` is already being computed on this thread: the message names each value
/// on the way from `cell` back to it.
#[cfg(feature = "std")]
pub(crate) fn watch<C, R>(cell: &C, name: &'static str, body: impl FnOnce() -> R) -> R {
    let _running = Running::enter(core::ptr::from_ref(cell).addr(), name);
    body()
}

/// Runs `body`; without threads to be local to, there is nothing to check against.
#[cfg(not(feature = "std"))]
pub(crate) fn watch<C, R>(_cell: &C, _name: &'static str, body: impl FnOnce() -> R) -> R {
    body()
}

#[cfg(feature = "std")]
use std::{cell::RefCell, thread_local, vec::Vec};

#[cfg(feature = "std")]
thread_local! {
    /// The address and name of each value that is being computed, the outermost first.
    static BODIES: RefCell<Vec<(usize, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// A body that runs: its entry leaves the list when this is dropped, by a panic too.
#[cfg(feature = "std")]
struct Running;

#[cfg(feature = "std")]
impl Running {
    fn enter(cell: usize, name: &'static str) -> Option<Self> {
        // A thread that is being torn down has no list any more, and computes unchecked.
        let entered = BODIES.try_with(|bodies| {
            let mut bodies = bodies.borrow_mut();
            if let Some(start) = bodies.iter().position(|(running, _)| *running == cell) {
                return Err(way(&bodies[start..]));
            }
            bodies.push((cell, name));
            Ok(())
        });
        match entered {
            Ok(Err(way)) => panic!("a lazy value needs itself: {way}{name}"),
            Ok(Ok(())) => Some(Self),
            Err(_) => None,
        }
    }
}

#[cfg(feature = "std")]
impl Drop for Running {
    fn drop(&mut self) {
        BODIES.with(|bodies| bodies.borrow_mut().pop());
    }
}

/// The names of `bodies` as the way that leads on from each to the next.
#[cfg(feature = "std")]
fn way(bodies: &[(usize, &'static str)]) -> std::string::String {
    bodies.iter().flat_map(|(_, name)| [name, " -> "]).collect()
}
