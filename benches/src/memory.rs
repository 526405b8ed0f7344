//! Table: the bytes of a property, by the type of the value.

use std::cell;
use std::sync::OnceLock;

use crate::table::{Column, Table};

/// The bytes of one property, in a host with eight of this type and one kind of cell.
macro_rules! property {
    ($kept:ty $(, $option:ident)?) => {{
        use lazy_prop::lazy;

        #[lazy]
        struct Host {}

        #[lazy$(($option))?]
        #[allow(dead_code)]
        impl Host {
            #[lazy] fn a(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn b(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn c(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn d(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn e(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn f(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn g(&self) -> &$kept { <$kept>::default() }
            #[lazy] fn h(&self) -> &$kept { <$kept>::default() }
        }

        bytes::<Host>() / 8.0
    }};
}

pub(crate) fn measure() -> Table {
    let columns = [
        Column::new("value and one bit", 3),
        Column::new("#[lazy]", 0),
        Column::new("once_cell unsync", 0),
        Column::new("std OnceCell", 0),
        Column::new("#[lazy(sync)]", 0),
        Column::new("once_cell sync", 0),
        Column::new("std OnceLock", 0),
    ];
    let mut table = Table::new("memory", "Bytes of a property", &columns);
    macro_rules! row {
        ($kept:ty) => {
            let bytes = [
                bytes::<$kept>() + 0.125,
                property!($kept),
                bytes::<once_cell::unsync::OnceCell<$kept>>(),
                bytes::<cell::OnceCell<$kept>>(),
                property!($kept, sync),
                bytes::<once_cell::sync::OnceCell<$kept>>(),
                bytes::<OnceLock<$kept>>(),
            ];
            table.row(stringify!($kept), bytes.map(Some));
        };
    }
    row!(bool);
    row!(u32);
    row!(u64);
    row!(String);
    table
}

fn bytes<T>() -> f64 {
    f64::from(u32::try_from(size_of::<T>()).expect("it is small"))
}
