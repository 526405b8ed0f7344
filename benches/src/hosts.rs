//! The same host in several hands, with cells of both kinds: `unsync` and `sync`.

/// `Ours`, `ByHand` with the cells that `#[lazy]` uses, `Std` with those of the standard library,
/// and `Descriptor`, which needs no macro.
macro_rules! hosts {
    ($module:ident, $std:path, $property:path $(, $option:ident)?) => {
        pub(crate) mod $module {
            use lazy_prop::lazy;
            use once_cell::$module::OnceCell;

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
                number: OnceCell<u64>,
                text: OnceCell<String>,
            }

            impl ByHand {
                pub(crate) const fn new(seed: u64) -> Self {
                    Self {
                        seed,
                        note: 0,
                        number: OnceCell::new(),
                        text: OnceCell::new(),
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

            const _: () = assert!(size_of::<Ours>() == size_of::<ByHand>());

            pub(crate) struct Std {
                seed: u64,
                number: $std,
            }

            impl Std {
                pub(crate) const fn new(seed: u64) -> Self {
                    let number = <$std>::new();
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

hosts!(unsync, std::cell::OnceCell<u64>, lazy_prop::LazyProperty<u64, fn(&Descriptor) -> u64>);
hosts!(sync, std::sync::OnceLock<u64>, lazy_prop::sync::LazyProperty<u64, fn(&Descriptor) -> u64>, sync);
