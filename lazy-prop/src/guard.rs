//! The guard of a method that may end with stale values.

use core::ops::{Deref, DerefMut};

/// A host whose stale values are cleared now, and again when this is dropped: when the method ends,
/// by `return`, `?`, a panic or a dropped future.
pub struct Guard<'h, H: ?Sized> {
    host: &'h mut H,
    clear: fn(&mut H),
}

impl<'h, H: ?Sized> Guard<'h, H> {
    /// Clears now, and again on drop.
    pub fn new(host: &'h mut H, clear: fn(&mut H)) -> Self {
        clear(host);
        Self { host, clear }
    }
}

impl<H: ?Sized> Drop for Guard<'_, H> {
    fn drop(&mut self) {
        (self.clear)(self.host);
    }
}

impl<H: ?Sized> Deref for Guard<'_, H> {
    type Target = H;

    fn deref(&self) -> &H {
        self.host
    }
}

impl<H: ?Sized> DerefMut for Guard<'_, H> {
    fn deref_mut(&mut self) -> &mut H {
        self.host
    }
}
