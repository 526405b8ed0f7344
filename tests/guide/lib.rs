//! The code of the README and of the guide compiles and runs: here, because here are the crates
//! from which the guide migrates.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

macro_rules! pages {
    ($($name:ident)*) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../lazy-prop/docs/", stringify!($name), ".md"))]
        mod $name {}
    )*};
}

pages! {
    getting_started
    return_types
    clearing
    threads
    awaiting
    expiring
    arguments
    looking_inside
    too_often
    derives
    commands
    shared_options
    apps
    shipping
    errors
    migrating
    faq
}
