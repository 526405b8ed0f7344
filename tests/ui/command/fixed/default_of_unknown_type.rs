// Rule: in a dictionary, `default_value_t` says the value.
// Why: the type belongs to the parameter, which is not known there.
// Instead: write the value.
lazy_prop::options! { shared:
    nice => #[arg(long, default_value_t = 0)],
}

fn main() {}
