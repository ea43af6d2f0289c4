//! nautiloid-store.
