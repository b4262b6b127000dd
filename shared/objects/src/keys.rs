//! Names of objects and the media types of Leito's files.

/// The key of an artefact: `artifacts/<content hash>/<file name>`.
pub fn artifact_key(content_hash: &str, file_name: &str) -> String {
    format!("artifacts/{content_hash}/{file_name}")
}

/// The media type a file is stored and served with, by its extension.
pub fn media_type(file_name: &str) -> &'static str {
    let extension = file_name.rsplit('.').next().unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "json" => "application/json",
        "csv" => "text/csv",
        "txt" | "log" | "bed" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "glb" => "model/gltf-binary",
        "stl" => "model/stl",
        "obj" => "model/obj",
        "gz" | "tgz" => "application/gzip",
        "zip" => "application/zip",
        _ if file_name.starts_with("log.") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
