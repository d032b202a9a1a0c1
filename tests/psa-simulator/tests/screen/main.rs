//! The company screen in a browser, with a small pod that answers as it is told.

mod browser;
mod hostility;
mod hosting;
mod pages;
mod pod;
mod screens;
