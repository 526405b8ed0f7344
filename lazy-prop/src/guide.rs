//! The guide, in the order in which a new user needs it.
//!
//! 1. [Getting started](getting_started)
//! 2. [The return-type table by example](return_types)
//! 3. [When values are cleared](clearing)
//! 4. [Threads](threads)
//! 5. [Async properties](awaiting)
//! 6. [Looking inside and testing](looking_inside)
//! 7. [Derives and serde](derives)
//! 8. [Commands: from one function to a program](commands)
//! 9. [Shared options](shared_options)
//! 10. [Apps with lazy resources](apps)
//! 11. [Completions, configuration and packaging](shipping)
//! 12. [Errors explained](errors)
//! 13. [Migrating from `OnceCell`, cached, fieldx, clap's derive, structopt](migrating)
//! 14. [Questions and answers](faq)

/// Declares the pages in their order.
macro_rules! pages {
    ($($title:literal $name:ident)*) => {$(
        #[doc = concat!($title, "\n\n")]
        #[doc = include_str!(concat!("../docs/", stringify!($name), ".md"))]
        pub mod $name {}
    )*};
}

pages! {
    "Getting started." getting_started
    "The return-type table by example." return_types
    "When values are cleared." clearing
    "Threads." threads
    "Async properties." awaiting
    "Looking inside and testing." looking_inside
    "Derives and serde." derives
    "Commands: from one function to a program." commands
    "Shared options." shared_options
    "Apps with lazy resources." apps
    "Completions, configuration and packaging." shipping
    "Errors explained." errors
    "Migrating." migrating
    "Questions and answers." faq
}
