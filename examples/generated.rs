//! What does `#[lazy]` generate? The same type twice: as it is written, and with the two attributes expanded by
//! hand. Only paths and names of variables are shortened.
//!
//! ```text
//! cargo run --example generated
//! ```
//!
//! The hidden module that generated code uses is not a public interface. A program never names it.

use lazy_prop::LazyHost;

mod written {
    use lazy_prop::lazy;

    #[lazy]
    pub(crate) struct Text {
        text: String,
    }

    #[lazy]
    impl Text {
        pub(crate) fn new(text: String) -> Self {
            Self { text }
        }

        /// How many words the text has.
        #[lazy]
        pub(crate) fn words(&self) -> usize {
            self.text.split_whitespace().count()
        }

        /// The longest word.
        #[lazy]
        pub(crate) fn longest(&self) -> &str {
            let words = self.text.split_whitespace();
            words.max_by_key(|word| word.len()).unwrap_or("").to_owned()
        }
    }
}

mod generated {
    use lazy_prop::__private::unsync::OnceCell;
    use lazy_prop::__private::{Cell, Home, Lazy, Lend, copied, lent};

    pub(crate) struct Text {
        text: String,
        // Nothing but the cells, and neutral to every derive.
        lazy: Lazy<Self>,
    }

    impl Text {
        pub(crate) fn new(text: String) -> Self {
            Self {
                text,
                lazy: Lazy::new(),
            }
        }

        /// How many words the text has.
        pub(crate) fn words(&self) -> usize {
            // The cell, a name for the panic of a property that needs itself, and the body.
            copied(
                &<Self as Home<0>>::cells(self).words,
                "Text::words",
                || -> usize { self.text.split_whitespace().count() },
            )
        }

        /// The longest word.
        pub(crate) fn longest(&self) -> &str {
            // `&str` borrows from a `String`: that follows from the type, not from its spelling.
            lent(
                &<Self as Home<0>>::cells(self).longest,
                "Text::longest",
                || -> <str as Lend>::Kept {
                    let words = self.text.split_whitespace();
                    words.max_by_key(|word| word.len()).unwrap_or("").to_owned()
                },
            )
        }
    }

    const _: () = {
        // One cell for each property. The names are those of the properties, so that
        // `text.lazy.words` is the cell of `words`.
        pub(crate) struct __TextCells {
            pub(crate) words: OnceCell<usize>,
            pub(crate) longest: OnceCell<<str as Lend>::Kept>,
        }

        // What ties the field, its cells and the list of properties to the type.
        impl Home<0> for Text {
            type Cells = __TextCells;

            #[allow(clippy::declare_interior_mutable_const)]
            const EMPTY: Self::Cells = __TextCells {
                words: OnceCell::new(),
                longest: OnceCell::new(),
            };

            // The fields that properties read, and the methods, which other blocks of the host ask for. Then
            // each property: its name, its doc comment, what it reads, and what clears it.
            #[rustfmt::skip]
            const TEXTS: &'static [&'static str] = &[
                "text", ";",
                "words", "longest", ";",
                "words", "How many words the text has.", "text", ";", ";",
                "longest", "The longest word.", "text", ";", ";",
            ];

            type Count = [(); 2];

            #[inline]
            fn cells(&self) -> &Self::Cells {
                &self.lazy
            }

            // For a host around this one that changes a field of it.
            fn clear_kept(&mut self) {
                self.lazy.clear();
            }

            // For methods that change a field which a property is made of: the changes are numbered,
            // and `self.lazy.clear_target(0)` stands before such a change.
            #[inline]
            fn clear(cells: &mut Self::Cells, target: usize) {
                if target == 0 {
                    Cell::clear(&mut cells.words);
                    Cell::clear(&mut cells.longest);
                }
            }

            // By the position in the list.
            #[inline]
            fn cell(cells: &Self::Cells, position: usize) -> &dyn Cell {
                let all: &[&dyn Cell] = &[&cells.words, &cells.longest];
                all[position]
            }
        }
    };
}

fn main() {
    const LINE: &str = "compute once, on first use";
    let written = written::Text::new(LINE.to_owned());
    let generated = generated::Text::new(LINE.to_owned());
    assert_eq!(written.words(), generated.words());
    assert_eq!(written.longest(), generated.longest());
    assert_eq!(size_of_val(&written), size_of_val(&generated));
    assert_eq!(
        <written::Text as LazyHost>::PROPERTIES,
        <generated::Text as LazyHost>::PROPERTIES
    );
    println!(
        "{} words, the longest is {}",
        written.words(),
        written.longest()
    );
    println!(
        "both take {} bytes, and their properties are",
        size_of_val(&written)
    );
    for property in <written::Text as LazyHost>::PROPERTIES {
        println!(
            "    {}: {} {}",
            property.name(),
            property.type_name(),
            property.doc()
        );
    }
}
