//! Packing a bed with the rigid-body physics of Blender.
