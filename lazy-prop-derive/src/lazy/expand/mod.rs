//! From what was read and found to tokens.

pub(crate) mod accessor;
pub(crate) mod block;
pub(crate) mod cells;
pub(crate) mod clear;
pub(crate) mod docs;
pub(crate) mod exits;
pub(crate) mod function;
pub(crate) mod host;
pub(crate) mod literals;
pub(crate) mod self_type;
