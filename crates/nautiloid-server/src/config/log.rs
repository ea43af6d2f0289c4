//! `[log]`: how much is logged and how it looks.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// `[log]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// The least important lines that are written.
    pub level: LogLevel,
    /// How a line looks.
    pub format: LogFormat,
}

/// A word that is none of those allowed.
#[derive(Debug, thiserror::Error)]
#[error("{written:?} is none of {known}")]
pub struct UnknownName {
    written: String,
    known: String,
}

/// An enum whose values have names: declared once, read from the file and from the command line, and given to scripts.
macro_rules! named {
    ($(#[$attr:meta])* $Type:ident { $($(#[$doc:meta])* $Value:ident = $name:literal,)* }) => {
        $(#[$attr])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
        #[serde(try_from = "String")]
        pub enum $Type { $($(#[$doc])* $Value,)* }

        impl $Type {
            /// The name in the configuration.
            pub fn name(self) -> &'static str {
                match self { $($Type::$Value => $name,)* }
            }
        }

        impl FromStr for $Type {
            type Err = UnknownName;

            fn from_str(written: &str) -> Result<Self, UnknownName> {
                match written {
                    $($name => Ok($Type::$Value),)*
                    _ => Err(UnknownName { written: written.to_owned(), known: [$($name),*].join(", ") }),
                }
            }
        }

        impl TryFrom<String> for $Type {
            type Error = UnknownName;

            fn try_from(written: String) -> Result<Self, UnknownName> {
                written.parse()
            }
        }

        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

named! {
    /// How important a line is.
    LogLevel {
        /// What failed.
        Error = "error",
        /// What is likely to fail.
        Warn = "warn",
        /// What an operator wants to know: start, stop, recovery.
        #[default]
        Info = "info",
        /// What helps to find a mistake.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

named! {
    /// How a line looks.
    LogFormat {
        /// For people.
        #[default]
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}
