//! Error replies by which a server says that it has not run a command: the only replies after which a command may be
//! sent again.
//!
//! The texts are compared at length. A Redis script can answer with any error it likes, and one that has run must not
//! be taken for one that has not.

use crate::config::Address;

/// Why a server did not run a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Another node has the slot, for good.
    Moved {
        /// The slot.
        slot: u16,
        /// The node; `None` when the server does not know it.
        to: Option<Address>,
    },
    /// Another node has the key while the slot is on its way there.
    Ask {
        /// The slot.
        slot: u16,
        /// The node.
        to: Option<Address>,
    },
    /// The keys of the command are on two nodes while their slot is on its way.
    TryAgain,
    /// The cluster does not serve the slot at the moment.
    ClusterDown,
    /// The server reads its data from disk.
    Loading,
    /// A replica that has lost its master and may not answer with old data.
    MasterDown,
    /// The server is a replica and takes no writes.
    ReadOnly,
}

impl Refusal {
    /// What an error reply says about that; `None` when the command may have run.
    pub(crate) fn of(text: &[u8]) -> Option<Refusal> {
        let starts = |with: &str| text.starts_with(with.as_bytes());
        // The first letters tell most errors from all of these.
        match text.first()? {
            b'M' if starts("MOVED ") => redirection(text).map(|(slot, to)| Refusal::Moved { slot, to }),
            b'A' if starts("ASK ") => redirection(text).map(|(slot, to)| Refusal::Ask { slot, to }),
            b'T' if starts("TRYAGAIN Multiple keys request during rehashing of slot") => Some(Refusal::TryAgain),
            b'C' if starts("CLUSTERDOWN The cluster is down") => Some(Refusal::ClusterDown),
            b'C' if starts("CLUSTERDOWN Hash slot not served") => Some(Refusal::ClusterDown),
            b'L' if starts("LOADING ") && text.ends_with(b" is loading the dataset in memory") => {
                Some(Refusal::Loading)
            }
            b'M' if starts("MASTERDOWN Link with MASTER is down") => Some(Refusal::MasterDown),
            // Exactly: inside a script the same text is followed by the script's own, and part of the script has run.
            b'R' if text == b"READONLY You can't write against a read only replica." => Some(Refusal::ReadOnly),
            _ => None,
        }
    }
}

/// `MOVED 3999 127.0.0.1:6381`: the slot and the address.
fn redirection(text: &[u8]) -> Option<(u16, Option<Address>)> {
    let mut words = std::str::from_utf8(text).ok()?.split(' ').skip(1);
    let slot = words.next()?.parse().ok()?;
    let address = words.next()?;
    if words.next().is_some() {
        return None;
    }
    Some((slot, Address::announced(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_from_errors_of_commands_that_ran() {
        let at = |port| Some(Address::Tcp { host: "127.0.0.1".into(), port });
        let moved = |slot, to| Some(Refusal::Moved { slot, to });
        assert_eq!(Refusal::of(b"MOVED 3999 127.0.0.1:6381"), moved(3999, at(6381)));
        assert_eq!(Refusal::of(b"MOVED 3999 ?:0"), moved(3999, None));
        assert_eq!(Refusal::of(b"ASK 1 127.0.0.1:7000"), Some(Refusal::Ask { slot: 1, to: at(7000) }));
        let v6 = Some(Address::Tcp { host: "::1".into(), port: 7000 });
        assert_eq!(Refusal::of(b"MOVED 0 ::1:7000"), moved(0, v6));
        let loading = b"LOADING Redis is loading the dataset in memory";
        assert_eq!(Refusal::of(loading), Some(Refusal::Loading));
        assert_eq!(Refusal::of(b"CLUSTERDOWN The cluster is down"), Some(Refusal::ClusterDown));
        assert_eq!(Refusal::of(b"READONLY You can't write against a read only replica."), Some(Refusal::ReadOnly));
        for other in [
            &b""[..],
            b"ERR x",
            b"MOVED",
            b"MOVED x y",
            b"MOVED 1 127.0.0.1:1 and more",
            b"LOADING my own",
            b"READONLY You can't write against a read only replica. script: 1234, on @user_script:1.",
        ] {
            assert_eq!(Refusal::of(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
