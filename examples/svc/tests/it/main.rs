//! The program as its users meet it: real processes, in directories of their own.

mod sandbox;

mod start;
