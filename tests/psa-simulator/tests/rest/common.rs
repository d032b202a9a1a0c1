//! A simulator with three companies and a client that knows its keys.

use std::path::Path;
use std::sync::Once;

use psa_simulator::{CLIENT_ID, Csv, Options, PRIVATE_KEY, PUBLIC_KEY, Simulator, start};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const ACME: i64 = 250;
pub(crate) const BOLT: i64 = 251;

const COMPANIES: &str = "\
id,identifier,name,status,city
250,Acme,Acme Ltd,Active,Ghent
251,Bolt,Bolt BV,Active,Leeds
";

const CONTACTS: &str = "\
company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal
Acme,Ann,Lee,Owner,ann@acme.example,+32 1,+32 2,,false,true,true,true
Acme,Ben,Roy,,ben@acme.example,,,,true,,,
Bolt,Cas,Vos,,cas@bolt.example,,,,,,,
";

/// A running simulator and a client.
pub(crate) struct Psa {
    pub(crate) simulator: Simulator,
    client: reqwest::Client,
}

#[expect(clippy::disallowed_methods, reason = "the service's client would hide what the simulator does")]
fn client(authority: Option<&[u8]>) -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::aws_lc_rs::default_provider().install_default().expect("no provider before this one");
    });
    let builder = reqwest::Client::builder();
    let builder = match authority {
        Some(pem) => {
            let certificate = reqwest::Certificate::from_pem(pem).expect("a certificate");
            builder.tls_certs_only([certificate])
        }
        // Nothing here needs the machine's own authorities.
        None => builder.tls_certs_only([]),
    };
    builder.build().expect("a client")
}

pub(crate) fn options() -> Options {
    Options {
        companies: Csv::Text(COMPANIES.into()),
        contacts: Csv::Text(CONTACTS.into()),
        ..Options::default()
    }
}

impl Psa {
    pub(crate) async fn new() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self { simulator: start(options).await.expect("a simulator"), client: client(None) }
    }

    /// A simulator over TLS and a client that trusts its authority only.
    pub(crate) async fn trusting(options: Options, dir: &Path) -> Self {
        let simulator = start(options).await.expect("a simulator");
        let authority = std::fs::read(dir.join("ca.pem")).expect("the authority");
        Self { simulator, client: client(Some(&authority)) }
    }

    /// A GET of any address without any header.
    pub(crate) fn raw(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }

    /// The status of a POST to a control address.
    pub(crate) async fn control(&self, url: &str, body: &Value) -> u16 {
        let answer = self.client.post(url).json(body).send().await.expect("an answer");
        answer.status().as_u16()
    }

    pub(crate) async fn post_form(&self, url: &str, form: String) -> Value {
        let request =
            self.client.post(url).header("Content-Type", "application/x-www-form-urlencoded").body(form);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// A call with a client id and no credentials.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let codebase = self.simulator.world().lock().codebase().to_owned();
        let url = format!("{}/{codebase}apis/3.0{path}", self.simulator.api_url());
        self.client.request(method, url).header("clientId", CLIENT_ID)
    }

    /// A call with the integrator's keys.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).basic_auth(format!("training+{PUBLIC_KEY}"), Some(PRIVATE_KEY))
    }

    /// A call with the cookies of a member's session.
    pub(crate) fn call_as(&self, member: &str, method: Method, path: &str) -> RequestBuilder {
        let hash = self.simulator.world().lock().hash_of(member).expect("a session");
        self.bare(method, path).header(
            "Cookie",
            format!("companyName=training; memberId={member}; memberHash={hash}; memberContext=web"),
        )
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.call(Method::GET, path).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.expect("JSON")
    }

    /// The status and the body of a writing call.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        outcome(self.call(method, path).json(body).send().await.expect("an answer")).await
    }

    pub(crate) async fn patch(&self, path: &str, op: &str, field: &str, value: Value) -> (u16, Value) {
        let body = json!([{"op": op, "path": field, "value": value}]);
        self.send(Method::PATCH, path, &body).await
    }

    /// Ann, the default contact of Acme.
    pub(crate) fn ann(&self) -> String {
        let world = self.simulator.world();
        let world = world.lock();
        format!("/company/contacts/{}", world.contacts_of(ACME)[0]["id"])
    }
}

pub(crate) async fn outcome(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}
