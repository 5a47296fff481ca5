//! SQLite's way to the simulated disk: a VFS named `simulated`, registered once per process. A database is opened as
//! `file:/DISK/NAME?vfs=simulated`. WAL mode works: see `memory.rs`.
//!
//! Salts of the WAL come from SQLite's own generator and differ from run to run; nothing that a simulation sees depends on them.
#![expect(unsafe_code, reason = "SQLite's VFS interface is a table of C functions")]

mod memory;

use super::{Disk, State, Trouble, content::Content, file::File, locks::Region};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char, c_int, c_void},
    ptr,
    sync::{
        Arc, Mutex, Once, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

/// The name of the VFS.
pub const NAME: &str = "simulated";
const NAME_C: &CStr = c"simulated";
const PATH_MAX: c_int = 256;
/// 2026-01-01 as Julian day in milliseconds: SQL never asks for the time, and if it does it is always the same.
const JULIAN_MS: sqlite3_int64 = 211_922_395_200_000;

static DISKS: Mutex<BTreeMap<u64, Weak<Mutex<State>>>> = Mutex::new(BTreeMap::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(1);
static REGISTERED: Once = Once::new();

/// What SQLite allocates for an open file; `base` must come first.
#[repr(C)]
struct OpenFile {
    base: sqlite3_file,
    handle: *mut Handle,
}

/// An open file of one boot.
struct Handle {
    disk: Disk,
    boot: u64,
    name: String,
    remove_at_close: bool,
    level: c_int,
    sharing: bool,
    /// Keeps the regions alive that SQLite holds pointers into, also after a crash.
    regions: Vec<Region>,
    reading: u8,
    writing: u8,
}

/// A number that no other disk of this process has.
pub fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

/// Makes a disk known to SQLite for as long as somebody holds it.
pub fn register(disk: &Disk) {
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.retain(|_, state| state.strong_count() > 0);
    disks.insert(disk.id, Arc::downgrade(&disk.state));
    drop(disks);
    REGISTERED.call_once(|| {
        // SQLite counts what it allocates behind one lock of the process, which chains side by side would wait for. Refused where SQLite is in use already.
        // SAFETY: nothing of SQLite runs yet; later the call does nothing.
        let _ = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, 0 as c_int) };
        let vfs = Box::leak(Box::new(sqlite3_vfs {
            iVersion: 2,
            szOsFile: size_of::<OpenFile>() as c_int,
            mxPathname: PATH_MAX,
            pNext: ptr::null_mut(),
            zName: NAME_C.as_ptr(),
            pAppData: ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: None,
            xCurrentTimeInt64: Some(current_time_ms),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the table is leaked, so it outlives every use; its functions follow SQLite's contract.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        assert_eq!(code, ffi::SQLITE_OK, "the simulated VFS could not be registered");
    });
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(memory::shm_map),
    xShmLock: Some(memory::shm_lock),
    xShmBarrier: Some(memory::shm_barrier),
    xShmUnmap: Some(memory::shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

impl Handle {
    /// Does something with the file on the disk as this handle may.
    fn with<T>(&self, act: impl FnOnce(&mut State, u64, &str) -> Result<T, Trouble>) -> Result<T, Trouble> {
        act(&mut self.disk.lock(), self.boot, &self.name)
    }
}

impl State {
    fn write_at(&mut self, boot: u64, name: &str, offset: usize, bytes: &[u8]) -> Result<(), Trouble> {
        self.before_write(boot)?;
        let growth = self.files.get(name).map_or(0, |file| file.growth(offset, bytes.len()));
        self.room_for(growth)?;
        self.files.entry(name.to_owned()).or_default().write(offset, bytes);
        Ok(())
    }

    fn sync_file(&mut self, boot: u64, name: &str) -> Result<(), Trouble> {
        let obeyed = self.before_sync(boot);
        let Some(file) = self.files.get_mut(name) else { return obeyed };
        let mut new_name = false;
        match obeyed {
            Ok(()) => new_name = file.sync(),
            Err(Trouble::Broken) => file.lose_changes(),
            Err(_) => {}
        }
        if new_name {
            self.files.retain(|_, file| file.seen().is_some());
        }
        obeyed
    }
}

/// SQLite's code for a trouble; `otherwise` is the one of the operation.
fn code(result: Result<(), Trouble>, otherwise: c_int) -> c_int {
    match result {
        Ok(()) => ffi::SQLITE_OK,
        Err(Trouble::Full) => ffi::SQLITE_FULL,
        Err(Trouble::Missing) => ffi::SQLITE_CANTOPEN,
        Err(Trouble::Off | Trouble::Broken) => otherwise,
    }
}

/// Disk and file name of a path `/DISK/NAME`.
///
/// # Safety
/// `path` must be a valid C string.
unsafe fn find(path: *const c_char) -> Option<(Disk, String)> {
    let path = unsafe { CStr::from_ptr(path) }.to_str().ok()?;
    let (id, name) = path.strip_prefix('/')?.split_once('/')?;
    let id = id.parse().ok()?;
    let state = DISKS.lock().unwrap_or_else(PoisonError::into_inner).get(&id)?.upgrade()?;
    Some((Disk { id, state }, name.to_owned()))
}

/// # Safety
/// `file` must be an `OpenFile` that `open` filled and `close` has not freed.
unsafe fn handle<'a>(file: *mut sqlite3_file) -> &'a mut Handle {
    unsafe { &mut *(*file.cast::<OpenFile>()).handle }
}

unsafe extern "C" fn open(_: *mut sqlite3_vfs, path: *const c_char, file: *mut sqlite3_file, flags: c_int, out: *mut c_int) -> c_int {
    unsafe { (*file).pMethods = ptr::null() };
    let found = if path.is_null() { Some((Disk::new(0), "temporary".to_owned())) } else { unsafe { find(path) } };
    let Some((disk, name)) = found else { return ffi::SQLITE_CANTOPEN };
    let mut state = disk.lock();
    let boot = state.boot;
    let there = state.files.get(&name).and_then(File::seen).is_some();
    if state.alive(boot).is_err() || (!there && flags & ffi::SQLITE_OPEN_CREATE == 0) {
        return ffi::SQLITE_CANTOPEN;
    }
    state.files.entry(name.clone()).or_default().create();
    drop(state);
    let remove_at_close = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
    let made = Handle { disk, boot, name, remove_at_close, level: 0, sharing: false, regions: Vec::new(), reading: 0, writing: 0 };
    unsafe {
        (*file.cast::<OpenFile>()).handle = Box::into_raw(Box::new(made));
        (*file).pMethods = &METHODS;
        if !out.is_null() {
            *out = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, path: *const c_char, synced: c_int) -> c_int {
    let Some((disk, name)) = (unsafe { find(path) }) else { return ffi::SQLITE_IOERR_DELETE };
    let mut state = disk.lock();
    let boot = state.boot;
    if state.files.get(&name).and_then(File::seen).is_none() {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    let removed = state.step(boot).map(|()| {
        state.files.entry(name).and_modify(|file| file.remove(synced != 0));
    });
    code(removed, ffi::SQLITE_IOERR_DELETE)
}

unsafe extern "C" fn access(_: *mut sqlite3_vfs, path: *const c_char, _: c_int, out: *mut c_int) -> c_int {
    let there = unsafe { find(path) }.is_some_and(|(disk, name)| disk.lock().files.get(&name).and_then(File::seen).is_some());
    unsafe { *out = c_int::from(there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(_: *mut sqlite3_vfs, path: *const c_char, room: c_int, out: *mut c_char) -> c_int {
    let bytes = unsafe { CStr::from_ptr(path) }.to_bytes_with_nul();
    if bytes.len() > room as usize {
        return ffi::SQLITE_CANTOPEN;
    }
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(_: *mut sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    unsafe { ptr::write_bytes(out, 7, length as usize) };
    length
}

unsafe extern "C" fn sleep(_: *mut sqlite3_vfs, us: c_int) -> c_int {
    std::thread::yield_now();
    us
}

unsafe extern "C" fn current_time(_: *mut sqlite3_vfs, out: *mut f64) -> c_int {
    unsafe { *out = JULIAN_MS as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_ms(_: *mut sqlite3_vfs, out: *mut sqlite3_int64) -> c_int {
    unsafe { *out = JULIAN_MS };
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    unsafe {
        unlock(file, ffi::SQLITE_LOCK_NONE);
        memory::shm_unmap(file, 0);
        let handle = Box::from_raw((*file.cast::<OpenFile>()).handle);
        if handle.remove_at_close {
            handle.disk.lock().files.remove(&handle.name);
        }
        (*file).pMethods = ptr::null();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(file: *mut sqlite3_file, out: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    let (handle, length) = (unsafe { handle(file) }, length as usize);
    let out = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), length) };
    let got = handle.with(|state, boot, name| {
        state.before_read(boot)?;
        let Some(content) = state.files.get(name).and_then(File::seen) else {
            out.fill(0);
            return Ok(0);
        };
        Ok(content.read(offset as usize, out))
    });
    match got {
        Ok(got) if got == length => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, bytes: *const c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), length as usize) };
    let written = unsafe { handle(file) }.with(|state, boot, name| state.write_at(boot, name, offset as usize, bytes));
    code(written, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let cut = unsafe { handle(file) }.with(|state, boot, name| {
        state.before_write(boot)?;
        state.files.entry(name.to_owned()).or_default().set_length(length as usize);
        Ok(())
    });
    code(cut, ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    let synced = unsafe { handle(file) }.with(|state, boot, name| state.sync_file(boot, name));
    code(synced, ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    let size = unsafe { handle(file) }.with(|state, boot, name| {
        state.alive(boot)?;
        Ok(state.files.get(name).and_then(File::seen).map_or(0, Content::len))
    });
    unsafe { *out = size.unwrap_or(0) as sqlite3_int64 };
    code(size.map(|_| ()), ffi::SQLITE_IOERR_FSTAT)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, wanted: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let held = handle.level;
    let level = handle.with(|state, boot, name| {
        state.alive(boot)?;
        Ok(state.locks.raise(name, held, wanted))
    });
    handle.level = level.unwrap_or(held);
    match level {
        Ok(level) if level >= wanted => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_BUSY,
        Err(_) => ffi::SQLITE_IOERR_LOCK,
    }
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, wanted: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let held = handle.level;
    if held > wanted {
        handle.level = wanted;
        let _off = handle.with(|state, boot, name| state.alive(boot).map(|()| state.locks.lower(name, held, wanted)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    let reserved = unsafe { handle(file) }.with(|state, _, name| Ok(state.locks.reserved(name)));
    unsafe { *out = c_int::from(reserved == Ok(true)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    super::file::SECTOR as c_int
}

/// A write harms no byte beside it; nothing else is promised.
unsafe extern "C" fn device_characteristics(_: *mut sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}
