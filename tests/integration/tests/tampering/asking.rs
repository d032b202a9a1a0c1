//! Plain requests to the service, with whatever token a test has at hand.

use pod_view::wire::Problem;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use integration::pod::Pod;

/// One endpoint of a company, with a body that it takes.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    pub(crate) name: &'static str,
    pub(crate) body: Option<Value>,
}

/// Every endpoint of a company.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let settings = json!({
        "host": "dc1.harbor.example", "port": 636, "security": "ldaps", "trust": "public_authorities",
        "base": "DC=harbor,DC=example", "bind_name": "reader@harbor.example", "password": "x",
    });
    let places = json!({ "settings": settings, "what": "group", "text": "staff" });
    let all = vec![
        Endpoint { method: Method::GET, name: "status", body: None },
        Endpoint { method: Method::GET, name: "settings", body: None },
        Endpoint { method: Method::PUT, name: "settings", body: Some(settings.clone()) },
        Endpoint { method: Method::POST, name: "settings/test", body: Some(settings.clone()) },
        Endpoint { method: Method::POST, name: "settings/preview", body: Some(settings) },
        Endpoint { method: Method::POST, name: "settings/places", body: Some(places) },
        Endpoint { method: Method::POST, name: "review", body: None },
        Endpoint { method: Method::PUT, name: "decisions", body: Some(json!({ "changes": [] })) },
        Endpoint {
            method: Method::POST,
            name: "apply",
            body: Some(json!({ "changes": [], "approved": [] })),
        },
        Endpoint { method: Method::POST, name: "story", body: Some(json!({ "contact": 1 })) },
        Endpoint { method: Method::POST, name: "who", body: Some(json!({ "text": "Ann Smith" })) },
        Endpoint {
            method: Method::POST,
            name: "person",
            body: Some(json!({ "decision": null, "approved": null, "put": null })),
        },
        Endpoint { method: Method::GET, name: "runs", body: None },
        Endpoint { method: Method::GET, name: "runs/{run}", body: None },
        Endpoint { method: Method::GET, name: "runs/{run}/lines", body: None },
        Endpoint {
            method: Method::POST,
            name: "runs/{run}/undo",
            body: Some(json!({ "run": "none", "rows": [] })),
        },
    ];
    let served = served();
    let mut ours: Vec<_> = all.iter().map(|one| format!("/{} {}", one.name, one.method)).collect();
    ours.sort();
    assert_eq!(served, ours, "an endpoint that is not in the table is one that nobody tries to get into");
    all
}

/// The endpoints that the service serves for a company, from the one place that names them.
fn served() -> Vec<String> {
    let text = include_str!("../../../../server/src/web/mod.rs");
    let (_, scope) =
        text.split_once("web::scope(\"/i/{installation}/companies/{company}\")").expect("a scope");
    let (scope, _) = scope.split_once(';').expect("the scope is the last of the routes");
    let mut served: Vec<_> = scope
        .split(".route(\"")
        .skip(1)
        .map(|route| {
            let (path, rest) = route.split_once("\", web::").expect("a path and a method");
            let (method, _) = rest.split_once("()").expect("a method");
            format!("{path} {}", method.to_uppercase())
        })
        .collect();
    served.sort();
    served
}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The status and the code of the problem; an empty one for an answer that says yes.
    pub(crate) fn says(&self) -> (u16, String) {
        let problem = serde_json::from_str::<Problem>(&self.text);
        (self.status.as_u16(), problem.map(|problem| problem.code).unwrap_or_default())
    }
}

/// Somebody who asks.
pub(crate) struct Asking<'a> {
    /// The installation's part of the address.
    pub(crate) base: &'a str,
    pub(crate) company: &'a str,
    pub(crate) authorization: Option<String>,
    pub(crate) more: Vec<(&'static str, &'a str)>,
}

impl<'a> Asking<'a> {
    /// With a token at a company.
    pub(crate) fn with(base: &'a str, company: &'a str, token: &str) -> Self {
        Self { base, company, authorization: Some(format!("Bearer {token}")), more: Vec::new() }
    }

    pub(crate) async fn ask(&self, endpoint: &Endpoint) -> Answer {
        let name = endpoint.name.replace("{run}", "none");
        let address = format!("{}/companies/{}/{name}", self.base, self.company);
        send(
            endpoint.method.clone(),
            &address,
            self.authorization.as_deref(),
            &self.more,
            endpoint.body.as_ref(),
        )
        .await
    }

    /// Asks every endpoint, and expects the same refusal of each.
    pub(crate) async fn is_refused_everywhere(&self, status: u16, code: &str, why: &str) {
        for endpoint in endpoints() {
            let says = self.ask(&endpoint).await.says();
            assert_eq!(says, (status, code.to_owned()), "{why}: {} {}", endpoint.method, endpoint.name);
        }
    }
}

/// One request.
pub(crate) async fn send(
    method: Method,
    address: &str,
    authorization: Option<&str>,
    more: &[(&'static str, &str)],
    body: Option<&Value>,
) -> Answer {
    let mut request = server::psa::http(&[]).request(method, address);
    for (name, value) in authorization.map(|value| ("Authorization", value)).iter().chain(more) {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.expect("the service answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    Answer { status, headers, text: answer.text().await.expect("the service ends its answers") }
}

/// The number of an open pod's company, as it stands in addresses.
pub(crate) fn company_of(pod: &Pod) -> String {
    pod.company.to_string()
}
