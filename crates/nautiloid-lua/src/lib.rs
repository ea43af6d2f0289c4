//! nautiloid-lua.
