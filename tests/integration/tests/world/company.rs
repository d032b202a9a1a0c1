//! The company that lives in the world.

use std::{fmt::Write as _, path::PathBuf};

use integration::history::{Ground, History};
pub(crate) use integration::staff::{FAMILY, GIVEN, address, id, person};
use psa_simulator::{Csv, Options};

pub(crate) const COMPANY: i64 = 7;

/// Somebody who never had an account.
pub(crate) const OUTSIDE: &str = "walter@elsewhere.example";
/// Somebody whom a person deactivated in the PSA before we came.
pub(crate) const LEFT_BY_HAND: usize = 3;

/// Of the first four the PSA knows something already, the fourth is inactive by hand; and somebody from
/// outside, whom nobody may touch.
pub(crate) fn options(login_company: &str) -> Options {
    let mut contacts = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for number in 0..4 {
        let (given, family, mail) = (GIVEN[number], FAMILY[number], address(number));
        let inactive = number == LEFT_BY_HAND;
        writeln!(contacts, "Seven,{given},{family},Old title,{mail},+32 9 1,,,{inactive},,,")
            .expect("a string takes everything");
    }
    writeln!(contacts, "Seven,Walter,Outside,Supplier,{OUTSIDE},,,,false,,,")
        .expect("a string takes everything");
    Options {
        companies: Csv::Text(format!(
            "id,identifier,name,status,city\n{COMPANY},Seven,Seven Ltd,Active,Ghent\n"
        )),
        contacts: Csv::Text(contacts),
        login_company: login_company.to_owned(),
        ..Options::default()
    }
}

/// Where a file costs no wait for a disk, if there is such a place.
pub(crate) fn fast_folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("there is room for a folder")
}

/// The company with these people in its directory, on a store of its own.
pub(crate) async fn begin(folder: &std::path::Path, people: &[usize]) -> History {
    let ground = Ground::new(folder).await.expect("the store opens");
    let mut history = History::begin(&ground, &options("world"), COMPANY).await.expect("it begins");
    history.people(|directory| {
        for &number in people {
            let person = person(number);
            directory.insert(person.id, person);
        }
    });
    history.restart(None).await.expect("it starts");
    history
}
