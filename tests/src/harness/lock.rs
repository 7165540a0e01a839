//! A lock between processes, held by a file, given back when dropped or when the process dies.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result};

/// A held lock.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of this file, which is made when missing.
    pub fn take(path: &Path) -> Result<Lock> {
        let file =
            File::options().create(true).truncate(false).write(true).open(path).with_context(|| format!("opening {}", path.display()))?;
        file.lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(Lock { _file: file })
    }
}
