//! nautiloid-server.
