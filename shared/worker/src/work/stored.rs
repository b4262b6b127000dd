//! Files of stages as they lie in the object store: text compressed, everything else as the engine wrote it.

use std::borrow::Cow;
use std::path::Path;

use objects::{Error, Objects, Unpacked, gzip};
use serde::{Deserialize, Serialize};

/// A file of a stage in the object store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// What the engine called it.
    pub name: String,
    /// Key in the bucket.
    pub key: String,
    /// Size of what is stored.
    pub bytes: u64,
    /// SHA-256 of what is stored, hexadecimal.
    pub sha256: String,
    /// What it unpacks to, if it is stored compressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpacked: Option<Unpacked>,
}

impl StoredFile {
    /// The name of what is stored: with `.gz` at its end if that is compressed.
    pub fn stored_name(&self) -> String {
        stored_name(&self.name, self.unpacked.is_some()).into_owned()
    }

    /// SHA-256 of what the engine wrote, however that is stored.
    pub fn content_sha256(&self) -> &str {
        let unpacked = self.unpacked.as_ref();
        unpacked.map_or(&self.sha256, |content| &content.sha256)
    }

    /// Stores a file of that name, under the key that belongs to the name of what is stored.
    pub(super) async fn put(
        objects: &Objects,
        name: &str,
        path: &Path,
        key: &str,
    ) -> Result<Self, Error> {
        let (stored, unpacked) = if is_text(name) {
            let packed = path.with_added_extension("stored");
            let unpacked = gzip::compress(path, &packed).await?;
            let stored = objects.put_file(key, &packed).await;
            // with its folder it goes in any case
            let _ = tokio::fs::remove_file(&packed).await;
            (stored?, Some(unpacked))
        } else {
            (objects.put_file(key, path).await?, None)
        };
        Ok(Self {
            name: name.to_owned(),
            key: stored.key,
            bytes: stored.bytes,
            sha256: stored.sha256,
            unpacked,
        })
    }

    /// Brings what the engine wrote here.
    pub(super) async fn get(&self, objects: &Objects, to: &Path) -> Result<(), Error> {
        match &self.unpacked {
            Some(content) => {
                let (key, sha256) = (&self.key, &self.sha256);
                objects.get_unpacked(key, sha256, to, content).await
            }
            None => objects
                .get_to_file(&self.key, to, Some(&self.sha256))
                .await
                .map(drop),
        }
    }
}

/// The name under which a stage's file of this name is stored.
pub(super) fn name_to_store(name: &str) -> Cow<'_, str> {
    stored_name(name, is_text(name))
}

fn stored_name(name: &str, compressed: bool) -> Cow<'_, str> {
    if compressed {
        format!("{name}.gz").into()
    } else {
        name.into()
    }
}

/// Logs, tables, numbers, and geometry and fields that are written as text. The rule knows the name alone, so that a file
/// has the same name whatever it holds.
fn is_text(name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str());
    name.starts_with("log.")
        || matches!(
            extension,
            Some("csv" | "json" | "obj" | "svg" | "txt" | "vtk" | "vtp" | "vtu")
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_compressed_and_what_is_compressed_already_is_not() {
        for text in [
            "log.simpleFoam",
            "particles.csv",
            "packing.json",
            "packing.obj",
            "fields.vtu",
        ] {
            assert_eq!(name_to_store(text), format!("{text}.gz"));
        }
        for other in [
            "packing.blend",
            "packing.glb",
            "packing.stl",
            "speed.png",
            "case.tar.gz",
            "mesh.zip",
            "README",
        ] {
            assert_eq!(name_to_store(other), other);
        }
    }

    #[test]
    fn a_file_stored_before_text_was_compressed_is_read_as_it_is() {
        let row = r#"{ "name": "particles.csv", "key": "artifacts/k/particles.csv", "bytes": 7, "sha256": "ab" }"#;
        let file: Result<StoredFile, _> = serde_json::from_str(row);
        assert!(file.is_ok_and(|file| file.unpacked.is_none()
            && file.stored_name() == "particles.csv"
            && file.content_sha256() == "ab"));
    }
}
