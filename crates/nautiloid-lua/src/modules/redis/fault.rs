//! How the arguments of a call can be wrong: some faults are raised, others are results, as the specification has it.

use crate::arguments::Raise;
use crate::stack::NoRoom;

/// What is wrong with arguments.
pub(super) enum Fault {
    /// Given back as `nil, message`.
    Refused(String),
    /// Raised.
    Raised(Raise),
}

impl From<Raise> for Fault {
    fn from(raise: Raise) -> Self {
        Fault::Raised(raise)
    }
}

impl From<NoRoom> for Fault {
    fn from(no_room: NoRoom) -> Self {
        Fault::Raised(no_room.into())
    }
}

impl Fault {
    /// What is raised where there is no place for a result.
    pub(super) fn into_raise(self) -> Raise {
        match self {
            Fault::Refused(message) => Raise::Message(message),
            Fault::Raised(raise) => raise,
        }
    }
}
