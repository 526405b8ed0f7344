//! From the model and the analysis to tokens. Nothing here can fail.

pub(crate) mod accessor;
pub(crate) mod block;
pub(crate) mod cells;
pub(crate) mod clears;
pub(crate) mod docs;
pub(crate) mod function;
mod generics;
pub(crate) mod guard;
pub(crate) mod host;
pub(crate) mod literals;
mod read;
pub(crate) mod self_type;
pub(crate) mod targets;
mod texts;
mod unchanged;
mod updates;
mod verify;
