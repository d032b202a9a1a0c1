//! The people who left: their accounts are disabled and kept.

use super::Person;

pub(super) fn people() -> Vec<Person> {
    let left = |logon, given, surname, department| {
        let mut person = Person::new(logon, given, surname, department).titled("Former employee");
        person.disabled = true;
        person.units = vec!["Leavers"];
        person
    };
    let mut people = vec![
        // Whose address somebody else has now: see `awkward`.
        left("rking", "Robert", "King", "Sales").without_mail(),
        left("dgraham", "Diane", "Graham", "Finance"),
        left("hbloem", "Henk", "Bloem", "Production"),
        left("imorris", "Iris", "Morris", "Engineering"),
        left("jlund", "Jonas", "Lund", "IT"),
        left("kprice", "Kate", "Price", "Sales"),
        left("lwolff", "Lars", "Wolff", "Logistics"),
        left("mortega", "Marta", "Ortega", "Finance"),
        left("nhunter", "Neil", "Hunter", "Production"),
        left("odrake", "Olivia", "Drake", "Management"),
        left("psantos", "Pedro", "Santos", "Production"),
        left("rvanes", "Ria", "van Es", "Logistics"),
        left("sgibson", "Stuart", "Gibson", "Sales"),
        left("tbrandt", "Thea", "Brandt", "Engineering"),
    ];
    for (person, number) in people.iter_mut().zip(300..) {
        *person = person.clone().with_numbers(number);
    }
    people
}
