//! Stage files as files of a bed.

use runtime::Ids;
use store::bed_files::{NewFile, Unpacked};
use worker::StoredFile;

/// A stage's file and the name under which people download it.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The file.
    pub file: &'a StoredFile,
    /// Goes before the file's own name, so that files of several flows can lie in one folder.
    pub prefix: &'a str,
}

/// The rows to record for such files: each is what is stored, and what that unpacks to.
pub fn bed_files<'a>(files: impl IntoIterator<Item = Named<'a>>, ids: &dyn Ids) -> Vec<NewFile> {
    files.into_iter().map(|named| row(named, ids)).collect()
}

fn row(Named { file, prefix }: Named<'_>, ids: &dyn Ids) -> NewFile {
    let stored_name = file.stored_name();
    let unpacked = file.unpacked.as_ref().map(|content| Unpacked {
        bytes: size(content.bytes),
        sha256: content.sha256.clone(),
    });
    NewFile {
        id: ids.next(),
        kind: kind(&file.name).to_owned(),
        content_type: objects::media_type(&stored_name).to_owned(),
        name: format!("{prefix}{stored_name}"),
        object_key: file.key.clone(),
        bytes: size(file.bytes),
        sha256: file.sha256.clone(),
        unpacked,
    }
}

fn size(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// What a file is, by its name.
fn kind(name: &str) -> &'static str {
    let extension = name.rsplit('.').next().unwrap_or_default();
    match extension {
        _ if name.starts_with("log.") => "log",
        "csv" => "table",
        "json" => "numbers",
        "blend" | "glb" | "stl" | "obj" => "geometry",
        "png" | "svg" => "picture",
        "vtk" | "vtp" | "vtu" => "fields",
        "gz" | "tgz" | "zip" => "archive",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, bed_files};
    use runtime::SequentialIds;
    use worker::StoredFile;

    #[test]
    fn a_file_is_recorded_with_its_kind_its_media_type_and_its_prefixed_name() {
        let file = StoredFile {
            name: "speed.png".into(),
            key: "artifacts/ab/speed.png".into(),
            bytes: 12,
            sha256: "ab".into(),
            unpacked: None,
        };
        let named = Named {
            file: &file,
            prefix: "at_0.1_m_s_",
        };
        let rows = bed_files([named], &SequentialIds::default());
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].name, "at_0.1_m_s_speed.png");
        assert_eq!(
            (rows[0].kind.as_str(), rows[0].content_type.as_str()),
            ("picture", "image/png")
        );
        assert_eq!(
            (rows[0].object_key.as_str(), rows[0].bytes),
            ("artifacts/ab/speed.png", 12)
        );
    }

    #[test]
    fn a_compressed_file_says_so_in_its_name_and_is_still_what_it_was() {
        let file = StoredFile {
            name: "particles.csv".into(),
            key: "artifacts/ab/particles.csv.gz".into(),
            bytes: 12,
            sha256: "ab".into(),
            unpacked: Some(objects::Unpacked {
                bytes: 40,
                sha256: "cd".into(),
            }),
        };
        let named = Named {
            file: &file,
            prefix: "",
        };
        let row = bed_files([named], &SequentialIds::default()).remove(0);
        assert_eq!(
            (
                row.name.as_str(),
                row.kind.as_str(),
                row.content_type.as_str()
            ),
            ("particles.csv.gz", "table", "application/gzip")
        );
        let content = row.unpacked.map(|content| (content.bytes, content.sha256));
        assert_eq!((row.bytes, content), (12, Some((40, "cd".to_owned()))));
    }

    #[test]
    fn a_log_is_a_log_whatever_follows_the_dot() {
        assert_eq!(super::kind("log.simpleFoam"), "log");
        assert_eq!(super::kind("case.tar.gz"), "archive");
        assert_eq!(super::kind("particles.csv"), "table");
    }
}
