//! The log of one process: everything it said in a file, cut into lines for whoever listens, the last ones kept.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Lines kept as last words.
const LAST_LINES: usize = 20;
/// Longer lines reach the listener cut to this many bytes (the file has them whole).
const LINE_BYTES: usize = 4096;

pub(super) struct Log {
    file: File,
    room_bytes: u64,
    line: Vec<u8>,
    last: VecDeque<String>,
    /// A line told that the disk is full.
    pub(super) disk_full: bool,
    /// A line told that memory ran out.
    pub(super) out_of_memory: bool,
}

impl Log {
    pub(super) fn create(path: &Path, limit_bytes: u64) -> io::Result<Self> {
        let file = File::create(path)?;
        let (line, last) = (Vec::new(), VecDeque::new());
        Ok(Self {
            file,
            room_bytes: limit_bytes,
            line,
            last,
            disk_full: false,
            out_of_memory: false,
        })
    }

    /// Takes what the process wrote. The file is written at once and without a detour over other threads: these are
    /// few bytes that go to the page cache, and a crash must not lose them.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        listener: &mut (dyn FnMut(&str) + Send),
    ) -> io::Result<()> {
        for byte in bytes {
            match byte {
                b'\n' => self.end_line(listener),
                _ if self.line.len() < LINE_BYTES => self.line.push(*byte),
                _ => (),
            }
        }
        self.write(bytes)
    }

    /// The last line may lack its end.
    pub(super) fn finish(&mut self, listener: &mut (dyn FnMut(&str) + Send)) {
        if !self.line.is_empty() {
            self.end_line(listener);
        }
    }

    pub(super) fn last_words(&self) -> String {
        self.last
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn end_line(&mut self, listener: &mut (dyn FnMut(&str) + Send)) {
        let line = String::from_utf8_lossy(&self.line).trim_end().to_owned();
        self.line.clear();
        self.disk_full |= tells_of_full_disk(&line);
        self.out_of_memory |= tells_of_no_memory(&line);
        listener(&line);
        if line.is_empty() {
            return;
        }
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.room_bytes == 0 {
            return Ok(());
        }
        let fitting =
            usize::try_from(self.room_bytes).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.file.write_all(&bytes[..fitting])?;
        self.room_bytes -= fitting as u64;
        if self.room_bytes == 0 {
            self.file
                .write_all(b"\n[the log is cut here: its size limit is reached]\n")?;
        }
        Ok(())
    }
}

fn tells_of_full_disk(line: &str) -> bool {
    [
        "No space left on device",
        "ENOSPC",
        "Disk quota exceeded",
        "File too large",
    ]
    .iter()
    .any(|sign| line.contains(sign))
}

fn tells_of_no_memory(line: &str) -> bool {
    // C++, Python, the C library, Blender's allocator, Open MPI's report of a killed rank is not one: see `failure`
    [
        "std::bad_alloc",
        "MemoryError",
        "Cannot allocate memory",
        "alloc returns null",
    ]
    .iter()
    .any(|sign| line.contains(sign))
}
