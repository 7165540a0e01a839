//! Where the CLI keeps what it remembers (XDG base directories), and how it reads and writes files without surprises.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{CliError, Result};

/// The longest JSON or wasm file that a command reads whole; more is surely the wrong file.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// `$XDG_CONFIG_HOME/coalition`, else `~/.config/coalition`.
///
/// # Errors
/// When neither variable nor home folder is known.
pub fn config_dir() -> Result<PathBuf> {
    base_dir(std::env::var_os("XDG_CONFIG_HOME"), ".config")
}

/// `$XDG_CACHE_HOME/coalition`, else `~/.cache/coalition`. What is in it may be removed at any time.
///
/// # Errors
/// When neither variable nor home folder is known.
pub fn cache_dir() -> Result<PathBuf> {
    base_dir(std::env::var_os("XDG_CACHE_HOME"), ".cache")
}

fn base_dir(xdg: Option<OsString>, below_home: &str) -> Result<PathBuf> {
    // The XDG specification wants relative values ignored.
    if let Some(base) = xdg.map(PathBuf::from).filter(|path| path.is_absolute()) {
        return Ok(base.join("coalition"));
    }
    std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(below_home).join("coalition")).ok_or_else(|| {
        CliError::machine("the home folder is unknown").fix("set HOME, or XDG_CONFIG_HOME and XDG_CACHE_HOME, to absolute paths")
    })
}

/// Creates a folder that only its owner may enter, with its parents.
///
/// # Errors
/// When it can't be created.
pub fn create_private_dir(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| {
        CliError::machine(format!("can't create the folder {}: {error}", path.display()))
            .fix("check its parent's permissions and free space")
    })
}

/// Replaces a file in one step with one that only its owner may read (0600): a crash leaves the old or the new, never half.
///
/// # Errors
/// When its folder can't be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_dir(folder)?;
    replace(path, folder, bytes, true)
}

/// Replaces a file in one step, with the permissions that the user's umask gives.
///
/// # Errors
/// When its folder can't be created or written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(|error| CliError::machine(format!("can't create the folder {}: {error}", folder.display())))?;
    replace(path, folder, bytes, false)
}

fn replace(path: &Path, folder: &Path, bytes: &[u8], private: bool) -> Result<()> {
    let failed = |error: std::io::Error| CliError::machine(format!("can't write {}: {error}", path.display()));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".coalition-");
    #[cfg(unix)]
    if !private {
        use std::os::unix::fs::PermissionsExt;
        // Asked for as any program asks; the umask takes away what the user doesn't want.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // A temporary file is made with 0600 where nothing else is asked for.
    let _ = private;
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Reads a whole file of at most 64 MiB.
///
/// # Errors
/// A usage error when it is missing, unreadable, a folder or too large.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = |error: std::io::Error| CliError::usage(format!("can't read {}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES_MAX) {
        return Err(CliError::usage(format!("{} is over 64 MiB", path.display())).fix("name the file you meant"));
    }
    Ok(bytes)
}

/// Reads a JSON file into `T`; an error names the file, the line and the column.
///
/// # Errors
/// A usage error when the file can't be read or does not fit.
pub fn read_json<T: serde::de::DeserializeOwned>(path: &Path, what: &str) -> Result<T> {
    let bytes = read(path)?;
    serde_json::from_slice(&bytes).map_err(|error| CliError::usage(format!("{} is not {what}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_xdg_folders_are_ignored() {
        assert_eq!(base_dir(Some("/tmp/x".into()), ".config").unwrap(), PathBuf::from("/tmp/x/coalition"));
        assert!(base_dir(Some("relative".into()), ".config").is_ok_and(|path| path.is_absolute()));
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_readable_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/profiles.toml");
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let public = folder.path().join("plugin.wasm");
        write_whole(&public, b"wasm").unwrap();
        assert_ne!(std::fs::metadata(&public).unwrap().permissions().mode() & 0o044, 0, "umask of the test permitting");
    }
}
