//! The companies, and who is in them: in the PSA and in the directory the same, to begin with.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::{Context, Result};
use crowd::crowd;
use reconcile::Account;
use sample_directory::Person;

/// The record id of the first company.
const FIRST: i64 = 1001;

/// One company.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its record id in the PSA.
    pub(crate) id: i64,
    /// Where its people are in the directory.
    pub(crate) base: String,
}

/// So many companies.
pub(crate) fn companies(number: usize) -> Vec<Member> {
    (FIRST..).take(number).map(|id| Member { id, base: format!("DC=c{id},DC=fleet,DC=example") }).collect()
}

/// The names that people have, and one more for somebody who is hired: the same in every company.
pub(crate) fn names(people: u32) -> Vec<Account> {
    crowd(people + 1).snapshot.accounts
}

/// Somebody of a company, by number.
pub(crate) fn person(company: &Member, number: usize, name: &Account) -> Result<Person> {
    let of = |value: &Option<String>| value.clone().context("everybody has names");
    let (given, family) = (of(&name.given_name)?, of(&name.surname)?);
    let mail = mail(company, number, &given, &family);
    Ok(Person {
        mail: Some(mail.clone()),
        proxy_addresses: vec![format!("SMTP:{mail}")],
        title: name.title.clone(),
        telephone: name.telephone.clone(),
        ..Person::new(&format!("c{}p{number}", company.id), &given, &family, "Office")
    })
}

fn mail(company: &Member, number: usize, given: &str, family: &str) -> String {
    format!("{given}.{family}{number}@c{}.example", company.id).to_lowercase()
}

/// Everybody but the one who is hired later, by the base of their company.
pub(crate) fn directories(companies: &[Member], names: &[Account]) -> Result<BTreeMap<String, Vec<Person>>> {
    let (_, there) = names.split_last().context("there is one more name than people")?;
    let people = |company: &Member| {
        there.iter().enumerate().map(|(number, name)| person(company, number, name)).collect::<Result<_>>()
    };
    companies.iter().map(|company| Ok((company.base.clone(), people(company)?))).collect()
}

/// The PSA's companies as a table.
pub(crate) fn table_of_companies(companies: &[Member]) -> Result<String> {
    let mut text = String::from("id,identifier,name,status,city\n");
    for Member { id, .. } in companies {
        writeln!(text, "{id},C{id},Company {id},Active,Ghent")?;
    }
    Ok(text)
}

/// Their contacts, who are those of the directories.
pub(crate) fn table_of_contacts(
    companies: &[Member],
    directories: &BTreeMap<String, Vec<Person>>,
) -> Result<String> {
    let mut text = String::from(
        "company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal\n",
    );
    for company in companies {
        for person in directories.get(&company.base).into_iter().flatten() {
            let of = |value: &Option<String>| value.clone().unwrap_or_default();
            writeln!(
                text,
                "C{},{},{},{},{},{},,,false,,,",
                company.id,
                of(&person.given_name),
                of(&person.surname),
                of(&person.title),
                of(&person.mail),
                of(&person.telephone),
            )?;
        }
    }
    Ok(text)
}
