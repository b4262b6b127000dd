//! What is stored, by the beginning of its key. Whoever serves requests asks the database instead.

use crate::{Error, Objects};

impl Objects {
    /// All keys that begin so.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let (keys, _) = self.pages(prefix, None).await?;
        Ok(keys)
    }

    /// What stands between this beginning and the next `/` of keys that begin so.
    pub async fn folders(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let (_, folders) = self.pages(prefix, Some("/")).await?;
        let name = |folder: &String| {
            let name = folder.strip_prefix(prefix)?.strip_suffix('/')?;
            Some(name.to_owned())
        };
        Ok(folders.iter().filter_map(name).collect())
    }

    /// Keys, and what keys have in common up to the delimiter.
    async fn pages(
        &self,
        prefix: &str,
        delimiter: Option<&str>,
    ) -> Result<(Vec<String>, Vec<String>), Error> {
        let (mut keys, mut folders, mut after) = (Vec::new(), Vec::new(), None);
        loop {
            let page = self
                .client
                .list_objects_v2()
                .bucket(&self.bucket)
                .prefix(prefix)
                .set_delimiter(delimiter.map(str::to_owned))
                .set_continuation_token(after)
                .send()
                .await
                .map_err(Error::call("ListObjectsV2", prefix))?;
            let found = page.contents().iter();
            keys.extend(found.filter_map(|object| object.key().map(str::to_owned)));
            let found = page.common_prefixes().iter();
            folders.extend(found.filter_map(|folder| folder.prefix().map(str::to_owned)));
            match page.next_continuation_token {
                Some(next) if page.is_truncated == Some(true) => after = Some(next),
                _ => return Ok((keys, folders)),
            }
        }
    }
}
