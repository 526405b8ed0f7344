//! The rules, one function each.

pub(crate) mod flow;
pub(crate) mod signature;
