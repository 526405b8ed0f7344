//! The guard of a method that may leave values stale when it is left.

use core::ops::{Deref, DerefMut};

/// A host whose stale values are forgotten now, and when this is dropped: when the method that
/// changes it is left, by `return`, `?`, a panic or a future that is dropped.
pub struct Forgetting<'h, H: ?Sized> {
    host: &'h mut H,
    forget: fn(&mut H),
}

impl<'h, H: ?Sized> Forgetting<'h, H> {
    /// Forgets, and takes care that `forget` runs again.
    pub fn new(host: &'h mut H, forget: fn(&mut H)) -> Self {
        forget(host);
        Self { host, forget }
    }
}

impl<H: ?Sized> Drop for Forgetting<'_, H> {
    fn drop(&mut self) {
        (self.forget)(self.host);
    }
}

impl<H: ?Sized> Deref for Forgetting<'_, H> {
    type Target = H;

    fn deref(&self) -> &H {
        self.host
    }
}

impl<H: ?Sized> DerefMut for Forgetting<'_, H> {
    fn deref_mut(&mut self) -> &mut H {
        self.host
    }
}
