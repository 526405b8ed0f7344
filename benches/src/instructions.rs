//! Table: the instructions of `#[lazy]` beside those of the same host written by hand.

use crate::awaited::now;
use crate::hosts::{sync, unsync};
use crate::subject::Work;
use crate::table::{Column, Table};
use crate::{awaited, callgrind, first_reads, nested, reads, setters};

/// A piece of work, ours and by hand.
pub(crate) const PAIRS: [(&str, Work, Work); 15] = [
    (
        "read, u64",
        reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::number),
        reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::number
        ),
    ),
    (
        "read, &str",
        reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::text, &str),
        reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::text,
            &str
        ),
    ),
    (
        "read, sync, u64",
        reads!(sync::Ours, sync::Ours::new(1), sync::Ours::number),
        reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::number),
    ),
    (
        "read, sync, &str",
        reads!(sync::Ours, sync::Ours::new(1), sync::Ours::text, &str),
        reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::text, &str),
    ),
    (
        "first read, u64",
        first_reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::number),
        first_reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::number
        ),
    ),
    (
        "first read, &str",
        first_reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::text, &str),
        first_reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::text,
            &str
        ),
    ),
    (
        "first read, sync, u64",
        first_reads!(sync::Ours, sync::Ours::new(1), sync::Ours::number),
        first_reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::number),
    ),
    (
        "first read, sync, &str",
        first_reads!(sync::Ours, sync::Ours::new(1), sync::Ours::text, &str),
        first_reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::text, &str),
    ),
    (
        "setter of a field that no property reads",
        setters!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::set_note),
        setters!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::set_note
        ),
    ),
    (
        "setter of a field that no property reads, sync",
        setters!(sync::Ours, sync::Ours::new(1), sync::Ours::set_note),
        setters!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::set_note),
    ),
    (
        "read, async, u64",
        reads!(
            awaited::Ours,
            awaited::Ours::new(1),
            |host: &awaited::Ours| { now(host.number()) }
        ),
        reads!(
            awaited::ByHand,
            awaited::ByHand::new(1),
            |host: &awaited::ByHand| { now(host.number()) }
        ),
    ),
    (
        "read, async, &str",
        reads!(awaited::Ours, awaited::Ours::new(1), ours_text, &str),
        reads!(awaited::ByHand, awaited::ByHand::new(1), by_hand_text, &str),
    ),
    (
        "first read, async, u64",
        first_reads!(
            awaited::Ours,
            awaited::Ours::new(1),
            |host: &awaited::Ours| { now(host.number()) }
        ),
        first_reads!(
            awaited::ByHand,
            awaited::ByHand::new(1),
            |host: &awaited::ByHand| { now(host.number()) }
        ),
    ),
    (
        "first read, async, &str",
        first_reads!(awaited::Ours, awaited::Ours::new(1), ours_text, &str),
        first_reads!(awaited::ByHand, awaited::ByHand::new(1), by_hand_text, &str),
    ),
    (
        "two first reads, one in the body of the other, sync",
        first_reads!(nested::Ours, nested::Ours::new(1), nested::Ours::outer),
        first_reads!(
            nested::ByHand,
            nested::ByHand::new(1),
            nested::ByHand::outer
        ),
    ),
];

fn ours_text(host: &awaited::Ours) -> &str {
    now(host.text())
}

fn by_hand_text(host: &awaited::ByHand) -> &str {
    now(host.text())
}

pub(crate) fn measure() -> Result<Table, String> {
    if let Some(problem) = callgrind::missing() {
        return Err(problem);
    }
    let mut table = Table::new(
        "instructions",
        "Instructions of an accessor, without those of the body",
        &[
            Column::new("#[lazy]", 1),
            Column::new("by hand, same cell", 1),
            Column::new("ratio", 2),
        ],
    );
    for (name, ..) in PAIRS {
        eprintln!("counting: {name}");
        let ours = callgrind::instructions(&format!("{name}: ours"))?;
        let by_hand = callgrind::instructions(&format!("{name}: by hand"))?;
        table.row(name, [Some(ours), Some(by_hand), Some(ours / by_hand)]);
    }
    Ok(table)
}

/// The work with this id in [`measure`].
pub(crate) fn find(id: &str) -> Option<Work> {
    PAIRS
        .into_iter()
        .find_map(|(name, ours, by_hand)| match id.strip_prefix(name)? {
            ": ours" => Some(ours),
            ": by hand" => Some(by_hand),
            _ => None,
        })
}
