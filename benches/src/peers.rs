//! The same host with each crate that people would use instead, written as its documentation shows.

// Their macros write code that these lints would refuse.
#![allow(clippy::pedantic, missing_docs, unused_braces, unreachable_pub)]

use cached::macros::cached;
use fieldx::fxstruct;
use memoize::memoize;

use crate::subject::number;

#[fxstruct(lazy)]
pub(crate) struct Fieldx {
    #[fieldx(lazy(off), get(off), default(1))]
    seed: u64,
    #[fieldx(get(copy))]
    number: u64,
}

impl Fieldx {
    fn build_number(&self) -> u64 {
        number(self.seed)
    }
}

#[fxstruct(sync, lazy)]
pub(crate) struct FieldxSync {
    #[fieldx(lazy(off), get(off), default(1))]
    seed: u64,
    #[fieldx(get(copy))]
    number: u64,
}

impl FieldxSync {
    fn build_number(&self) -> u64 {
        number(self.seed)
    }
}

#[struct_cache_field::impl_cached_method]
impl StructCacheField {
    pub(crate) fn number(&self) -> u64 {
        number(self.seed)
    }
}

#[struct_cache_field::add_cache_field]
pub(crate) struct StructCacheField {
    seed: u64,
}

impl StructCacheField {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            __cache_fields__: Default::default(),
        }
    }
}

/// All instances share the value of the first.
pub(crate) struct Cached {
    pub(crate) seed: u64,
}

impl Cached {
    #[cached(in_impl = true)]
    pub(crate) fn number(&self) -> u64 {
        number(self.seed)
    }
}

/// A value for each argument, and for each thread.
#[memoize]
pub(crate) fn memoized(seed: u64) -> u64 {
    number(seed)
}

/// A value for each argument.
#[memoize(SharedCache)]
pub(crate) fn memoized_shared(seed: u64) -> u64 {
    number(seed)
}
