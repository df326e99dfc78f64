mod one;
mod parse;
