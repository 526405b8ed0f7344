//! Web addresses.

use crate::collector::Problem;

/// Checks an address.
///
/// # Errors
/// The reason why it is wrong.
pub(crate) fn verify(url: &str) -> Result<(), Problem> {
    let is_https = url.starts_with("https://");
    if is_https && !cfg!(feature = "https") {
        return Err(format!("{url}: this program was built without `--features https`").into());
    }
    if !is_https && !url.starts_with("http://") {
        return Err(format!("`{url}` is no address of the web").into());
    }
    Ok(())
}
