//! Compiled code on disk. It is loaded as machine code, so only from a folder that is ours alone, only in files that are whole, and
//! only when made by this very compiler for this very processor. Anything else is compiled again.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::digest::Digest;

const HEADER: &[u8; 24] = b"coalition-compiled-v1\r\n\0";

pub(crate) struct Cache {
    folder: PathBuf,
    fingerprint: String,
    bytes_max: u64,
}

impl Cache {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// When it can't be made, or isn't ours, or others may write to it.
    pub(crate) fn open(folder: &Path, fingerprint: String, code_bytes_max: usize) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        ours(&fs::metadata(folder)?)?;
        let bytes_max = u64::try_from(code_bytes_max).unwrap_or(u64::MAX).saturating_add(1024);
        Ok(Self { folder: folder.to_owned(), fingerprint, bytes_max })
    }

    /// The code of a component, if a whole file of ours has it. A file that is torn, or not ours, is removed.
    pub(crate) fn get(&self, digest: &Digest) -> Option<Vec<u8>> {
        let path = self.path(digest);
        match self.read(&path, digest) {
            Ok(code) => Some(code),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(plugin.digest = %digest, %error, "a file of compiled code is not used, and removed");
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keeps the code. A cache that can't be written is told of, and does no harm.
    pub(crate) fn put(&self, digest: &Digest, code: &[u8]) {
        if let Err(error) = self.write(digest, code) {
            tracing::warn!(plugin.digest = %digest, folder = %self.folder.display(), %error, "compiled code could not be kept");
        }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}-{}.code", self.fingerprint))
    }

    /// Over the names too, so that a file which was renamed is not taken for another.
    fn sum(&self, digest: &Digest, code: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(digest.as_bytes()).update(self.fingerprint.as_bytes()).update(code);
        hasher.finalize()
    }

    fn read(&self, path: &Path, digest: &Digest) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        ours(&metadata)?;
        if !metadata.is_file() || metadata.len() > self.bytes_max {
            return Err(io::Error::other("it is no file, or too large"));
        }
        let mut bytes = Vec::new();
        file.take(self.bytes_max).read_to_end(&mut bytes)?;
        let whole = bytes.strip_prefix(HEADER.as_slice()).and_then(|rest| rest.split_first_chunk::<32>());
        match whole {
            Some((sum, code)) if self.sum(digest, code) == *sum => {
                bytes.drain(..HEADER.len() + 32);
                Ok(bytes)
            }
            _ => Err(io::Error::other("it is torn")),
        }
    }

    fn write(&self, digest: &Digest, code: &[u8]) -> io::Result<()> {
        // The file is made readable and writable for us alone, filled, and only then given its name.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(HEADER)?;
        file.write_all(self.sum(digest, code).as_bytes())?;
        file.write_all(code)?;
        file.persist(self.path(digest))?;
        Ok(())
    }
}

fn ours(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user"));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(io::Error::other("others may write to it (chmod go-w)"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn cache(folder: &Path) -> Cache {
        Cache::open(folder, "print".into(), 1 << 20).unwrap()
    }

    #[test]
    fn gives_back_what_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder.path().join("made"));
        let digest = Digest::of(b"a");
        assert_eq!(cache.get(&digest), None);
        cache.put(&digest, b"code");
        assert_eq!(cache.get(&digest).as_deref(), Some(&b"code"[..]));
        assert_eq!(fs::metadata(cache.path(&digest)).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&cache.folder).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_that_is_torn_renamed_or_open_to_others_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        let digest = Digest::of(b"a");
        let path = cache.path(&digest);
        let spoil: [&dyn Fn(); 4] = [
            &|| fs::write(&path, &fs::read(&path).unwrap()[..40]).unwrap(),
            &|| fs::write(&path, [fs::read(&path).unwrap(), vec![0]].concat()).unwrap(),
            &|| {
                cache.put(&Digest::of(b"b"), b"other");
                fs::rename(cache.path(&Digest::of(b"b")), &path).unwrap();
            },
            &|| fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap(),
        ];
        for (n, spoil) in spoil.iter().enumerate() {
            cache.put(&digest, b"code");
            assert!(cache.get(&digest).is_some());
            spoil();
            assert_eq!(cache.get(&digest), None, "{n}");
            assert!(!path.exists(), "{n}");
        }
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Cache::open(folder.path(), "print".into(), 1 << 20).is_err());
    }
}
