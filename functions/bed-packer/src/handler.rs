//! A packing job from its specification to its output.

use std::path::Path;

use async_trait::async_trait;
use bed::Bed;
use engine::blender::Packing;
use job::{Failure, Job, Kind};
use runtime::SharedIds;
use stages::{LEITO, PACKING, Share, bed_of, context, failure, output_of, packing_key};
use store::Transaction;
use worker::{Handler, Stage, Work};

use crate::record;
use crate::{Blender, Packer};

/// Packs beds.
pub struct BedPacker<P = Blender> {
    packer: P,
    ids: SharedIds,
}

/// A finished packing.
#[derive(Debug)]
pub struct Packed {
    /// The bed it is of.
    pub bed: Bed,
    /// Its key and files.
    pub stage: Stage,
    /// What was measured.
    pub packing: Packing,
}

impl<P: Packer> BedPacker<P> {
    /// A handler that packs with `packer` and takes the keys of new rows from `ids`.
    pub fn new(packer: P, ids: SharedIds) -> Self {
        Self { packer, ids }
    }

    async fn stage(&self, work: &Work, bed: &Bed) -> Result<Stage, Failure> {
        let context = context(work, work.dir.clone(), Share::WHOLE);
        let version = self
            .packer
            .version(&context)
            .await
            .map_err(|error| failure(&error))?;
        let key = packing_key(bed, &[("blender", &version), LEITO]);
        if let Some(done_before) = work.find_stage(PACKING, &key).await? {
            return Ok(done_before);
        }
        let packing = self
            .packer
            .pack(bed, &context)
            .await
            .map_err(|error| failure(&error))?;
        let files: Vec<(&str, &Path)> = packing
            .files
            .iter()
            .map(|file| (file.name.as_str(), file.path.as_path()))
            .collect();
        work.publish_stage(PACKING, &key, serde_json::json!(packing), &files)
            .await
    }
}

#[async_trait]
impl<P: Packer> Handler for BedPacker<P> {
    type Output = Packed;

    fn kind(&self) -> Kind {
        Kind::Packing
    }

    async fn run(&self, work: &Work) -> Result<Packed, Failure> {
        let bed = bed_of(&work.job)?;
        let stage = self.stage(work, &bed).await?;
        let packing = output_of(&stage)?;
        Ok(Packed {
            bed,
            stage,
            packing,
        })
    }

    async fn finish(
        &self,
        tx: &Transaction<'_>,
        job: &Job,
        packed: &Packed,
    ) -> Result<(), store::Error> {
        record::write(tx, job, packed, self.ids.as_ref()).await
    }
}
