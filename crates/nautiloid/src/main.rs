//! The nautiloid binary.

fn main() {}
