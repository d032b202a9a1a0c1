//! The setup tables around companies and contacts: alike in everything but their rows.

use crate::common::{Psa, outcome};
use reqwest::Method;
use serde_json::{Value, json};

/// Path, the field that names a row, and that field's limit.
const TABLES: [(&str, &str, usize); 7] = [
    ("/company/communicationTypes", "description", 50),
    ("/company/companies/statuses", "name", 50),
    ("/company/companies/types", "name", 50),
    ("/company/contacts/departments", "name", 30),
    ("/company/contacts/relationships", "name", 50),
    ("/company/contacts/types", "description", 50),
    ("/company/noteTypes", "name", 50),
];

fn row(field: &str, name: &str) -> Value {
    json!({ field: name, "phoneFlag": true })
}

#[tokio::test]
async fn every_setup_table_is_read_and_kept() {
    let psa = Psa::new().await;
    for (table, field, _) in TABLES {
        let before = psa.get(&format!("{table}/count")).await["count"].as_i64().expect("a count");
        assert!(before > 0, "{table}");

        let (status, made) = psa.send(Method::POST, table, &row(field, "Zebra")).await;
        assert_eq!((status, &made[field]), (201, &json!("Zebra")), "{made}");
        let one = format!("{table}/{}", made["id"]);
        let (status, _) = psa.patch(&one, "replace", field, json!("Yak")).await;
        assert_eq!((status, &psa.get(&one).await[field]), (200, &json!("Yak")), "{table}");
        let (status, put) = psa.send(Method::PUT, &one, &row(field, "Gnu")).await;
        assert_eq!((status, &put[field]), (200, &json!("Gnu")), "{put}");
        let found = psa.get(&format!("{table}?conditions={field}=\"gnu\"")).await;
        assert_eq!(found[0]["id"], made["id"], "{table}");
        assert_eq!(psa.get(&format!("{table}/count")).await, json!({"count": before + 1}));

        let removed = psa.call(Method::DELETE, &one).send().await.expect("an answer");
        assert_eq!(removed.status(), 204, "{table}");
        let gone = psa.call(Method::GET, &one).send().await.expect("an answer");
        assert_eq!(gone.status(), 404, "{table}");
    }
}

#[tokio::test]
async fn a_setup_table_refuses_what_is_long_nameless_or_there_already() {
    let psa = Psa::new().await;
    for (table, field, limit) in TABLES {
        for (body, code) in [
            (row(field, &"n".repeat(limit + 1)), "InvalidField"),
            (json!({"phoneFlag": true}), "MissingRequiredField"),
            (row(field, psa.get(table).await[0][field].as_str().expect("a name")), "ObjectExists"),
        ] {
            let (status, refusal) = psa.send(Method::POST, table, &body).await;
            assert_eq!((status, &refusal["errors"][0]["code"]), (400, &json!(code)), "{table} {refusal}");
            assert_eq!(refusal["errors"][0]["field"], field, "{table}");
        }
    }
}

#[tokio::test]
async fn a_setup_table_is_read_by_all_and_written_with_its_right() {
    let psa = Psa::new().await;
    for (table, field, _) in TABLES {
        let read = psa.call_as("Viewer1", Method::GET, table).send().await.expect("an answer");
        assert_eq!(read.status(), 200, "{table}");
        for (method, path) in [
            (Method::POST, table.to_owned()),
            (Method::PUT, format!("{table}/1")),
            (Method::DELETE, format!("{table}/1")),
        ] {
            let call = psa.call_as("Viewer1", method.clone(), &path).json(&row(field, "Zebra"));
            let (status, _) = outcome(call.send().await.expect("an answer")).await;
            assert_eq!(status, 403, "{method} {path}");
        }
    }
}
