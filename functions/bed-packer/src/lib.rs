//! bed-packer
