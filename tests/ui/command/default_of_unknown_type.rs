// Rule: in a dictionary, `default_value_t` has a value.
// Why: the type belongs to the parameter, and the dictionary does not know it.
// Instead: write the value.
lazy_prop::options! { shared:
    nice => #[arg(long, default_value_t)],
}

fn main() {}
