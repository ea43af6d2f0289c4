//! nautiloid-redis.
