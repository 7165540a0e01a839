//! Where the memory of rules comes from: an arena that is a part of every instance, and behind it the standard allocator.
//!
//! An instance lives for one decision, and hardly any of what it takes is given back before its end. The arena is handed out from its beginning
//! on; what was handed out last may grow in place or be given back. So most decisions never ask for more memory, for which the host
//! would have to go to the kernel twice: to give it, and to take it from the next instance in that place.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// Enough for a receipt of several hundred lines. What is not touched costs nothing.
const ARENA_BYTES: usize = 256 << 10;

struct Heap {
    arena: UnsafeCell<[u8; ARENA_BYTES]>,
    /// Bytes handed out, from the beginning.
    used: Cell<usize>,
}

// SAFETY: a component has one thread.
#[expect(unsafe_code, reason = "an allocator is shared")]
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap { arena: UnsafeCell::new([0; ARENA_BYTES]), used: Cell::new(0) };

impl Heap {
    fn base(&self) -> *mut u8 {
        self.arena.get().cast()
    }

    /// Where in the arena a block begins; none where it lies elsewhere.
    fn place(&self, block: *mut u8) -> Option<usize> {
        block.addr().checked_sub(self.base().addr()).filter(|place| *place < ARENA_BYTES)
    }

    /// Whether a block of so many bytes was handed out last.
    fn is_last(&self, place: usize, size: usize) -> bool {
        place.checked_add(size) == Some(self.used.get())
    }

    /// Takes the next block; none where the arena has too little left.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let begin = self.base().addr().checked_add(self.used.get())?.checked_next_multiple_of(layout.align())?;
        let place = begin.checked_sub(self.base().addr())?;
        let end = place.checked_add(layout.size()).filter(|end| *end <= ARENA_BYTES)?;
        self.used.set(end);
        Some(self.base().wrapping_add(place))
    }
}

#[expect(unsafe_code, reason = "an allocator hands out raw memory")]
// SAFETY: blocks of the arena are aligned as asked for, lie within it and don't overlap, since `used` only goes back over the last one; all others
// are the standard allocator's own.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller has promised.
        self.take(layout).unwrap_or_else(|| unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.place(block) {
            Some(place) if self.is_last(place, layout.size()) => self.used.set(place),
            Some(_) => {}
            // SAFETY: what does not lie in the arena came from there.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(place) = self.place(block) else {
            // SAFETY: as above.
            return unsafe { System.realloc(block, layout, size) };
        };
        if self.is_last(place, layout.size())
            && let Some(end) = place.checked_add(size).filter(|end| *end <= ARENA_BYTES)
        {
            self.used.set(end);
            return block;
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the size is not zero, the alignment is that of a layout that was good; the blocks are as long as is copied, and apart.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, layout.size());
            }
            moved
        }
    }
}
