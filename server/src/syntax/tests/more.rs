//! More languages of programs.

use super::check;
use crate::syntax::Language;

#[test]
fn c_and_cpp() {
    check(
        Language::C,
        r#"
#include <stdio.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
struct point { int x; };
typedef struct point point_t;
static char *name_of(const struct point *p) {
    return "p"; /* vouchsafe: use the coordinates */
}
int main(void) {}
"#,
        r#"
macro MAX 2-2
struct point 3-3
type point_t 4-4
function name_of 5-7
function main 8-8
import 1-1
missing Body 8-8
order "use the coordinates" 6-6
"#,
    );
    check(
        Language::Cpp,
        r#"
#include <vector>
namespace geo {
class Shape {
public:
    virtual ~Shape() {}
    double area() const { throw std::logic_error("not implemented"); }
};
template <typename T>
T &largest(std::vector<T> &all) { return all.front(); }
}
double geo::Circle::area() const { return 3.14; }
"#,
        r#"
namespace geo 2-10
class geo::Shape 3-7
method geo::Shape::~Shape 5-5
method geo::Shape::area 6-6
function geo::largest 8-9
function geo::Circle::area 11-11
import 1-1
missing Statement 6-6
"#,
    );
}

#[test]
fn c_sharp() {
    check(
        Language::CSharp,
        r"
using System;
namespace Shop
{
    public class Cart
    {
        public Cart() { }
        public int Total => throw new NotImplementedException();
        public void Clear() { }
        int Sum(int a) { return a; }
    }
    interface ISink { void Put(object o); }
}
",
        r#"
namespace Shop 2-12
class Shop.Cart 4-10
constructor Shop.Cart.Cart 6-6
property Shop.Cart.Total 7-7
method Shop.Cart.Clear 8-8
method Shop.Cart.Sum 9-9
interface Shop.ISink 11-11
method Shop.ISink.Put 11-11
import 1-1
missing Statement 7-7
missing Body 8-8
"#,
    );
}

#[test]
fn ruby() {
    check(
        Language::Ruby,
        r#"
require "json"
module Shop
  class Cart
    def total
      raise NotImplementedError
    end

    def clear
    end

    # vouchsafe: memoize this
    def self.load(path)
      JSON.parse(File.read(path))
    end
  end
end
"#,
        r#"
module Shop 2-16
class Shop::Cart 3-15
method Shop::Cart::total 4-6
method Shop::Cart::clear 8-9
method Shop::Cart::load 12-14
import 1-1
missing Statement 5-5
missing Body 8-9
order "memoize this" 11-11
"#,
    );
}

#[test]
fn php() {
    check(
        Language::Php,
        r#"
<?php
use App\Models\User;
class Cart {
    public function __construct(private int $n) {}
    public function clear(): void {}
    public function total(): int { throw new \Exception("Not implemented"); }
}
function load(string $path) { return $path; } // vouchsafe: check that it exists
"#,
        r#"
class Cart 3-7
method Cart::__construct 4-4
method Cart::clear 5-5
method Cart::total 6-6
function load 8-8
import 2-2
missing Body 5-5
missing Statement 6-6
order "check that it exists" 8-8
"#,
    );
}

#[test]
fn bash() {
    check(
        Language::Bash,
        r"
#!/usr/bin/env bash
source ./common.sh
. lib.sh
build() {
    make
}
function clean { # vouchsafe: ask first
    rm -rf target
}
",
        r#"
function build 4-6
function clean 7-9
import 2-2
import 3-3
order "ask first" 7-7
"#,
    );
}

#[test]
fn lua() {
    check(
        Language::Lua,
        r#"
local json = require("json")
local M = {}
function M.load(path)
  return json.decode(path)
end
function M:clear()
end
local sum = function(a, b)
  error("not implemented")
end
M.opts = { on_exit = function() end }
--[[ vouchsafe: return nil when
       the file is missing ]]
local function read() return 1 end
"#,
        r#"
function M.load 3-5
function M:clear 6-7
function sum 8-10
function on_exit 11-11
function read 14-14
import 1-1
missing Body 6-7
missing Statement 9-9
missing Body 11-11
order "return nil when the file is missing" 12-13
"#,
    );
}
