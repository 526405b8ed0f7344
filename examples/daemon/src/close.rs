//! Closing the descriptors that a daemon does not need.

use std::os::fd::RawFd;
use std::{io, iter};

use nix::errno::Errno;
use rustix::process::{Resource, getrlimit};

use crate::sys;

/// Closes all descriptors except these, range by range.
///
/// A value that lives on finds its descriptor closed. The process should neither use nor drop such
/// a value, and end by [`exit_now`](crate::process::exit_now).
///
/// # Errors
/// If the system refuses.
pub fn close_all_but(keep: &[RawFd]) -> io::Result<()> {
    for (first, last) in gaps(keep) {
        match sys::close_range(first, last) {
            // Kernels before 5.9 lack the call, and some sandboxes forbid it.
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EPERM)) => {
                close_each(first, last)?;
            }
            other => other?,
        }
    }
    Ok(())
}

/// The ranges between the descriptors to keep, in order.
fn gaps(keep: &[RawFd]) -> impl Iterator<Item = (RawFd, RawFd)> {
    let mut keep: Vec<_> = keep.iter().copied().filter(|fd| *fd >= 0).collect();
    keep.sort_unstable();
    keep.dedup();
    let starts = iter::once(0).chain(keep.clone().into_iter().map(|fd| fd.saturating_add(1)));
    let ends = keep.into_iter().map(|fd| fd - 1).chain([RawFd::MAX]);
    starts.zip(ends).filter(|(first, last)| first <= last)
}

fn close_each(first: RawFd, last: RawFd) -> io::Result<()> {
    // The limit. Where there is none, the number of PEP 3143.
    let limit = getrlimit(Resource::Nofile).maximum.unwrap_or(2048);
    let limit = RawFd::try_from(limit).unwrap_or(RawFd::MAX);
    for descriptor in first..last.saturating_add(1).min(limit) {
        match sys::close(descriptor) {
            Err(error) if error.raw_os_error() == Some(Errno::EBADF as i32) => {}
            other => other?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::fd::IntoRawFd;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_gaps_leave_what_is_kept() {
        let of = |keep: &[RawFd]| gaps(keep).collect::<Vec<_>>();
        assert_eq!(of(&[]), [(0, RawFd::MAX)]);
        assert_eq!(of(&[5, 0, 2, 1, 5, -1]), [(3, 4), (6, RawFd::MAX)]);
        assert_eq!(of(&[3]), [(0, 2), (4, RawFd::MAX)]);
    }

    #[test]
    fn one_by_one_closes_what_is_open_and_is_no_error_for_the_rest() {
        let limit = getrlimit(Resource::Nofile).current.unwrap_or(2048);
        let last = RawFd::try_from(limit).unwrap_or(RawFd::MAX) - 1;
        let high = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), last).unwrap();
        assert_eq!(high.into_raw_fd(), last);
        close_each(last - 2, last).unwrap();
        assert!(!Path::new(&format!("/proc/self/fd/{last}")).exists());
        close_each(last - 2, last).unwrap();
    }
}
