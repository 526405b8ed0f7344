//! `svc`, a userspace service manager.

fn main() {}
