//! The shared memory of WAL mode: on the heap, shared by the connections of one boot; SQLite guards it by eight slots.
#![expect(unsafe_code, reason = "SQLite's VFS interface is a table of C functions")]

use super::handle;
use rusqlite::ffi::{self, sqlite3_file};
use std::{
    ffi::{c_int, c_void},
    ptr,
    sync::atomic::{Ordering, fence},
};

pub unsafe extern "C" fn shm_map(file: *mut sqlite3_file, number: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int {
    let handle = unsafe { handle(file) };
    let first = !handle.sharing;
    let region = handle.with(|state, boot, name| {
        state.alive(boot)?;
        if first {
            state.locks.share(name);
        }
        Ok(state.locks.region(name, number as usize, size as usize, extend != 0))
    });
    let Ok(region) = region else { return ffi::SQLITE_IOERR_SHMMAP };
    handle.sharing = true;
    let start = region.as_ref().map_or(ptr::null_mut(), |region| region.as_ptr().cast_mut().cast());
    unsafe { *out = start };
    handle.regions.extend(region);
    ffi::SQLITE_OK
}

pub unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let mask = (((1_u16 << (offset + count)) - (1_u16 << offset)) & 0xff) as u8;
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    let (reading, writing) = (handle.reading, handle.writing);
    let taken = handle.with(|state, boot, name| {
        state.alive(boot)?;
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            state.locks.give_slots(name, mask & reading, mask & writing);
            return Ok(true);
        }
        let lacking = if exclusive { mask & !writing } else { mask & !reading };
        Ok(state.locks.take_slots(name, lacking, reading, exclusive))
    });
    match taken {
        Err(_) => return ffi::SQLITE_IOERR_SHMLOCK,
        Ok(false) => return ffi::SQLITE_BUSY,
        Ok(true) if flags & ffi::SQLITE_SHM_UNLOCK != 0 => (handle.reading, handle.writing) = (reading & !mask, writing & !mask),
        Ok(true) if exclusive => handle.writing |= mask,
        Ok(true) => handle.reading |= mask,
    }
    ffi::SQLITE_OK
}

pub unsafe extern "C" fn shm_barrier(_: *mut sqlite3_file) {
    fence(Ordering::SeqCst);
}

pub unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, _: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    if std::mem::take(&mut handle.sharing) {
        let (reading, writing) = (std::mem::take(&mut handle.reading), std::mem::take(&mut handle.writing));
        let _off = handle.with(|state, boot, name| {
            state.alive(boot)?;
            state.locks.give_slots(name, reading, writing);
            state.locks.unshare(name);
            Ok(())
        });
        handle.regions.clear();
    }
    ffi::SQLITE_OK
}
