//! `read`: a source on standard input, a stream of accounts on standard output.

use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;

use clap::Args;
use zeroize::Zeroizing;

use super::limit;
use crate::source::SourceProblem;
use crate::stream::Writer;
use crate::{ReadError, Source, read};

/// Bytes of a source on standard input: an authority's certificates are the long part.
const SOURCE_LENGTH: usize = 256 << 10;

/// Limits of the reading process. They are arguments so that they hold before the source is read;
/// the source's own limits can only be tighter.
#[derive(Args, Clone, Copy, Debug)]
pub struct ReadArguments {
    /// Memory for this process, in MiB.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u64).range(32..=65_536))]
    pub memory_mb: u64,
    /// Seconds for the whole read, and of processor time.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: u64,
}

/// Reads the source, then the directory, and streams it; success means that the seal was written, or
/// the end of what was looked for.
///
/// Makes its own single-threaded runtime, so it must not be called within one. Has to be the
/// first thing that the program does: limits are lowered for the whole process.
pub fn read_command(arguments: ReadArguments) -> ExitCode {
    let mut writer = Writer::new(BufWriter::new(io::stdout().lock()));
    let written = match run(arguments, &mut writer) {
        Ok(End::Whole) => writer.seal().map(|()| ExitCode::SUCCESS),
        Ok(End::Found) => writer.found().map(|()| ExitCode::SUCCESS),
        Err(error) => writer.failed(error).map(|()| ExitCode::FAILURE),
    };
    written.unwrap_or(ExitCode::FAILURE)
}

/// What came to its end.
enum End {
    /// The whole directory.
    Whole,
    /// A search for somebody or something.
    Found,
}

fn run(arguments: ReadArguments, writer: &mut Writer<impl Write>) -> Result<End, ReadError> {
    let unprepared = |error: io::Error| ReadError::Unprepared { detail: error.to_string() };
    limit::lower(arguments.memory_mb << 20, arguments.seconds).map_err(unprepared)?;
    let mut source = source(io::stdin().lock())?;
    source.limits.seconds = source.limits.seconds.min(arguments.seconds);
    if source.limits.memory_bytes < arguments.memory_mb << 20 {
        limit::lower(source.limits.memory_bytes, source.limits.seconds).map_err(unprepared)?;
    }
    super::runtime().map_err(unprepared)?.block_on(read::read(&source, writer))?;
    Ok(if source.is_whole() { End::Whole } else { End::Found })
}

/// One JSON document. Its text is wiped afterwards, for it holds the password; the buffer has its
/// full size at once, because growing would leave copies behind.
fn source(input: impl Read) -> Result<Source, ReadError> {
    let unreadable = ReadError::BadSource { problem: SourceProblem::Unreadable };
    let mut text = Zeroizing::new(Vec::with_capacity(SOURCE_LENGTH + 1));
    match input.take(SOURCE_LENGTH as u64 + 1).read_to_end(&mut text) {
        Ok(length) if length <= SOURCE_LENGTH => {}
        _ => return Err(unreadable),
    }
    serde_json::from_slice(&text).map_err(|_| unreadable)
}
