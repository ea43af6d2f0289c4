//! Log lines, to standard error: standard output belongs to scripts and their results.

use std::io::{IsTerminal, stderr};

use nautiloid_server::config::{LogConfig, LogFormat, LogLevel};
use tracing::level_filters::LevelFilter;

/// Starts logging; called once.
pub(crate) fn start(config: &LogConfig) {
    let lines = tracing_subscriber::fmt().with_writer(stderr).with_target(false).with_max_level(filter(config.level));
    match config.format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
