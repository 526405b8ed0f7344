//! The guide, in the order in which a new user needs it.
//!
//! 1. [Getting started](getting_started)
//! 2. [The return-type table by example](return_types)
//! 3. [When values are cleared](clearing)
//! 4. [Threads](threads)
//! 5. [Async properties](awaiting)
//! 6. [Values that expire](expiring)
//! 7. [A value for each argument](arguments)
//! 8. [Looking inside and testing](looking_inside)
//! 9. [Why a value is computed too often](too_often)
//! 10. [Derives and serde](derives)
//! 11. [Commands: from one function to a program](commands)
//! 12. [Shared options](shared_options)
//! 13. [Apps with lazy resources](apps)
//! 14. [Completions, configuration and packaging](shipping)
//! 15. [Errors explained](errors)
//! 16. [Migrating from `OnceCell`, cached, fieldx, clap's derive, structopt](migrating)
//! 17. [Questions and answers](faq)

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
    "Values that expire." expiring
    "A value for each argument." arguments
    "Looking inside and testing." looking_inside
    "Why a value is computed too often." too_often
    "Derives and serde." derives
    "Commands: from one function to a program." commands
    "Shared options." shared_options
    "Apps with lazy resources." apps
    "Completions, configuration and packaging." shipping
    "Errors explained." errors
    "Migrating." migrating
    "Questions and answers." faq
}
