//! What a simulator is started with: an OpenAPI file to hold it against, and the command line.

mod command_line;
mod openapi;
