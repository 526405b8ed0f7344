//! The system calls that no safe crate offers, each with the reason why it is sound.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, OsStr};
use std::io::Read;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::Duration;
use std::{fs, io, mem, ptr, thread};

use nix::unistd::ForkResult;
use rustix::process::Pid;

/// Proof that the process had one thread, so that a fork of it is a whole program. With more
/// threads, a child may wait for ever for a lock whose holder it does not have.
pub(crate) struct SingleThread(());

impl SingleThread {
    /// Counts the threads.
    pub(crate) fn check() -> io::Result<Self> {
        let mut threads = 0;
        // The kernel counts a thread for a moment after `join` returns.
        for _ in 0..50 {
            match count_threads() {
                Ok(count) => threads = count,
                // Another root may lack `/proc`.
                Err(_) => threads = if is_alone()? { 1 } else { 2 },
            }
            if threads == 1 {
                return Ok(Self(()));
            }
            thread::sleep(Duration::from_millis(2));
        }
        let text =
            format!("the process has {threads} threads, but must do this before it starts any");
        Err(io::Error::other(text))
    }
}

/// Whether the process has one thread. The kernel lets no other thread leave its thread group, and
/// a single one has nothing to leave.
fn is_alone() -> io::Result<bool> {
    // SAFETY: the call takes a number, and changes nothing if it succeeds.
    match check(unsafe { libc::unshare(libc::CLONE_THREAD) }) {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Ok(false),
        alone => alone.map(|()| true),
    }
}

/// The twentieth field of `/proc/self/stat`. It is read without an allocation, because each heap
/// page written just before a fork is a page that parent and child do not share.
fn count_threads() -> io::Result<u32> {
    let mut text = [0; 512];
    let read = fs::File::open("/proc/self/stat")?.read(&mut text)?;
    let fields = text[..read].rsplit(|byte| *byte == b')').next();
    let field = fields.and_then(|fields| fields.split(|byte| *byte == b' ').nth(18));
    let count = field.and_then(|field| str::from_utf8(field).ok()?.parse().ok());
    count.ok_or_else(|| io::Error::other("/proc/self/stat is unreadable"))
}

/// Forks. Gives the id of the child, or `None` in the child.
pub(crate) fn fork(_: &SingleThread) -> io::Result<Option<Pid>> {
    // SAFETY: the process has one thread, so the child has all that its memory knows of, and no
    // lock is held by another one.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Ok(Pid::from_raw(child.as_raw())),
        ForkResult::Child => Ok(None),
    }
}

/// Ends the process at once, without destructors, exit handlers or flushing.
pub fn exit_now(code: u8) -> ! {
    // SAFETY: this only ends the process.
    unsafe { libc::_exit(code.into()) }
}

/// Sets or removes a variable of the environment.
pub(crate) fn set_variable(_: &SingleThread, name: &str, value: Option<&OsStr>) {
    // SAFETY: the process has one thread, so nobody reads the environment meanwhile.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}

/// Shows this text in process lists instead of the command line, as far as there is room. The
/// program must not read its arguments afterwards. Nothing depends on it, so it fails in silence.
pub fn set_title(title: &str) {
    let Some((start, end)) = argument_area() else {
        return;
    };
    let room = end.saturating_sub(start);
    let length = title.len().min(room.saturating_sub(1));
    // SAFETY: these are the bytes of our own arguments, which the kernel made writable for us. They
    // end before the environment. The last byte stays NUL.
    unsafe {
        let area = ptr::with_exposed_provenance_mut::<u8>(start);
        ptr::write_bytes(area, 0, room);
        ptr::copy_nonoverlapping(title.as_ptr(), area, length);
    }
}

/// The range of our arguments: the fields 48 and 49 of `/proc/self/stat`.
fn argument_area() -> Option<(usize, usize)> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = text.rsplit_once(") ")?.1.split(' ').skip(45);
    let mut field = || fields.next()?.trim().parse().ok().filter(|at| *at > 0);
    Some((field()?, field()?))
}

/// Closes the descriptors from the first to the last.
///
/// A Rust value that owns one of them finds it closed. A daemon is asked to do exactly that, and
/// `DaemonContext::files_preserve` names the exceptions.
pub(crate) fn close_range(first: RawFd, last: RawFd) -> io::Result<()> {
    // SAFETY: the call takes numbers and touches no memory.
    let result = unsafe { libc::close_range(first.cast_unsigned(), last.cast_unsigned(), 0) };
    check(result)
}

/// Closes one descriptor, as [`close_range`] does.
pub(crate) fn close(descriptor: RawFd) -> io::Result<()> {
    // SAFETY: the call takes a number and touches no memory.
    check(unsafe { libc::close(descriptor) })
}

/// Runs `run` in the new process just before it executes the command. The process must have one
/// thread when the command starts.
pub(crate) fn before_exec(
    _: &SingleThread,
    command: &mut Command,
    run: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) {
    // SAFETY: the process has one thread, so `run` may do after the fork whatever it may do here.
    unsafe {
        command.pre_exec(run);
    }
}

/// The action on a signal.
#[derive(Clone, Copy)]
pub(crate) enum Disposition {
    Ignore,
    Default,
    /// Removes the pid file, and then ends as by default.
    Leave,
    /// Opens the log file again.
    Reopen,
    Call(Handler),
}

/// A function that may run at any moment between two others.
#[derive(Debug, Clone, Copy)]
pub struct Handler(extern "C" fn(i32));

impl Handler {
    /// Declares that a function can be a signal handler.
    ///
    /// # Safety
    /// The function may do only what signal-safety(7) allows: store to atomics, `write`, `_exit`
    /// and other plain system calls; it may not allocate, lock, print or panic.
    #[must_use]
    pub const unsafe fn new(function: extern "C" fn(i32)) -> Self {
        Self(function)
    }
}

/// Sets what happens on a signal.
pub(crate) fn set_disposition(signal: i32, disposition: Disposition) -> io::Result<()> {
    let (leave, reopen): (extern "C" fn(i32), extern "C" fn(i32)) = (leave, reopen_now);
    let (handler, flags) = match disposition {
        Disposition::Ignore => (libc::SIG_IGN, 0),
        Disposition::Default => (libc::SIG_DFL, 0),
        Disposition::Leave => (leave as libc::sighandler_t, libc::SA_RESETHAND),
        Disposition::Reopen => (reopen as libc::sighandler_t, libc::SA_RESTART),
        Disposition::Call(Handler(function)) => (function as libc::sighandler_t, libc::SA_RESTART),
    };
    // SAFETY: all zeros are a valid `sigaction`: no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = flags;
    // SAFETY: `action` is complete, and its function is fit for a handler: ours is, and the creator
    // of a `Handler` has promised it for others.
    check(unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) })
}

/// Whether a signal is ignored; `None` where there is no such signal.
pub(crate) fn is_ignored(signal: i32) -> Option<bool> {
    handler(signal).map(|handler| handler == libc::SIG_IGN)
}

/// Whether a signal has its default action.
pub(crate) fn is_default(signal: i32) -> bool {
    handler(signal) == Some(libc::SIG_DFL)
}

/// Whether the program has a handler of its own for a signal.
pub(crate) fn is_handled(signal: i32) -> bool {
    let reopen: extern "C" fn(i32) = reopen_now;
    let none = [libc::SIG_DFL, libc::SIG_IGN, reopen as libc::sighandler_t];
    handler(signal).is_some_and(|handler| !none.contains(&handler))
}

fn handler(signal: i32) -> Option<libc::sighandler_t> {
    // SAFETY: all zeros are a valid `sigaction`, and the call only writes to it.
    let (result, action) = unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        let result = libc::sigaction(signal, ptr::null(), &raw mut action);
        (result, action)
    };
    (result == 0).then_some(action.sa_sigaction)
}

/// A pid file that a handler removes.
struct Leaving {
    pid: i32,
    path: CString,
    device: u64,
    inode: u64,
}

static LEAVING: AtomicPtr<Leaving> = AtomicPtr::new(ptr::null_mut());

/// Tells the handler of [`Disposition::Leave`] which file to remove, if it still has that inode.
pub(crate) fn leave_at_signal(path: CString, device: u64, inode: u64) {
    let pid = rustix::process::getpid().as_raw_nonzero().get();
    let leaving = Leaving {
        pid,
        path,
        device,
        inode,
    };
    // Never freed, because a handler may be reading it.
    LEAVING.store(Box::leak(Box::new(leaving)), Ordering::Release);
}

/// Tells the handler that there is no file any more.
pub(crate) fn leave_nothing() {
    LEAVING.store(ptr::null_mut(), Ordering::Release);
}

extern "C" fn leave(signal: i32) {
    // SAFETY: stored values are never freed. signal-safety(7) allows the calls, and they get a path
    // that ends in NUL and a `stat` to write to. The signal has its default action again and is
    // blocked until the handler returns. Then it ends the process.
    unsafe {
        let leaving = LEAVING.load(Ordering::Acquire);
        if let Some(leaving) = leaving.as_ref()
            // A child that was forked later has this handler too.
            && leaving.pid == libc::getpid()
        {
            let mut stat: libc::stat = mem::zeroed();
            if libc::lstat(leaving.path.as_ptr(), &raw mut stat) == 0
                && (stat.st_dev, stat.st_ino) == (leaving.device, leaving.inode)
            {
                libc::unlink(leaving.path.as_ptr());
            }
        }
        libc::raise(signal);
    }
}

/// Makes a descriptor lead to the file of that name, which is created if it is missing and then
/// gets the same owner. Standard output and standard error follow if they led to the same file.
pub(crate) fn reopen(name: &CStr, descriptor: BorrowedFd<'_>, mode: u32) -> io::Result<()> {
    // SAFETY: the name ends in NUL, and the descriptor is open.
    check(unsafe { reopen_at(name.as_ptr(), descriptor.as_raw_fd(), mode) })
}

/// A log file that a handler opens again.
struct Reopening {
    name: CString,
    descriptor: RawFd,
    mode: u32,
}

static REOPENING: AtomicPtr<Reopening> = AtomicPtr::new(ptr::null_mut());

/// Tells the handler of [`Disposition::Reopen`] what to open again.
pub(crate) fn reopen_at_signal(name: CString, descriptor: BorrowedFd<'_>, mode: u32) {
    let descriptor = descriptor.as_raw_fd();
    let reopening = Reopening {
        name,
        descriptor,
        mode,
    };
    // Never freed, because a handler may be reading it.
    REOPENING.store(Box::leak(Box::new(reopening)), Ordering::Release);
}

/// Tells the handler that there is no log any more.
pub(crate) fn reopen_no_more(descriptor: BorrowedFd<'_>) {
    let reopening = REOPENING.load(Ordering::Acquire);
    // SAFETY: stored values are never freed.
    if unsafe { reopening.as_ref() }.is_some_and(|one| one.descriptor == descriptor.as_raw_fd()) {
        REOPENING.store(ptr::null_mut(), Ordering::Release);
    }
}

extern "C" fn reopen_now(_: i32) {
    // SAFETY: stored values are never freed, and `reopen_at` makes only calls that signal-safety(7)
    // allows. It leaves `errno` as it was.
    unsafe {
        let errno = *libc::__errno_location();
        if let Some(log) = REOPENING.load(Ordering::Acquire).as_ref() {
            reopen_at(log.name.as_ptr(), log.descriptor, log.mode);
        }
        *libc::__errno_location() = errno;
    }
}

/// # Safety
/// The name ends in NUL. The descriptor is open, and its file may change.
unsafe fn reopen_at(name: *const libc::c_char, descriptor: RawFd, mode: u32) -> i32 {
    let flags = libc::O_WRONLY
        | libc::O_APPEND
        | libc::O_CREAT
        | libc::O_CLOEXEC
        | libc::O_NOFOLLOW
        | libc::O_NONBLOCK
        | libc::O_NOCTTY;
    // SAFETY: plain calls with numbers, a name that ends in NUL, and `stat`s to write to.
    unsafe {
        let mut old: libc::stat = mem::zeroed();
        if libc::fstat(descriptor, &raw mut old) != 0 {
            return -1;
        }
        let new = libc::open(name, flags, mode);
        if new < 0 {
            return -1;
        }
        // Root gives the file to the owner of the log. Others cannot, and need not.
        libc::fchown(new, old.st_uid, old.st_gid);
        for stream in [libc::STDOUT_FILENO, libc::STDERR_FILENO] {
            let mut stat: libc::stat = mem::zeroed();
            if libc::fstat(stream, &raw mut stat) == 0
                && (stat.st_dev, stat.st_ino) == (old.st_dev, old.st_ino)
            {
                libc::dup2(new, stream);
            }
        }
        let replaced = libc::dup3(new, descriptor, libc::O_CLOEXEC);
        libc::close(new);
        if replaced < 0 { -1 } else { 0 }
    }
}

/// The wait status of a process that was reaped, by its pidfd.
pub(crate) fn exit_status(pidfd: BorrowedFd<'_>) -> io::Result<Option<i32>> {
    // SAFETY: numbers only, which may all be 0.
    let mut info: libc::pidfd_info = unsafe { mem::zeroed() };
    info.mask = u64::from(libc::PIDFD_INFO_EXIT);
    // SAFETY: the call writes no more than the structure whose size its number has.
    check(unsafe { libc::ioctl(pidfd.as_raw_fd(), libc::PIDFD_GET_INFO, &raw mut info) })?;
    let is_known = info.mask & u64::from(libc::PIDFD_INFO_EXIT) != 0;
    Ok(is_known.then_some(info.exit_code))
}

fn check(result: i32) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_threads_is_not_alone() {
        // A test has a thread of its own.
        assert!(!is_alone().unwrap());
        assert!(count_threads().unwrap() > 1);
    }
}
