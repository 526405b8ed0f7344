// Rule: a lazy function has no type parameters, and stands in no generic block.
// Why: there is one static for the whole program, not one for each type.
// Instead: write a plain function, or a property of a host.
use lazy_prop::lazy;

#[lazy]
fn name_of<T>() -> &'static str {
    std::any::type_name::<T>().to_owned()
}

#[lazy]
struct Report<T> {
    data: T,
}

#[lazy]
impl<T> Report<T> {
    #[lazy]
    fn name() -> &'static str {
        std::any::type_name::<T>().to_owned()
    }
}

struct Plain<T>(T);

impl<T> Plain<T> {
    #[lazy]
    fn name() -> &'static str {
        std::any::type_name::<T>().to_owned()
    }
}

fn main() {}
