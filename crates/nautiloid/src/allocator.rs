//! mimalloc, asked without an alignment where it gives that anyway.
//!
//! The crate `mimalloc` asks for an alignment each time, and LuaJIT's memory comes through it with one of 16 bytes. What
//! needs no look at alignment takes fewer steps and, for small sizes, less memory.
#![expect(unsafe_code, reason = "an allocator is unsafe by its trait; each use says why it is sound")]

use std::alloc::{GlobalAlloc, Layout};

use mimalloc::MiMalloc;

/// Blocks of at least so many bytes are aligned to as many (`MI_MAX_ALIGN_SIZE`).
const NATURAL: usize = 16;

/// The allocator of the process.
pub(crate) struct Allocator;

fn is_natural(layout: Layout) -> bool {
    layout.align() <= size_of::<usize>() || (layout.align() <= NATURAL && layout.size() >= NATURAL)
}

// SAFETY: all memory is mimalloc's, which frees whatever it gave by its address alone. Where no alignment is asked for,
// the block has it by its size.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe {
            if is_natural(layout) { libmimalloc_sys::mi_malloc(layout.size()).cast() } else { MiMalloc.alloc(layout) }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe {
            if is_natural(layout) {
                libmimalloc_sys::mi_zalloc(layout.size()).cast()
            } else {
                MiMalloc.alloc_zeroed(layout)
            }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: as the caller promises.
        unsafe { libmimalloc_sys::mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let natural = Layout::from_size_align(size, layout.align()).is_ok_and(is_natural);
        // SAFETY: as the caller promises.
        unsafe {
            if natural {
                libmimalloc_sys::mi_realloc(block.cast(), size).cast()
            } else {
                MiMalloc.realloc(block, layout, size)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_whatever_their_size() {
        for align in [1, 8, 16, 64, 4096] {
            for size in (1..300).chain([1000, 4097, 100_000, 5_000_000]) {
                let layout = Layout::from_size_align(size, align).unwrap();
                // SAFETY: the size is not zero, and each block is used as large as it is and freed once.
                unsafe {
                    let block = Allocator.alloc(layout);
                    assert!(!block.is_null() && block.addr().is_multiple_of(align), "{layout:?}");
                    block.write_bytes(7, size);
                    let larger = Allocator.realloc(block, layout, size + 24);
                    assert!(larger.addr().is_multiple_of(align), "{layout:?}");
                    assert!((0..size).all(|at| *larger.add(at) == 7), "{layout:?}");
                    Allocator.dealloc(larger, Layout::from_size_align(size + 24, align).unwrap());
                    let zeroed = Allocator.alloc_zeroed(layout);
                    assert!(
                        zeroed.addr().is_multiple_of(align) && (0..size).all(|at| *zeroed.add(at) == 0),
                        "{layout:?}"
                    );
                    Allocator.dealloc(zeroed, layout);
                }
            }
        }
    }
}
