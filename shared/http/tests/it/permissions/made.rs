//! How to get one of what the API makes.

/// Things that the API makes: the word before their id in a path, where and how to ask for one, and where the answer
/// names it.
pub const MADE: &[(&str, &str, &str, &str)] = &[
    (
        "api-keys",
        "/api-keys",
        r#"{"name": "k", "scopes": ["read"]}"#,
        "/id",
    ),
    (
        "dashboards",
        "/dashboards",
        r#"{"project_id": "$project", "dashboard": {"name": "d"}}"#,
        "/id",
    ),
    (
        "fileshare",
        "/fileshare",
        r#"{"file_id": "$file"}"#,
        "/link/id",
    ),
    ("s", "/fileshare", r#"{"file_id": "$file"}"#, "/token"),
    (
        "submissions",
        "/submissions",
        r#"{"kind": "velocity-sweep", "version": 1, "payload": {"bed_id": "$bed", "velocities_m_s": [0.1]}}"#,
        "/id",
    ),
    (
        "uploads",
        "/beds/$bed/uploads",
        r#"{"name": "notes.txt", "bytes": 5, "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}"#,
        "/id",
    ),
];
