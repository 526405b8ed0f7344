// Rule: `#[lazy]` doesn't stand on a module.
// Why: values are kept in structs and for functions.
// Instead: mark the struct, its impl block and the methods in the module.
#[lazy_prop::lazy]
mod report {
    pub struct Report;
}

fn main() {}
