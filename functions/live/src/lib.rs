//! Job events over WebSockets.
