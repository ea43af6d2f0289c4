//! What one node of a Cluster knows of all: the reply to `CLUSTER NODES`.

use std::ops::RangeInclusive;

use anyhow::Context;

/// One node as another (or itself) sees it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClusterNode {
    pub(super) id: String,
    pub(super) is_myself: bool,
    pub(super) is_master: bool,
    /// Suspected or known to be dead.
    pub(super) is_failing: bool,
    /// The id of a replica's master.
    pub(super) master: Option<String>,
    /// Whether the bus connects the two.
    pub(super) is_linked: bool,
    /// Without those that are being migrated to it.
    pub(super) slots: Vec<RangeInclusive<u16>>,
}

impl ClusterNode {
    pub(super) fn has_slot(&self, slot: u16) -> bool {
        self.slots.iter().any(|range| range.contains(&slot))
    }
}

/// Lines of `id address flags master ping pong epoch link slots…`.
pub(super) fn parse_nodes(text: &str) -> anyhow::Result<Vec<ClusterNode>> {
    text.lines().map(|line| parse_node(line).with_context(|| format!("not a node: {line}"))).collect()
}

fn parse_node(line: &str) -> anyhow::Result<ClusterNode> {
    let mut fields = line.split(' ');
    let mut field = || fields.next().context("too short");
    let (id, _address, flags, master) = (field()?, field()?, field()?, field()?);
    let (_ping, _pong, _epoch, link) = (field()?, field()?, field()?, field()?);
    let has = |flag| flags.split(',').any(|candidate| candidate == flag);
    // `[slot->-id]` and `[slot-<-id]` are slots under way.
    let slots = fields.filter(|slots| !slots.starts_with('[')).map(|slots| {
        let (first, last) = slots.split_once('-').unwrap_or((slots, slots));
        Ok(first.parse()?..=last.parse()?)
    });
    Ok(ClusterNode {
        id: id.to_owned(),
        is_myself: has("myself"),
        is_master: has("master"),
        is_failing: has("fail") || has("fail?") || has("handshake"),
        master: (master != "-").then(|| master.to_owned()),
        is_linked: link == "connected",
        slots: slots.collect::<anyhow::Result<_>>()?,
    })
}
