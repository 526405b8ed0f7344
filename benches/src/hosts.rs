//! The same host written in several ways, for one thread (`unsync`) and for several (`sync`).

/// `Ours`, `ByHand` with the cell that `#[lazy]` uses, `Other` with the one that it does not, of
/// `once_cell`'s and the standard library's, and `Descriptor`, which needs no macro.
macro_rules! hosts {
    ($module:ident, $cell:ident of $($of:ident)::+, $other:path, $property:path $(, $option:ident)?) => {
        pub(crate) mod $module {
            use lazy_prop::lazy;
            use $($of)::+::$cell;

            use $crate::subject::{number, text};

            #[lazy]
            pub(crate) struct Ours {
                seed: u64,
                note: u64,
            }

            #[lazy$(($option))?]
            impl Ours {
                pub(crate) const fn new(seed: u64) -> Self {
                    Self { seed, note: 0 }
                }

                /// Changes a field that no property reads.
                pub(crate) fn set_note(&mut self, note: u64) -> u64 {
                    std::mem::replace(&mut self.note, note)
                }

                #[lazy]
                pub(crate) fn number(&self) -> u64 {
                    number(self.seed)
                }

                #[lazy]
                pub(crate) fn text(&self) -> &str {
                    text()
                }
            }

            pub(crate) struct ByHand {
                seed: u64,
                note: u64,
                number: $cell<u64>,
                text: $cell<String>,
            }

            impl ByHand {
                pub(crate) const fn new(seed: u64) -> Self {
                    Self {
                        seed,
                        note: 0,
                        number: $cell::new(),
                        text: $cell::new(),
                    }
                }

                pub(crate) fn set_note(&mut self, note: u64) -> u64 {
                    std::mem::replace(&mut self.note, note)
                }

                pub(crate) fn number(&self) -> u64 {
                    *self.number.get_or_init(|| number(self.seed))
                }

                pub(crate) fn text(&self) -> &str {
                    self.text.get_or_init(text)
                }
            }

            const _: () = assert!(size_of::<Ours>() == size_of::<ByHand>() + $crate::subject::COUNTS);

            pub(crate) struct Other {
                seed: u64,
                number: $other,
            }

            impl Other {
                pub(crate) const fn new(seed: u64) -> Self {
                    let number = <$other>::new();
                    Self { seed, number }
                }

                pub(crate) fn number(&self) -> u64 {
                    *self.number.get_or_init(|| number(self.seed))
                }
            }

            pub(crate) struct Descriptor {
                seed: u64,
                number: $property,
            }

            impl Descriptor {
                pub(crate) const fn new(seed: u64) -> Self {
                    let number = <$property>::new(|host: &Self| number(host.seed));
                    Self { seed, number }
                }

                pub(crate) fn number(&self) -> u64 {
                    *self.number.get(self)
                }
            }
        }
    };
}

hosts!(
    unsync,
    OnceCell of once_cell::unsync,
    std::cell::OnceCell<u64>,
    lazy_prop::LazyProperty<u64, fn(&Descriptor) -> u64>
);
hosts!(
    sync,
    OnceLock of std::sync,
    once_cell::sync::OnceCell<u64>,
    lazy_prop::sync::LazyProperty<u64, fn(&Descriptor) -> u64>,
    sync
);
