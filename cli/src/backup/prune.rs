//! Removing old backups from a place. What a backup consists of goes in the order in which it stops being whole: its
//! manifest, its dump, and the objects that no backup needs any more. Nothing may write to the place meanwhile.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;

use anyhow::{Context, Result};

use super::manifest::{DUMP, Manifest};
use super::target::Target;

/// What was removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Backups, half-written ones included.
    pub backups: usize,
    /// Objects that only they had.
    pub objects: usize,
}

/// Keeps the newest whole backups of this number and removes everything else. A backup that cannot be read is a reason to
/// remove nothing: what it needs is not known.
pub async fn prune(place: &Target, keep: NonZero<usize>, work: &Path) -> Result<Pruned> {
    let mut names = place.folders().await?;
    names.retain(|name| is_backup(name));
    names.sort_unstable_by(|a, b| b.cmp(a));
    let (mut kept, mut old, mut needed) = (0, Vec::new(), BTreeSet::new());
    for name in names {
        if kept < keep.get() && Manifest::is_in(place, &name).await? {
            let (_, manifest) = Manifest::load(place, Some(&name), work).await?;
            needed.extend(manifest.objects.iter().map(super::StoredObject::name));
            kept += 1;
        } else {
            old.push(name);
        }
    }
    for name in &old {
        place.remove(&[Manifest::path(name)]).await?;
        place.remove(&[format!("{name}/{DUMP}")]).await?;
        place.remove_folder(name).await?;
    }
    let stored = place.objects().await.context("cannot list the objects")?;
    let unneeded: Vec<String> = stored
        .into_iter()
        .filter(|name| !needed.contains(name))
        .collect();
    place.remove(&unneeded).await?;
    Ok(Pruned {
        backups: old.len(),
        objects: unneeded.len(),
    })
}

/// `20260301T100000Z`: anything else in the place is none of ours.
fn is_backup(name: &str) -> bool {
    let form = b"00000000T000000Z";
    name.len() == form.len()
        && name.bytes().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            letter => byte == *letter,
        })
}

#[cfg(test)]
mod tests {
    use super::is_backup;

    #[test]
    fn nothing_but_a_backup_is_taken_for_one() {
        assert!(is_backup("20260301T100000Z"));
        for other in [
            "objects",
            "latest",
            "20260301",
            "20260301T100000",
            "2026030_T100000Z",
            "",
        ] {
            assert!(!is_backup(other), "{other}");
        }
    }
}
