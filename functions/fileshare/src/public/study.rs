//! What a link to a study shows: the simulation's numbers, and where each of its files is.

use jiff::Timestamp;
use leito_http::Problem;
use serde::Serialize;
use store::fileshare_items::Opened;
use store::{Client, bed_files, beds, results, simulations};
use utoipa::ToSchema;
use uuid::Uuid;

/// A study that somebody shares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedStudy)]
pub struct Study {
    /// The bed's name.
    pub name: String,
    /// Flow model.
    pub regime: String,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// Downloads that are left; none: any number.
    pub downloads_left: Option<i32>,
    /// Every quantity at every velocity.
    pub results: Vec<Number>,
    /// Its files.
    pub files: Vec<Item>,
    /// Where to download all of them in one zip archive, as one download.
    pub archive_href: String,
}

/// One number of a study.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedNumber)]
pub struct Number {
    /// The velocity it belongs to.
    pub superficial_velocity_m_s: f64,
    /// What it is.
    #[schema(example = "pressure_drop_pa")]
    pub quantity: String,
    /// Its value.
    pub value: f64,
    /// Its unit; empty for a ratio.
    pub unit: String,
    /// Half the width of its error band.
    pub uncertainty: Option<f64>,
}

/// One file of a study.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedFile)]
pub struct Item {
    /// Its id.
    pub id: Uuid,
    /// The name it is downloaded under.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Where to download it.
    pub href: String,
}

impl Study {
    pub(super) async fn read(
        client: &Client,
        link: &Opened,
        id: Uuid,
        token: &str,
    ) -> Result<Self, Problem> {
        let simulation = simulations::get(client, id).await?;
        let files = bed_files::of_simulation(client, id).await?;
        let item = |file: bed_files::File| Item {
            href: format!("/s/{token}?file={}", file.id),
            id: file.id,
            name: file.name,
            bytes: file.bytes,
            sha256: file.sha256,
        };
        Ok(Self {
            name: beds::get(client, link.bed_id).await?.name,
            regime: simulation.regime,
            status: simulation.status,
            expires_at: link.expires_at,
            downloads_left: link.downloads_left,
            results: numbers(results::list(client, id).await?),
            files: files.into_iter().map(item).collect(),
            archive_href: format!("/s/{token}?archive=zip"),
        })
    }
}

fn numbers(stored: Vec<results::Quantity>) -> Vec<Number> {
    let number = |it: results::Quantity| Number {
        superficial_velocity_m_s: it.superficial_velocity_m_s,
        quantity: it.quantity,
        value: it.value,
        unit: it.unit,
        uncertainty: it.uncertainty,
    };
    stored.into_iter().map(number).collect()
}
