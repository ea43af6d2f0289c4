//! Following the events of one Sentinel.
//!
//! Each known Sentinel is listened to, not only one: they learn of a failover one after the other, and the one that
//! leads it is the first to say so. An event is a reason to ask and nothing more, but for the promotion of a replica:
//! the leader tells that a second before any Sentinel names the new address, and with the old master alive, what is
//! written there meanwhile is lost.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nautiloid_resp::{Request, Value};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use super::Sentinels;
use super::conversation::Conversation;
use crate::config::Address;
use crate::connection::Setup;
use crate::pause::jittered;
use crate::spec::PoolSpec;

/// A failover's leader has told the replica to be a master.
const PROMOTING: &str = "+failover-state-wait-promotion";
/// The replica says that it is one.
const PROMOTED: &str = "+promoted-slave";

/// After these, something may be different from what the last answers said.
const CHANNELS: [&str; 16] = [
    PROMOTING,
    PROMOTED,
    "+failover-state-reconf-slaves",
    "+switch-master",
    "+config-update-from",
    "+convert-to-slave",
    "+role-change",
    "-role-change",
    "+slave",
    "+slave-reconf-done",
    "+sdown",
    "-sdown",
    "+reboot",
    "+sentinel",
    "+monitor",
    "+reset-master",
];

/// A Sentinel that has said nothing for so long is asked whether it is there, and given up after as long again.
const SILENCE: Duration = Duration::from_secs(2);
/// Pauses between attempts to listen to a Sentinel that cannot be reached.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a promoted replica goes before what the Sentinels answer. They ask servers for their role every second
/// during a failover.
const PROMOTION: Duration = Duration::from_secs(3);

/// What the listeners have heard.
#[derive(Default)]
pub(super) struct News {
    arrived: Notify,
    promoted: RefCell<Option<(Address, Instant)>>,
}

impl News {
    /// Something may have changed.
    pub(super) fn notify(&self) {
        self.arrived.notify_one();
    }

    /// Waits for news that came since the last time.
    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// The replica that becomes the master at the moment.
    pub(super) fn promoted(&self) -> Option<Address> {
        let promoted = self.promoted.borrow();
        promoted.as_ref().filter(|(_, until)| Instant::now() < *until).map(|(address, _)| address.clone())
    }

    fn add(&self, event: Event) {
        if let Some(address) = event.promoted {
            *self.promoted.borrow_mut() = Some((address, Instant::now() + PROMOTION));
        }
        self.notify();
    }
}

/// The tasks that listen, one a Sentinel. Dropping them ends them.
#[derive(Default)]
pub(super) struct Listeners(HashMap<Address, (Arc<str>, AbortHandle)>);

impl Listeners {
    /// Listens to the Sentinels that are known now and to no others. Needs a `LocalSet`.
    pub(super) fn follow(&mut self, sentinels: &Sentinels) {
        let known = sentinels.known();
        self.0.retain(|address, (label, task)| {
            let stays = known.contains(address);
            if !stays {
                task.abort();
                sentinels.spec.note_gone(label, "no Sentinel names it any more");
            }
            stays
        });
        for address in known {
            self.0.entry(address).or_insert_with_key(|address| {
                let listener = Listener::new(sentinels, address);
                let label = Arc::clone(&listener.label);
                (label, tokio::task::spawn_local(listener.run()).abort_handle())
            });
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for (_, task) in self.0.values() {
            task.abort();
        }
    }
}

struct Listener {
    spec: Arc<PoolSpec>,
    label: Arc<str>,
    address: Address,
    setup: Arc<Setup>,
    master_name: Arc<str>,
    news: Rc<News>,
}

impl Listener {
    fn new(sentinels: &Sentinels, address: &Address) -> Self {
        Listener {
            spec: Arc::clone(&sentinels.spec),
            label: format!("{}: the Sentinel at {address}", sentinels.spec).into(),
            address: address.clone(),
            setup: Arc::clone(&sentinels.setup),
            master_name: Arc::clone(&sentinels.master_name),
            news: Rc::clone(&sentinels.news),
        }
    }

    async fn run(self) {
        let mut pause = SHORTEST_PAUSE;
        let mut failed = false;
        loop {
            match self.subscribe().await {
                Ok(mut conversation) => {
                    self.spec.note_up(&self.label);
                    // Whatever happened before has to be asked for.
                    self.news.notify();
                    (pause, failed) = (SHORTEST_PAUSE, false);
                    let reason = self.listen(&mut conversation).await;
                    tracing::debug!(pool = self.spec.name(), "{}: {reason}", self.label);
                }
                Err(reason) => {
                    if !std::mem::replace(&mut failed, true) {
                        self.spec.note_down(&self.label, &reason);
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            sleep(jittered(pause)).await;
        }
    }

    async fn subscribe(&self) -> Result<Conversation, String> {
        let mut conversation = Conversation::open(&self.address, &self.setup).await?;
        let mut subscribe = Request::new("SUBSCRIBE");
        for channel in CHANNELS {
            subscribe.arg(channel.as_bytes());
        }
        conversation.send(&[subscribe]).await?;
        let confirmed = async {
            for _ in CHANNELS {
                if let Value::Error(text) = conversation.receive().await? {
                    return Err(format!("cannot listen: {}", String::from_utf8_lossy(&text)));
                }
            }
            Ok(())
        };
        let late = || format!("cannot listen: no answer within {:?} (connect_timeout)", self.setup.connect_timeout);
        timeout(self.setup.connect_timeout, confirmed).await.unwrap_or_else(|_| Err(late()))?;
        Ok(conversation)
    }

    /// Until the connection breaks; why it did.
    async fn listen(&self, conversation: &mut Conversation) -> String {
        let mut asked = false;
        loop {
            match timeout(SILENCE, conversation.receive()).await {
                Ok(Ok(message)) => {
                    asked = false;
                    if let Some(event) = Event::of(&message, &self.master_name) {
                        self.news.add(event);
                    }
                }
                Ok(Err(reason)) => return reason,
                Err(_) if std::mem::replace(&mut asked, true) => return "the Sentinel stopped answering".to_owned(),
                Err(_) => {
                    if let Err(reason) = conversation.send(&[Request::new("PING")]).await {
                        return reason;
                    }
                }
            }
        }
    }
}

/// An event that concerns the master or its replicas.
#[derive(Debug, PartialEq, Eq)]
struct Event {
    /// The replica that it is about to be, or has become, the master.
    promoted: Option<Address>,
}

impl Event {
    /// Reads `["message", channel, text]`. The text is `NAME old-host old-port new-host new-port` of `+switch-master`,
    /// and else `master NAME host port` or `slave NAME host port @ MASTER-NAME host port`.
    fn of(message: &Value, master_name: &str) -> Option<Event> {
        let Value::Array(parts) = message else { return None };
        let [Value::Bulk(kind), Value::Bulk(channel), Value::Bulk(text)] = parts.as_slice() else { return None };
        let words: Vec<&str> = std::str::from_utf8(text).ok()?.split(' ').collect();
        let concerned = match words.as_slice() {
            ["master", name, ..] | [_, _, _, _, "@", name, ..] => name,
            [name, ..] => name,
            [] => return None,
        };
        if kind != "message" || *concerned != master_name {
            return None;
        }
        let promoted = match words.as_slice() {
            ["slave", _, host, port, ..] if channel == PROMOTING || channel == PROMOTED => {
                port.parse().ok().and_then(|port| Address::of_parts(host, port))
            }
            _ => None,
        };
        Some(Event { promoted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(channel: &str, text: &str) -> Option<Event> {
        let words = ["message", channel, text].map(|word| Value::bulk(word.to_owned()));
        Event::of(&Value::Array(words.to_vec()), "m1")
    }

    #[test]
    fn events_of_this_master_count() {
        let plain = Some(Event { promoted: None });
        assert_eq!(event("+switch-master", "m1 127.0.0.1 6380 127.0.0.1 6381"), plain);
        assert_eq!(event("+sdown", "master m1 127.0.0.1 6380"), plain);
        assert_eq!(event("+sdown", "slave 127.0.0.1:1 127.0.0.1 1 @ m1 127.0.0.1 6380"), plain);
        assert_eq!(event("+sentinel", "sentinel 75d6 127.0.0.1 26381 @ m1 127.0.0.1 6380"), plain);
        let of_replica = "slave 127.0.0.1:6381 127.0.0.1 6381 @ m1 127.0.0.1 6380";
        let promoted = Some(Event { promoted: Some(Address::Tcp { host: "127.0.0.1".into(), port: 6381 }) });
        assert_eq!(event(PROMOTING, of_replica), promoted);
        assert_eq!(event(PROMOTED, of_replica), promoted);
        assert_eq!(event("-role-change", &format!("{of_replica} new reported role is master")), plain);
    }

    #[test]
    fn events_of_others_do_not() {
        for (channel, text) in [
            ("+switch-master", "m2 127.0.0.1 6380 127.0.0.1 6381"),
            ("+sdown", "master m2 127.0.0.1 6380"),
            (PROMOTED, "slave m1 127.0.0.1 1 @ m2 127.0.0.1 6380"),
            ("+sdown", ""),
        ] {
            assert_eq!(event(channel, text), None, "{channel} {text}");
        }
        for message in [Value::Nil, Value::Array(vec![Value::bulk("pong"), Value::bulk("")])] {
            assert_eq!(Event::of(&message, "m1"), None);
        }
    }
}
