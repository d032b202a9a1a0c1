//! The people whose names, addresses and titles are hard on programs.

use super::{MAIL_DOMAIN, Person};

pub(super) fn people() -> Vec<Person> {
    let mut people = spelled_hard();
    people.extend(easily_confused());
    people.extend(incomplete());
    people.extend(hard_on_programs());
    let numbers = 200..;
    people.into_iter().zip(numbers).map(|(person, number)| person.with_numbers(number)).collect()
}

/// Diacritics, apostrophes, double surnames, particles.
fn spelled_hard() -> Vec<Person> {
    vec![
        Person::new("jmueller", "Jürgen", "Müller", "Engineering").titled("Tool Maker"),
        Person::new("zbronte", "Zoë", "Brontë", "Sales").titled("Account Manager"),
        Person::new("lwisniewski", "Łukasz", "Wiśniewski", "Production").titled("Welder"),
        Person::new("bodegard", "Bjørn", "Ødegård", "Logistics").titled("Fleet Manager"),
        Person::new("jgarcia", "José María", "García-López", "Sales").titled("Export Manager"),
        Person::new("sobrien", "Siobhán", "O'Brien", "Finance").titled("Credit Controller"),
        Person::new("dromano", "Gino", "D'Angelo", "Production").titled("Painter"),
        Person::new("jvdberg", "Jan", "van der Berg", "Production").titled("Shift Supervisor"),
        Person::new("pvdheuvel", "Pieter", "van den Heuvel", "IT").titled("Network Engineer"),
        Person::new("ldeclercq", "Lotte", "de Clercq", "Management").titled("HR Manager"),
    ]
}

/// One name twice, one initial three times, a name the other way round, a name that was another.
fn easily_confused() -> Vec<Person> {
    let second = Person::new("asmith2", "Anna", "Smith", "Logistics")
        .mailed("anna.smith2")
        .named("Anna Smith (Logistics)");
    let mut married = Person::new("lbakker", "Laura", "Jansen", "Finance").titled("Financial Analyst");
    married.proxy_addresses.push(format!("smtp:laura.bakker@{MAIL_DOMAIN}"));
    // Has the address of somebody who left: see `leavers`.
    let newcomer = Person::new("rknight", "Rebecca", "Knight", "Sales").mailed("r.k");
    vec![
        Person::new("asmith", "Anna", "Smith", "Finance").titled("Bookkeeper"),
        second.titled("Driver"),
        Person::new("ctaylor", "Chris", "Taylor", "Sales").titled("Sales Engineer"),
        Person::new("ctaylor2", "Christine", "Taylor", "Engineering").titled("Design Engineer"),
        Person::new("ctaylor3", "Charles", "Taylor", "Production").titled("Machine Operator"),
        Person::new("edevries", "Emma", "de Vries", "Finance")
            .shown_as("Vries, Emma de")
            .titled("Controller"),
        Person::new("tvisser", "Tom", "Visser", "IT").shown_as("Visser, Tom").titled("Service Desk"),
        married,
        newcomer.titled("Inside Sales"),
    ]
}

/// No mail, no surname, a locked account, an expired password.
fn incomplete() -> Vec<Person> {
    let floor = |logon, given, surname| {
        Person::new(logon, given, surname, "Production").without_mail().titled("Machine Operator")
    };
    let mut mononym = Person::new("suharti", "Suharti", "", "Production")
        .mailed("suharti")
        .named("Suharti")
        .shown_as("Suharti");
    mononym.surname = None;
    let mut locked = Person::new("owright", "Owen", "Wright", "Sales").titled("Account Manager");
    locked.locked = true;
    let mut expired = Person::new("iflores", "Inés", "Flores", "Engineering").titled("Test Engineer");
    expired.password_expired = true;
    vec![
        floor("knovak", "Karel", "Novak"),
        floor("mcostell", "Maeve", "Costello"),
        floor("jpinto", "João", "Pinto"),
        floor("abekele", "Abebe", "Bekele"),
        mononym.titled("Packer"),
        locked,
        expired,
    ]
}

/// Very long, in need of escaping, or hostile.
fn hard_on_programs() -> Vec<Person> {
    let long = Person::new(
        "mwolfeschlegelstein",
        "Maximiliana-Alexandrina",
        "Wolfeschlegelsteinhausenbergerdorff",
        "Engineering",
    )
    .mailed("m.wolfe")
    .named("Maximiliana Wolfeschlegelsteinhausenbergerdorff");
    let comma = Person::new("pbaker", "Paul", "Baker", "Logistics")
        .titled("Night Porter")
        .named("Baker, Paul (Night*Shift)");
    let formula = Person::new("fcell", "Faye", "Cell", "Finance").titled("=HYPERLINK(\"http://x.example\")");
    vec![
        long.titled("Materials Scientist"),
        comma,
        Person::new("ghollow", "Greta", "Hollow", "Engineering").titled(
            "Senior Vice President of Global Continuous Improvement, Lean Manufacturing, Process Safety \
             and Supplier Quality Systems",
        ),
        Person::new("hmarks", "Harriet", "Marks", "IT")
            .shown_as("Harriet <b>Marks</b> <img src=x onerror=alert(1)>")
            .titled("<img src=x onerror=alert(1)> \"Admin\" & Co"),
        formula,
    ]
}
