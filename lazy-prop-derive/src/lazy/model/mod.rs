//! The user's code, with its spans. Nothing is decided here.

pub(crate) mod block;
pub(crate) mod half_typed;
pub(crate) mod home;
mod in_place;
pub(crate) mod keeping;
pub(crate) mod lender;
pub(crate) mod mark;
pub(crate) mod options;
pub(crate) mod receiver;
pub(crate) mod returns;
mod values;
