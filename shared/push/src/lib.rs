//! To those who watch jobs: what happened since they were last told.
