//! The programs under test, as `tests/run` builds them.

use std::path::PathBuf;

/// The path of a program of this workspace, beside the tests or the measuring program that were built
/// with it.
///
/// # Panics
/// When it was not built: says what to type.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    // Tests are in a folder of their own below the programs.
    let folder = own.ancestors().skip(1).find(|folder| !folder.ends_with("deps"));
    let path = folder.expect("programs are built into a folder").join(name);
    assert!(
        path.exists(),
        "{} is missing: this needs all programs built. Type tests/run; before you measure, \
         cargo build --release --workspace",
        path.display()
    );
    path
}

/// The path of a program of the system.
///
/// # Panics
/// When it is not installed: says what to type.
#[must_use]
pub fn system_program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/bin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(more)
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is missing: these tests need it. Type: tests/run"))
}
