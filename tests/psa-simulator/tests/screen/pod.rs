//! A PSA and a pod of another origin, registered on its company screen.

use std::net::TcpListener;

use actix_web::{App, HttpResponse, HttpServer, web};
use psa_simulator::{Csv, Options, Pod, Simulator, start};

/// It keeps all it hears in `heard`, answers events with `answer` (not at all when it is null),
/// and puts the frame id on all it says.
const PAGE: &str = r#"<!DOCTYPE html><title>Pod</title><script>
"use strict";
window.heard = [];
window.answer = "success";
let frameID;
window.say = (message) => parent.postMessage(JSON.stringify(frameID ? { ...message, frameID } : message), "*");
addEventListener("message", (event) => {
  heard.push({ data: event.data, origin: event.origin, parent: event.source === parent });
  const message = JSON.parse(event.data);
  if (message.MessageFrameID) frameID = message.MessageFrameID;
  if (message.event && answer !== null)
    say({ event: message.event, _id: message._id, result: answer, errors: ["The pod says no."] });
});
// The page around may listen later than this frame speaks.
const knock = () => {
  if (heard.length > 0) return;
  say({ message: "ready" });
  setTimeout(knock, 400);
};
knock();
</script>"#;

pub(crate) const ACME: i64 = 250;
pub(crate) const BOLT: i64 = 251;

const COMPANIES: &str = "\
id,identifier,name,status,city
250,Acme,Acme <b>& Sons</b>,Active,Ghent
251,Bolt,Bolt BV,Inactive,Leeds
";

const CONTACTS: &str = "\
company,first_name,last_name,title,email,direct,mobile,fax,inactive,default,billing,portal
Acme,Ann,<script>alert(1)</script>,Owner,ann@acme.example,,,,false,true,true,true
Acme,Ben,Roy,,ben@acme.example,,,,true,,,
";

/// A PSA with one registered pod.
pub(crate) struct Stage {
    pub(crate) psa: Simulator,
    pub(crate) pod: String,
    pod_server: actix_web::dev::ServerHandle,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        // The PSA is 127.0.0.1: for the browser this is another site.
        let pod = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let page = || async { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE) };
        let server = HttpServer::new(move || App::new().route("/pod", web::get().to(page)))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .expect("a server")
            .run();
        let pod_server = server.handle();
        drop(tokio::spawn(server));
        let options = Options {
            companies: Csv::Text(COMPANIES.into()),
            contacts: Csv::Text(CONTACTS.into()),
            pods: vec![Pod {
                description: "Test pod".into(),
                url: format!("{pod}/pod?screen=[cw_screen]&id=[cw_id]"),
                origin: pod.clone(),
                height: 420,
            }],
            ..Options::default()
        };
        Self { psa: start(options).await.expect("a simulator"), pod, pod_server }
    }

    pub(crate) fn address(&self, company: i64, options: &str) -> String {
        format!("{}/company/{company}?{options}", self.psa.url())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.pod_server.stop(false));
    }
}
