//! The system calls that no safe crate offers, each with the reason why it is sound here.
#![allow(unsafe_code)]
