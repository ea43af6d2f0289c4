//! Messages to whoever listens.

use super::{Access, Action, Command, Doc, HANDLE, RedisCommand, Reply, Shape, Spread, param};

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "redis_publish",
    params: &[HANDLE, param("channel", Shape::Text), param("message", Shape::Value)],
    action: Action::Send(RedisCommand {
        redis: "PUBLISH",
        last: None,
        reply: Reply::Integer,
        // It changes nothing, and a replica would tell only its own listeners.
        access: Access::Master,
        spread: Spread::OneSlot,
    }),
    doc: Doc {
        summary: "Sends a message to all that have subscribed to a channel at the moment.",
        returns: "the number of those that the server itself has told",
        notes: "On a cluster the other nodes pass it on, and their listeners are not counted. Nobody can subscribe to the embedded store.",
        complexity: "O(n) for n listeners",
        example: &[r#"redis.redis_publish("default", "events", "login") --> 0"#],
    },
}];
