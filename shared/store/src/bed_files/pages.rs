//! Pages of a bed's files.

use deadpool_postgres::GenericClient;
use uuid::Uuid;

use super::{File, columns, from_row};
use crate::{Error, sql};

pub(super) const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM bed_files WHERE bed_id = $1 AND id > $2 ORDER BY id OFFSET $3 LIMIT $4"
);

/// A page of a bed's files in the order they were recorded, after the given id.
pub async fn list(
    client: &impl GenericClient,
    bed_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<File>, Error> {
    let page = Page {
        after,
        offset: 0,
        limit,
    };
    search(client, bed_id, Filter::default(), page).await
}

/// Which files of a bed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Of this kind.
    pub kind: Option<&'a str>,
    /// Of this simulation.
    pub simulation_id: Option<Uuid>,
}

pub(super) const LIST_OF_KIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM bed_files WHERE bed_id = $1 AND kind = $2 AND id > $3 ORDER BY id OFFSET $4 LIMIT $5"
);

pub(super) const LIST_OF_SIMULATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM bed_files WHERE bed_id = $1 AND simulation_id = $2 AND ($3::text IS NULL OR kind = $3) AND id > $4
    ORDER BY id OFFSET $5 LIMIT $6"
);

/// A page of those files of a bed that the filter lets through, in the order they were recorded.
pub async fn search(
    client: &impl GenericClient,
    bed_id: Uuid,
    filter: Filter<'_>,
    page: Page,
) -> Result<Vec<File>, Error> {
    let after = page.after.unwrap_or(Uuid::nil());
    let Page { offset, limit, .. } = page;
    let rows = match (filter.simulation_id, filter.kind) {
        (Some(simulation), kind) => {
            let parameters: sql::Parameters<'_> =
                &[&bed_id, &simulation, &kind, &after, &offset, &limit];
            sql::rows(client, LIST_OF_SIMULATION, parameters).await?
        }
        (None, Some(kind)) => {
            let parameters: sql::Parameters<'_> = &[&bed_id, &kind, &after, &offset, &limit];
            sql::rows(client, LIST_OF_KIND, parameters).await?
        }
        (None, None) => sql::rows(client, LIST, &[&bed_id, &after, &offset, &limit]).await?,
    };
    rows.iter().map(from_row).collect()
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only what was recorded after this.
    pub after: Option<Uuid>,
    /// So many are skipped.
    pub offset: i64,
    /// At most so many.
    pub limit: i64,
}
