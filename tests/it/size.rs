//! A host has the size of the same struct written by hand, which the compiler asserts.

use lazy_prop::lazy;
use once_cell::{sync, unsync};

macro_rules! same_size {
    ($cells:ident $($option:ident)?) => {
        const _: () = {
            #[allow(dead_code)]
            struct ByHand {
                text: String,
                flag: $cells::OnceCell<bool>,
                small: $cells::OnceCell<u32>,
                count: $cells::OnceCell<u64>,
                name: $cells::OnceCell<String>,
                maybe: $cells::OnceCell<Option<Vec<u8>>>,
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
            }

            assert!(size_of::<Host>() == size_of::<ByHand>());
            assert!(align_of::<Host>() == align_of::<ByHand>());
        };
    };
}

same_size!(unsync);
same_size!(sync sync);
