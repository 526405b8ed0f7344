//! A sync property whose body reads another one for the first time, in two hands.

use std::sync::OnceLock;

use lazy_prop::lazy;

use crate::subject::number;

#[lazy]
pub(crate) struct Ours {
    seed: u64,
}

#[lazy(sync)]
impl Ours {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    #[lazy]
    pub(crate) fn outer(&self) -> u64 {
        self.inner()
    }

    #[lazy]
    fn inner(&self) -> u64 {
        number(self.seed)
    }
}

pub(crate) struct ByHand {
    seed: u64,
    outer: OnceLock<u64>,
    inner: OnceLock<u64>,
}

impl ByHand {
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            seed,
            outer: OnceLock::new(),
            inner: OnceLock::new(),
        }
    }

    pub(crate) fn outer(&self) -> u64 {
        *self.outer.get_or_init(|| self.inner())
    }

    fn inner(&self) -> u64 {
        *self.inner.get_or_init(|| number(self.seed))
    }
}
