#!/usr/bin/env bash
# Captures what real test runners print, as fixtures for the runner parsers.
#
# usage: tests/claims/capture.sh [TOOLS]
# TOOLS is a directory with `v/bin/pytest` (a Python venv) and `n/node_modules` (jest, vitest, mocha, bats);
# without it they are installed into a temporary one. Each name says what must be read from the file:
# RUNNER-<passed>p-<failed and errors>f-<skipped>s. Fixtures ending in -handwritten follow the published format
# of tools that are not installed here; this script leaves them alone.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
out="$here/server/evidence/tests/fixtures/runners"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=${1:-}
if [ -z "$tools" ]; then
    tools="$work/tools"
    python3 -m venv "$tools/v" && "$tools/v/bin/pip" -q install pytest
    mkdir -p "$tools/n" && (cd "$tools/n" && npm init -y >/dev/null && npm i --no-audit --no-fund jest vitest mocha bats >/dev/null)
fi
save() { sed -e "s#$work#/w#g" -e "s#$tools#/t#g" -e "s#$HOME#~#g" > "$out/$1.txt"; }

mkdir -p "$work/py" && cd "$work/py" || exit 1
cat > test_a.py <<'EOF'
import pytest
def test_ok(): pass
def test_two(): pass
def test_bad(): assert 1 == 2
@pytest.mark.skip
def test_later(): pass
EOF
"$tools/v/bin/pytest" -p no:cacheprovider 2>&1 | save pytest-2p-1f-1s
"$tools/v/bin/pytest" -p no:cacheprovider --color=yes -v 2>&1 | save pytest-2p-1f-1s-colour
"$tools/v/bin/pytest" -p no:cacheprovider -k nothing 2>&1 | save pytest-0p-0f-0s-deselected
cat > u.py <<'EOF'
import unittest
class T(unittest.TestCase):
    def test_ok(self): pass
    def test_bad(self): self.assertEqual(1, 2)
    def test_err(self): raise KeyError("x")
    @unittest.skip("later")
    def test_later(self): pass
EOF
python3 -m unittest u 2>&1 | save unittest-1p-2f-1s
python3 -m unittest u.T.test_ok 2>&1 | save unittest-1p-0f-0s

mkdir -p "$work/rs/src" && cd "$work/rs" || exit 1
printf '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n' > Cargo.toml
cat > src/lib.rs <<'EOF'
#[cfg(test)]
mod tests {
    #[test] fn ok() {}
    #[test] fn two() {}
    #[test] fn bad() { assert_eq!(1, 2); }
    #[test] #[ignore] fn later() {}
}
EOF
CARGO_TARGET_DIR="$work/target" cargo test --color never 2>&1 | save cargo-2p-1f-1s
CARGO_TARGET_DIR="$work/target" cargo test --color never two 2>&1 | save cargo-1p-0f-0s
if command -v cargo-nextest >/dev/null; then
    CARGO_TARGET_DIR="$work/target" cargo nextest run --no-fail-fast --color never 2>&1 | save nextest-2p-1f-0s
    CARGO_TARGET_DIR="$work/target" cargo nextest run --color always two 2>&1 | save nextest-1p-0f-0s-colour
fi

mkdir -p "$work/js" && cd "$work/js" || exit 1
ln -s "$tools/n/node_modules" node_modules
mkdir node jest vitest mocha bats
cat > node/a.test.mjs <<'EOF'
import test from "node:test";
import assert from "node:assert";
test("ok", () => {});
test("bad", () => assert.equal(1, 2));
test.skip("later", () => {});
EOF
node --test --test-reporter=tap node/ 2>&1 | save node-1p-1f-1s
node --test --test-reporter=spec node/ 2>&1 | save node-1p-1f-1s-spec
printf '{}' > package.json
cat > jest/a.test.js <<'EOF'
test("ok", () => {});
test("bad", () => { expect(1).toBe(2); });
test.skip("later", () => {});
EOF
npx jest --rootDir jest --ci 2>&1 | save jest-1p-1f-1s
npx jest --rootDir jest --ci --colors -t ok 2>&1 | save jest-1p-0f-2s-colour
printf 'import { test, expect } from "vitest";\n' | cat - jest/a.test.js > vitest/a.test.ts
npx vitest run --root vitest 2>&1 | save vitest-1p-1f-1s
cat > mocha/a.js <<'EOF'
const assert = require("assert");
it("ok", () => {});
it("bad", () => assert.equal(1, 2));
it.skip("later", () => {});
EOF
npx mocha mocha/ 2>&1 | save mocha-1p-1f-1s
cat > bats/a.bats <<'EOF'
@test "ok" { true; }
@test "bad" { false; }
@test "later" { skip; }
EOF
node_modules/bats/bin/bats --tap bats 2>&1 | save bats-1p-1f-1s
node_modules/bats/bin/bats --pretty bats 2>&1 | save bats-1p-1f-1s-pretty

# Runners of other languages, where they are on the path (`ruby` with the gems minitest and rspec).
mkdir -p "$work/other" && cd "$work/other" || exit 1
cat > mini.rb <<'EOF'
require "minitest/autorun"
class T < Minitest::Test
  def test_ok; assert true; end
  def test_two; assert_equal 2, 1 + 1; end
  def test_three; assert_nil nil; end
  def test_bad; assert_equal 1, 2; end
  def test_err; raise "x"; end
  def test_later; skip "later"; end
end
EOF
cat > a_spec.rb <<'EOF'
RSpec.describe "a" do
  it("adds") { expect(1 + 1).to eq 2 }
  it("two") { expect(2).to eq 2 }
  it("three") { expect([]).to be_empty }
  it("bad") { expect(1).to eq 2 }
  it "later"
end
EOF
if command -v ruby >/dev/null; then
    MT_NO_PLUGINS=1 ruby -e 'module Gem; def self.find_files(*) = []; end' -e 'load "mini.rb"' 2>&1 | save minitest-3p-2f-1s
    ruby -e 'require "rspec/core"; exit RSpec::Core::Runner.run(ARGV, $stderr, $stdout)' a_spec.rb 2>&1 | save rspec-3p-1f-1s
fi
cat > CTest.php <<'EOF'
<?php
final class CTest extends PHPUnit\Framework\TestCase {
    public function testOk(): void { $this->assertTrue(true); }
    public function testTwo(): void { $this->assertSame(2, 1 + 1); }
    public function testThree(): void { $this->assertSame([], []); }
    public function testBad(): void { $this->assertSame(1, 2); }
    public function testErr(): void { throw new RuntimeException("x"); }
    public function testLater(): void { $this->markTestSkipped("later"); }
}
EOF
if command -v phpunit >/dev/null; then phpunit CTest.php 2>&1 | save phpunit-3p-2f-1s; fi
mkdir -p go/sub cmake
printf 'module example.com/sample\n\ngo 1.19\n' > go/go.mod
printf 'package sub\n' > go/sub/sub.go
cat > go/a_test.go <<'EOF'
package sample

import "testing"

func TestOk(t *testing.T)    {}
func TestTwo(t *testing.T)   {}
func TestBad(t *testing.T)   { t.Error("no") }
func TestLater(t *testing.T) { t.Skip("later") }
EOF
if command -v go >/dev/null; then (cd go && go test -v ./... 2>&1) | save go-2p-1f-1s; fi
cat > cmake/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.10)
project(sample NONE)
enable_testing()
add_test(NAME ok COMMAND ${CMAKE_COMMAND} -E echo ok)
add_test(NAME two COMMAND ${CMAKE_COMMAND} -E echo two)
add_test(NAME bad COMMAND ${CMAKE_COMMAND} -E false)
EOF
if command -v ctest >/dev/null; then
    (cd cmake && cmake -B build . >/dev/null && ctest --test-dir build 2>&1) | save ctest-2p-1f-0s
fi
ls "$out"
