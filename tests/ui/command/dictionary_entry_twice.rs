// Rule: a dictionary describes each name once, and gives each option a name of its own.
// Why: one parameter, one description.
// Instead: keep one; give the other another name.
lazy_prop::options! { shared:
    quiet => #[arg(short)],
    query => #[arg(short)],
    quiet => #[arg(long)],
}

fn main() {}
