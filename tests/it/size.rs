//! A host is as large as the same struct written by hand. The compiler asserts it.

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

use lazy_prop::{Lazy, lazy};
use once_cell::{sync, unsync};

/// What the features `stats` and `tracing` add to a host, where another package of the build asks
/// for them; else nothing.
const COUNTS: usize = size_of::<Empty>();

struct Empty(Lazy<Self>);

#[lazy(field = 0)]
impl Empty {}

macro_rules! same_size {
    ($kept:ident, $tried:path $(, $option:ident)?) => {
        const _: () = {
            #[allow(dead_code)]
            struct ByHand {
                text: String,
                flag: $kept<bool>,
                small: $kept<u32>,
                count: $kept<u64>,
                name: $kept<String>,
                maybe: $kept<Option<Vec<u8>>>,
                outcome: $kept<Result<u32, String>>,
                tried: $tried,
            }

            #[lazy]
            #[allow(dead_code)]
            struct Host {
                text: String,
            }

            #[lazy$(($option))?]
            #[allow(dead_code)]
            impl Host {
                #[lazy]
                fn flag(&self) -> bool {
                    self.text.is_empty()
                }
                #[lazy]
                fn small(&self) -> u32 {
                    1
                }
                #[lazy]
                fn count(&self) -> u64 {
                    1
                }
                #[lazy]
                fn name(&self) -> &str {
                    self.text.clone()
                }
                #[lazy]
                fn maybe(&self) -> Option<&[u8]> {
                    None
                }
                #[lazy]
                fn outcome(&self) -> Result<&u32, &String> {
                    Ok(1)
                }
                #[lazy]
                fn tried(&self) -> Result<&u32, String> {
                    Ok(1)
                }
            }

            assert!(size_of::<Host>() == size_of::<ByHand>() + COUNTS);
            assert!(align_of::<Host>() == align_of::<ByHand>());
        };
    };
}

type UnsyncCell<T> = unsync::OnceCell<T>;

same_size!(UnsyncCell, unsync::OnceCell<u32>);
same_size!(OnceLock, sync::OnceCell<u32>, sync);

/// A host that threads share, with one property that cannot fail.
#[lazy]
struct Kept<T> {
    make: PhantomData<fn() -> T>,
}

#[lazy(sync, bound = "")]
impl<T: Default> Kept<T> {
    const fn new() -> Self {
        Self { make: PhantomData }
    }

    #[lazy]
    fn value(&self) -> &T {
        T::default()
    }
}

/// The same with a property that can fail, and then keeps nothing.
#[lazy]
struct Tried<T> {
    make: PhantomData<fn() -> T>,
}

#[lazy(sync, bound = "")]
impl<T: Default> Tried<T> {
    const fn new() -> Self {
        Self { make: PhantomData }
    }

    #[lazy]
    fn value(&self) -> Result<&T, u8> {
        Ok(T::default())
    }
}

macro_rules! no_more_than_std {
    ($($kept:ty),*) => {$(
        const _: () = assert!(size_of::<Kept<$kept>>() <= size_of::<(OnceLock<$kept>, Empty)>());
    )*};
}

no_more_than_std!((), bool, u32, u64, String, Option<Vec<u8>>, [u8; 3]);

#[test]
fn the_cells_that_threads_share_are_of_two_kinds() {
    let kept = Kept::<u32>::new();
    let tried = Tried::<u32>::new();
    let of_std: &OnceLock<u32> = &kept.lazy.value;
    let of_once_cell: &sync::OnceCell<u32> = &tried.lazy.value;
    assert_eq!((of_std.get(), of_once_cell.get()), (None, None));
    assert_eq!((kept.value(), tried.value()), (&0, Ok(&0)));
    assert_eq!((of_std.get(), of_once_cell.get()), (Some(&0), Some(&0)));
}

/// After a caught panic a host is sound, with every kind of cell.
#[test]
fn a_host_is_unwind_safe_as_its_values_are() {
    fn both<T: UnwindSafe + RefUnwindSafe>() {}
    both::<Kept<u32>>();
    both::<Tried<u32>>();

    fn whole<T: UnwindSafe>() {}
    whole::<Kept<Cell<u32>>>();
    whole::<Tried<Cell<u32>>>();
}

/// Dropping a host reads nothing that it borrows.
#[test]
fn a_host_may_outlive_what_it_borrows() {
    #[lazy]
    struct Of<'t> {
        text: &'t str,
    }

    #[lazy(sync)]
    impl<'t> Of<'t> {
        fn new(text: &'t str) -> Self {
            Self { text }
        }
        #[lazy]
        fn first(&self) -> Option<&'t str> {
            self.text.split(' ').next()
        }
        #[lazy]
        fn words(&self) -> &[&'t str] {
            self.text.split(' ').collect()
        }
    }

    let of;
    let text = String::from("a b");
    of = Of::new(&text);
    assert_eq!((of.first(), of.words().len()), (Some("a"), 2));
}
