//! Languages of programs.

use super::check;
use crate::syntax::Language;

#[test]
fn rust() {
    check(
        Language::Rust,
        r"
use std::fmt;
pub struct Parser<'a> { text: &'a str }
impl<'a> fmt::Display for Parser<'a> {
    /// Shows it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        todo!()
    }
    pub fn empty(&self) {}
}
// vouchsafe: make this iterative
//   and keep the order
fn depth(n: u32) -> u32 { if n == 0 { 0 } else { depth(n - 1) + 1 } } // @NOTE: overflow
trait Walk { fn walk(&self); }
",
        r#"
struct Parser 2-2
implementation Parser 3-9
method Parser::fmt 5-7
method Parser::empty 8-8
function depth 12-12
trait Walk 13-13
method Walk::walk 13-13
import 1-1
missing Statement 6-6
missing Body 8-8
missing Note 12-12
order "make this iterative and keep the order" 10-11
"#,
    );
}

#[test]
fn python() {
    check(
        Language::Python,
        r#"
import os
from typing import (
    Any,
)

class Store:
    """Keeps things."""

    @property
    def size(self):
        """How many."""
        raise NotImplementedError

    def drop(self):
        pass

def load(path: str) -> Any:  # vouchsafe: handle missing files
    return open(path)

def later():
    """Does it later."""
    ...
"#,
        r#"
class Store 6-15
method Store.size 9-12
method Store.drop 14-15
function load 17-18
function later 20-22
import 1-1
import 2-4
missing Statement 12-12
missing Body 14-15
missing Body 20-22
order "handle missing files" 17-17
"#,
    );
}

#[test]
fn javascript() {
    check(
        Language::JavaScript,
        r#"
import { a } from "./a.js";
/* vouchsafe: use async */
export const load = async (path) => {
    throw new Error("not implemented");
};
class Queue {
    constructor(size) {}
    #grow() {}
    push = (x) => { this.items.push(x); };
}
function* walk(tree) { yield tree; }
const limit = 3;
"#,
        r#"
function load 3-5
class Queue 6-10
method Queue.constructor 7-7
method Queue.#grow 8-8
method Queue.push 9-9
function walk 11-11
import 1-1
missing Statement 4-4
missing Body 8-8
order "use async" 2-2
"#,
    );
}

#[test]
fn typescript_and_tsx() {
    check(
        Language::TypeScript,
        r#"
import type { A } from "./a";
export interface Shape { area(): number; }
export abstract class Base implements Shape {
    private grow = (n: number): void => {};
    abstract area(): number;
    name(): string { return "base"; }
}
enum Kind { A }
type Id = string;
namespace Inner { export function f(): void { g(); } }
"#,
        r#"
interface Shape 2-2
class Base 3-7
method Base.grow 4-4
method Base.name 6-6
enum Kind 8-8
type Id 9-9
namespace Inner 10-10
function Inner.f 10-10
import 1-1
missing Body 4-4
"#,
    );
    check(
        Language::Tsx,
        r"
export const Button = ({ label }: Props) => (
    <button>
        {/* vouchsafe: add a tooltip */}
        {label}
    </button>
);
",
        r#"
function Button 1-6
order "add a tooltip" 3-3
"#,
    );
}

#[test]
fn go() {
    check(
        Language::Go,
        r#"
package store

import (
	"fmt"
	"os"
)

type Store struct{ n int }

func (s *Store) Size() int { return s.n }

func (l List[T]) Drop() {
	panic("not implemented")
}

// vouchsafe: return an error instead
func Load(path string) {}
"#,
        r#"
type Store 8-8
method Store.Size 10-10
method List.Drop 12-14
function Load 17-17
import 3-6
missing Statement 13-13
missing Body 17-17
order "return an error instead" 16-16
"#,
    );
}

#[test]
fn java() {
    check(
        Language::Java,
        r#"
import java.util.List;
public class Queue<T> {
    public Queue() {}
    @Override
    public int size() { throw new UnsupportedOperationException("later"); }
    void drop() { // @NOTE
    }
    interface Sink { void put(Object o); }
}
record Pair(int a, int b) {}
"#,
        r#"
class Queue 2-9
constructor Queue.Queue 3-3
method Queue.size 4-5
method Queue.drop 6-7
interface Queue.Sink 8-8
method Queue.Sink.put 8-8
record Pair 10-10
import 1-1
missing Statement 5-5
missing Body 6-7
missing Note 6-6
"#,
    );
}
