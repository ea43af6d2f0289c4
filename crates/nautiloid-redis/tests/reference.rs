//! The reference page in `docs/` is what the table says.

#[test]
fn the_reference_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/nauthilus_redis.md");
    let page = nautiloid_redis::commands::reference::markdown();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page,
        "{path} is stale: write it anew with UPDATE_REFERENCE=1 cargo test -p nautiloid-redis --test reference"
    );
}
