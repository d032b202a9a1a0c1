//! Limits that the reading process sets itself before it reads anything foreign. The kernel holds
//! them, so they hold even when the process has gone wild.

/// The program's own code and the system's libraries, which count as address space too.
#[cfg(target_os = "linux")]
const OWN_ADDRESS_SPACE: u64 = 1 << 30;
/// Standard input, output and error, the connection, the event queue, the resolver's sockets and
/// files, one certificate file at a time.
#[cfg(target_os = "linux")]
const FILES: u64 = 32;

/// Lowers this process's limits for good: memory in bytes, and seconds of processor time.
#[cfg(target_os = "linux")]
pub(super) fn lower(memory: u64, seconds: u64) -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let lower = |resource, value: u64| -> std::io::Result<()> {
        let limit = getrlimit(resource).maximum.map_or(value, |maximum| maximum.min(value));
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
        Ok(())
    };
    // A core dump would hold the password.
    lower(Resource::Core, 0)?;
    lower(Resource::Data, memory)?;
    lower(Resource::As, memory.saturating_add(OWN_ADDRESS_SPACE))?;
    lower(Resource::Cpu, seconds)?;
    lower(Resource::Nofile, FILES)
}

/// Elsewhere than on Linux the read has its deadline and its counts only.
#[cfg(not(target_os = "linux"))]
pub(super) fn lower(_memory: u64, _seconds: u64) -> std::io::Result<()> {
    Ok(())
}
