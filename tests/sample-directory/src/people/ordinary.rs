//! The people about whom there is nothing to say.

use std::collections::BTreeMap;

use super::Person;

/// How many of them there are.
const COUNT: u16 = 138;

const GIVEN: [&str; 40] = [
    "Alice", "Amir", "Bram", "Carla", "Daan", "David", "Elena", "Emily", "Fatima", "Femke", "George",
    "Grace", "Hannah", "Hugo", "Ingrid", "Isaac", "James", "Julia", "Karin", "Kofi", "Leon", "Linda", "Mark",
    "Mei", "Nadia", "Noah", "Olga", "Oscar", "Paula", "Priya", "Quinn", "Ravi", "Sarah", "Simon", "Tess",
    "Thomas", "Ursula", "Victor", "Wendy", "Yusuf",
];

const SURNAMES: [&str; 45] = [
    "Adams",
    "Bailey",
    "Bos",
    "Carter",
    "Clarke",
    "Cohen",
    "Dekker",
    "Evans",
    "Fischer",
    "Foster",
    "Grant",
    "Haas",
    "Harris",
    "Hoekstra",
    "Hughes",
    "Ibrahim",
    "Jacobs",
    "Khan",
    "Kramer",
    "Lambert",
    "Lewis",
    "Maas",
    "Mills",
    "Mulder",
    "Nguyen",
    "Olsen",
    "Parker",
    "Patel",
    "Peters",
    "Quist",
    "Reed",
    "Rossi",
    "Schmidt",
    "Scott",
    "Silva",
    "Stewart",
    "Turner",
    "Ueda",
    "Verhoeven",
    "Walker",
    "Ward",
    "Weber",
    "Young",
    "Zeeman",
    "Zhang",
];

/// The departments, and what people in them do.
const WORK: [(&str, [&str; 3]); 7] = [
    ("Production", ["Machine Operator", "Shift Supervisor", "Quality Inspector"]),
    ("Engineering", ["Design Engineer", "Process Engineer", "Test Engineer"]),
    ("Logistics", ["Warehouse Planner", "Freight Coordinator", "Stock Controller"]),
    ("Sales", ["Account Manager", "Sales Engineer", "Inside Sales"]),
    ("Finance", ["Controller", "Accounts Payable", "Payroll Specialist"]),
    ("IT", ["Systems Administrator", "Service Desk", "Application Manager"]),
    ("Management", ["Plant Manager", "HR Advisor", "Executive Assistant"]),
];

pub(super) fn people() -> Vec<Person> {
    let mut stems = BTreeMap::new();
    (0..COUNT).map(|number| person(usize::from(number), &mut stems)).collect()
}

fn person(number: usize, stems: &mut BTreeMap<String, usize>) -> Person {
    // Two strides without a common period shorter than the list: no pair of names comes twice.
    let (given, surname) = (GIVEN[number % GIVEN.len()], SURNAMES[number * 7 % SURNAMES.len()]);
    let (department, titles) = WORK[number * 5 % WORK.len()];
    let stem = format!("{}{}", &given[..1], surname).to_lowercase();
    let holders = stems.entry(stem.clone()).and_modify(|holders| *holders += 1).or_insert(1);
    let logon = if *holders == 1 { stem } else { format!("{stem}{holders}") };
    Person::new(&logon, given, surname, department)
        .titled(titles[number % titles.len()])
        .with_numbers(u32::try_from(number).unwrap_or_default())
}
