//! Reads what `checkMesh` says and turns it into a judgement.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::EngineError;

/// Shape of a mesh's worst cells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Number of cells.
    pub cells: usize,
    /// Parts that are not connected; 1 in a good mesh.
    pub regions: usize,
    /// Largest angle between a face and the line through its cells' centres, degrees.
    pub max_non_orthogonality_deg: f64,
    /// Largest skewness.
    pub max_skewness: f64,
    /// Largest aspect ratio.
    pub max_aspect_ratio: f64,
}

/// What was heard so far.
#[derive(Debug, Default)]
pub struct Check {
    quality: Quality,
    complaints: Vec<String>,
    ok: bool,
}

impl Check {
    /// Takes one line.
    pub fn hear(&mut self, line: &str) {
        let complaint = line.trim().strip_prefix("***");
        let line = line.trim().trim_start_matches('*');
        let quality = &mut self.quality;
        if let Some(cells) = number(line, "cells:") {
            quality.cells = cells;
        } else if let Some(regions) = number(line, "Number of regions:") {
            quality.regions = regions;
        } else if let Some(angle) = number(line, "Mesh non-orthogonality Max:") {
            quality.max_non_orthogonality_deg = angle;
        } else if let Some(skewness) = number(line, "Max skewness =") {
            quality.max_skewness = skewness;
        } else if let Some(ratio) = number(line, "Max aspect ratio =") {
            quality.max_aspect_ratio = ratio;
        } else if line == "Mesh OK." {
            self.ok = true;
        }
        if let Some(complaint) = complaint {
            self.complaints.push(complaint.to_owned());
        }
    }

    /// The mesh's quality, or why it cannot be used.
    pub fn judge(self) -> Result<Quality, EngineError> {
        let Quality { cells, regions, .. } = self.quality;
        if regions != 1 {
            let what = format!("the mesh has {regions} regions that are not connected");
            return Err(EngineError::rejected(what, &[("regions", regions as f64)]));
        }
        if !self.ok || cells == 0 {
            let what = format!("the mesh failed its check: {}", self.complaints.join("; "));
            return Err(EngineError::rejected(what, &[("cells", cells as f64)]));
        }
        Ok(self.quality)
    }
}

/// The number that follows a label at the start of a line.
fn number<T: FromStr>(line: &str, label: &str) -> Option<T> {
    let rest = line.strip_prefix(label)?.trim_start();
    let end = rest.find([' ', ',', '(']).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn heard(text: &str) -> Result<Quality, EngineError> {
        let mut check = Check::default();
        text.lines().for_each(|line| check.hear(line));
        check.judge()
    }

    #[test]
    fn a_good_mesh_tells_its_numbers() {
        let quality = heard(
            "    cells:           132056\n    Number of regions: 1 (OK).\n    Max aspect ratio = 5.786483357 OK.\n\
             \x20   Mesh non-orthogonality Max: 55.39428548 average: 14.05381617\n    Max skewness = 1.769355237 OK.\n\nMesh OK.\n",
        )
        .unwrap();
        assert_eq!((quality.cells, quality.regions), (132_056, 1));
        assert!((quality.max_skewness - 1.769_355_237).abs() < 1e-12);
        assert!((quality.max_non_orthogonality_deg - 55.394_285_48).abs() < 1e-9);
    }

    #[test]
    fn a_mesh_in_two_parts_is_refused() {
        let error = heard("    cells: 10\n   *Number of regions: 2\nMesh OK.").unwrap_err();
        assert!(error.to_string().contains("2 regions"));
    }

    #[test]
    fn a_complaint_is_passed_on() {
        let error = heard(
            "cells: 10\nNumber of regions: 1 (OK).\n ***Max skewness = 9.5, 3 highly skew faces\nFailed 1 mesh checks.",
        )
        .unwrap_err();
        assert!(error.to_string().contains("3 highly skew faces"));
    }
}
