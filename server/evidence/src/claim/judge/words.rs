//! Looking for any of several words.

pub(super) use crate::claim::words::says;
