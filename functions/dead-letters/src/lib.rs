//! dead-letters
