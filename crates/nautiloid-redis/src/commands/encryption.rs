//! Encryption of what is stored.

use super::{Action, Command, Doc, HANDLE, Shape, Special, param};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_encrypt",
        params: &[HANDLE, param("text", Shape::Text)],
        action: Action::Special(Special::Encrypt),
        doc: Doc {
            summary: "Encrypts a text with the pool's `encryption_secret`.",
            returns: "the text as base64 of nonce and ciphertext, another one each time; without a secret the text itself",
            notes: "ChaCha20-Poly1305, with SHA-256 of the secret as its key. Nothing is sent to Redis.",
            complexity: "O(n) for n bytes",
            example: &[
                r#"local stored = redis.redis_encrypt("default", "hello")"#,
                r#"redis.redis_decrypt("default", stored) --> "hello""#,
            ],
        },
    },
    Command {
        name: "redis_decrypt",
        params: &[HANDLE, param("text", Shape::Text)],
        action: Action::Special(Special::Decrypt),
        doc: Doc {
            summary: "Decrypts what `redis_encrypt` gave.",
            returns: "the text; without a secret what was given",
            notes: "A text that was changed, or encrypted with another secret, is an error.",
            complexity: "O(n) for n bytes",
            example: &[
                r#"local stored = redis.redis_encrypt("default", "hello")"#,
                r#"redis.redis_decrypt("default", stored) --> "hello""#,
            ],
        },
    },
    Command {
        name: "redis_is_encryption_enabled",
        params: &[HANDLE],
        action: Action::Special(Special::IsEncryptionEnabled),
        doc: Doc {
            summary: "Tells whether the pool has an `encryption_secret`.",
            returns: "`true` or `false`",
            notes: "",
            complexity: "O(1)",
            example: &[r#"redis.redis_is_encryption_enabled("default") --> false"#],
        },
    },
];
