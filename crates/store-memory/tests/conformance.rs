//! The memory floor does what every live floor must.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use switchboard_store::conformance;
use switchboard_store_memory::MemoryFloor;

#[tokio::test]
async fn the_memory_floor_conforms() {
    let floor = MemoryFloor::new(Arc::new(AtomicI64::new(1_800_000_000_000)));

    conformance::check(&floor).await;
}
