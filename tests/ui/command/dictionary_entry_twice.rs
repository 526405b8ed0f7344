// Rule: a dictionary describes each name once, and each option has its own short and long name.
// Why: a parameter can have only one description.
// Instead: keep one, or rename the other.
lazy_prop::options! { shared:
    quiet => #[arg(short)],
    query => #[arg(short)],
    quiet => #[arg(long)],
}

fn main() {}
