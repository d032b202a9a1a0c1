//! How calls are held against a small file.

use super::*;

fn description() -> Description {
    let file = json!({
        "openapi": "3.0.1",
        "paths": {
            "/things/{id}": {
                "parameters": [{ "$ref": "#/components/parameters/Id" }],
                "delete": { "responses": { "204": { "description": "Gone" } } },
                "get": { "responses": { "200": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Thing" } } } } } },
            },
            "/things/types": {
                "get": { "responses": { "200": { "content": { "application/json": {
                    "schema": { "type": "array", "items": { "type": "string" } } } } } } },
            },
            "/things": {
                "get": {
                    "parameters": [
                        { "in": "query", "name": "page", "schema": { "type": "integer", "nullable": true } },
                        { "in": "query", "name": "type", "required": true, "schema": { "enum": ["a", "b"] } },
                    ],
                    "responses": { "2XX": { "$ref": "#/components/responses/Things" } },
                },
                "post": {
                    "requestBody": { "required": true, "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Thing" } } } },
                    "responses": { "201": { "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Thing" } } } } },
                },
            },
        },
        "components": {
            "parameters": {
                "Id": { "in": "path", "name": "id", "required": true, "schema": { "type": "integer" } },
            },
            "responses": { "Things": { "content": { "application/vnd.connectwise.com+json": { "schema": {
                "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } } } },
            "schemas": {
            "Thing": { "type": "object", "required": ["name"], "properties": {
                "id": { "type": "integer", "format": "int32" },
                "name": { "type": "string" },
                "kind": { "type": "string", "nullable": true, "enum": ["One", "Two"] },
            } },
            "ErrorResponseMessage": { "type": "object", "properties": {
                "code": { "type": "string" }, "message": { "type": "string" },
                "errors": { "type": "array", "items": { "type": "object" } },
            } },
        } },
    });
    Description::new(file).unwrap()
}

fn judge(method: &str, path: &str, status: u16, body: Option<&Value>, answer: &Value) -> Judgement {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let answer = Some(answer).filter(|answer| !answer.is_null());
    description().judge(&Judged { method, path, query: &query, body, status, answer })
}

fn why(judgement: Judgement) -> String {
    match judgement {
        Judgement::Misfit(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_fits_fits_and_what_does_not_is_named() {
    let get = |answer: Value| judge("GET", "/Things/7", 200, None, &answer);
    assert_eq!(get(json!({ "id": 7, "name": "x", "kind": null })), Judgement::Fits);
    for (answer, part) in [
        (json!({ "id": "7", "name": "x" }), "/id"),
        (json!({ "id": 7 }), "name"),
        (json!({ "name": "x", "kind": "Three" }), "/kind"),
        (json!({ "name": "x", "kindness": 1 }), "kindness"),
    ] {
        let why = why(get(answer));
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn the_body_is_judged_as_well_and_so_is_a_refusal() {
    let thing = json!({ "name": "x" });
    assert_eq!(judge("POST", "/things", 201, Some(&thing), &thing), Judgement::Fits);
    let bad = judge("POST", "/things", 201, Some(&json!({ "name": 1 })), &thing);
    assert!(why(bad).contains("sent"));
    let other = judge("POST", "/things", 200, None, &thing);
    assert!(why(other).contains("200"));
    let refusal = json!({ "code": "X", "message": "no", "errors": null });
    assert_eq!(judge("GET", "/things/7", 404, None, &refusal), Judgement::Fits);
    assert!(why(judge("GET", "/things/7", 404, None, &json!({ "code": 1 }))).contains("/code"));
    assert!(why(judge("GET", "/things/7", 404, None, &json!({ "reason": "" }))).contains("reason"));
}

#[test]
fn a_word_goes_before_a_number_and_what_is_not_there_is_told() {
    assert_eq!(judge("GET", "/things/types", 200, None, &json!(["a"])), Judgement::Fits);
    let unknown = judge("GET", "/others", 200, None, &json!([]));
    assert_eq!(unknown, Judgement::Undescribed("GET /others".into()));
}

#[test]
fn some_fields_lack_what_is_required() {
    let answer = json!({ "id": 7 });
    assert_eq!(judge("GET", "/things/7?fields=id", 200, None, &answer), Judgement::Fits);
    assert!(why(judge("GET", "/things/7?customFields=id", 200, None, &answer)).contains("name"));
}

#[test]
fn the_query_is_judged_where_the_file_speaks_of_it() {
    let none = json!([]);
    let get = |query: &str| judge("GET", &format!("/things?{query}"), 200, None, &none);
    assert_eq!(get("type=a&Page=2&anything=1"), Judgement::Fits);
    assert_eq!(get("type=a&page="), Judgement::Fits);
    assert!(why(get("type=a&page=x")).contains("page in the query"));
    assert!(why(get("type=c")).contains("type in the query"));
    assert!(why(get("page=1")).contains("type is not in the query"));
}

#[test]
fn a_body_is_where_it_should_be() {
    assert_eq!(judge("DELETE", "/things/7", 204, None, &Value::Null), Judgement::Fits);
    assert!(why(judge("DELETE", "/things/7", 204, None, &json!({}))).contains("not empty"));
    assert!(why(judge("GET", "/things/7", 200, None, &Value::Null)).contains("empty"));
    let thing = json!({ "name": "x" });
    assert!(why(judge("POST", "/things", 201, None, &thing)).contains("no body"));
}

#[test]
fn other_files_are_refused() {
    for (file, part) in [(json!({"swagger": "2.0"}), "version"), (json!({"openapi": "3.0.3"}), "no paths")] {
        let error = Description::new(file).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
