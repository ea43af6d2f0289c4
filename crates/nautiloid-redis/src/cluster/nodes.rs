//! The nodes of a cluster that this worker has connections to, each once, by address.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::config::Address;
use crate::connection::{Peer, Role};
use crate::node::{Node, Target};
use crate::spec::PoolSpec;

/// A node, and how it is reached.
pub(super) struct Member {
    pub(super) address: Address,
    /// Connections that take every command.
    pub(super) node: Rc<Node>,
    /// Whether somebody has asked for it since the last [`Nodes::forget`].
    wanted: Cell<bool>,
}

/// The nodes known so far.
pub(super) struct Nodes {
    spec: Arc<PoolSpec>,
    workers: usize,
    /// What their connections say after they are set up.
    role: Role,
    members: RefCell<HashMap<Address, Rc<Member>>>,
}

impl Nodes {
    pub(super) fn new(spec: &Arc<PoolSpec>, workers: usize, role: Role) -> Self {
        Nodes { spec: Arc::clone(spec), workers, role, members: RefCell::default() }
    }

    /// The node at an address, known or not.
    pub(super) fn at(&self, address: &Address) -> Rc<Member> {
        let mut members = self.members.borrow_mut();
        let member = members.entry(address.clone()).or_insert_with(|| {
            let target = Target::Peer(Peer::Server(address.clone()), self.role);
            let node = Node::new(&self.spec, target, self.spec.label_of(address), self.workers);
            Rc::new(Member { address: address.clone(), node, wanted: Cell::new(true) })
        });
        member.wanted.set(true);
        Rc::clone(member)
    }

    /// Lets those go that nobody has asked for since the last time.
    pub(super) fn forget(&self) {
        self.members.borrow_mut().retain(|_, member| {
            let wanted = member.wanted.replace(false);
            if !wanted {
                member.node.give_up(&self.spec, "the cluster does without it");
            }
            wanted
        });
    }
}
