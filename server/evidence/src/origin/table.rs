//! Values that occur often, stored once and named by a small number.

use std::collections::HashMap;
use std::hash::Hash;

/// Invariant: the value with number 0 is the default one, and no value has two numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table<T: Eq + Hash> {
    values: Vec<T>,
    zero: T,
    ids: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash + Default> Table<T> {
    /// The number of a value, new if need be.
    pub(super) fn id_of(&mut self, value: T) -> u32 {
        if let Some(id) = self.ids.get(&value) {
            return *id;
        }
        let id = u32::try_from(self.values.len()).unwrap_or_default();
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }

    /// The value with a number; the default one if there is none.
    pub(super) fn get(&self, id: u32) -> &T {
        self.values.get(id as usize).unwrap_or(&self.zero)
    }

    pub(super) fn has(&self, id: u32) -> bool {
        (id as usize) < self.values.len()
    }

    pub(super) fn into_values(self) -> Vec<T> {
        self.values
    }

    /// A table with these values in this order; `None` if they break the invariant.
    pub(super) fn from_values(values: &[T]) -> Option<Self> {
        let mut table = Self::default();
        for (n, value) in values.iter().enumerate() {
            if table.id_of(value.clone()) as usize != n {
                return None;
            }
        }
        Some(table)
    }
}

impl<T: Clone + Eq + Hash + Default> Default for Table<T> {
    fn default() -> Self {
        let mut table = Self { values: Vec::new(), zero: T::default(), ids: HashMap::new() };
        table.id_of(T::default());
        table
    }
}
