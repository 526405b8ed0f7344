//! Every command of the program, wherever it is declared.

use super::entry::Entry;
use std::vec::Vec;

inventory::collect!(Entry);

/// All commands, in the order of linking. The code that shows them sorts them.
pub(super) fn entries() -> Vec<&'static Entry> {
    inventory::iter::<Entry>.into_iter().collect()
}
