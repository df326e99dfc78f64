//! A small generator with a seed, so that a failure can be had again.

/// Xorshift: the seed is all there is to know.
pub(crate) struct Dice(u64);

impl Dice {
    /// A generator; the seed may be any number but zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// A number below the limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("small")
    }
}
