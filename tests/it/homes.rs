//! The places of properties: trait blocks, other modules, several homes, fields written by hand.

use lazy_prop::{Lazy, LazyHost, lazy};

trait Shape {
    type Unit;
    fn area(&self) -> Self::Unit;
    fn name(&self) -> &str;
    fn corners(&self) -> Option<&[Self::Unit]> {
        None
    }
}

#[lazy]
struct Square {
    side: u32,
    plain: Lazy<Self, 1>,
    third: Lazy<Self, 2>,
}

#[lazy]
impl Shape for Square {
    type Unit = u64;

    #[lazy]
    fn area(&self) -> Self::Unit {
        u64::from(self.side * self.side * 10)
    }

    fn name(&self) -> &str {
        self.label()
    }

    #[lazy]
    fn corners(&self) -> Option<&[Self::Unit]> {
        Some(vec![Self::Unit::MIN; 4])
    }
}

#[lazy(field = plain, home = 1)]
impl Square {
    fn new(side: u32) -> Self {
        Self {
            side,
            lazy: Lazy::new(),
            third: Lazy::new(),
        }
    }

    #[lazy]
    fn label(&self) -> &str {
        format!("square of {}", self.side)
    }
}

mod elsewhere {
    use super::{Square, lazy};

    #[lazy(sync, field = third, home = 2)]
    impl Square {
        #[lazy]
        pub(super) fn half(&self) -> u32 {
            self.side / 2
        }
    }
}

#[test]
fn a_trait_s_block_can_be_the_home() {
    let square = Square::new(3);
    assert_eq!(Shape::area(&square), 90);
    assert_eq!(square.lazy.area.get(), Some(&90));
    assert_eq!(square.corners(), Some(&[0; 4][..]));
    assert_eq!((&square as &dyn Shape<Unit = u64>).area(), 90);
}

#[test]
fn a_type_can_have_several_homes() {
    let square = Square::new(3);
    assert_eq!((square.name(), square.half()), ("square of 3", 1));
    assert_eq!(square.plain.computed().collect::<Vec<_>>(), ["label"]);
    assert_eq!(square.third.half.get(), Some(&1));
    assert_eq!(square.lazy.computed().count(), 0);
    assert_eq!(<Square as LazyHost<1>>::PROPERTIES[0].name(), "label");
    assert_eq!(<Square as LazyHost>::PROPERTIES.len(), 2);
}

mod before {
    use super::lazy;

    #[lazy(field = hidden)]
    impl super::after::Late {
        #[lazy]
        pub(crate) fn value(&self) -> u8 {
            self.of * 2
        }
        pub(crate) fn new(of: u8) -> Self {
            super::after::Late { of }
        }
    }
}

mod after {
    pub(crate) struct Late {
        pub(crate) of: u8,
        pub(super) hidden: lazy_prop::Lazy<Self>,
    }
}

#[test]
fn the_block_can_come_first_and_stand_in_another_module() {
    assert_eq!(after::Late::new(2).value(), 4);
}

#[::lazy_prop::lazy(field = cache)]
struct Renamed {
    of: u8,
}

#[lazy_prop::lazy(field = cache)]
impl Renamed {
    #[lazy_prop::lazy]
    fn value(&self) -> u8 {
        self.of
    }
    fn new(of: u8) -> Self {
        Self { of }
    }
}

#[test]
fn the_field_can_have_another_name() {
    let renamed = Renamed::new(1);
    assert_eq!((renamed.value(), renamed.cache.value.get()), (1, Some(&1)));
}

struct First(Lazy<Self>, u8);

#[lazy(field = 0)]
impl First {
    #[lazy]
    fn value(&self) -> u8 {
        self.1
    }
}

#[test]
fn the_field_of_a_tuple_struct_can_stand_anywhere() {
    assert_eq!(First(Lazy::new(), 3).value(), 3);
}

#[test]
fn a_home_can_be_inside_of_a_function() {
    #[lazy]
    struct Local {}

    #[lazy]
    impl Local {
        #[lazy]
        fn value(&self) -> u8 {
            1
        }
    }

    assert_eq!(
        Local {
            lazy: Lazy::default()
        }
        .value(),
        1
    );
}

#[test]
fn a_home_without_properties_is_one() {
    #[lazy]
    struct Empty {
        of: u8,
    }

    #[lazy]
    impl Empty {
        fn new(of: u8) -> Self {
            Self { of }
        }
    }

    let empty = Empty::new(1);
    assert_eq!(empty.of, 1);
    assert_eq!(size_of::<Empty>(), size_of::<(u8, Lazy<Empty>)>());
    assert_eq!(empty.lazy.computed().count(), 0);
}

macro_rules! host {
    ($name:ident, $property:ident, $ty:ty, $body:expr) => {
        #[lazy]
        struct $name {
            of: u32,
        }

        #[lazy]
        impl $name {
            fn new(of: u32) -> Self {
                Self { of }
            }
            #[lazy]
            fn $property(&self) -> $ty {
                let add: fn(&Self) -> u32 = $body;
                add(self)
            }
        }
    };
}

host!(Made, next, u32, |this| this.of + 1);

macro_rules! home {
    ($ty:ty) => {
        #[lazy]
        impl $ty {
            fn of(of: u32) -> Self {
                Self { of }
            }
            #[lazy]
            fn twice(&self) -> u32 {
                self.of * 2
            }
        }
    };
}

#[lazy]
struct Typed {
    of: u32,
}

home!(Typed);

#[test]
fn a_macro_gives_the_type() {
    assert_eq!(Typed::of(2).twice(), 4);
}

#[test]
fn a_macro_by_example_can_make_hosts() {
    assert_eq!(Made::new(1).next(), 2);
}
