//! Pools, their handles, and whether they can be reached.

use super::{Access, Action, Command, Doc, HANDLE, Join, RedisCommand, Reply, Shape, Special, Spread, param};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "register_redis_pool",
        params: &[param("name", Shape::Text), param("mode", Shape::Text), param("config", Shape::Table)],
        action: Action::Special(Special::RegisterPool),
        doc: Doc {
            summary: "Registers a pool of connections under a name, for every script on every worker.",
            returns: "`\"OK\"`",
            notes: "Modes: `standalone`, `sentinel`, `sentinel_replica`, `cluster`, `embedded`. The parameters are in \
                `docs/configuration.md`; an unknown one is an error that names it. It does not wait for the server: \
                a server that cannot be reached shows in the calls. An init script is the place for it.",
            complexity: "",
            example: &[
                r#"redis.register_redis_pool("archive", "standalone", { address = "127.0.0.1:6379", db = 3 }) --> "OK""#,
            ],
        },
    },
    Command {
        name: "get_redis_connection",
        params: &[param("name", Shape::Text)],
        action: Action::Special(Special::GetConnection),
        doc: Doc {
            summary: "Gives the handle of a registered pool, the first argument of every other function.",
            returns: "the handle",
            notes: "`\"default\"` gives the handle of the default pool. An unknown name is `nil` and an error that \
                lists the names there are.",
            complexity: "",
            example: &[
                r#"local handle = redis.get_redis_connection("default")"#,
                r#"redis.redis_set(handle, "greeting", "hello") --> "OK""#,
                r#"redis.redis_get("default", "greeting") --> "hello""#,
            ],
        },
    },
    Command {
        name: "redis_ping",
        params: &[HANDLE],
        action: Action::Send(RedisCommand {
            redis: "PING",
            last: None,
            reply: Reply::String,
            // It changes nothing, but whether the server that takes writes is there is what a ping is for.
            access: Access::Master,
            spread: Spread::Masters(Join::Same),
        }),
        doc: Doc {
            summary: "Asks whether the pool's server answers.",
            returns: "`\"PONG\"`",
            notes: "It is the master that is asked, also by a pool that reads from replicas; a pool of mode \
                `sentinel_replica` asks a replica.",
            complexity: "O(1)",
            example: &[r#"redis.redis_ping("default") --> "PONG""#],
        },
    },
];
