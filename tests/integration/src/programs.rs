//! The programs under test, as `tests/run` builds them.

use std::path::PathBuf;

/// The path of a program of this workspace, beside the tests that were built with it.
///
/// # Panics
/// When it was not built: says what to type.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("a running test has a path");
    let folder = tests.parent().and_then(std::path::Path::parent).expect("tests are built two folders down");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: these tests need all programs built. Type: tests/run",
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
