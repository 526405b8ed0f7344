//! What each body does to its host, and so what each method must clear.

pub(crate) mod flow;
pub(crate) mod follow;
pub(crate) mod followed;
pub(crate) mod graph;
pub(crate) mod lends;
pub(crate) mod stale;
