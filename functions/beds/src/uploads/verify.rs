//! Comparing what arrived with what was announced. A request has half a minute, so the content is hashed in steps, and how
//! far that came is kept: the next request goes on there, in whichever process it arrives.

use std::time::Duration;

use leito_http::{App, Code, Problem};
use objects::Hashing;
use store::uploads::{self, Upload};
use tokio::time::{Instant, timeout};

use super::view::Cut;
use crate::files::rules;
use crate::upload::mismatch;

/// How long the object store may take to make one object of the parts; it goes on when nobody waits any more.
const JOIN_WITHIN: Duration = Duration::from_secs(15);
/// Content that is hashed between two looks at the clock, at most.
const STEP_BYTES: u64 = 16 * 1024 * 1024;

/// What became of looking at the content.
pub enum Verdict {
    /// It is what was announced.
    Good,
    /// The time was over after so many bytes.
    Unfinished(u64),
    /// It is something else, and this is what.
    Bad(Problem),
}

/// Makes one object of the parts and reads it, as far as there is time.
pub async fn verify(app: &App, upload: &Upload) -> Result<Verdict, Problem> {
    let began = Instant::now();
    match timeout(JOIN_WITHIN, join(app, upload)).await {
        Ok(joined) => joined?,
        Err(_) => return Ok(Verdict::Unfinished(0)),
    }
    let over = |what: String| {
        let problem = mismatch(format!("{what}; the upload is over, begin another"));
        Ok(Verdict::Bad(problem))
    };
    let (key, announced) = (&upload.object_key, Cut::of(upload).bytes);
    let found = app.objects.head(key).await?;
    let bytes = found.map_or(0, |found| found.bytes);
    if bytes != announced {
        return over(format!("the file has {bytes} bytes, not {announced}"));
    }
    let mut hashing = resumed(upload);
    while hashing.bytes() < bytes {
        let step = STEP_BYTES.min(Cut::of(upload).part_bytes);
        app.objects.hash_on(key, &mut hashing, step).await?;
        if hashing.bytes() < bytes {
            keep(app, upload, &hashing).await?;
            if began.elapsed() >= app.works_for {
                return Ok(Verdict::Unfinished(hashing.bytes()));
            }
        }
    }
    let (is, should) = (hashing.sha256(), &upload.sha256);
    if is != *should {
        return over(format!("the file has SHA-256 {is}, not {should}"));
    }
    let beginning = app.objects.beginning(key).await?;
    match rules::check_content(&upload.content_type, &beginning) {
        Ok(()) => Ok(Verdict::Good),
        Err(what) => over(what),
    }
}

/// Where an earlier request stopped. A state that this program does not understand is of another version: then from the
/// beginning.
fn resumed(upload: &Upload) -> Hashing {
    let bytes = u64::try_from(upload.hashed_bytes).unwrap_or_default();
    let state = upload.hash_state.as_deref();
    state
        .and_then(|state| Hashing::resume(bytes, state))
        .unwrap_or_default()
}

async fn keep(app: &App, upload: &Upload, hashing: &Hashing) -> Result<(), Problem> {
    let bytes = i64::try_from(hashing.bytes()).map_err(Problem::internal)?;
    let client = app.store.client().await?;
    Ok(uploads::keep_hashed(&client, upload.id, bytes, &hashing.state()).await?)
}

/// Makes one object of the parts, unless an earlier attempt did.
async fn join(app: &App, upload: &Upload) -> Result<(), Problem> {
    let (key, id) = (&upload.object_key, &upload.multipart_id);
    let Some(received) = app.objects.list_parts(key, id).await? else {
        return match app.objects.head(key).await? {
            Some(_) => Ok(()),
            None => Err(Problem::not_found("upload", upload.id)),
        };
    };
    let cut = Cut::of(upload);
    let missing: Vec<String> = cut
        .missing(&received, 1)
        .map(|number| number.to_string())
        .collect();
    let surplus = received.iter().any(|part| part.number > cut.parts());
    if !missing.is_empty() || surplus {
        const SHOWN: usize = 20;
        let some = missing
            .iter()
            .take(SHOWN)
            .map(String::as_str)
            .collect::<Vec<_>>();
        let detail = match missing.len() {
            0 => format!("the file has {} parts, and more were sent", cut.parts()),
            number => format!(
                "{number} of {} parts are missing or cut: {}",
                cut.parts(),
                some.join(", ")
            ),
        };
        return Err(Problem::new(Code::UploadIncomplete, detail));
    }
    Ok(app.objects.join_parts(key, id, &received).await?)
}
