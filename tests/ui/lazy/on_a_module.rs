// Rule: `#[lazy]` does not stand on a module.
// Why: structs and functions keep values, modules do not.
// Instead: mark the struct, its impl block and the methods in the module.
#[lazy_prop::lazy]
mod report {
    pub struct Report;
}

fn main() {}
