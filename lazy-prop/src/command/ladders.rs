//! Every rung, brought into scope without a name.

pub use super::probe::{Nested as _, NoShape as _, Plain as _, Scalar as _};
pub use super::reply::{
    Code as _, FailsAlone as _, FailsBoxed as _, FailsDebug as _, FailsDisplay as _,
    FailsInto as _, FailsLent as _, NoReply as _,
};
pub use super::value::{
    Enum as _, Factory as _, Integer as _, NoValue as _, Os as _, Parse as _, ParseAny as _,
    ParseDebug as _, ParseDisplay as _, Str as _, Text as _, ToldAny as _, ToldTyped as _,
};
pub use super::written::{WrittenDisplay as _, WrittenEnum as _, WrittenOs as _};
