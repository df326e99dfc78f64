//! Languages of data and documents.

use super::check;
use crate::syntax::Language;

#[test]
fn json() {
    check(
        Language::Json,
        r#"
{
  // vouchsafe: sort the keys
  "name": "shop",
  "scripts": {
    "test": "jest"
  }
}
"#,
        r#"
key name 3-3
key scripts 4-6
key scripts.test 5-5
order "sort the keys" 2-2
"#,
    );
}

#[test]
fn toml() {
    check(
        Language::Toml,
        r#"
[package]
name = "shop" # vouchsafe: rename

[[bin]]
path = "a.rs"
"#,
        r#"
table package 1-3
key package.name 2-2
table bin 4-5
key bin.path 5-5
order "rename" 2-2
"#,
    );
}

#[test]
fn yaml() {
    check(
        Language::Yaml,
        r"
on: push
jobs:
  # vouchsafe: add a job for Windows
  test:
    steps:
      - run: make
",
        r#"
key on 1-1
key jobs 2-6
key jobs.test 4-6
key jobs.test.steps 5-6
key jobs.test.steps.run 6-6
order "add a job for Windows" 3-3
"#,
    );
}

#[test]
fn html() {
    check(
        Language::Html,
        r#"
<html>
<body id="top">
<!-- vouchsafe: add a footer -->
<div id=main><p>Hi</p></div>
<script>let x = 1;</script>
</body>
</html>
"#,
        r#"
element html 1-7
element html > body#top 2-6
element html > body#top > div#main 4-4
element html > body#top > div#main > p 4-4
script html > body#top > script 5-5
order "add a footer" 3-3
"#,
    );
}

#[test]
fn css() {
    check(
        Language::Css,
        r#"
@import "base.css";
/* vouchsafe: use variables */
a:hover, .button { color: red; }
@media (max-width: 600px) {
  .wide { display: none; }
}
"#,
        r#"
rule a:hover, .button 3-3
media query @media (max-width: 600px) 4-6
rule @media (max-width: 600px) / .wide 5-5
import 1-1
order "use variables" 2-2
"#,
    );
}

#[test]
fn markdown() {
    check(
        Language::Markdown,
        r"
# Shop

Words.

## Install it

<!-- vouchsafe: add the steps for Windows -->

Steps.

## Use it
",
        r#"
section Shop 1-11
section Shop / Install it 5-10
section Shop / Use it 11-11
order "add the steps for Windows" 7-7
"#,
    );
}
